#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/hardware/measure/measurement.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/advise.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// Version of the JSON report ("schema": "hearth.hardware-report", "schema_version"). Members are only added
/// within a version; docs/hardware-report.md describes them.
inline constexpr int kReportSchemaVersion = 1;

/// Everything that a report may say. What is absent is left out of it.
struct ReportContent {
    HardwareProfile profile;
    std::optional<Measurement> measurement;
    std::optional<Comparison> sinceLast;
    std::vector<FitRow> matrix;
    std::vector<std::pair<Purpose, FitRow>> recommendations;
    std::vector<Upgrade> upgrades;
    std::string upgradesFor;     ///< model and quantisation that the upgrades are about
    std::vector<RunRecord> runs; ///< newest last
    Correction correction;       ///< that the predictions had from them
    std::string version, time;   ///< of the program; UTC
    std::string catalogueDate;
};

/// Matrix, recommendations and upgrades of a measured machine. `catalogue` must outlive the content.
[[nodiscard]] Result<ReportContent> assemble(HardwareProfile profile, const Measurement& measurement,
                                             const Catalogue& catalogue, const RunHistory& runs,
                                             const PredictOptions& options = {});

/// What the graphics cards of a machine that have memory of their own would add together. Nothing without
/// one, or without a prediction of the processor's speed. Where the driver does not tell a card's bandwidth,
/// that of a common one of its size is taken.
[[nodiscard]] std::optional<OffloadEstimate> offloadHere(const Prediction& prediction,
                                                         const HardwareProfile& profile);

/// The report as JSON; the other formats are made from it, so that all say the same figures. Identifying data
/// are in it only where the profile was probed with them.
[[nodiscard]] nlohmann::ordered_json reportJson(const ReportContent& content);

/// A prediction as JSON, as in the "fit" of a report: memory_bytes, decode_tps, prefill_tps, verdict, reason,
/// and the terms behind them.
[[nodiscard]] nlohmann::ordered_json toJson(const Prediction& prediction);
[[nodiscard]] nlohmann::ordered_json toJson(const OffloadEstimate& estimate);

enum class Language { English, Chinese };

/// One HTML file that needs nothing else: styles and SVG plots inside, no script, prints on A4 and Letter.
/// `report` comes from reportJson() or from a file; members that are missing or of another kind are left out.
[[nodiscard]] std::string htmlReport(const nlohmann::ordered_json& report, Language language);
[[nodiscard]] std::string markdownReport(const nlohmann::ordered_json& report, Language language);

/// A report file in JSON. Errors: report.malformed, report.unsupported_version (args found, known).
[[nodiscard]] Result<nlohmann::ordered_json> parseReport(std::string_view text);

/// A figure of two reports beside each other; a missing one is absent.
struct ReportDifference {
    std::string
        figure; ///< "cpu.model", "memory.total_bytes", "measured.read_bandwidth_gbps", "decode.Q4_K", …
    std::string a, b;            ///< as text with units
    std::optional<double> ratio; ///< b ÷ a of numbers
};
[[nodiscard]] std::vector<ReportDifference> compareReports(const nlohmann::ordered_json& a,
                                                           const nlohmann::ordered_json& b);

} // namespace hearth::hardware
