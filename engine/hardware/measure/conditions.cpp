#include <sys/times.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

#include "engine/hardware/measure/parts.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// The first line; absent when the file cannot be read or is empty.
std::optional<std::string> firstLine(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line.empty())
        return std::nullopt;
    return line;
}

template <class T>
std::optional<T> number(const fs::path& file) {
    const auto line = firstLine(file);
    if (!line)
        return std::nullopt;
    std::istringstream text(*line);
    T value{};
    return text >> value ? std::optional<T>(value) : std::nullopt;
}

/// The folders below `parent` whose names begin with `prefix`.
std::vector<fs::path> entries(const fs::path& parent, std::string_view prefix) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator it(parent, error), end; !error && it != end; it.increment(error))
        if (it->path().filename().string().starts_with(prefix))
            found.push_back(it->path());
    return found;
}

std::vector<fs::path> processors(const fs::path& root) {
    auto found = entries(root / "sys/devices/system/cpu", "cpu");
    std::erase_if(found, [](const fs::path& path) {
        const std::string name = path.filename().string();
        return name.size() < 4 || name[3] < '0' || name[3] > '9';
    });
    return found;
}

/// The hottest sensor of a processor: hwmon names its drivers, thermal zones their types.
std::optional<double> hottest(const fs::path& root) {
    constexpr std::array<std::string_view, 5> kDrivers{"coretemp", "k10temp", "zenpower", "cpu_thermal",
                                                       "x86_pkg_temp"};
    const auto ofProcessor = [&](const std::optional<std::string>& name) {
        return name && std::any_of(kDrivers.begin(), kDrivers.end(),
                                   [&](std::string_view driver) { return name->starts_with(driver); });
    };
    std::optional<double> most;
    const auto take = [&](const fs::path& file) {
        if (const auto milli = number<double>(file))
            most = std::max(most.value_or(-273), *milli / 1000);
    };
    for (const fs::path& chip : entries(root / "sys/class/hwmon", "hwmon"))
        if (ofProcessor(firstLine(chip / "name")))
            for (const fs::path& file : entries(chip, "temp"))
                if (file.filename().string().ends_with("_input"))
                    take(file);
    if (!most)
        for (const fs::path& zone : entries(root / "sys/class/thermal", "thermal_zone"))
            if (ofProcessor(firstLine(zone / "type")))
                take(zone / "temp");
    return most;
}

void readClocks(const fs::path& root, SystemState& state) {
    double kilohertz = 0;
    std::size_t count = 0;
    for (const fs::path& cpu : processors(root)) {
        if (const auto governor = firstLine(cpu / "cpufreq/scaling_governor"))
            state.governor = !state.governor || *state.governor == *governor ? *governor : "mixed";
        if (const auto clock = number<double>(cpu / "cpufreq/scaling_cur_freq")) {
            kilohertz += *clock;
            ++count;
        }
        if (const auto events = number<std::uint64_t>(cpu / "thermal_throttle/core_throttle_count"))
            state.throttleEvents = state.throttleEvents.value_or(0) + *events;
    }
    if (count > 0) {
        state.mhz = kilohertz / 1000 / static_cast<double>(count);
        return;
    }
    // Virtual machines have no cpufreq, but often this line.
    std::ifstream info(root / "proc/cpuinfo");
    double sum = 0;
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("cpu MHz"))
            if (const auto colon = line.find(':'); colon != std::string::npos) {
                sum += std::strtod(line.c_str() + colon + 1, nullptr);
                ++count;
            }
    if (count > 0 && sum > 0)
        state.mhz = sum / static_cast<double>(count);
}

/// The "cpu" line of /proc/stat: user nice system idle iowait irq softirq steal (proc(5)).
void readTicks(const fs::path& root, SystemState& state) {
    const auto line = firstLine(root / "proc/stat");
    if (!line || !line->starts_with("cpu "))
        return;
    std::istringstream text(line->substr(4));
    std::array<double, 8> ticks{};
    for (double& value : ticks)
        if (!(text >> value))
            return;
    double total = 0;
    for (const double value : ticks)
        total += value;
    state.totalTicks = total;
    state.busyTicks = total - ticks[3] - ticks[4] - ticks[7];
    state.stolenTicks = ticks[7];
}

} // namespace

SystemState systemState(const fs::path& root) {
    SystemState state;
    readClocks(root, state);
    readTicks(root, state);
    state.loadAverage = number<double>(root / "proc/loadavg");
    state.celsius = hottest(root);
    tms times{};
    if (::times(&times) != static_cast<clock_t>(-1))
        state.ownTicks = static_cast<double>(times.tms_utime + times.tms_stime);
    return state;
}

Conditions conditionsBetween(const SystemState& before, const SystemState& after) {
    Conditions out;
    out.governor = after.governor;
    out.loadAverage = before.loadAverage;
    out.celsiusBefore = before.celsius;
    out.celsiusAfter = after.celsius;
    out.mhzBefore = before.mhz;
    out.mhzAfter = after.mhz;
    if (before.throttleEvents && after.throttleEvents)
        out.throttleEvents = *after.throttleEvents - std::min(*before.throttleEvents, *after.throttleEvents);
    if (before.totalTicks && after.totalTicks && *after.totalTicks > *before.totalTicks) {
        const double total = *after.totalTicks - *before.totalTicks;
        const double busy = *after.busyTicks - *before.busyTicks;
        out.stolenShare = std::clamp((*after.stolenTicks - *before.stolenTicks) / total, 0.0, 1.0);
        out.otherShare = std::clamp((busy - (after.ownTicks - before.ownTicks)) / total, 0.0, 1.0);
    }
    return out;
}

} // namespace hearth::hardware
