#include "engine/hardware/measure/memory_reads.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <numeric>

#include "engine/hardware/measure/read_lines.h"
#include "engine/hardware/measure/slices.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kLine = 64;
/// Of a thread's part, handed out as threads get free.
constexpr std::size_t kPieces = 32;

} // namespace

Result<MemoryReads> MemoryReads::create(std::size_t streamBytes) {
    kernels::HugeBuffer buffer(streamBytes);
    if (!buffer)
        return fail("kernels.out_of_memory", "no memory to measure with");
    // Untouched memory would all be one page of zeros, which every cache holds.
    std::memset(buffer.data(), 1, buffer.size());
    return MemoryReads(std::move(buffer));
}

double MemoryReads::run(ThreadPool& pool) {
    const std::size_t lines = m_buffer.size() / kLine / pool.size();
    const Watch watch(pool.size());
    pool.run(
        [&](std::size_t part, std::size_t) { readLines(m_buffer.data() + part * lines * kLine, lines); });
    m_reads.push_back({watch.seconds(), watch.share()});
    return static_cast<double>(pool.size() * lines * kLine) / m_reads.back().seconds;
}

double MemoryReads::runWith(ThreadPool& pool, std::size_t threads) const {
    // run() has left the end of each part in the caches: the first two thirds are read.
    const std::size_t all = pool.size(), part = m_buffer.size() / kLine / all, piece = part / 3 * 2 / kPieces;
    std::atomic<std::size_t> next{0};
    const auto begin = SliceClock::now();
    pool.run([&](std::size_t thread, std::size_t) {
        if (thread < threads)
            for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < all * kPieces;)
                readLines(m_buffer.data() + (i / kPieces * part + i % kPieces * piece) * kLine, piece);
    });
    return static_cast<double>(all * kPieces * piece * kLine) / secondsSince(begin);
}

double MemoryReads::typical() const {
    if (m_reads.empty())
        return 0;
    std::vector<double> sorted;
    for (const Read& read : undisturbed(m_reads))
        sorted.push_back(read.seconds);
    std::sort(sorted.begin(), sorted.end());
    const auto cut = static_cast<std::ptrdiff_t>(sorted.size() / 4);
    const double sum = std::accumulate(sorted.begin() + cut, sorted.end() - cut, 0.0);
    return static_cast<double>(m_buffer.size()) *
           static_cast<double>(static_cast<std::ptrdiff_t>(sorted.size()) - 2 * cut) / sum;
}

Streamed streamed(const std::vector<Beside>& slices, double bytes) {
    std::vector<double> shares, speeds;
    for (const Beside& slice : undisturbed(slices)) {
        speeds.push_back(bytes / slice.seconds);
        shares.push_back(speeds.back() / slice.readBytesPerSecond);
    }
    return {median(std::move(shares)), median(std::move(speeds))};
}

} // namespace hearth::hardware
