#pragma once

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

namespace hearth::test {

/// Measures how long the thread that makes it takes for something: what has passed, less the time in which it
/// was ready to run while others had the processor. So a limit judges the program, not how busy the machine
/// is; waiting for a lock, a disk or another thread counts. The kernel keeps that account
/// (/proc/thread-self/schedstat); where there is none, all that has passed counts.
class ProgramTime {
public:
    ProgramTime() : m_account(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) { restart(); }
    ~ProgramTime() {
        if (m_account >= 0)
            ::close(m_account);
    }
    ProgramTime(const ProgramTime&) = delete;
    ProgramTime& operator=(const ProgramTime&) = delete;

    /// Milliseconds since the last restart().
    [[nodiscard]] std::int64_t elapsed() const { return (own() - m_start) / 1'000'000; }
    std::int64_t restart() {
        const std::int64_t now = own(), since = m_start;
        m_start = now;
        return (now - since) / 1'000'000;
    }

private:
    [[nodiscard]] std::int64_t own() const {
        timespec now{};
        ::clock_gettime(CLOCK_MONOTONIC, &now);
        return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec - waited();
    }
    /// The second of three numbers: nanoseconds of being ready to run.
    [[nodiscard]] std::int64_t waited() const {
        std::array<char, 128> text{};
        const ssize_t size = m_account < 0 ? 0 : ::pread(m_account, text.data(), text.size() - 1, 0);
        const std::string_view all(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        const std::size_t blank = all.find(' ');
        return blank == std::string_view::npos ? 0 : std::strtoll(text.data() + blank, nullptr, 10);
    }

    int m_account;
    std::int64_t m_start = 0;
};

} // namespace hearth::test
