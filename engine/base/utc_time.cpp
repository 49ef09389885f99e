#include "engine/base/utc_time.h"

#include <array>
#include <chrono>
#include <ctime>

namespace hearth {

std::string utcText(std::int64_t unixSeconds, const char* format) {
    const std::time_t seconds = unixSeconds;
    std::tm parts{};
    if (!::gmtime_r(&seconds, &parts))
        return {};
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string utcNow(const char* format) {
    return utcText(std::time(nullptr), format);
}

std::int64_t unixMsNow() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace hearth
