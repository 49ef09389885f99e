#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/read_lines.h"
#include "engine/hardware/measure/slices.h"
#include "engine/kernels/huge_buffer.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kLine = 64;
/// A slice reads at least so much, so that the clock's own cost and resolution do not count.
constexpr std::size_t kSliceBytes = std::size_t{8} << 20;
constexpr std::size_t kSmallestSet = std::size_t{8} << 10;

double slice(const Bench& bench) {
    return bench.quick ? 0.06 : 0.15;
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

/// Untouched memory would all be one page of zeros, which every cache holds.
Result<kernels::HugeBuffer> touchedBuffer(std::size_t bytes) {
    kernels::HugeBuffer buffer(bytes);
    if (!buffer)
        return fail("kernels.out_of_memory", "no memory to measure with");
    std::memset(buffer.data(), 1, buffer.size());
    return buffer;
}

Result<double> readBandwidth(const Bench& bench, const kernels::HugeBuffer& buffer) {
    HEARTH_TRY(const double seconds, timeSlices(
                                         slice(bench), bench.stop,
                                         [&] {
                                             bench.pool.run([&](std::size_t part, std::size_t parts) {
                                                 const std::size_t lines = bench.streamBytes / kLine / parts;
                                                 readLines(buffer.data() + part * lines * kLine, lines);
                                             });
                                         },
                                         bench.evict));
    return static_cast<double>(bench.streamBytes) / seconds;
}

} // namespace

Result<Eviction> Eviction::create(std::size_t streamBytes) {
    HEARTH_TRY(kernels::HugeBuffer buffer, touchedBuffer(streamBytes + streamBytes / 2));
    return Eviction(std::move(buffer));
}

void Eviction::run(ThreadPool& pool) const {
    pool.run([&](std::size_t part, std::size_t parts) {
        const std::size_t lines = m_buffer.size() / kLine / parts;
        readLines(m_buffer.data() + part * lines * kLine, lines);
    });
}

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

Result<void> measureMemory(const Bench& bench, Measurement& out) {
    HEARTH_TRY(const kernels::HugeBuffer buffer, touchedBuffer(bench.streamBytes));
    const std::size_t all = bench.pool.size();
    for (const std::size_t threads : threadCounts(all)) {
        bench.pool.resize(threads);
        const auto rate = readBandwidth(bench, buffer);
        bench.pool.resize(all);
        HEARTH_CHECK(rate);
        out.bandwidth.push_back({threads, *rate});
        bench.tick();
    }
    return {};
}

Result<double> readBandwidth(const Bench& bench) {
    HEARTH_TRY(const kernels::HugeBuffer buffer, touchedBuffer(bench.streamBytes));
    return readBandwidth(bench, buffer);
}

std::size_t cacheSteps(const Bench& bench) {
    return workingSets(bench).size();
}

Result<void> measureCaches(const Bench& bench, Measurement& out) {
    HEARTH_TRY(const kernels::HugeBuffer buffer, touchedBuffer(bench.streamBytes));
    for (const std::size_t bytes : workingSets(bench)) {
        const std::size_t rounds = std::max<std::size_t>(1, kSliceBytes / bytes);
        HEARTH_TRY(const double seconds, timeSlices(slice(bench) / 3, bench.stop, [&] {
                       for (std::size_t i = 0; i < rounds; ++i)
                           readLines(buffer.data(), bytes / kLine);
                   }));
        out.caches.push_back({bytes, static_cast<double>(bytes * rounds) / seconds});
        bench.tick();
    }
    return {};
}

} // namespace hearth::hardware
