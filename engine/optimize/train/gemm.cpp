#include "engine/optimize/train/gemm.h"

#include "engine/kernels/blas.h"

namespace hearth::optimize {

bool gemmIsFast() {
    return kernels::openBlasSgemm() != nullptr;
}

void gemm(Op opA, Op opB, std::size_t m, std::size_t n, std::size_t k, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
    if (const kernels::Sgemm sgemm = kernels::openBlasSgemm()) {
        const auto number = [](Op op) {
            return op == Op::None ? kernels::kBlasPlain : kernels::kBlasTransposed;
        };
        sgemm(kernels::kBlasRowMajor, number(opA), number(opB), static_cast<int>(m), static_cast<int>(n),
              static_cast<int>(k), alpha, a, static_cast<int>(lda), b, static_cast<int>(ldb), beta, c,
              static_cast<int>(ldc));
        return;
    }
    for (std::size_t i = 0; i < m; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            float sum = 0;
            for (std::size_t p = 0; p < k; ++p)
                sum += (opA == Op::None ? a[i * lda + p] : a[p * lda + i]) *
                       (opB == Op::None ? b[p * ldb + j] : b[j * ldb + p]);
            c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
        }
}

} // namespace hearth::optimize
