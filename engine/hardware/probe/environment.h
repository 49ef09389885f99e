#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// What a program said. `ran` is false when there is no such program.
struct CommandAnswer {
    bool ran = false;
    bool timedOut = false;
    int exitCode = 0;
    std::string output; ///< standard output and error together, at most 64 KiB
};
using CommandRunner =
    std::function<CommandAnswer(const std::vector<std::string>& command, std::chrono::milliseconds timeout)>;

struct EnvironmentOptions {
    std::filesystem::path root = "/"; ///< where libraries and version files are looked up
    /// Where Python packages lie besides the system's, folders with lib/python3.x/site-packages; empty with
    /// root "/" = the active environment and ~/.local.
    std::vector<std::filesystem::path> pythonPrefixes;
    /// Name of the kernel set that the OpenBLAS library at this path chose; empty = loads it and asks.
    std::function<std::string(const std::filesystem::path&)> openBlasCore;
    CommandRunner run;                       ///< empty = runs the program found in PATH
    std::chrono::milliseconds timeout{4000}; ///< for one program
    std::size_t parallel = 4;                ///< programs at a time
};

/// Runs a program with standard input closed, in the C locale; one that takes too long is killed with its
/// children. Blocks for the time allowed at most; thread-safe.
[[nodiscard]] CommandAnswer runCommand(const std::vector<std::string>& command,
                                       std::chrono::milliseconds timeout);

/// Versions and health of what people deploy models with. Libraries are found by their files; programs are
/// run with a version option, several at a time, each with a timeout. Nothing is installed or changed. Takes
/// seconds when a program hangs, so never on the GUI thread. A requested stop returns what is there so far.
/// Never fails. `profile` (operating system, GPUs) decides what is needed and which words the advice takes.
[[nodiscard]] std::vector<EnvironmentItem> checkEnvironment(const HardwareProfile& profile,
                                                            const EnvironmentOptions& options = {},
                                                            std::stop_token stop = {});

/// The same advice in the words of another system, for preparing one.
[[nodiscard]] Advice adviceOn(const Advice& advice, OsFamily family);

} // namespace hearth::hardware
