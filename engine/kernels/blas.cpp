#include "engine/kernels/blas.h"

#include <cstdlib>

#include <dlfcn.h>

namespace hearth::kernels {

namespace {

Sgemm load() {
#if defined(__x86_64__)
    // OpenBLAS picks its kernels while it is loaded; 0.3.21 takes new AVX-512 servers for a Haswell, at half
    // the speed. A value that the user has set stays.
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
    return reinterpret_cast<Sgemm>(::dlsym(library, "cblas_sgemm"));
}

} // namespace

Sgemm openBlasSgemm() {
    static const Sgemm function = load();
    return function;
}

} // namespace hearth::kernels
