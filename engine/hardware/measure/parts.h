#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/hardware/measure/measure.h"
#include "engine/hardware/measure/memory_reads.h"
#include "engine/hardware/measure/slices.h"

/// The parts of a measurement, one file each; only measure.cpp and tests call them.
namespace hearth::hardware {

/// What every part needs. `tick` says that a step is done.
struct Bench {
    ThreadPool& pool;
    MemoryReads& reads;
    bool quick = false;
    /// Larger than every cache. What is timed beside reads takes a part of it: the read before has left
    /// nothing of it in a cache, and touching memory for the first time takes long, above all in virtual
    /// machines.
    std::size_t streamBytes = 0;
    [[nodiscard]] std::size_t slice() const { return streamBytes / 3; }
    std::stop_token stop;
    std::function<void()> tick;
};

/// Times `work` that streams memory, at least five times after one that does not count, each beside a read.
/// `budget` counts the reads too. `work` returns the seconds that count. Errors: base.cancelled.
template <class Work>
[[nodiscard]] Result<std::vector<Beside>> timeBesideReads(double budget, const Bench& bench,
                                                          const Work& work) {
    work();
    std::vector<Beside> slices;
    HEARTH_CHECK(repeat(budget, 5, bench.stop, [&] {
        const Watch watch(bench.pool.size());
        const double read = bench.reads.run(bench.pool), seconds = work();
        slices.push_back({seconds, read, watch.share()});
    }));
    return slices;
}

/// How fast something streams `bytes`. Errors: base.cancelled.
template <class Work>
[[nodiscard]] Result<Streamed> timeStream(double budget, const Bench& bench, double bytes, const Work& work) {
    HEARTH_TRY(const auto slices, timeBesideReads(budget, bench, [&] {
                   const auto begin = SliceClock::now();
                   work();
                   return secondsSince(begin);
               }));
    return streamed(slices, bytes);
}

/// Attention over the layers of a cache: of one token with as many query heads as KV heads, and with four for
/// each; of many tokens as AttentionRate has it.
struct AttentionStreams {
    kernels::KvType kvType = kernels::KvType::F16;
    std::size_t headDim = 0;
    double layerBytes = 0;
    Streamed few, many;
    double prefillSecondsPerProduct = 0;
    [[nodiscard]] AttentionRate at(double readBytesPerSecond) const;
};

/// What was measured beside reads, in the order of the Measurement's lists. measure() turns it into speeds at
/// the bandwidth of the whole measurement.
struct Streams {
    std::vector<Streamed> bandwidth, kernels;
    std::vector<AttentionStreams> attention;
};

/// Bytes that no cache of this machine holds, as far as memory allows.
[[nodiscard]] std::size_t streamBytes(std::optional<std::uint64_t> availableBytes);

[[nodiscard]] std::size_t memorySteps(const Bench& bench);
[[nodiscard]] Result<void> measureMemory(const Bench& bench, Measurement& out, Streams& streams);
[[nodiscard]] std::size_t cacheSteps(const Bench& bench);
[[nodiscard]] Result<void> measureCaches(const Bench& bench, Measurement& out);
[[nodiscard]] std::size_t kernelSteps(const Bench& bench, kernels::Isa best);
[[nodiscard]] Result<void> measureKernels(const Bench& bench, kernels::Isa best, Measurement& out,
                                          Streams& streams);
[[nodiscard]] std::size_t stepSteps(const Bench& bench);
/// After measureKernels.
[[nodiscard]] Result<void> measureSteps(const Bench& bench, kernels::Isa best, Measurement& out,
                                        Streams& streams);

/// nullopt where the folder cannot be measured. Errors: base.cancelled.
[[nodiscard]] Result<std::optional<DiskRate>> measureDisk(const ProbedFolder& folder, const Bench& bench);

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
