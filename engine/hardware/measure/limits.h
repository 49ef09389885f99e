#pragma once

#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/isa.h"

namespace hearth::hardware {

/// What this machine can do at most, whatever the program: the figures that speeds are held against. As in
/// the hardware report, memory by what reads typically reach (MemoryReads), which a long stream is held
/// against, and loops in registers by the fastest quarter of their slices.
struct MachineLimits {
    double readBytesPerSecond = 0; ///< streaming reads from memory
    /// Multiply-adds count as two; registers only, the best instructions of the set. 0 where the set has none
    /// that were measured (generic).
    double integerOperationsPerSecond = 0; ///< 8-bit products: quantised weights
    double floatOperationsPerSecond = 0;
    double bfloat16OperationsPerSecond = 0; ///< pairs of bfloat16, where kernels use them
};

/// Measures with all threads of the pool, in less than a second. Errors: kernels.out_of_memory,
/// base.cancelled.
[[nodiscard]] Result<MachineLimits> measureLimits(ThreadPool& pool, kernels::Isa isa,
                                                  std::stop_token stop = {});

} // namespace hearth::hardware
