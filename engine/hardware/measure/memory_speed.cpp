#include <unistd.h>

#include <algorithm>

#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/read_lines.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kLine = 64;
/// A slice reads at least so much, so that the clock's own cost and resolution do not count.
constexpr std::size_t kSliceBytes = std::size_t{8} << 20;
constexpr std::size_t kSmallestSet = std::size_t{8} << 10;

double slice(const Bench& bench) {
    return bench.quick ? 0.05 : 0.15;
}

/// 1, 2, 4 … and all of them.
std::vector<std::size_t> threadCounts(std::size_t most) {
    std::vector<std::size_t> counts;
    for (std::size_t n = 1; n < most; n = most <= 8 ? n + 1 : n * 2)
        counts.push_back(n);
    counts.push_back(most);
    return counts;
}

/// Powers of two and the middles between them.
std::vector<std::size_t> workingSets(const Bench& bench) {
    std::vector<std::size_t> sets;
    for (std::size_t bytes = kSmallestSet; bytes <= bench.streamBytes; bytes *= 2) {
        sets.push_back(bytes);
        if (!bench.quick && bytes + bytes / 2 <= bench.streamBytes)
            sets.push_back(bytes + bytes / 2);
    }
    return sets;
}

} // namespace

std::size_t streamBytes(std::optional<std::uint64_t> availableBytes) {
    constexpr std::size_t kUsual = std::size_t{96} << 20, kMost = std::size_t{384} << 20;
    std::size_t bytes = kUsual;
#if defined(_SC_LEVEL3_CACHE_SIZE)
    if (const long cache = ::sysconf(_SC_LEVEL3_CACHE_SIZE); cache > 0)
        bytes = std::clamp(static_cast<std::size_t>(cache) * 3, kUsual, kMost);
#endif
    // Weights, their packed form and the caches of the attention test live at the same time.
    if (availableBytes)
        bytes = std::min(bytes, static_cast<std::size_t>(*availableBytes / 12));
    return std::max(bytes, std::size_t{4} << 20) / (std::size_t{1} << 20) * (std::size_t{1} << 20);
}

std::size_t memorySteps(const Bench& bench) {
    return threadCounts(bench.pool.size()).size();
}

Result<void> measureMemory(const Bench& bench, Measurement& out, Streams& streams) {
    for (const std::size_t threads : threadCounts(bench.pool.size())) {
        std::vector<Beside> slices;
        HEARTH_CHECK(repeat(slice(bench), 5, bench.stop, [&] {
            const Watch watch(threads); // the others rest in the second half
            const double read = bench.reads.run(bench.pool);
            slices.push_back({1 / bench.reads.runWith(bench.pool, threads), read, watch.share()});
        }));
        out.bandwidth.push_back({threads, 0});
        streams.bandwidth.push_back(streamed(slices, 1));
        bench.tick();
    }
    return {};
}

std::size_t cacheSteps(const Bench& bench) {
    return workingSets(bench).size();
}

Result<void> measureCaches(const Bench& bench, Measurement& out) {
    for (const std::size_t bytes : workingSets(bench)) {
        const std::size_t rounds = std::max<std::size_t>(1, kSliceBytes / bytes);
        HEARTH_TRY(const double seconds, timeSlices(slice(bench) / 3, bench.stop, [&] {
                       for (std::size_t i = 0; i < rounds; ++i)
                           readLines(bench.reads.buffer().data(), bytes / kLine);
                   }));
        out.caches.push_back({bytes, static_cast<double>(bytes * rounds) / seconds});
        bench.tick();
    }
    return {};
}

} // namespace hearth::hardware
