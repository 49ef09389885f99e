#include "engine/base/log.h"

#include <utility>

namespace hearth {

namespace {
LogSink& currentSink() {
    static LogSink sink;
    return sink;
}
} // namespace

void setLogSink(LogSink sink) {
    currentSink() = std::move(sink);
}

void log(LogLevel level, std::string_view area, std::string_view text) {
    if (const auto& sink = currentSink())
        sink(level, area, text);
}

} // namespace hearth
