#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/hardware/probe/environment.h"

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace hearth::hardware {

namespace {

constexpr std::size_t kMostOutput = 64 << 10;
using Clock = std::chrono::steady_clock;

struct Pipe {
    int read = -1, write = -1;
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            read = ends[0];
            write = ends[1];
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        closeEnd(read);
        closeEnd(write);
    }
    static void closeEnd(int& end) {
        if (end >= 0)
            ::close(end);
        end = -1;
    }
};

/// The environment with messages in English, so that they can be told apart, and without Python's caches, so
/// that nothing is written.
std::vector<std::string> plainEnvironment() {
    constexpr std::array<std::string_view, 2> kOwn{"LC_ALL=C", "PYTHONDONTWRITEBYTECODE=1"};
    std::vector<std::string> out(kOwn.begin(), kOwn.end());
    for (char** at = environ; at && *at; ++at) {
        const std::string_view one(*at), name = one.substr(0, one.find('=') + 1);
        if (std::none_of(kOwn.begin(), kOwn.end(),
                         [&](std::string_view own) { return !name.empty() && own.starts_with(name); }))
            out.emplace_back(one);
    }
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (std::string& one : strings)
        out.push_back(one.data());
    out.push_back(nullptr);
    return out;
}

/// 0 when the program cannot be started.
pid_t start(const std::vector<std::string>& command, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (::posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (::posix_spawnattr_init(&attributes) != 0) {
        ::posix_spawn_file_actions_destroy(&actions);
        return 0;
    }
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
    // A process group of its own, so that children can be ended with it.
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<std::string> words = command, variables = plainEnvironment();
    const auto argv = pointers(words), envp = pointers(variables);
    pid_t process = 0;
    const int failed =
        ::posix_spawnp(&process, words[0].c_str(), &actions, &attributes, argv.data(), envp.data());
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? process : 0;
}

/// False at the end of the output.
bool readSome(int end, std::string& output, int waitMs) {
    pollfd watched{end, POLLIN, 0};
    if (::poll(&watched, 1, waitMs) <= 0)
        return true;
    char buffer[4096];
    const ssize_t got = ::read(end, buffer, sizeof buffer);
    if (got > 0 && output.size() < kMostOutput)
        output.append(buffer, std::min(static_cast<std::size_t>(got), kMostOutput - output.size()));
    return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

} // namespace

CommandAnswer runCommand(const std::vector<std::string>& command, std::chrono::milliseconds timeout) {
    CommandAnswer answer;
    Pipe pipe;
    if (command.empty() || pipe.read < 0)
        return answer;
    const pid_t process = start(command, pipe.write);
    Pipe::closeEnd(pipe.write);
    if (process == 0)
        return answer;
    answer.ran = true;
    const auto deadline = Clock::now() + timeout;
    int status = 0;
    bool open = true;
    for (;;) {
        constexpr int kStepMs = 20;
        if (open)
            open = readSome(pipe.read, answer.output, kStepMs);
        else
            std::this_thread::sleep_for(std::chrono::milliseconds(kStepMs));
        if (::waitpid(process, &status, WNOHANG) == process)
            break;
        if (Clock::now() >= deadline) {
            answer.timedOut = true;
            ::kill(-process, SIGKILL);
            ::waitpid(process, &status, 0);
            break;
        }
    }
    // What was written before the end; a child that lives on may hold the pipe open, so no waiting.
    for (std::size_t before = answer.output.size() + 1; open && before != answer.output.size();) {
        before = answer.output.size();
        open = readSome(pipe.read, answer.output, 0);
    }
    answer.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return answer;
}

} // namespace hearth::hardware
