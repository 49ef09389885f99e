#include "engine/optimize/train/gemm.h"

#include <cstdlib>

#include <dlfcn.h>

namespace hearth::optimize {

namespace {

using CblasSgemm = void (*)(int order, int transA, int transB, int m, int n, int k, float alpha,
                            const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

/// OpenBLAS picks its kernels when it is loaded and takes new AVX-512 machines for older ones; the variable
/// tells it (a value that the user has set stays).
CblasSgemm loadBlas() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        ::setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
#endif
    void* library = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return nullptr;
    // Callers bring their own threads.
    if (void* setThreads = ::dlsym(library, "openblas_set_num_threads"))
        reinterpret_cast<void (*)(int)>(setThreads)(1);
    return reinterpret_cast<CblasSgemm>(::dlsym(library, "cblas_sgemm"));
}

CblasSgemm blas() {
    static const CblasSgemm function = loadBlas();
    return function;
}

} // namespace

bool gemmIsFast() {
    return blas() != nullptr;
}

void gemm(Op opA, Op opB, std::size_t m, std::size_t n, std::size_t k, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
    if (const CblasSgemm sgemm = blas()) {
        constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;
        sgemm(kRowMajor, opA == Op::None ? kNoTranspose : kTranspose,
              opB == Op::None ? kNoTranspose : kTranspose, static_cast<int>(m), static_cast<int>(n),
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
