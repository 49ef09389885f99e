#include "engine/workbench/run_recorder.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/hardware/predict/predict.h"

namespace hearth::workbench {

namespace {

std::string utcNow() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

/// What a loaded model is predicted with.
struct Subject {
    hardware::ModelShape shape;
    hardware::Predictor predictor;
    hardware::PredictOptions options;
};

} // namespace

struct RunRecorder::Impl {
    std::filesystem::path measurements, runs;
    std::string fingerprint;
    std::optional<Subject> subject;
};

RunRecorder::RunRecorder(std::filesystem::path measurements, std::filesystem::path runs,
                         std::string fingerprint)
    : m_impl(new Impl{std::move(measurements), std::move(runs), std::move(fingerprint), std::nullopt}) {}
RunRecorder::~RunRecorder() = default;
RunRecorder::RunRecorder(RunRecorder&&) noexcept = default;
RunRecorder& RunRecorder::operator=(RunRecorder&&) noexcept = default;

bool RunRecorder::modelLoaded(const std::filesystem::path& model, const runtime::LoadOptions& options,
                              std::size_t threads) {
    m_impl->subject.reset();
    const auto history = hardware::MeasurementHistory::open(m_impl->measurements);
    const hardware::Measurement* last = history ? history->last(m_impl->fingerprint) : nullptr;
    if (!last)
        return false;
    const auto file = format::GgufFile::open(model);
    auto shape = file ? hardware::shapeOf(*file) : tl::unexpected<Error>(file.error());
    if (!shape)
        return false;
    hardware::PredictOptions wanted;
    wanted.context = options.contextTokens;
    wanted.threads = threads;
    wanted.kvType = options.kvType;
    m_impl->subject.emplace(Subject{std::move(*shape), hardware::Predictor(*last, {}), wanted});
    return true;
}

void RunRecorder::modelEjected() {
    m_impl->subject.reset();
}

Result<void> RunRecorder::answered(const runtime::GenerationStats& stats) {
    if (!m_impl->subject || stats.generatedTokens < kFewestTokens || stats.tokensPerSecond() <= 0)
        return {};
    Subject& subject = *m_impl->subject;
    subject.options.depth = stats.promptTokens + stats.generatedTokens / 2; // the middle of the answer
    HEARTH_TRY(const hardware::Prediction prediction,
               subject.predictor.predict(subject.shape, subject.options));
    hardware::RunRecord record;
    record.time = utcNow();
    record.fingerprint = m_impl->fingerprint;
    record.model = subject.shape.config.name.empty() ? subject.shape.id : subject.shape.config.name;
    record.quantisation = prediction.quantisation;
    record.threads = prediction.threads;
    record.promptTokens = stats.promptTokens;
    record.generatedTokens = stats.generatedTokens;
    record.depth = subject.options.depth;
    record.predictedDecodeTps = prediction.decodeTps;
    record.actualDecodeTps = stats.tokensPerSecond();
    const std::size_t evaluated = stats.promptTokens - std::min(stats.promptTokens, stats.reusedTokens);
    if (evaluated >= kFewestPromptTokens && stats.promptSeconds > 0) {
        record.predictedPrefillTps = prediction.prefillTps;
        record.actualPrefillTps = static_cast<double>(evaluated) / stats.promptSeconds;
    }
    HEARTH_TRY(auto history, hardware::RunHistory::open(m_impl->runs));
    return history.append(std::move(record));
}

} // namespace hearth::workbench
