#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/text/tokenizer/hash.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// Remembers, during one encode(), where in the output the tokens of a word stand, so that a word that comes
/// again is copied instead of merged again. A direct-mapped table: a newer word takes the older one's place.
/// The words' text and the output must outlive it. Confined to one thread.
class WordCache {
public:
    explicit WordCache(std::size_t textBytes)
        : m_slots(textBytes < kSmallText ? 0 : kSlots), m_seed(hashSeed()) {}

    /// Appends the tokens of `word` to `out` when they are known.
    bool copy(std::string_view word, std::vector<TokenId>& out) {
        if (m_slots.empty() || word.size() > kLongestWord)
            return false;
        m_at = hashBytes(word, m_seed) & (m_slots.size() - 1);
        const Slot& slot = m_slots[m_at];
        if (slot.word != word)
            return false;
        const std::size_t end = out.size();
        out.resize(end + slot.count);
        for (std::size_t i = 0; i < slot.count; ++i)
            out[end + i] = out[slot.begin + i];
        return true;
    }

    /// The tokens from `begin` on are those of `word`, for which copy() has just failed.
    void remember(std::string_view word, std::size_t begin, std::size_t end) {
        if (!m_slots.empty() && word.size() <= kLongestWord)
            m_slots[m_at] = {word, static_cast<std::uint32_t>(begin),
                             static_cast<std::uint32_t>(end - begin)};
    }

private:
    static constexpr std::size_t kSlots = 4096;     ///< about 100 KiB: stays in the second-level cache
    static constexpr std::size_t kSmallText = 2048; ///< below, making the table costs more than it saves
    static constexpr std::size_t kLongestWord = 64;

    struct Slot {
        std::string_view word;
        std::uint32_t begin = 0, count = 0;
    };
    std::vector<Slot> m_slots;
    std::uint64_t m_seed;
    std::size_t m_at = 0;
};

} // namespace hearth::text
