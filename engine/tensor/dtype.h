#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hearth {

/// Element types of tensors, with the ids that GGUF files use. Block types store `blockSize` consecutive
/// elements of a row in `blockBytes` bytes; layouts are in tensor/blocks.h.
enum class DType : std::uint32_t {
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    IQ4_NL = 20,
    IQ4_XS = 23,
    I8 = 24,
    I16 = 25,
    I32 = 26,
    I64 = 27,
    F64 = 28,
    BF16 = 30,
    MXFP4 = 39,
};

struct DTypeTraits {
    DType type;
    std::string_view name;    ///< as people write it: "Q4_K"
    std::uint32_t blockSize;  ///< elements per block
    std::uint32_t blockBytes; ///< bytes per block
    bool computable;          ///< the engine can multiply with weights of this type
};

/// Traits of a known type; nullptr for an id that this engine does not know.
[[nodiscard]] const DTypeTraits* findTraits(std::uint32_t ggufId);
/// Traits of a type that is known to exist.
[[nodiscard]] const DTypeTraits& traitsOf(DType type);
/// The type that people call `name` ("q4_k", case-insensitive).
[[nodiscard]] std::optional<DType> dtypeFromName(std::string_view name);

/// Bytes of `elements` consecutive elements; nullopt if not a whole number of blocks or if it overflows.
[[nodiscard]] std::optional<std::uint64_t> bytesFor(DType type, std::uint64_t elements);

} // namespace hearth
