#pragma once

#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/cli/exit_codes.h"

namespace hearth::cli {

/// Results go to stdout, everything else to stderr. Confined to the main thread.

/// Whether a person looks at the stream: colours and progress only then (and never with NO_COLOR set).
[[nodiscard]] bool stdoutIsTerminal();
[[nodiscard]] bool stderrIsTerminal();
[[nodiscard]] bool stdinIsTerminal();

/// Writes bytes to stdout as they are.
void print(std::string_view text);
/// The same, visible at once.
void printNow(std::string_view text);
/// A line on stderr.
void note(std::string_view text);
/// The error as "hearthctl: …" on stderr; returns its exit code.
ExitCode report(const Error& error);
/// Flushes stdout. Errors: file.write_failed, when a full disk or a closed pipe swallowed output.
[[nodiscard]] Result<void> finishOutput();

/// Escape sequences, empty when the stream is no terminal.
struct Style {
    std::string_view dim, bold, accent, reset;
};
[[nodiscard]] Style styleFor(bool terminal);

/// A line "loading 42 %" that overwrites itself on stderr; nothing when stderr is no terminal.
[[nodiscard]] ProgressSink progressLine(std::string_view label);
/// Clears that line.
void clearProgressLine();

} // namespace hearth::cli
