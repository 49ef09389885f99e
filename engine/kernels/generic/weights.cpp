#include <algorithm>
#include <array>
#include <span>

#include "engine/kernels/blas.h"
#include "engine/kernels/generic/generic.h"
#include "engine/tensor/dequantize.h"

namespace hearth::kernels::generic {

namespace {

using detail::Product;

/// Eight running sums: shorter rounding chains than one, and a loop that compilers vectorise.
float dot(const float* a, const float* b, std::size_t count) {
    std::array<float, 8> sums{};
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (std::size_t lane = 0; lane < 8; ++lane)
            sums[lane] += a[i + lane] * b[i + lane];
    for (; i < count; ++i)
        sums[0] += a[i] * b[i];
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

template <DType Type>
std::size_t rowBytes(std::size_t cols) {
    return *bytesFor(Type, cols);
}

template <DType Type>
void row(const std::uint8_t* panel, std::size_t, std::size_t cols, float* out) {
    dequantizeRow(Type, std::as_bytes(std::span(panel, rowBytes<Type>(cols))), {out, cols});
}

/// From this many inputs on, and this many rows at a time, OpenBLAS multiplies what was dequantised.
constexpr std::size_t kBlasInputs = 32, kBlasRows = 64;

bool usesBlas(std::size_t inputs) {
    return inputs >= kBlasInputs && openBlasSgemm() != nullptr;
}

template <DType Type>
void multiplyByBlas(const Product& p, std::size_t begin, std::size_t end, float* values) {
    const std::size_t cols = p.act.cols;
    for (std::size_t first = begin; first < end; first += kBlasRows) {
        const std::size_t rows = std::min(kBlasRows, end - first);
        for (std::size_t r = 0; r < rows; ++r)
            row<Type>(p.panels + (first + r) * p.panelBytes, 0, cols, values + r * cols);
        openBlasSgemm()(kBlasRowMajor, kBlasPlain, kBlasTransposed, static_cast<int>(p.act.n),
                        static_cast<int>(rows), static_cast<int>(cols), 1, p.act.x, static_cast<int>(cols),
                        values, static_cast<int>(cols), 0, p.y + first, static_cast<int>(p.yStride));
        if (p.bias)
            for (std::size_t t = 0; t < p.act.n; ++t)
                for (std::size_t r = 0; r < rows; ++r)
                    p.y[t * p.yStride + first + r] += p.bias[first + r];
    }
}

/// A panel is one row: dequantised once, multiplied with every input row.
template <DType Type>
void multiply(const Product& p, std::size_t begin, std::size_t end, std::byte* scratch) {
    auto* values = reinterpret_cast<float*>(scratch);
    if (usesBlas(p.act.n)) {
        multiplyByBlas<Type>(p, begin, end, values);
        return;
    }
    for (std::size_t r = begin; r < end; ++r) {
        row<Type>(p.panels + r * p.panelBytes, 0, p.act.cols, values);
        const float bias = p.bias ? p.bias[r] : 0;
        for (std::size_t t = 0; t < p.act.n; ++t)
            p.y[t * p.yStride + r] = dot(p.act.x + t * p.act.cols, values, p.act.cols) + bias;
    }
}

std::size_t scratchBytes(std::size_t cols, std::size_t n) {
    return (usesBlas(n) ? kBlasRows : 1) * cols * sizeof(float);
}

template <DType Type>
constexpr WeightKernel kKernel{.panelRows = 1,
                               .tilePanels = 1,
                               .fewInputs = 0,
                               .quantisedActivations = false,
                               .packs = false,
                               .panelBytes = rowBytes<Type>,
                               .pack = nullptr,
                               .row = row<Type>,
                               .multiply = multiply<Type>,
                               .scratchBytes = scratchBytes};

} // namespace

const WeightKernel* weights(DType type) {
    switch (type) {
    case DType::F32:
        return &kKernel<DType::F32>;
    case DType::F16:
        return &kKernel<DType::F16>;
    case DType::BF16:
        return &kKernel<DType::BF16>;
    case DType::Q4_0:
        return &kKernel<DType::Q4_0>;
    case DType::Q4_1:
        return &kKernel<DType::Q4_1>;
    case DType::Q5_0:
        return &kKernel<DType::Q5_0>;
    case DType::Q5_1:
        return &kKernel<DType::Q5_1>;
    case DType::Q8_0:
        return &kKernel<DType::Q8_0>;
    case DType::Q2_K:
        return &kKernel<DType::Q2_K>;
    case DType::Q3_K:
        return &kKernel<DType::Q3_K>;
    case DType::Q4_K:
        return &kKernel<DType::Q4_K>;
    case DType::Q5_K:
        return &kKernel<DType::Q5_K>;
    case DType::Q6_K:
        return &kKernel<DType::Q6_K>;
    case DType::IQ4_NL:
        return &kKernel<DType::IQ4_NL>;
    case DType::IQ4_XS:
        return &kKernel<DType::IQ4_XS>;
    case DType::MXFP4:
        return &kKernel<DType::MXFP4>;
    case DType::I8:
    case DType::I16:
    case DType::I32:
    case DType::I64:
    case DType::F64:
        break;
    }
    return nullptr;
}

} // namespace hearth::kernels::generic
