#include <nlohmann/json.hpp>

#include "engine/hardware/measure/measurement_json.h"
#include "engine/hardware/probe/profile_json.h"
#include "engine/hardware/report/report.h"

namespace hearth::hardware {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "hearth.hardware-report";
/// Larger than any report; a file of another kind is refused before it is parsed.
constexpr std::size_t kMaxReportBytes = std::size_t{64} << 20;

Json argsJson(const std::vector<std::pair<std::string, std::string>>& args) {
    Json out = Json::object();
    for (const auto& [name, value] : args)
        out[name] = value;
    return out;
}

Json comparisonJson(const Comparison& comparison) {
    Json changes = Json::array(), causes = Json::array();
    for (const Change& change : comparison.changes)
        changes.push_back({{"figure", change.figure},
                           {"before", change.before},
                           {"after", change.after},
                           {"ratio", change.ratio()}});
    for (const Cause& cause : comparison.causes)
        causes.push_back({{"code", cause.code}, {"args", argsJson(cause.args)}, {"text", causeText(cause)}});
    return {{"changes", std::move(changes)}, {"causes", std::move(causes)}};
}

Json upgradeJson(const Upgrade& upgrade) {
    Json out{{"code", upgrade.code},
             {"args", argsJson(upgrade.args)},
             {"decode_gain", upgrade.decodeGain},
             {"load_gain", upgrade.loadGain},
             {"estimated", upgrade.estimated}};
    if (!upgrade.largestModel.empty()) {
        out["largest_model"] = upgrade.largestModel;
        out["largest_quantisation"] = upgrade.largestQuantisation;
    }
    return out;
}

Json runJson(const RunRecord& run) {
    return {{"time", run.time},
            {"model", run.model},
            {"quantisation", run.quantisation},
            {"threads", run.threads},
            {"predicted_decode_tps", run.predictedDecodeTps},
            {"actual_decode_tps", run.actualDecodeTps},
            {"predicted_prefill_tps", run.predictedPrefillTps},
            {"actual_prefill_tps", run.actualPrefillTps},
            {"accepted_drafts", run.acceptedDrafts}};
}

Json correctionJson(const Correction& correction) {
    return {{"decode", correction.decode}, {"prefill", correction.prefill}, {"runs", correction.runs}};
}

Json rowJson(const FitRow& row) {
    Json out = toJson(row.prediction);
    out["name"] = row.entry->name;
    out["hub"] = row.entry->hub;
    out["licence"] = row.entry->licence;
    if (row.gpu)
        out["gpu_estimate"] = toJson(*row.gpu);
    out["parameters"] = row.entry->parameters;
    return out;
}

} // namespace

Json toJson(const Prediction& p) {
    const auto terms = [](const std::vector<Term>& list, const char* unit) {
        Json out = Json::array();
        for (const Term& term : list)
            out.push_back({{"name", term.name},
                           {"formula", term.formula},
                           {unit, term.amount},
                           {"formula_code", term.code},
                           {"formula_args", argsJson(term.args)}});
        return out;
    };
    Json out{{"model", p.model},
             {"quantisation", p.quantisation},
             {"context", p.context},
             {"depth", p.depth},
             {"threads", p.threads},
             {"kv_type", p.kvType == kernels::KvType::F16 ? "F16" : "Q8_0"},
             {"memory_bytes", p.memoryBytes},
             {"file_bytes", p.fileBytes},
             {"decode_tps", p.decodeTps},
             {"prefill_tps", p.prefillTps},
             {"first_token_seconds", p.firstTokenSeconds}};
    if (p.loadSeconds)
        out["load_seconds"] = *p.loadSeconds;
    if (p.downloadSeconds)
        out["download_seconds"] = *p.downloadSeconds;
    out["estimated"] = p.estimated;
    if (p.correction.runs > 0)
        out["correction"] = correctionJson(p.correction);
    out["verdict"] = fitName(p.fit);
    out["reason"] = reasonText(p.reason);
    out["reason_code"] = p.reason.code;
    out["reason_args"] = argsJson(p.reason.args);
    out["memory_terms"] = terms(p.memory, "bytes");
    out["decode_terms"] = terms(p.decode, "seconds");
    out["prefill_terms"] = terms(p.prefill, "seconds");
    return out;
}

Json toJson(const OffloadEstimate& estimate) {
    return {{"gpu", estimate.gpu},
            {"share", estimate.share},
            {"decode_tps", estimate.decodeTps},
            {"measured", false}};
}

Json reportJson(const ReportContent& content) {
    Json out{{"schema", kSchema},
             {"schema_version", kReportSchemaVersion},
             {"time", content.time},
             {"program", "Hearth " + content.version},
             {"fingerprint", machineFingerprint(content.profile)}};
    const Json profile = toJson(content.profile);
    for (const auto& [name, value] : profile.items())
        out[name] = value;
    if (content.measurement)
        out["measured"] = toJson(*content.measurement);
    if (content.sinceLast)
        out["since_last"] = comparisonJson(*content.sinceLast);
    if (!content.matrix.empty()) {
        out["catalogue_date"] = content.catalogueDate;
        Json& fit = out["fit"] = Json::array();
        for (const FitRow& row : content.matrix)
            fit.push_back(rowJson(row));
        Json& recommendations = out["recommendations"] = Json::array();
        for (const auto& [purpose, row] : content.recommendations) {
            Json item{{"purpose", purposeName(purpose)}};
            item.update(rowJson(row));
            recommendations.push_back(std::move(item));
        }
    }
    if (!content.upgrades.empty()) {
        out["upgrades_for"] = content.upgradesFor;
        Json& upgrades = out["upgrades"] = Json::array();
        for (const Upgrade& upgrade : content.upgrades)
            upgrades.push_back(upgradeJson(upgrade));
    }
    if (!content.runs.empty()) {
        Json& runs = out["runs"] = Json::array();
        for (const RunRecord& run : content.runs)
            runs.push_back(runJson(run));
        out["correction"] = correctionJson(content.correction);
    }
    return out;
}

Result<Json> parseReport(std::string_view text) {
    if (text.size() > kMaxReportBytes)
        return fail("report.malformed", "the file is too large for a hardware report");
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || json.value("schema", Json()) != kSchema)
        return fail("report.malformed", "this is no hardware report");
    const auto version = json.find("schema_version");
    if (version == json.end() || !version->is_number_integer())
        return fail("report.malformed", "the report does not say its version");
    if (*version != kReportSchemaVersion)
        return tl::unexpected<Error>(
            Error{"report.unsupported_version", "the report has version " + version->dump()}
                .with("found", version->dump())
                .with("known", std::to_string(kReportSchemaVersion)));
    return json;
}

} // namespace hearth::hardware
