#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/text/tokenizer/hash.h"

namespace hearth::text {

/// A write-once map from 64-bit keys to small values: open addressing in one block, no erasing.
/// The key 2^64−1 is reserved. Safe to read from many threads once filled.
template <class Value>
class FlatMap {
public:
    /// Room for `count` insertions; inserting more than that is a programmer's error.
    explicit FlatMap(std::size_t count = 0) : m_slots(hashCapacity(count)), m_seed(hashSeed()) {}

    /// Keeps the value that is already there, if any.
    void insert(std::uint64_t key, const Value& value) {
        Slot& slot = m_slots[place(key)];
        if (slot.key == kEmpty)
            slot = {key, value};
    }

    /// Null when absent.
    [[nodiscard]] const Value* find(std::uint64_t key) const {
        const Slot& slot = m_slots[place(key)];
        return slot.key == kEmpty ? nullptr : &slot.value;
    }

private:
    static constexpr std::uint64_t kEmpty = std::numeric_limits<std::uint64_t>::max();
    struct Slot {
        std::uint64_t key = kEmpty;
        Value value{};
    };

    [[nodiscard]] std::size_t place(std::uint64_t key) const {
        const std::size_t mask = m_slots.size() - 1;
        std::size_t i = hashPair(key, m_seed) & mask;
        while (m_slots[i].key != kEmpty && m_slots[i].key != key)
            i = (i + 1) & mask;
        return i;
    }

    std::vector<Slot> m_slots;
    std::uint64_t m_seed;
};

} // namespace hearth::text
