#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/hardware/measure/measurement_history.h"

namespace hearth::hardware {

namespace {

std::string text(double value, int digits = 1) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    return buffer.data();
}

std::vector<Change> allFigures(const Measurement& before, const Measurement& after) {
    std::vector<Change> out{{"read_bandwidth", before.readBandwidth(), after.readBandwidth()}};
    for (const KernelRate& rate : after.kernels) {
        if (rate.isa != after.isa)
            continue;
        // The set in use then may have been another; what a person gets is compared.
        if (const KernelRate* old = before.rate(rate.type)) {
            const std::string name(traitsOf(rate.type).name);
            out.push_back({"decode." + name, old->decodeBytesPerSecond, rate.decodeBytesPerSecond});
            out.push_back(
                {"prefill." + name, old->prefillOperationsPerSecond, rate.prefillOperationsPerSecond});
        }
    }
    for (const DiskRate& disk : after.disks)
        for (const DiskRate& old : before.disks)
            if (old.role == disk.role && old.direct == disk.direct) {
                const std::string name = "disk." + disk.role;
                out.push_back(
                    {name + ".sequential", old.sequentialBytesPerSecond, disk.sequentialBytesPerSecond});
                out.push_back({name + ".random", old.randomBytesPerSecond, disk.randomBytesPerSecond});
            }
    return out;
}

/// Shares of processor time and clocks that differ by less explain nothing.
constexpr double kNotableShare = 0.05, kNotableClock = 0.07;
constexpr double kHot = 90; ///< °C at which processors begin to slow down

std::vector<Cause> causesOf(const Measurement& before, const Measurement& after) {
    std::vector<Cause> out;
    const Conditions& was = before.conditions;
    const Conditions& is = after.conditions;
    if (before.isa != after.isa)
        out.push_back({"instruction_set",
                       {{"before", std::string(kernels::isaName(before.isa))},
                        {"after", std::string(kernels::isaName(after.isa))}}});
    if (before.threads > after.threads)
        out.push_back(
            {"threads",
             {{"before", std::to_string(before.threads)}, {"after", std::to_string(after.threads)}}});
    if (was.governor && is.governor && *was.governor != *is.governor)
        out.push_back({"governor", {{"before", *was.governor}, {"after", *is.governor}}});
    if (is.otherShare && *is.otherShare > was.otherShare.value_or(0) + kNotableShare)
        out.push_back({"load",
                       {{"before", text(was.loadAverage.value_or(0))},
                        {"after", text(is.loadAverage.value_or(0))},
                        {"other_percent", text(100 * *is.otherShare, 0)}}});
    if (is.stolenShare && *is.stolenShare > was.stolenShare.value_or(0) + kNotableShare)
        out.push_back({"stolen", {{"percent", text(100 * *is.stolenShare, 0)}}});
    if (is.throttleEvents.value_or(0) > 0 || is.celsiusAfter.value_or(0) >= kHot)
        out.push_back({"heat",
                       {{"celsius", is.celsiusAfter ? text(*is.celsiusAfter, 0) : "?"},
                        {"events", std::to_string(is.throttleEvents.value_or(0))}}});
    if (was.mhzAfter && is.mhzAfter && *is.mhzAfter < *was.mhzAfter * (1 - kNotableClock))
        out.push_back({"clock", {{"before", text(*was.mhzAfter, 0)}, {"after", text(*is.mhzAfter, 0)}}});
    if (out.empty())
        out.push_back({"unknown", {}});
    return out;
}

std::string arg(const Cause& cause, std::string_view name) {
    for (const auto& [key, value] : cause.args)
        if (key == name)
            return value;
    return {};
}

} // namespace

bool Comparison::dropped() const {
    return std::any_of(changes.begin(), changes.end(), [](const Change& c) { return c.ratio() < 1; });
}

Comparison compare(const Measurement& before, const Measurement& after) {
    Comparison out;
    for (Change& change : allFigures(before, after))
        if (change.before > 0 && std::abs(change.ratio() - 1) > kNotableChange)
            out.changes.push_back(std::move(change));
    std::stable_sort(out.changes.begin(), out.changes.end(), [](const Change& a, const Change& b) {
        return std::abs(std::log(a.ratio())) > std::abs(std::log(b.ratio()));
    });
    if (out.dropped())
        out.causes = causesOf(before, after);
    return out;
}

std::string causeText(const Cause& cause) {
    const auto a = [&](const char* name) { return arg(cause, name); };
    if (cause.code == "governor")
        return "The processor's frequency governor is now \"" + a("after") + "\"; it was \"" + a("before") +
               "\".";
    if (cause.code == "load")
        return "Other programs used " + a("other_percent") + " % of the processor during the measurement.";
    if (cause.code == "stolen")
        return "Other virtual machines took " + a("percent") + " % of the processor time.";
    if (cause.code == "heat")
        return "The processor became hot (" + a("celsius") + " °C, slowed down " + a("events") + " times).";
    if (cause.code == "clock")
        return "The processor ran at " + a("after") + " MHz; it was " + a("before") + " MHz.";
    if (cause.code == "instruction_set")
        return "The kernels used " + a("after") + "; they used " + a("before") + " before.";
    if (cause.code == "threads")
        return "Only " + a("after") + " threads were used; it were " + a("before") + ".";
    return "Nothing that the system reports explains the change.";
}

} // namespace hearth::hardware
