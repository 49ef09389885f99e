#include "engine/kernels/pack/pack.h"

#include <algorithm>
#include <cstring>

#include "engine/kernels/pack/block_codes.h"
#include "engine/kernels/packed_types.h"

namespace hearth::kernels::pack {

namespace {

constexpr std::size_t pad64(std::size_t bytes) {
    return (bytes + 63) / 64 * 64;
}

template <DType Type>
constexpr PackedType kType = packedTypeOf(Type);

/// Bytes of the codes of 32 columns of one row.
template <DType Type>
constexpr std::size_t kCodeBytes = std::size_t(kType<Type>.lowBits + kType<Type>.highBits) * 4;

template <DType Type>
constexpr std::size_t kScaleBytes = scaleBytesPerRow(kType<Type>.scales);

/// One row's place in vectors of 4·rows bytes: 32-bit word i of a 32-column group.
template <class Byte>
struct Words {
    Byte* base;
    std::size_t stride;
    void put(std::size_t i, std::uint32_t word) const { std::memcpy(base + i * stride, &word, sizeof word); }
    [[nodiscard]] std::uint32_t get(std::size_t i) const {
        std::uint32_t word;
        std::memcpy(&word, base + i * stride, sizeof word);
        return word;
    }
};

/// Four codes of step s as one word.
std::uint32_t step(const std::uint8_t* codes, std::size_t s) {
    std::uint32_t word;
    std::memcpy(&word, codes + 4 * s, sizeof word);
    return word;
}

/// `bits` wide fields of 8 steps, shifted into words as packed_types.h says. `words[i]` collects the steps
/// whose fields share a vector.
template <int Bits, int From>
void putPlane(const std::uint8_t* codes, const Words<std::uint8_t>& words) {
    constexpr std::uint32_t mask = 0x01010101U * ((1U << Bits) - 1);
    constexpr std::size_t perWord = 8 / Bits, count = 8 / perWord;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t word = 0;
        for (std::size_t j = 0; j < perWord; ++j) {
            const std::size_t s = Bits == 4 ? i + 4 * j : i * perWord + j;
            word |= ((step(codes, s) >> From) & mask) << (Bits * j);
        }
        words.put(i, word);
    }
}

template <int Bits, int From>
void getPlane(const Words<const std::uint8_t>& words, std::uint8_t* codes) {
    constexpr std::uint32_t mask = 0x01010101U * ((1U << Bits) - 1);
    constexpr std::size_t perWord = 8 / Bits;
    for (std::size_t s = 0; s < 8; ++s) {
        const std::size_t i = Bits == 4 ? s % 4 : s / perWord, j = Bits == 4 ? s / 4 : s % perWord;
        const std::uint32_t word = step(codes, s) | (((words.get(i) >> (Bits * j)) & mask) << From);
        std::memcpy(codes + 4 * s, &word, sizeof word);
    }
}

template <DType Type>
void putCodes(const std::uint8_t* codes, const Words<std::uint8_t>& words) {
    constexpr int low = kType<Type>.lowBits, high = kType<Type>.highBits;
    putPlane<low, 0>(codes, words);
    if constexpr (high > 0)
        putPlane<high, low>(codes, {words.base + std::size_t{low} * words.stride, words.stride});
}

template <DType Type>
void getCodes(const Words<const std::uint8_t>& words, std::uint8_t* codes) {
    constexpr int low = kType<Type>.lowBits, high = kType<Type>.highBits;
    std::memset(codes, 0, 32);
    getPlane<low, 0>(words, codes);
    if constexpr (high > 0)
        getPlane<high, low>({words.base + std::size_t{low} * words.stride, words.stride}, codes);
}

/// One row's entries in the scale arrays of one block: array k of `width` bytes an entry.
template <class Byte>
struct Entries {
    Byte* base;
    std::size_t rows, row;
    /// Entry of the byte array that begins `offset` bytes per row into the block's scales.
    [[nodiscard]] Byte& byte(std::size_t offset) const { return base[offset * rows + row]; }
    void putHalf(std::size_t offset, StoredHalf value) const {
        std::memcpy(base + offset * rows + 2 * row, value.bytes.data(), 2);
    }
    [[nodiscard]] float half(std::size_t offset) const {
        StoredHalf value;
        std::memcpy(value.bytes.data(), base + offset * rows + 2 * row, 2);
        return value.value();
    }
};

template <DType Type>
void putScales(const BlockOf<Type>& b, const Entries<std::uint8_t>& out) {
    constexpr ScaleKind kind = kType<Type>.scales;
    if constexpr (kind == ScaleKind::E8) {
        out.byte(0) = b.e;
    } else {
        out.putHalf(0, b.d);
    }
    if constexpr (kind == ScaleKind::DM)
        out.putHalf(2, b.m);
    if constexpr (kind == ScaleKind::K2) {
        out.putHalf(2, b.dmin);
        for (std::size_t g = 0; g < 16; ++g)
            out.byte(4 + g) = b.scales[g];
    }
    if constexpr (kind == ScaleKind::K4) {
        // Six bits of A, B and C hold scales 0…3, scales 4…7 and mins 0…3; their top bits are mins 4…7.
        out.putHalf(2, b.dmin);
        const ScalesQ4K s = unpackScalesQ4K(b.scales);
        for (std::size_t g = 0; g < 4; ++g) {
            const unsigned upper = s.min[g + 4];
            out.byte(4 + g) = static_cast<std::uint8_t>(s.scale[g] | ((upper & 3U) << 6));
            out.byte(8 + g) = static_cast<std::uint8_t>(s.scale[g + 4] | ((upper >> 2 & 3U) << 6));
            out.byte(12 + g) = static_cast<std::uint8_t>(s.min[g] | ((upper >> 4) << 6));
        }
    }
    if constexpr (Type == DType::Q6_K)
        for (std::size_t g = 0; g < 16; ++g)
            out.byte(2 + g) = static_cast<std::uint8_t>(b.scales[g]);
    if constexpr (Type == DType::Q3_K) {
        const auto scales = unpackScalesQ3K(b.scales);
        for (std::size_t g = 0; g < 16; ++g)
            out.byte(2 + g) = static_cast<std::uint8_t>(scales[g]);
    }
    if constexpr (Type == DType::IQ4_XS) {
        const auto scales = unpackScalesIQ4XS(b);
        for (std::size_t g = 0; g < 8; ++g)
            out.byte(2 + g) = static_cast<std::uint8_t>(scales[g]);
    }
}

/// Scale and minimum of column group g: value = scale·code + min.
struct Affine {
    float scale, min;
};

template <DType Type>
Affine affineOf(const Entries<const std::uint8_t>& in, std::size_t g) {
    constexpr ScaleKind kind = kType<Type>.scales;
    if constexpr (kind == ScaleKind::D) {
        return {in.half(0), 0};
    } else if constexpr (kind == ScaleKind::DM) {
        return {in.half(0), in.half(2)};
    } else if constexpr (kind == ScaleKind::E8) {
        return {mxScale(in.byte(0)), 0};
    } else if constexpr (kind == ScaleKind::K2) {
        const unsigned both = in.byte(4 + g);
        return {in.half(0) * static_cast<float>(both & 15U), -(in.half(2) * static_cast<float>(both >> 4))};
    } else if constexpr (kind == ScaleKind::K4) {
        const unsigned a = in.byte(4 + g % 4), b = in.byte(8 + g % 4), c = in.byte(12 + g % 4);
        const unsigned scale = (g < 4 ? a : b) & 63U;
        const unsigned min = g < 4 ? c & 63U : (a >> 6) | (b >> 6) << 2 | (c >> 6) << 4;
        return {in.half(0) * static_cast<float>(scale), -(in.half(2) * static_cast<float>(min))};
    } else {
        return {in.half(0) * static_cast<float>(static_cast<std::int8_t>(in.byte(2 + g))), 0};
    }
}

template <DType Type>
float codeValue(std::uint8_t code) {
    constexpr PackedType type = kType<Type>;
    if constexpr (type.codeBook == CodeBook::NonLinear)
        return static_cast<float>(kNonLinear[code]);
    else if constexpr (type.codeBook == CodeBook::MxFp4)
        return static_cast<float>(kMxFp4[code]);
    else if constexpr (type.isSigned)
        return static_cast<float>(static_cast<std::int8_t>(code));
    else
        return static_cast<float>(int{code} - type.offset);
}

/// Where things lie in a panel of `rows` rows.
template <DType Type>
struct Layout {
    std::size_t rows, cols;

    static constexpr std::size_t kRunCols = runCols(kType<Type>);
    static constexpr std::size_t kParts = kRunCols / 32; ///< of 32 columns, per run
    static constexpr std::size_t kBlocks = kRunCols / kType<Type>.blockCols;
    static constexpr std::size_t kRunBytes = kParts * kCodeBytes<Type> + kBlocks * kScaleBytes<Type>;

    [[nodiscard]] std::size_t codes(std::size_t part) const {
        const std::size_t run = part / kParts;
        // The last run may be half as long.
        const std::size_t blocks = std::min(kBlocks, cols / kType<Type>.blockCols - run * kBlocks);
        return (run * kRunBytes + blocks * kScaleBytes<Type> + part % kParts * kCodeBytes<Type>)*rows;
    }
    [[nodiscard]] std::size_t scales(std::size_t block) const {
        return (block / kBlocks * kRunBytes + block % kBlocks * kScaleBytes<Type>)*rows;
    }
    [[nodiscard]] std::size_t bytes() const {
        return pad64((cols / 32 * kCodeBytes<Type> + cols / kType<Type>.blockCols * kScaleBytes<Type>)*rows);
    }
};

} // namespace

template <DType Type>
std::size_t panelBytes(std::size_t panelRows, std::size_t cols) {
    return Layout<Type>{panelRows, cols}.bytes();
}

template <DType Type>
void panel(std::size_t panelRows, const std::byte* rows, std::size_t rowBytes, std::size_t rowCount,
           std::size_t cols, std::uint8_t* out) {
    constexpr std::size_t blockCols = kType<Type>.blockCols;
    const Layout<Type> at{panelRows, cols};
    for (std::size_t block = 0; block < cols / blockCols; ++block)
        for (std::size_t r = 0; r < rowCount; ++r) {
            BlockOf<Type> b;
            std::memcpy(&b, rows + r * rowBytes + block * sizeof b, sizeof b);
            std::uint8_t codes[blockCols];
            b.codes(codes);
            for (std::size_t part = 0; part < blockCols / 32; ++part)
                putCodes<Type>(codes + 32 * part,
                               {out + at.codes(block * (blockCols / 32) + part) + 4 * r, 4 * panelRows});
            putScales<Type>(b, {out + at.scales(block), panelRows, r});
        }
}

template <DType Type>
void row(std::size_t panelRows, const std::uint8_t* panel, std::size_t row, std::size_t cols, float* out) {
    constexpr std::size_t blockCols = kType<Type>.blockCols, groupCols = kType<Type>.groupCols;
    const Layout<Type> at{panelRows, cols};
    for (std::size_t part = 0; part < cols / 32; ++part) {
        std::uint8_t codes[32];
        getCodes<Type>({panel + at.codes(part) + 4 * row, 4 * panelRows}, codes);
        const std::size_t block = part * 32 / blockCols;
        const Entries<const std::uint8_t> entries{panel + at.scales(block), panelRows, row};
        for (std::size_t begin = 0; begin < 32; begin += groupCols) {
            const Affine a = affineOf<Type>(entries, (part * 32 + begin) % blockCols / groupCols);
            for (std::size_t i = begin; i < begin + groupCols; ++i)
                out[part * 32 + i] = a.scale * codeValue<Type>(codes[i]) + a.min;
        }
    }
}

#define HEARTH_PACK_TYPE(type)                                                                               \
    template std::size_t panelBytes<DType::type>(std::size_t, std::size_t);                                  \
    template void panel<DType::type>(std::size_t, const std::byte*, std::size_t, std::size_t, std::size_t,   \
                                     std::uint8_t*);                                                         \
    template void row<DType::type>(std::size_t, const std::uint8_t*, std::size_t, std::size_t, float*);
HEARTH_PACK_TYPE(Q4_0)
HEARTH_PACK_TYPE(Q4_1)
HEARTH_PACK_TYPE(Q5_0)
HEARTH_PACK_TYPE(Q5_1)
HEARTH_PACK_TYPE(Q8_0)
HEARTH_PACK_TYPE(Q2_K)
HEARTH_PACK_TYPE(Q3_K)
HEARTH_PACK_TYPE(Q4_K)
HEARTH_PACK_TYPE(Q5_K)
HEARTH_PACK_TYPE(Q6_K)
HEARTH_PACK_TYPE(IQ4_NL)
HEARTH_PACK_TYPE(IQ4_XS)
HEARTH_PACK_TYPE(MXFP4)
#undef HEARTH_PACK_TYPE

} // namespace hearth::kernels::pack
