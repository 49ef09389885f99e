#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace hearth::cli {

/// Turns SIGINT (Ctrl+C) and SIGTERM into a stop request of the work in progress, so that it ends in good
/// order. Create it first thing in main(), before any other thread, since it blocks these signals for all of
/// them and waits for them in a thread of its own.
///
/// While work is in progress the first signal asks it to stop; a second one, for work that does not react,
/// ends the program at once. Outside of work SIGINT calls `whenIdle`, or ends the program when there is none;
/// SIGTERM always ends it. Ending means exit code 6.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// A piece of work: from here until the guard dies, signals stop `token()`.
    class Work {
    public:
        explicit Work(Interrupt& owner);
        ~Work();
        Work(const Work&) = delete;
        Work& operator=(const Work&) = delete;
        [[nodiscard]] std::stop_token token() const { return m_token; }

    private:
        Interrupt& m_owner;
        std::stop_token m_token;
    };

    /// Called in the signal thread; must be brief and thread-safe.
    void setIdleHandler(void (*whenIdle)());

private:
    void watch();
    std::mutex m_mutex;
    std::optional<std::stop_source> m_work;
    void (*m_whenIdle)() = nullptr;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace hearth::cli
