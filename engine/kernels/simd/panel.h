#pragma once

#include "engine/kernels/kernel_table.h"
#include "engine/kernels/simd/codes.h"

/// What decode and prefill share: where things lie in a panel, and how groups and their scales follow each
/// other.
namespace hearth::kernels {
namespace {

template <class S, DType Type>
struct PanelLayout {
    static constexpr PackedType kType = packedTypeOf(Type);
    using C = Coding<S, Type>;
    using Sc = Scales<S, kType.scales>;

    /// Steps of 4 columns per scale, and groups per 32 columns.
    static constexpr int kSteps = kType.groupCols / 4;
    static constexpr int kGroupsPer32 = 32 / kType.groupCols;
    static constexpr bool kBlock256 = kType.blockCols == kSuperCols;

    /// Of a run (see packed_types.h): parts of 32 columns, blocks, and bytes.
    static constexpr int kRunParts = runCols(kType) / 32, kRunBlocks = runCols(kType) / kType.blockCols;
    static constexpr std::size_t kRunBytes = kRunParts * C::kGroupBytes + kRunBlocks * Sc::kBytes;
    static constexpr std::size_t kSuperBytes = kSuperCols / runCols(kType) * kRunBytes;

    /// Scales of part `part` of the 256 columns at `super`; those of a 256-block serve all its parts.
    static const std::uint8_t* scalesOf(const std::uint8_t* super, int part) {
        if constexpr (kBlock256)
            return super;
        return super + std::size_t(part / kRunParts) * kRunBytes + std::size_t(part % kRunParts) * Sc::kBytes;
    }
    /// Codes of part `part` of `parts`.
    static const std::uint8_t* codesOf(const std::uint8_t* super, int part, int parts) {
        const int run = part / kRunParts, left = parts - run * kRunParts;
        const int blocks = kBlock256 || left >= kRunParts ? kRunBlocks : left;
        return super + std::size_t(run) * kRunBytes + std::size_t(blocks) * Sc::kBytes +
               std::size_t(part % kRunParts) * C::kGroupBytes;
    }
    /// Sum of the activations of column group `group` of 256 columns.
    static const std::int32_t* sumOf(const detail::ActBlock& block, int group) {
        return (kSteps == 8 ? block.sum32 : block.sum16) + group;
    }
    /// Index of group `group` of part `part` in its Scales.
    static constexpr int groupIndex(int part, int group) {
        return kBlock256 ? part * kGroupsPer32 + group : 0;
    }
};

} // namespace
} // namespace hearth::kernels
