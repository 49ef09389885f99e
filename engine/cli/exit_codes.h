#pragma once

#include <string>

#include "engine/base/error.h"

namespace hearth::cli {

/// Exit codes of hearthctl; a stable contract, printed by `hearthctl --help`.
enum class ExitCode : int {
    Ok = 0,
    Failure = 1,     ///< anything without a code of its own
    Usage = 2,       ///< wrong or missing options, values outside their range
    BadInput = 3,    ///< an input file is missing, unreadable or damaged
    Unsupported = 4, ///< the model's family or type, or the asked-for instruction set, is not supported
    NoMemory = 5,    ///< the model does not fit into memory
    Cancelled = 6,   ///< stopped by Ctrl+C or SIGTERM
    ContextFull = 7, ///< the prompt does not fit into the context
    BadOutput = 8,   ///< the output could not be written
    Network = 9,     ///< a model hub cannot be reached, refuses, or sends what is wrong
};

/// The exit code that belongs to an error's code.
[[nodiscard]] ExitCode exitCodeOf(const Error& error);

/// The table for `--help`.
[[nodiscard]] std::string exitCodeHelp();

} // namespace hearth::cli
