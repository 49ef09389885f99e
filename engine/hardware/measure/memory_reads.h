#pragma once

#include <cstddef>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/huge_buffer.h"

/// What everything that streams memory is measured beside. Inside of the folder and its tests only.
///
/// The memory of a shared machine is now fast, now slow: a virtual machine was seen to read 38 GB/s for some
/// seconds and 49 GB/s for the next ones, each time within 2 %. Two figures taken one after the other cannot
/// be compared then, and a product that is predicted from one of them is off by as much. A read right before
/// each timed slice tells how fast memory is at that moment; the slice's share of it hardly moves (1 to 2 %
/// from one slice to the next on that machine). So shares are what is measured, and one bandwidth – that of
/// all reads of the whole measurement – turns all of them into speeds.
namespace hearth::hardware {

/// Reads with all threads over more than every cache holds. Each also puts something else into the caches:
/// virtual machines say nothing true about how much cache there is, and a model's weights come from memory
/// every time. Confined to one thread.
class MemoryReads {
public:
    /// Errors: kernels.out_of_memory.
    [[nodiscard]] static Result<MemoryReads> create(std::size_t streamBytes);

    /// One read, in bytes per second; typical() remembers it.
    double run(ThreadPool& pool);
    /// The same by `threads` of the pool, of parts that the last run() has not left in a cache. Not
    /// remembered.
    [[nodiscard]] double runWith(ThreadPool& pool, std::size_t threads) const;
    /// Bytes per second of all reads so far that no other program disturbed: the mean over the middle half of
    /// their times. Where memory changes between two speeds, both count by their share of the time. 0 before
    /// the first.
    [[nodiscard]] double typical() const;
    [[nodiscard]] const kernels::HugeBuffer& buffer() const { return m_buffer; } ///< touched everywhere

private:
    explicit MemoryReads(kernels::HugeBuffer buffer) : m_buffer(std::move(buffer)) {}
    kernels::HugeBuffer m_buffer;
    struct Read {
        double seconds = 0, share = 0;
    };
    std::vector<Read> m_reads;
};

/// A slice and the read right before it. `share`: of the processors, over both (Watch).
struct Beside {
    double seconds = 0, readBytesPerSecond = 0, share = 1;
};

/// How fast something streams: as a share of the reads beside it, and by itself.
struct Streamed {
    double share = 0, bytesPerSecond = 0;
    /// Bytes per second where reads reach `readBytesPerSecond`. What memory holds back keeps its share; what
    /// reaches less than kHeldBack of it is held back by the processor and keeps its own speed.
    [[nodiscard]] double at(double readBytesPerSecond) const {
        return share >= kHeldBack ? share * readBytesPerSecond : bytesPerSecond;
    }
    static constexpr double kHeldBack = 0.75;
};

/// Medians over undisturbed slices that streamed `bytes` each. `slices` is not empty.
[[nodiscard]] Streamed streamed(const std::vector<Beside>& slices, double bytes);

} // namespace hearth::hardware
