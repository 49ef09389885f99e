#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hearth {

enum class LogLevel { Debug, Info, Warning, Error };

/// Where the engine's log lines go. The engine itself never prints; a program installs one sink at start,
/// before other threads run (spdlog in hearth and hearthctl). Without one, lines are dropped.
/// A line never holds message texts, prompts, passwords or tokens.
using LogSink = std::function<void(LogLevel, std::string_view area, std::string_view text)>;

void setLogSink(LogSink sink);
void log(LogLevel level, std::string_view area, std::string_view text);

} // namespace hearth
