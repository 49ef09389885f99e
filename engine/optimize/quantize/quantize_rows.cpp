#include <cmath>
#include <cstring>

#include "engine/optimize/quantize/fit.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/optimize/quantize/row_functions.h"
#include "engine/tensor/half.h"

namespace hearth::optimize {

namespace {

RowFunction rowFunction(DType type) {
    switch (type) {
    case DType::Q8_0:
        return rowQ8_0;
    case DType::Q6_K:
        return rowQ6_K;
    case DType::Q5_K:
        return rowQ5_K;
    case DType::Q5_1:
        return rowQ5_1;
    case DType::Q5_0:
        return rowQ5_0;
    case DType::Q4_K:
        return rowQ4_K;
    case DType::Q4_1:
        return rowQ4_1;
    case DType::Q4_0:
        return rowQ4_0;
    case DType::IQ4_NL:
        return rowIQ4_NL;
    case DType::IQ4_XS:
        return rowIQ4_XS;
    case DType::Q3_K:
        return rowQ3_K;
    case DType::Q2_K:
        return rowQ2_K;
    default:
        return nullptr;
    }
}

bool isFloat(DType type) {
    return type == DType::F32 || type == DType::F16 || type == DType::BF16;
}

/// Beyond this float16 rounds to infinity.
constexpr float kLargestHalf = 65504;

/// Finds what no type can hold, and what `type` cannot.
Result<void> checkValues(DType type, std::span<const float> values) {
    const float limit = type == DType::F32 || type == DType::BF16 ? 3.4e38F : kLargestHalf;
    // One comparison a value; NaN fails it too.
    bool fine = true;
    for (const float value : values)
        fine = fine && std::fabs(value) <= limit;
    if (fine)
        return {};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::fabs(values[i]) <= limit)
            continue;
        const bool finite = std::isfinite(values[i]);
        return tl::unexpected<Error>(
            Error{finite ? "quantize.out_of_range" : "quantize.not_finite",
                  "value " + std::to_string(i) + (finite ? " is too large for float16" : " is not a number")}
                .with("index", std::to_string(i)));
    }
    return {};
}

template <std::uint16_t (*Convert)(float)>
void convertRow(std::span<const float> values, std::byte* out) {
    for (const float value : values) {
        const std::uint16_t bits = Convert(value);
        std::memcpy(out, &bits, sizeof bits);
        out += sizeof bits;
    }
}

/// Weights of the errors of `n` values from `x` on. Pieces are multiples of a block and start at column
/// `column` of their row.
void errorWeights(const float* x, std::size_t n, float meanSquare, std::span<const float> importance,
                  std::size_t column, float* w) {
    if (importance.empty()) {
        const float root = std::sqrt(meanSquare);
        for (std::size_t i = 0; i < n; ++i)
            w[i] = root + std::fabs(x[i]);
    } else {
        for (std::size_t i = 0; i < n; ++i)
            w[i] = importance[column + i] * std::sqrt(meanSquare + x[i] * x[i]);
    }
}

} // namespace

bool canQuantize(DType type) {
    return isFloat(type) || rowFunction(type) != nullptr;
}

Result<void> quantizeRows(DType type, std::span<const float> values, std::size_t cols,
                          std::span<const float> importance, std::span<std::byte> out) {
    const DTypeTraits& traits = traitsOf(type);
    if (!canQuantize(type))
        return tl::unexpected<Error>(
            Error{"quantize.unsupported_type", "weights cannot be written as " + std::string(traits.name)}
                .with("type", std::string(traits.name)));
    if (cols == 0 || cols % traits.blockSize != 0)
        return tl::unexpected<Error>(Error{"quantize.partial_block", "rows of " + std::to_string(cols) +
                                                                         " values are not whole blocks of " +
                                                                         std::string(traits.name)}
                                         .with("type", std::string(traits.name))
                                         .with("cols", std::to_string(cols)));
    if (values.size() % cols != 0 || bytesFor(type, values.size()) != out.size() ||
        (!importance.empty() && importance.size() != cols))
        return fail("quantize.bad_size", "values, importance and output do not fit each other");
    HEARTH_CHECK(checkValues(type, values));
    if (type == DType::F32) {
        std::memcpy(out.data(), values.data(), out.size());
        return {};
    }
    if (type == DType::F16 || type == DType::BF16) {
        (type == DType::F16 ? convertRow<floatToHalf> : convertRow<floatToBfloat16>)(values, out.data());
        return {};
    }
    const RowFunction function = rowFunction(type);
    constexpr std::size_t kPiece = 1024; // weights on the stack; a multiple of every block size
    alignas(32) float weights[kPiece];
    std::byte* next = out.data();
    for (std::size_t row = 0; row < values.size(); row += cols) {
        const float* x = values.data() + row;
        double squares = 0;
        for (std::size_t i = 0; i < cols; ++i)
            squares += double(x[i]) * double(x[i]);
        const auto meanSquare = static_cast<float>(squares / static_cast<double>(cols));
        for (std::size_t at = 0; at < cols; at += kPiece) {
            const std::size_t n = cols - at < kPiece ? cols - at : kPiece;
            errorWeights(x + at, n, meanSquare, importance, at, weights);
            function(x + at, weights, n, next);
            next += n / traits.blockSize * traits.blockBytes;
        }
    }
    return {};
}

} // namespace hearth::optimize
