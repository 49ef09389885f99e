#pragma once

#include "engine/kernels/kernel_table.h"

/// The plain version of every operation, kept for good: it runs on any processor, works on weights in file
/// layout and float32 activations, and is what the other instruction sets are tested against. Contracts are
/// those of KernelTable.
namespace hearth::kernels::generic {

using detail::ActBlock;
using detail::AttentionTask;
using detail::WeightKernel;

[[nodiscard]] const WeightKernel* weights(DType type);
void quantise(const float* x, std::size_t cols, ActBlock* blocks, std::size_t stride);
void rmsNorm(const float* x, const float* weight, std::size_t dim, float eps, float* y);
void rope(float* x, std::size_t heads, std::size_t headDim, const float* cos, const float* sin,
          std::size_t pairs, bool interleaved);
void storeCell(KvType type, const float* values, std::size_t dim, std::byte* cell);
void attend(const AttentionTask& task, std::byte* scratch);
[[nodiscard]] std::size_t attendScratchBytes(const AttentionJob& job, const AttentionShape& shape);
void add(float* x, const float* y, std::size_t count);
void scale(float* x, float factor, std::size_t count);
void siluMul(float* gate, const float* up, std::size_t count);
void geluMul(float* gate, const float* up, std::size_t count);
void softcap(float* x, float cap, std::size_t count);

} // namespace hearth::kernels::generic
