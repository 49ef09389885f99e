#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::sampling {

inline constexpr std::size_t kMaxStops = 10'000;
inline constexpr std::size_t kMaxStopBytes = 4'096;        ///< one stop string
inline constexpr std::size_t kMaxStopBytesTotal = 1 << 20; ///< all of them

/// Finds stop strings in streamed text, wherever the pieces break. Text that may turn out to be the beginning
/// of a stop string is held back until that is decided; a stop string and what follows it never come out. The
/// stop that ends first wins, and of several that end at the same byte the longest. Linear in the text,
/// whatever the number of stops (Aho and Corasick 1975). Confined to one thread.
class StopMatcher {
public:
    /// Errors: sampling.too_many_stops, sampling.stop_too_long (args value, maximum), sampling.empty_stop.
    [[nodiscard]] static Result<StopMatcher> create(std::span<const std::string> stops);

    struct Output {
        std::string text;                ///< safe to show; complete characters if the pieces and stops are
        std::optional<std::size_t> stop; ///< index of the stop string found
    };
    /// Takes the next piece. After a stop was found everything is swallowed until reset().
    [[nodiscard]] Output push(std::string_view piece);
    /// At the end of the text: what was held back.
    [[nodiscard]] std::string flush();
    void reset();

private:
    using NodeId = std::uint32_t;
    struct Node {
        NodeId child = 0, sibling = 0; ///< 0 = none; the root is nobody's child
        NodeId fallback = 0;           ///< the longest proper suffix that is in the tree
        std::uint32_t depth = 0;
        std::int32_t stop = -1; ///< the longest stop that ends here, itself or through fallbacks
        unsigned char byte = 0;
    };
    StopMatcher() = default;
    void insert(std::string_view stop, std::int32_t index);
    void linkFallbacks();
    [[nodiscard]] NodeId childOf(NodeId node, unsigned char byte) const;
    [[nodiscard]] NodeId step(NodeId node, unsigned char byte) const;

    std::vector<Node> m_nodes;
    std::array<NodeId, 256> m_first{}; ///< the root's children
    std::vector<std::uint32_t> m_stopLengths;
    NodeId m_state = 0;
    std::string m_held; ///< as long as m_state is deep
    std::optional<std::size_t> m_found;
};

} // namespace hearth::sampling
