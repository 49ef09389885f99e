#include "engine/cli/sizes.h"

#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "engine/cli/terminal.h"

namespace hearth::cli {

Result<std::uint64_t> parseSize(std::string_view text) {
    const auto bad = [&] {
        return tl::unexpected<Error>(
            Error{"usage.bad_size", "\"" + std::string(text) + "\" is no size; write 4.5GiB, 800MB or bytes"}
                .with("size", std::string(text)));
    };
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || !std::isfinite(value) || value < 0)
        return bad();
    std::string unit;
    for (const char c : text.substr(static_cast<std::size_t>(end - text.data())))
        if (c != ' ')
            unit.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    double factor = 1;
    if (!unit.empty() && unit != "b") {
        constexpr std::string_view kPrefixes = "kmgt";
        const auto power = kPrefixes.find(unit[0]);
        const std::string_view rest = std::string_view(unit).substr(1);
        if (power == std::string_view::npos || (!rest.empty() && rest != "b" && rest != "ib"))
            return bad();
        factor = std::pow(rest == "ib" ? 1024.0 : 1000.0, static_cast<double>(power + 1));
    }
    const double bytes = value * factor;
    if (bytes < 1 || bytes > 1e18)
        return bad();
    return static_cast<std::uint64_t>(bytes);
}

std::string durationText(double seconds) {
    const auto whole = std::lround(seconds);
    std::array<char, 32> text{};
    if (whole >= 3600)
        std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(text.data(), text.size(), "%ld:%02ld", whole / 60, whole % 60);
    return text.data();
}

ProgressSink timedProgressLine(std::string_view label) {
    if (!stderrIsTerminal())
        return {};
    using Clock = std::chrono::steady_clock;
    return [text = std::string(label), start = Clock::now(),
            shown = Clock::time_point()](const Progress& progress) mutable {
        const auto now = Clock::now();
        if (progress.total == 0 || now - shown < std::chrono::milliseconds(200))
            return;
        shown = now;
        const double share = static_cast<double>(progress.done) / static_cast<double>(progress.total);
        const double passed = std::chrono::duration<double>(now - start).count();
        std::string line = text + " " + std::to_string(static_cast<int>(100 * share)) + " %";
        // The first moments say little about the rest.
        if (share > 0 && passed > 1)
            line += ", " + durationText(passed / share - passed) + " left";
        std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    };
}

} // namespace hearth::cli
