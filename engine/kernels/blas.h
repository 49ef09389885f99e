#pragma once

namespace hearth::kernels {

/// CBLAS's single-precision product C[m, n] = alpha·A[m, k]·B[k, n] + beta·C, with CBLAS's numbers for order
/// and transposition (below) and leading dimensions in elements.
using Sgemm = void (*)(int order, int transposeA, int transposeB, int m, int n, int k, float alpha,
                       const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);
inline constexpr int kBlasRowMajor = 101, kBlasPlain = 111, kBlasTransposed = 112;

/// OpenBLAS's sgemm, or nullptr when the library is not on this machine. Loaded at the first call, with the
/// best kernels of this processor; every call of the function runs on its caller's thread alone, several may
/// run at once. Thread-safe.
///
/// Used where this engine has no vector kernels of its own: training, and the prompts of processors that only
/// have the generic kernels. On AVX2 and AVX-512 the engine's own float kernels are faster (bench_kernels).
[[nodiscard]] Sgemm openBlasSgemm();

} // namespace hearth::kernels
