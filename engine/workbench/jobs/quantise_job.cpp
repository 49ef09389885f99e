#include "engine/workbench/jobs/quantise_job.h"

#include <algorithm>
#include <cctype>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/optimize/measure/calibrate.h"
#include "engine/optimize/measure/evaluate.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/runtime/session.h"
#include "engine/workbench/jobs/measure_version.h"
#include "engine/workbench/jobs/quality.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::uintmax_t kMaxTextBytes = 64 << 20;
constexpr std::size_t kUsualCalibrationChunks = 24; // a matrix hardly changes after that

Result<std::string> readText(const fs::path& path) {
    std::error_code error;
    const auto bytes = fs::file_size(path, error);
    if (error)
        return tl::unexpected<Error>(
            Error{"file.not_found", path.string() + ": " + error.message()}.with("path", path.string()));
    if (bytes > kMaxTextBytes)
        return tl::unexpected<Error>(
            Error{"jobs.text_too_large", path.string() + " has " + std::to_string(bytes) + " bytes"}
                .with("path", path.string())
                .with("limit_bytes", std::to_string(kMaxTextBytes)));
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    if (!file)
        return tl::unexpected<Error>(
            Error{"file.unreadable", path.string() + " cannot be read"}.with("path", path.string()));
    return text;
}

/// Where the built-in text is cut: at the end of a paragraph after three fifths.
std::size_t cutOf(std::string_view text) {
    const std::size_t blank = text.find("\n\n", text.size() / 5 * 3);
    return blank == std::string_view::npos ? text.size() / 2 : blank + 2;
}

/// The matrix of an earlier run of this job, or a new one; nullopt when none is wanted.
Result<std::optional<optimize::ImportanceMatrix>>
importanceFor(const QuantiseRequest& request, const fs::path& source, JobContext& context, ThreadPool& pool) {
    if (request.calibration == "none")
        return std::nullopt;
    const fs::path kept = context.scratch / "importance.gguf";
    std::error_code error;
    if (fs::exists(kept, error))
        if (auto matrix = optimize::ImportanceMatrix::read(kept))
            return std::optional(std::move(*matrix));
    const bool own = request.calibration != "builtin";
    std::string given;
    if (own) {
        HEARTH_TRY(given, readText(request.calibration));
    }
    HEARTH_TRY(const auto model,
               runtime::LoadedModel::load(source, pool, {.contextTokens = kMeasureContext}, context.stop,
                                          as("job.calibrate", context.progress)));
    HEARTH_TRY(const auto text,
               optimize::EvaluationText::prepare(
                   *model, own ? std::string_view(given) : calibrationPart(),
                   {kMeasureContext, request.chunks ? request.chunks : kUsualCalibrationChunks}));
    optimize::CalibrationKeep keep{context.scratch / "importance-sums"};
    HEARTH_TRY(auto matrix, optimize::gatherImportance(*model, text, context.stop,
                                                       as("job.calibrate", context.progress), &keep));
    matrix.datasets = {own ? fs::path(request.calibration).filename().string() : "hearth-bilingual"};
    matrix.file = "importance.gguf";
    HEARTH_CHECK(matrix.write(kept));
    fs::remove(keep.file, error);
    return std::optional(std::move(matrix));
}

std::string recipeOf(const QuantiseRequest& request, const optimize::QuantizePlan& plan) {
    ordered_json out{{"label", plan.label}};
    if (request.budgetBytes)
        out["budget_bytes"] = request.budgetBytes;
    else
        out["mix"] = request.mix;
    if (!request.types.empty()) {
        auto& types = out["types"] = ordered_json::object();
        for (const auto& [name, type] : request.types)
            types[name] = type;
    }
    out["calibration"] = request.calibration == "none" ? "none"
                         : request.calibration == "builtin"
                             ? "builtin"
                             : fs::path(request.calibration).filename().string();
    out["bits_per_weight"] = plan.bitsPerWeight();
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

/// Writes the file and takes it in. Returns the new version.
Result<LibraryId> make(const QuantiseRequest& request, const Job& job, const LibraryModel& model,
                       JobContext& context, ThreadPool& pool) {
    const LibraryVersion& source = model.versions.front();
    HEARTH_TRY(const auto importance, importanceFor(request, source.path(), context, pool));
    const auto* matrix = importance ? &*importance : nullptr;
    HEARTH_TRY(auto plan, planFor(request, source.path(), matrix, context.threads, context.stop,
                                  as("job.plan", context.progress)));
    const fs::path target = request.target;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    VersionQuality quality;
    if (!fs::exists(target, error) || optimize::hasUnfinished(target)) {
        // From here on a file of that name is this job's, also when the program is killed before the next
        // line.
        HEARTH_CHECK(context.save(R"({"writing":true})"));
        HEARTH_TRY(const auto report,
                   optimize::quantizeFile(source.path(), target, plan, matrix, pool, context.stop,
                                          as("job.quantise", context.progress), optimize::Unfinished::Keep));
        quality.bitsPerWeight = report.bitsPerWeight();
        for (const auto& tensor : report.tensors)
            quality.tensors.push_back({tensor.name, std::string(traitsOf(tensor.from).name),
                                       std::string(traitsOf(tensor.to).name), tensor.weightError});
        HEARTH_CHECK(context.save(ordered_json{{"written", true}, {"quality", toJson(quality)}}.dump()));
    } else { // written, but not recorded before the program ended
        const auto saved = ordered_json::parse(job.progress, nullptr, false);
        if (!saved.is_object() || !(saved.contains("written") || saved.contains("writing")))
            return tl::unexpected<Error>(
                Error{"library.name_taken", target.string() + " is there already"}.with("path",
                                                                                        target.string()));
        quality = versionQualityFrom(saved.value("quality", "{}"));
        if (quality.bitsPerWeight == 0)
            quality.bitsPerWeight = plan.bitsPerWeight();
    }
    HEARTH_TRY(const auto added, context.library.add({.path = target,
                                                      .mode = FileMode::Made,
                                                      .origin = "quantised",
                                                      .source = {},
                                                      .licence = {},
                                                      .name = {},
                                                      .label = request.label,
                                                      .parent = source.id,
                                                      .job = job.id,
                                                      .recipe = recipeOf(request, plan),
                                                      .measured = toJson(quality)},
                                                     context.stop, as("job.record", context.progress)));
    HEARTH_CHECK(context.save(ordered_json{{"version", added.version}}.dump()));
    return added.version;
}

} // namespace

std::string_view calibrationPart() {
    const auto text = optimize::defaultCalibrationText();
    return text.substr(0, cutOf(text));
}

std::string_view evaluationPart() {
    const auto text = optimize::defaultCalibrationText();
    return text.substr(cutOf(text));
}

std::string toJson(const QuantiseRequest& request) {
    ordered_json out{{"source", request.source},
                     {"mix", request.mix},
                     {"calibration", request.calibration},
                     {"target", request.target},
                     {"measure", request.measure}};
    if (request.budgetBytes)
        out["budget_bytes"] = request.budgetBytes;
    if (!request.label.empty())
        out["label"] = request.label;
    if (request.allowLossySource)
        out["allow_lossy_source"] = true;
    if (request.chunks)
        out["chunks"] = request.chunks;
    if (!request.types.empty()) {
        auto& types = out["types"] = ordered_json::array();
        for (const auto& [name, type] : request.types)
            types.push_back({name, type});
    }
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<QuantiseRequest> quantiseRequestFrom(const std::string& json) {
    const auto object = ordered_json::parse(json, nullptr, false);
    if (!object.is_object())
        return badRequest("JSON");
    QuantiseRequest out;
    for (const auto& [key, value] : object.items()) {
        if (key == "source" && value.is_number_integer())
            out.source = value.get<LibraryId>();
        else if (key == "mix" && value.is_string())
            out.mix = value.get<std::string>();
        else if (key == "calibration" && value.is_string())
            out.calibration = value.get<std::string>();
        else if (key == "target" && value.is_string())
            out.target = value.get<std::string>();
        else if (key == "label" && value.is_string())
            out.label = value.get<std::string>();
        else if (key == "measure" && value.is_boolean())
            out.measure = value.get<bool>();
        else if (key == "allow_lossy_source" && value.is_boolean())
            out.allowLossySource = value.get<bool>();
        else if (key == "budget_bytes" && value.is_number_unsigned())
            out.budgetBytes = value.get<std::uint64_t>();
        else if (key == "chunks" && value.is_number_unsigned())
            out.chunks = value.get<std::size_t>();
        else if (key == "types" && value.is_array()) {
            for (const auto& entry : value) {
                if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_string())
                    return badRequest(key);
                out.types.emplace_back(entry[0].get<std::string>(), entry[1].get<std::string>());
            }
        } else
            return badRequest(key);
    }
    if (out.source == 0 || out.target.empty())
        return badRequest(out.source == 0 ? "source" : "target");
    return out;
}

fs::path freeTarget(const fs::path& folder, const std::string& model, const std::string& label,
                    std::span<const std::string> promised) {
    std::string name;
    for (const char c : model + "-" + label) { // a file name that every file system takes
        const auto u = static_cast<unsigned char>(c);
        name += u >= 0x80 || std::isalnum(u) || c == '-' || c == '_' || c == '.' || c == '+' ? c : '-';
    }
    if (name.size() > 180) {
        std::size_t end = 180;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80)
            --end;
        name.resize(end);
    }
    while (name.starts_with('.'))
        name.erase(0, 1);
    std::error_code error;
    const auto taken = [&](const fs::path& file) {
        return fs::exists(file, error) || optimize::hasUnfinished(file) ||
               std::find(promised.begin(), promised.end(), file.string()) != promised.end();
    };
    fs::path path = folder / (name + ".gguf");
    for (int n = 2; taken(path) && n < 10'000; ++n)
        path = folder / (name + "-" + std::to_string(n) + ".gguf");
    return path;
}

Result<optimize::QuantizePlan> planFor(const QuantiseRequest& request, const fs::path& source,
                                       const optimize::ImportanceMatrix* importance, std::size_t threads,
                                       std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    optimize::QuantizePlan plan;
    if (request.budgetBytes) {
        ThreadPool pool(threads);
        HEARTH_TRY(plan, optimize::planForBudget(file, {request.budgetBytes, {}, request.allowLossySource},
                                                 importance, pool, std::move(stop), progress));
    } else {
        HEARTH_TRY(plan, optimize::planQuantization(file, {request.mix, {}, request.allowLossySource}));
    }
    for (const auto& [name, typeName] : request.types) {
        const auto type = dtypeFromName(typeName);
        const auto tensor = std::find_if(plan.tensors.begin(), plan.tensors.end(),
                                         [&, wanted = name](const auto& t) { return t.name == wanted; });
        if (!type || !optimize::canQuantize(*type))
            return tl::unexpected<Error>(
                Error{"quantize.unsupported_type", typeName + " cannot be written"}.with("type", typeName));
        if (tensor == plan.tensors.end())
            return tl::unexpected<Error>(
                Error{"quantize.rule_unused", "there is no tensor " + name}.with("expression", name));
        plan.setType(static_cast<std::size_t>(tensor - plan.tensors.begin()), *type);
    }
    if (!request.types.empty())
        plan.label += " with own types";
    return plan;
}

Result<std::vector<MixBits>> bitsOfMixes(const fs::path& source) {
    HEARTH_TRY(const auto file, format::GgufFile::open(source));
    std::vector<MixBits> out;
    for (const auto& mix : format::quantMixes())
        if (const auto plan = optimize::planQuantization(file, {std::string(mix.name), {}, true}))
            out.push_back({mix.name, plan->bitsPerWeight()});
    return out;
}

Result<std::string> runQuantise(const Job& job, JobContext& context) {
    HEARTH_TRY(const auto request, quantiseRequestFrom(job.request));
    HEARTH_TRY(const auto model, readableVersion(context.library, request.source));
    ThreadPool pool(context.threads);
    const auto saved = ordered_json::parse(job.progress, nullptr, false);
    LibraryId version = saved.is_object() && saved.contains("version") && saved["version"].is_number_integer()
                            ? saved["version"].get<LibraryId>()
                            : 0;
    if (version == 0 || !context.library.version(version)) {
        HEARTH_TRY(version, make(request, job, model, context, pool));
    }
    if (request.measure) {
        HEARTH_TRY(const auto made, context.library.version(version));
        HEARTH_CHECK(
            measureVersions(model.versions.front(), made.versions.front(), request.chunks, context, pool));
    }
    return ordered_json{{"version", version}}.dump();
}

} // namespace hearth::workbench
