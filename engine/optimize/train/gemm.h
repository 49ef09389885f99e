#pragma once

#include <cstddef>

#include "engine/base/error.h"

namespace hearth::optimize {

enum class Op { None, Transpose };

/// c[m][n] = alpha·op(a)·op(b) + beta·c, row-major float32 with leading dimensions. Runs in the calling
/// thread; several threads may call at once. Uses OpenBLAS when it is on the machine, else a plain loop.
void gemm(Op opA, Op opB, std::size_t m, std::size_t n, std::size_t k, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

/// Whether gemm() is OpenBLAS's.
[[nodiscard]] bool gemmIsFast();

} // namespace hearth::optimize
