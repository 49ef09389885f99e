#pragma once

#include "engine/kernels/packed_types.h"
#include "engine/kernels/simd/unroll.h"

/// Packed codes and scales into registers. `S` supplies the instruction set (see avx2/primitives.h), `Type`
/// the layout (see packed_types.h).
namespace hearth::kernels {
namespace {

/// What the dot product sees of a type on S: signed types become unsigned with an offset of 128 where any
/// unsigned byte can be multiplied.
template <class S, DType Type>
struct Coding {
    static constexpr PackedType kType = packedTypeOf(Type);
    static constexpr bool kShifted = kType.isSigned && S::kWideUnsigned;
    static constexpr bool kSigned = kType.isSigned && !S::kWideUnsigned;
    static constexpr int kOffset = kShifted ? 128 : kType.offset;
    /// Where the sum of a column group begins, so that it ends as Σ(code − offset)·q: −offset·Σq.
    static typename S::Bytes start([[maybe_unused]] const std::int32_t* sum) {
        if constexpr (kOffset == 0)
            return S::zeroInts();
        else
            return S::template negativeShifted<powerOf(kOffset)>(S::splatInt(sum));
    }
    static constexpr int powerOf(int offset) { return offset > 1 ? 1 + powerOf(offset / 2) : 0; }
    static_assert(kOffset == 0 || (kOffset & (kOffset - 1)) == 0);
    /// Bits of an unsigned code; of a signed one none.
    static constexpr int kCodeBits = kSigned ? 0 : kShifted ? 8 : kType.lowBits + kType.highBits;
    /// For S::Sum: −1 means signed.
    static constexpr int kMaxCode = kSigned ? -1 : (1 << kCodeBits) - 1;
    /// Bytes of 32 columns of a panel.
    static constexpr std::size_t kGroupBytes = std::size_t(kType.lowBits + kType.highBits) * S::kBytes;
};

alignas(16) constexpr std::int8_t kNonLinearTable[16]{-127, -104, -83, -65, -49, -35, -22, -10,
                                                      1,    13,   25,  38,  53,  69,  89,  113};
alignas(16) constexpr std::int8_t kMxFp4Table[16]{0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/// The vectors of 32 columns of a panel, read when they are wanted.
template <class S>
struct CodesInMemory {
    const std::uint8_t* from;
    [[nodiscard]] typename S::Bytes vector(int i) const { return S::loadBytes(from + i * int(S::kBytes)); }
};

/// The same, all read at once from front to back.
template <class S, int Count>
struct CodesInRegisters {
    typename S::Bytes held[Count];
    CodesInRegisters(const std::uint8_t* from) {
        for (int i = 0; i < Count; ++i)
            held[i] = S::held(S::loadBytes(from + i * int(S::kBytes)));
    }
    [[nodiscard]] typename S::Bytes vector(int i) const { return held[i]; }
};

/// The weights of 32 columns, step by step.
template <class S, DType Type, class Vectors = CodesInMemory<S>>
struct Codes {
    using C = Coding<S, Type>;
    using Bytes = typename S::Bytes;
    static constexpr PackedType kType = C::kType;

    Vectors vectors;

    /// Weights of step `Step` (4 columns of every row).
    template <int Step>
    [[nodiscard]] Bytes step() const {
        Bytes code = plane<kType.lowBits, Step, 0>(0);
        if constexpr (kType.highBits > 0) {
            constexpr int low = kType.lowBits;
            code = S::bitOr(code, plane<kType.highBits, Step, low>(low));
        }
        if constexpr (kType.codeBook != CodeBook::None)
            code = S::lookup(book(), code);
        else if constexpr (C::kShifted)
            code = S::bitXor(code, S::splatByte(128));
        return code;
    }

private:
    static Bytes book() {
        const Bytes table = S::table16(kType.codeBook == CodeBook::NonLinear ? kNonLinearTable : kMxFp4Table);
        return C::kShifted ? S::bitXor(table, S::splatByte(128)) : table;
    }

    /// Field of `Bits` bits of step `Step` of the plane that begins at vector `first`, moved to bit `To` of
    /// each byte.
    template <int Bits, int Step, int To>
    [[nodiscard]] Bytes plane(int first) const {
        constexpr int perVector = 8 / Bits;
        constexpr int vector = Bits == 4 ? Step % 4 : Step / perVector;
        constexpr int at = Bits * (Bits == 4 ? Step / 4 : Step % perVector);
        Bytes v = vectors.vector(first + vector);
        if constexpr (Bits == 8)
            return v;
        if constexpr (at > To)
            v = S::template shiftRight<at - To>(v);
        else if constexpr (at < To)
            v = S::template shiftLeft<To - at>(v);
        return S::bitAnd(v, S::splatByte(((1 << Bits) - 1) << To));
    }
};

/// The scales of one block of a panel: value = factor·(scale(g)·(code − offset)) + minFactor·min(g) for
/// column group g of the block.
template <class S, ScaleKind Kind>
struct Scales {
    using Floats = typename S::Floats;
    static constexpr std::size_t kBytes = scaleBytesPerRow(Kind) * S::kLanes;
    static constexpr bool kHasMin = Kind == ScaleKind::DM || Kind == ScaleKind::K2 || Kind == ScaleKind::K4;
    /// Whether factors apply to a block as a whole (256 columns) rather than being the scales themselves.
    static constexpr bool kHasFactor = Kind == ScaleKind::K2 || Kind == ScaleKind::K4 ||
                                       Kind == ScaleKind::K8x16 || Kind == ScaleKind::K8x32;

    const std::uint8_t* from;
    /// K4 only: 8 scales and 8 mins, [16][kLanes].
    alignas(64) std::uint8_t six[Kind == ScaleKind::K4 ? 16 * S::kLanes : 1];

    explicit Scales(const std::uint8_t* block) : from(block) {
        if constexpr (Kind == ScaleKind::K4) {
            const auto low6 = S::splatByte(63), low2 = S::splatByte(3);
            const auto a = S::loadBytes(array(4)), b = S::loadBytes(array(8)), c = S::loadBytes(array(12));
            S::storeBytes(six, S::bitAnd(a, low6));
            S::storeBytes(six + S::kBytes, S::bitAnd(b, low6));
            S::storeBytes(six + 2 * S::kBytes, S::bitAnd(c, low6));
            const auto ab = S::bitOr(S::bitAnd(S::template shiftRight<6>(a), low2),
                                     S::bitAnd(S::template shiftRight<4>(b), S::splatByte(12)));
            S::storeBytes(six + 3 * S::kBytes,
                          S::bitOr(ab, S::bitAnd(S::template shiftRight<2>(c), S::splatByte(48))));
        }
    }

    [[nodiscard]] Floats factor() const { return S::fromHalf(from); }
    [[nodiscard]] Floats minFactor() const { return S::mul(S::fromHalf(array(2)), S::splat(-1)); }

    [[nodiscard]] Floats scale(int g) const {
        if constexpr (Kind == ScaleKind::D || Kind == ScaleKind::DM) {
            return S::fromHalf(from);
        } else if constexpr (Kind == ScaleKind::E8) {
            return S::mul(S::fromExponent8(from), S::splat(0.5F));
        } else if constexpr (Kind == ScaleKind::K2) {
            return S::fromLowNibbles(array(4 + std::size_t(g)));
        } else if constexpr (Kind == ScaleKind::K4) {
            return S::fromUint8(six + std::size_t(g) * S::kLanes);
        } else {
            return S::fromInt8(array(2 + std::size_t(g)));
        }
    }

    [[nodiscard]] Floats min(int g) const {
        if constexpr (Kind == ScaleKind::DM)
            return S::fromHalf(array(2));
        else if constexpr (Kind == ScaleKind::K2)
            return S::fromHighNibbles(array(4 + std::size_t(g)));
        else if constexpr (Kind == ScaleKind::K4)
            return S::fromUint8(six + (8 + std::size_t(g)) * S::kLanes);
        else
            return S::zero();
    }

private:
    [[nodiscard]] const std::uint8_t* array(std::size_t offset) const { return from + offset * S::kLanes; }
};

} // namespace
} // namespace hearth::kernels
