#include "engine/hardware/measure/limits.h"

#include "engine/base/available_memory.h"
#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/register_rates.h"
#include "engine/hardware/measure/slices.h"

namespace hearth::hardware {

namespace {

constexpr double kBudget = 0.15; ///< seconds for each figure

/// Operations per second of a loop on every thread; 0 without a loop.
Result<double> rateOf(std::size_t (*loop)(), ThreadPool& pool, const std::stop_token& stop) {
    if (!loop)
        return 0.0;
    std::size_t products = 0;
    HEARTH_TRY(const double seconds, timeSlices(kBudget, stop, [&] {
                   pool.run([&](std::size_t part, std::size_t) {
                       const std::size_t count = loop();
                       if (part == 0)
                           products = count;
                   });
               }));
    return 2.0 * static_cast<double>(products * pool.size()) / seconds;
}

} // namespace

Result<MachineLimits> measureLimits(ThreadPool& pool, kernels::Isa isa, std::stop_token stop) {
    MachineLimits limits;
    HEARTH_TRY(MemoryReads reads, MemoryReads::create(streamBytes(availableMemory())));
    HEARTH_CHECK(repeat(kBudget, 3, stop, [&] { (void)reads.run(pool); }));
    limits.readBytesPerSecond = reads.typical();
    const RegisterLoops loops = registerLoops(isa);
    HEARTH_TRY(limits.integerOperationsPerSecond, rateOf(loops.integer, pool, stop));
    HEARTH_TRY(limits.floatOperationsPerSecond, rateOf(loops.real, pool, stop));
    HEARTH_TRY(limits.bfloat16OperationsPerSecond, rateOf(loops.bfloat16, pool, stop));
    return limits;
}

} // namespace hearth::hardware
