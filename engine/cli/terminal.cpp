#include "engine/cli/terminal.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <unistd.h>

#include "engine/cli/error_text.h"

namespace hearth::cli {

bool stdoutIsTerminal() {
    return ::isatty(STDOUT_FILENO) == 1;
}

bool stderrIsTerminal() {
    return ::isatty(STDERR_FILENO) == 1;
}

bool stdinIsTerminal() {
    return ::isatty(STDIN_FILENO) == 1;
}

void print(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printNow(std::string_view text) {
    print(text);
    std::fflush(stdout);
}

void note(std::string_view text) {
    std::fflush(stdout);
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
}

ExitCode report(const Error& error) {
    clearProgressLine();
    note("hearthctl: " + errorText(error));
    return exitCodeOf(error);
}

Result<void> finishOutput() {
    if (std::fflush(stdout) != 0 || std::ferror(stdout))
        return fail("file.write_failed",
                    std::string("the standard output could not be written: ") + std::strerror(errno));
    return {};
}

Style styleFor(bool terminal) {
    const char* noColour = std::getenv("NO_COLOR");
    if (!terminal || (noColour && *noColour))
        return {};
    return {"\x1b[2m", "\x1b[1m", "\x1b[36m", "\x1b[0m"};
}

ProgressSink progressLine(std::string_view label) {
    if (!stderrIsTerminal())
        return {};
    return [text = std::string(label), last = -1](const Progress& progress) mutable {
        const int percent = progress.total ? static_cast<int>(100.0 * static_cast<double>(progress.done) /
                                                              static_cast<double>(progress.total))
                                           : 0;
        if (percent == last)
            return;
        last = percent;
        std::fprintf(stderr, "\r\x1b[K%s %d %%", text.c_str(), percent);
    };
}

void clearProgressLine() {
    if (stderrIsTerminal())
        std::fprintf(stderr, "\r\x1b[K");
}

} // namespace hearth::cli
