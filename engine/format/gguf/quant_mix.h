#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "engine/tensor/dtype.h"

namespace hearth::format {

/// A recipe that says which type each tensor of a quantised model gets, known to people by a name like
/// "Q4_K_M". Tensors that lose most from coarse steps (values, the second half of the feed-forward, the
/// output) get finer types.
struct QuantMix {
    std::string_view name;
    DType base;             ///< of every matrix that has no rule of its own
    std::uint32_t fileType; ///< the number in `general.file_type`
};

/// What a mix's rules look at.
struct QuantTarget {
    std::string_view tensor;   ///< "blk.3.ffn_down.weight"
    std::uint64_t rowElements; ///< shape[0]
    std::size_t dimensions;    ///< 1-dimensional tensors stay F32
    std::size_t layers = 0;
    std::size_t headsPerKvHead = 1;
    std::size_t experts = 0;
    bool tiedEmbeddings = false;
};

/// Every mix, finest first.
[[nodiscard]] std::span<const QuantMix> quantMixes();
/// By name, case-insensitive.
[[nodiscard]] const QuantMix* findMix(std::string_view name);
[[nodiscard]] const QuantMix* findMixByFileType(std::uint64_t fileType);

/// `type`, or the nearest that rows of `rowElements` can have: rows that are not whole 256-element blocks
/// fall back to a type of 32-element blocks (Q4_K → Q5_0, Q5_K → Q5_1, Q6_K → Q8_0, others → IQ4_NL), and to
/// F16 when even those do not fit.
[[nodiscard]] DType fittingType(DType type, std::uint64_t rowElements);

/// The type of one tensor under a mix, always one that fits its rows.
[[nodiscard]] DType mixType(const QuantMix& mix, const QuantTarget& target);

} // namespace hearth::format
