#include "engine/workbench/jobs/measure_version.h"

#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "engine/optimize/measure/evaluate.h"
#include "engine/runtime/session.h"
#include "engine/workbench/jobs/quality.h"
#include "engine/workbench/jobs/quantise_job.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kUsualChunks = 8; // about 4 000 tokens: enough to tell neighbours apart
constexpr std::size_t kSpeedTokens = 48;
constexpr int kSpeedRuns = 5;
constexpr auto kSpeedTime = std::chrono::milliseconds(500); // after which no further run begins
constexpr std::size_t kAnswerTokens = 256;
constexpr const char* kTextName = "hearth-bilingual-2";

void noteEvaluation(VersionQuality& quality, const optimize::Evaluation& evaluation) {
    quality.perplexity = evaluation.perplexity;
    quality.perplexityError = evaluation.perplexityError;
    quality.text = kTextName;
    quality.context = evaluation.context;
    quality.tokens = evaluation.tokens;
    if (const auto& d = evaluation.divergence)
        quality.divergence = {d->mean, d->median, d->p99, d->max, d->sameTop, d->rmsDeltaP};
}

/// How fast it writes: greedy, one token at a time, from a short prompt. The best of a few runs where one is
/// over in no time: whatever else the machine does makes it slower, nothing makes it faster.
Result<double> decodeSpeed(const std::shared_ptr<runtime::LoadedModel>& model, std::stop_token stop) {
    HEARTH_TRY(const auto session, runtime::Session::create(model));
    HEARTH_TRY(auto prompt,
               model->tokenizer().encode(calibrationPart().substr(0, 64), text::Tokenizer::Specials::Plain));
    prompt.resize(std::min<std::size_t>(prompt.size(), 16));
    runtime::GenerationParams params;
    params.sampling.temperature = 0;
    params.maxTokens = static_cast<std::int64_t>(kSpeedTokens);
    params.draftTokens = 0;
    params.detectLoops = false;
    double best = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (int run = 0; run < kSpeedRuns && std::chrono::steady_clock::now() - begin < kSpeedTime; ++run) {
        HEARTH_TRY(const auto result, session->complete(prompt, params, stop));
        if (result.stop == runtime::StopReason::Cancelled)
            return fail(kCancelled, "measuring was cancelled");
        best = std::max(best, result.stats.tokensPerSecond());
    }
    return best;
}

Result<void> noteRun(VersionQuality& quality, const std::shared_ptr<runtime::LoadedModel>& model,
                     std::stop_token stop) {
    HEARTH_TRY(const double speed, decodeSpeed(model, std::move(stop)));
    if (speed > 0)
        quality.tokensPerSecond = speed;
    quality.memoryBytes = model->memory().total();
    quality.memoryContext = model->options().contextTokens;
    return {};
}

Result<std::shared_ptr<runtime::LoadedModel>> load(const LibraryVersion& version, std::size_t tokens,
                                                   std::string_view phase, JobContext& context,
                                                   ThreadPool& pool) {
    return runtime::LoadedModel::load(version.path(), pool, {.contextTokens = tokens}, context.stop,
                                      as(phase, context.progress));
}

} // namespace

Result<void> measureVersions(const LibraryVersion& source, const LibraryVersion& made, std::size_t chunks,
                             JobContext& context, ThreadPool& pool) {
    HEARTH_CHECK(optimize::checkComparable(source.path(), made.path()));
    std::optional<optimize::ReferencePredictions> reference;
    VersionQuality before = versionQualityFrom(source.measured), after = versionQualityFrom(made.measured);
    {
        HEARTH_TRY(const auto model, load(source, kMeasureContext, "job.reference", context, pool));
        HEARTH_TRY(const auto text,
                   optimize::EvaluationText::prepare(*model, evaluationPart(),
                                                     {kMeasureContext, chunks ? chunks : kUsualChunks}));
        HEARTH_TRY(reference, optimize::ReferencePredictions::record(
                                  *model, text, context.scratch, context.stop,
                                  as("job.reference", context.progress), optimize::KeepChunks::Yes));
        noteEvaluation(before, reference->evaluation());
        HEARTH_CHECK(noteRun(before, model, context.stop));
    }
    HEARTH_TRY(const auto model, load(made, kMeasureContext, "job.measure", context, pool));
    HEARTH_TRY(const auto evaluation,
               optimize::evaluate(*model, reference->text(), &*reference, context.stop,
                                  as("job.measure", context.progress), context.scratch));
    noteEvaluation(after, evaluation);
    after.reference = source.id;
    HEARTH_CHECK(noteRun(after, model, context.stop));
    // What the source is measured against stays: it may itself have been made from something.
    HEARTH_CHECK(context.library.setMeasured(source.id, toJson(before)));
    return context.library.setMeasured(made.id, toJson(after));
}

const LibraryVersion* referenceOf(const LibraryModel& model, const LibraryVersion& version) {
    const LibraryVersion* largest = nullptr;
    for (const auto& other : model.versions) {
        if (other.id == version.id || other.sealed() || other.state() == FileState::Missing)
            continue;
        if (other.id == version.parent)
            return &other;
        if (other.bytes() > (largest ? largest->bytes() : version.bytes()))
            largest = &other;
    }
    return largest;
}

std::string measureRequest(LibraryId source, LibraryId version) {
    return ordered_json{{"source", source}, {"version", version}}.dump();
}

Result<std::string> runMeasure(const Job& job, JobContext& context) {
    const auto request = ordered_json::parse(job.request, nullptr, false);
    std::vector<LibraryVersion> versions;
    for (const char* key : {"source", "version"}) {
        if (!request.is_object() || !request.contains(key) || !request[key].is_number_integer())
            return badRequest(key);
        HEARTH_TRY(auto model, readableVersion(context.library, request[key].get<LibraryId>()));
        versions.push_back(std::move(model.versions.front()));
    }
    ThreadPool pool(context.threads);
    HEARTH_CHECK(measureVersions(versions[0], versions[1], 0, context, pool));
    return ordered_json{{"version", versions[1].id}}.dump();
}

Result<std::vector<Answer>> askVersions(const std::vector<LibraryVersion>& versions,
                                        const std::string& prompt, std::size_t maxTokens, JobContext& context,
                                        ThreadPool& pool) {
    std::vector<Answer> out;
    for (std::size_t i = 0; i < versions.size(); ++i) {
        if (context.progress)
            context.progress({"job.ask", i, versions.size()});
        HEARTH_TRY(const auto model, runtime::LoadedModel::load(versions[i].path(), pool,
                                                                {.contextTokens = 2048}, context.stop));
        HEARTH_TRY(const auto session, runtime::Session::create(model));
        runtime::GenerationParams params;
        params.sampling.temperature = 0;
        params.maxTokens = static_cast<std::int64_t>(maxTokens);
        params.enableThinking = false;
        const std::vector<runtime::ChatMessage> messages{{"user", prompt}};
        HEARTH_TRY(const auto result, session->chat(messages, params, context.stop));
        if (result.stop == runtime::StopReason::Cancelled)
            return fail(kCancelled, "asking was stopped");
        out.push_back({versions[i].id, result.answer, result.stats.tokensPerSecond()});
    }
    return out;
}

Result<std::string> runAsk(const Job& job, JobContext& context) {
    const auto request = ordered_json::parse(job.request, nullptr, false);
    if (!request.is_object() || !request.contains("versions") || !request["versions"].is_array())
        return badRequest("versions");
    if (!request.contains("prompt") || !request["prompt"].is_string())
        return badRequest("prompt");
    std::vector<LibraryVersion> versions;
    for (const auto& id : request["versions"]) {
        if (!id.is_number_integer())
            return badRequest("versions");
        HEARTH_TRY(auto model, readableVersion(context.library, id.get<LibraryId>()));
        versions.push_back(std::move(model.versions.front()));
    }
    const std::string prompt = request["prompt"].get<std::string>();
    ThreadPool pool(context.threads);
    HEARTH_TRY(const auto answers, askVersions(versions, prompt, kAnswerTokens, context, pool));
    ordered_json out{{"prompt", prompt}};
    auto& list = out["answers"] = ordered_json::array();
    for (const auto& answer : answers)
        list.push_back({{"version", answer.version},
                        {"text", answer.text},
                        {"tokens_per_second", answer.tokensPerSecond}});
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace hearth::workbench
