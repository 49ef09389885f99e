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

    /// Bytes of 256 columns: codes, then scales.
    static constexpr std::size_t kSuperBytes =
        kSuperCols / 32 * C::kGroupBytes + std::size_t(kSuperCols / kType.blockCols) * Sc::kBytes;

    /// Scales of 32-column part `part`; those of a 256-block serve all its parts.
    static const std::uint8_t* scalesOf(const std::uint8_t* scales, int part) {
        return scales + (kBlock256 ? 0 : std::size_t(part) * Sc::kBytes);
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
