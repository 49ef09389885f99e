#pragma once

#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hearth::test {

/// The program under test as a person runs it: a process with pipes for its three streams. Killed when it
/// lives on for five minutes.
class Process {
public:
    explicit Process(std::vector<std::string> arguments,
                     std::vector<std::pair<std::string, std::string>> environment = {}) {
        int input[2], output[2], errors[2];
        if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0 ||
            ::pipe2(errors, O_CLOEXEC) != 0)
            return;
        std::vector<char*> argv;
        std::string program = std::string(HEARTH_BIN_DIR) + "/hearthctl";
        argv.push_back(program.data());
        for (auto& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        m_pid = ::fork();
        if (m_pid == 0) {
            ::dup2(input[0], 0);
            ::dup2(output[1], 1);
            ::dup2(errors[1], 2);
            for (const auto& [name, value] : environment)
                ::setenv(name.c_str(), value.c_str(), 1);
            ::execv(program.c_str(), argv.data());
            ::_exit(127);
        }
        ::close(input[0]);
        ::close(output[1]);
        ::close(errors[1]);
        m_in = input[1];
        m_out = output[0];
        m_err = errors[0];
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process() {
        closeInput();
        ::close(m_out);
        ::close(m_err);
        if (m_pid > 0) {
            ::kill(m_pid, SIGKILL);
            ::waitpid(m_pid, nullptr, 0);
        }
    }

    void write(const std::string& text) {
        [[maybe_unused]] const auto written = ::write(m_in, text.data(), text.size());
    }
    void closeInput() {
        if (m_in >= 0)
            ::close(std::exchange(m_in, -1));
    }
    void signal(int number) const { ::kill(m_pid, number); }
    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Makes the child wait once it is this far ahead of what was read of its output.
    void limitOutputPipe(int bytes) const { ::fcntl(m_out, F_SETPIPE_SZ, bytes); }
    /// Whether output can be read, waiting for it.
    [[nodiscard]] bool waitForOutput() const {
        pollfd entry{m_out, POLLIN, 0};
        return ::poll(&entry, 1, 300'000) == 1 && (entry.revents & POLLIN) != 0;
    }

    /// Reads output until it holds `text`; false when it ends before.
    [[nodiscard]] bool waitFor(const std::string& text) {
        while (out.find(text) == std::string::npos) {
            char buffer[4096];
            const auto n = waitForOutput() ? ::read(m_out, buffer, sizeof buffer) : 0;
            if (n <= 0)
                return false;
            out.append(buffer, static_cast<std::size_t>(n));
        }
        return true;
    }

    /// Reads everything until the program ends, and returns its exit code (−1: it was killed).
    int finish() {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
        pollfd entries[2]{{m_out, POLLIN, 0}, {m_err, POLLIN, 0}};
        while (entries[0].fd >= 0 || entries[1].fd >= 0) {
            if (std::chrono::steady_clock::now() > deadline)
                ::kill(m_pid, SIGKILL);
            ::poll(entries, 2, 1000);
            for (std::size_t i = 0; i < 2; ++i) {
                if (entries[i].fd < 0 || entries[i].revents == 0)
                    continue;
                char buffer[65536];
                const auto n = ::read(entries[i].fd, buffer, sizeof buffer);
                if (n <= 0)
                    entries[i].fd = -1;
                else
                    (i == 0 ? out : err).append(buffer, static_cast<std::size_t>(n));
            }
        }
        int status = 0;
        ::waitpid(std::exchange(m_pid, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    std::string out, err; ///< after finish()

private:
    pid_t m_pid = -1;
    int m_in = -1, m_out = -1, m_err = -1;
};

struct Finished {
    int exit = -1;
    std::string out, err;
};

/// Runs hearthctl to its end.
inline Finished hearthctl(std::vector<std::string> arguments, const std::string& input = {},
                          std::vector<std::pair<std::string, std::string>> environment = {}) {
    Process process(std::move(arguments), std::move(environment));
    if (!input.empty())
        process.write(input);
    process.closeInput();
    const int exit = process.finish();
    return {exit, process.out, process.err};
}

} // namespace hearth::test
