#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace hearth::kernels {

/// Neighbouring tasks [begin, end).
struct TaskRange {
    std::size_t begin = 0, end = 0;
    friend bool operator==(const TaskRange&, const TaskRange&) = default;
};

/// The tasks that one thread of several has before it; every task is taken once. Its owner takes from the
/// front, whoever is done with their own from the back, so that the owner reads one run of memory to the end.
///
/// Taking is an atomic read-modify-write, which waits for every read of the core that is under way: where
/// weights stream from memory that costs some tenths of a microsecond. So the owner takes half of what is
/// left each time, others a quarter: few takes, small ones at the end, where they decide when all are done
/// (guided self-scheduling; Polychronopoulos and Kuck, IEEE Transactions on Computers 36, 1987). Of tasks
/// that take long nobody takes more than one: what a take costs is nothing beside them, and who has several
/// before them in the end lets others wait.
///
/// A cache line each. Thread-safe but for set().
class alignas(64) TaskShare {
public:
    static constexpr std::uint32_t kAny = UINT32_MAX;

    /// Fewer than 2^32 tasks, of which at most `most` are taken together.
    void set(TaskRange tasks, std::uint32_t most = kAny) {
        m_most = most;
        m_range.store(pack(static_cast<std::uint32_t>(tasks.begin), static_cast<std::uint32_t>(tasks.end)),
                      std::memory_order_relaxed);
    }

    /// For the owner; nullopt when nothing is left.
    [[nodiscard]] std::optional<TaskRange> takeFirst() {
        return take([this](std::uint32_t& begin, std::uint32_t& end) {
            const std::uint32_t first = begin;
            begin += std::min((end - begin + 1) / 2, m_most);
            return TaskRange{first, begin};
        });
    }

    /// For everybody else.
    [[nodiscard]] std::optional<TaskRange> takeLast() {
        return take([this](std::uint32_t& begin, std::uint32_t& end) {
            const std::uint32_t last = end;
            end -= std::min((end - begin + 3) / 4, m_most);
            return TaskRange{end, last};
        });
    }

private:
    static constexpr std::uint64_t pack(std::uint32_t begin, std::uint32_t end) {
        return std::uint64_t{end} << 32 | begin;
    }
    template <class Choose>
    std::optional<TaskRange> take(const Choose& choose) {
        std::uint64_t seen = m_range.load(std::memory_order_relaxed);
        for (;;) {
            auto begin = static_cast<std::uint32_t>(seen), end = static_cast<std::uint32_t>(seen >> 32);
            if (begin >= end)
                return std::nullopt;
            const TaskRange taken = choose(begin, end);
            if (m_range.compare_exchange_weak(seen, pack(begin, end), std::memory_order_relaxed))
                return taken;
        }
    }
    std::atomic<std::uint64_t> m_range{0};
    std::uint32_t m_most = kAny;
};

} // namespace hearth::kernels
