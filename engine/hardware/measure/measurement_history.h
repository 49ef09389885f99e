#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/hardware/measure/measurement.h"

namespace hearth::hardware {

/// A figure that differs between two measurements of the same machine.
struct Change {
    std::string figure; ///< "read_bandwidth", "decode.Q4_K", "prefill.Q4_K", "disk.models.sequential", …
    double before = 0, after = 0; ///< bytes or operations per second
    [[nodiscard]] double ratio() const { return before > 0 ? after / before : 1; }
};

/// Why speeds may have dropped. `code`: "governor" (args before, after), "load" (args before, after: load
/// averages; other_percent), "stolen" (arg percent), "heat" (args celsius, events), "clock" (args before,
/// after: MHz), "instruction_set" (args before, after), "threads" (args before, after), "unknown" (none of
/// these explains it).
struct Cause {
    std::string code;
    std::vector<std::pair<std::string, std::string>> args;
};
[[nodiscard]] std::string causeText(const Cause& cause); ///< one English sentence

struct Comparison {
    std::vector<Change> changes; ///< by more than kNotableChange, largest first
    std::vector<Cause> causes;   ///< when something dropped; empty otherwise
    [[nodiscard]] bool dropped() const;
};
/// Repeated measurements of an idle machine differ by less than this.
inline constexpr double kNotableChange = 0.08;

[[nodiscard]] Comparison compare(const Measurement& before, const Measurement& after);

/// The measurements of this installation, oldest first, as JSON in one file of the data folder, at most
/// kMaxKept of them. Confined to one thread.
class MeasurementHistory {
public:
    static constexpr std::size_t kMaxKept = 100;

    /// An absent file is an empty history. Errors: measurement.malformed, file.*.
    [[nodiscard]] static Result<MeasurementHistory> open(std::filesystem::path file);

    [[nodiscard]] const std::vector<Measurement>& all() const { return m_all; }
    /// The newest one of a machine, preferring complete ones over quick ones of the same day; nullptr = none.
    [[nodiscard]] const Measurement* last(const std::string& fingerprint) const;
    /// The newest download speed of a machine: not every measurement has one.
    [[nodiscard]] std::optional<double> lastDownload(const std::string& fingerprint) const;
    /// Stores one more, atomically. Errors: file.*.
    [[nodiscard]] Result<void> append(Measurement measurement);
    /// Takes out those that `gone` says. Writes only when there are any. Errors: file.*.
    [[nodiscard]] Result<void> remove(const std::function<bool(const Measurement&)>& gone);
    /// Puts a download speed into the last measurement of a machine. Errors: measurement.none, file.*.
    [[nodiscard]] Result<void> setDownload(const std::string& fingerprint, double bytesPerSecond);

private:
    [[nodiscard]] Result<void> write() const;
    std::filesystem::path m_file;
    std::vector<Measurement> m_all;
};

} // namespace hearth::hardware
