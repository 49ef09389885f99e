#include "engine/cli/interrupt.h"

#include <csignal>

#include <pthread.h>
#include <unistd.h>

#include "engine/cli/exit_codes.h"

namespace hearth::cli {

namespace {

/// Wakes the signal thread to end it.
constexpr int kWake = SIGUSR1;

sigset_t watchedSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, kWake);
    return set;
}

} // namespace

Interrupt::Interrupt() {
    const sigset_t set = watchedSignals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    m_thread = std::thread([this] { watch(); });
}

Interrupt::~Interrupt() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    ::pthread_kill(m_thread.native_handle(), kWake);
    m_thread.join();
}

void Interrupt::setIdleHandler(void (*whenIdle)()) {
    const std::lock_guard lock(m_mutex);
    m_whenIdle = whenIdle;
}

void Interrupt::watch() {
    const sigset_t set = watchedSignals();
    for (;;) {
        int number = 0;
        if (::sigwait(&set, &number) != 0)
            continue;
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return;
        if (number == kWake)
            continue;
        if (m_work && m_work->request_stop())
            continue;
        // Idle, or work that was asked before and does not stop.
        if (!m_work && number == SIGINT && m_whenIdle)
            m_whenIdle();
        else
            ::_exit(static_cast<int>(ExitCode::Cancelled));
    }
}

Interrupt::Work::Work(Interrupt& owner) : m_owner(owner) {
    const std::lock_guard lock(m_owner.m_mutex);
    m_token = m_owner.m_work.emplace().get_token();
}

Interrupt::Work::~Work() {
    const std::lock_guard lock(m_owner.m_mutex);
    m_owner.m_work.reset();
}

} // namespace hearth::cli
