#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>

#include "engine/base/thread_pool.h"
#include "engine/hardware/measure/measure.h"
#include "engine/kernels/huge_buffer.h"

/// The parts of a measurement, one file each; only measure.cpp and tests call them.
namespace hearth::hardware {

/// What every part needs. `tick` says that a step is done.
struct Bench {
    ThreadPool& pool; ///< resized by the parts, and left with its first size
    bool quick = false;
    std::size_t streamBytes = 0; ///< larger than every cache
    std::stop_token stop;
    std::function<void()> tick;
    /// Fills the caches with something else. Virtual machines say nothing true about how much cache there is,
    /// and a model's weights come from memory every time.
    std::function<void()> evict = [] {};
};

/// Memory for Bench::evict. Not from the streams themselves. Errors: kernels.out_of_memory.
class Eviction {
public:
    [[nodiscard]] static Result<Eviction> create(std::size_t streamBytes);
    void run(ThreadPool& pool) const;

private:
    explicit Eviction(kernels::HugeBuffer buffer) : m_buffer(std::move(buffer)) {}
    kernels::HugeBuffer m_buffer;
};

/// Bytes that no cache of this machine holds, as far as memory allows.
[[nodiscard]] std::size_t streamBytes(std::optional<std::uint64_t> availableBytes);

/// Streaming reads with all threads of the pool, bytes per second.
[[nodiscard]] Result<double> readBandwidth(const Bench& bench);
[[nodiscard]] std::size_t memorySteps(const Bench& bench);
[[nodiscard]] Result<void> measureMemory(const Bench& bench, Measurement& out);
[[nodiscard]] std::size_t cacheSteps(const Bench& bench);
[[nodiscard]] Result<void> measureCaches(const Bench& bench, Measurement& out);
[[nodiscard]] std::size_t kernelSteps(const Bench& bench, kernels::Isa best);
[[nodiscard]] Result<void> measureKernels(const Bench& bench, kernels::Isa best, Measurement& out);
[[nodiscard]] std::size_t stepSteps(const Bench& bench);
[[nodiscard]] Result<void> measureSteps(const Bench& bench, kernels::Isa best, Measurement& out);

/// nullopt where the folder cannot be measured. Errors: base.cancelled.
[[nodiscard]] Result<std::optional<DiskRate>> measureDisk(const MeasuredFolder& folder, const Bench& bench);

/// Counters of the system at one moment, below `root`.
struct SystemState {
    std::optional<std::string> governor;
    std::optional<double> loadAverage, celsius, mhz;
    std::optional<std::uint64_t> throttleEvents;
    std::optional<double> totalTicks, busyTicks, stolenTicks; ///< of all processors together
    double ownTicks = 0;                                      ///< of this process
};
[[nodiscard]] SystemState systemState(const std::filesystem::path& root = "/");
[[nodiscard]] Conditions conditionsBetween(const SystemState& before, const SystemState& after);

} // namespace hearth::hardware
