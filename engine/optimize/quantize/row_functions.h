#pragma once

#include <cstddef>

namespace hearth::optimize {

/// Inside of optimize/quantize: one row into blocks of one type. `x` and `w` (weights of the errors, none
/// negative) hold `n` values, a whole number of blocks; all values are finite and within float16.
using RowFunction = void (*)(const float* x, const float* w, std::size_t n, std::byte* out);

void rowQ8_0(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ5_0(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ5_1(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ4_0(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ4_1(const float* x, const float* w, std::size_t n, std::byte* out);
void rowIQ4_NL(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ6_K(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ3_K(const float* x, const float* w, std::size_t n, std::byte* out);
void rowIQ4_XS(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ5_K(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ4_K(const float* x, const float* w, std::size_t n, std::byte* out);
void rowQ2_K(const float* x, const float* w, std::size_t n, std::byte* out);

} // namespace hearth::optimize
