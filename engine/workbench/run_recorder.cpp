#include "engine/workbench/run_recorder.h"

#include <algorithm>
#include <optional>

#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/hardware/predict/predict.h"
#include "engine/hardware/probe/probe.h"

namespace hearth::workbench {

namespace {

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
    record.weightBytes = static_cast<std::size_t>(prediction.streamedBytes);
    record.acceptedDrafts = stats.acceptedDrafts;
    const std::size_t evaluated = stats.promptTokens - std::min(stats.promptTokens, stats.reusedTokens);
    if (evaluated >= kFewestPromptTokens && stats.promptSeconds > 0) {
        record.predictedPrefillTps = prediction.prefillTps;
        record.actualPrefillTps = static_cast<double>(evaluated) / stats.promptSeconds;
    }
    HEARTH_TRY(auto history, hardware::RunHistory::open(m_impl->runs));
    return history.append(std::move(record));
}

namespace {

class Recording final : public RunObserver {
public:
    Recording(std::filesystem::path measurements, std::filesystem::path runs,
              std::function<std::string()> fingerprint)
        : m_measurements(std::move(measurements)), m_runs(std::move(runs)),
          m_fingerprint(std::move(fingerprint)) {}

    void loaded(const std::filesystem::path& model, const runtime::LoadOptions& options,
                std::size_t threads) override {
        m_model = model;
        m_options = options;
        m_threads = threads;
        m_ready = false;
    }
    void ejected() override {
        m_model.clear();
        m_ready = false;
        if (m_recorder)
            m_recorder->modelEjected();
    }
    void answered(const runtime::GenerationStats& stats) override {
        // Only now: loading and the first word wait for nothing, and the machine may have been measured
        // since.
        if (!m_ready && !(m_ready = begin()))
            return;
        if (const auto stored = m_recorder->answered(stats); !stored)
            log(LogLevel::Warning, "runs", stored.error().message());
    }

private:
    bool begin() {
        std::error_code ignored;
        if (m_model.empty() || !std::filesystem::exists(m_measurements, ignored))
            return false;
        if (!m_recorder)
            m_recorder.emplace(m_measurements, m_runs, m_fingerprint());
        return m_recorder->modelLoaded(m_model, m_options, m_threads);
    }

    std::filesystem::path m_measurements, m_runs, m_model;
    std::function<std::string()> m_fingerprint;
    std::optional<RunRecorder> m_recorder;
    runtime::LoadOptions m_options;
    std::size_t m_threads = 1;
    bool m_ready = false;
};

} // namespace

std::unique_ptr<RunObserver> recordRuns(std::filesystem::path measurements, std::filesystem::path runs,
                                        std::function<std::string()> fingerprint) {
    return std::make_unique<Recording>(std::move(measurements), std::move(runs), std::move(fingerprint));
}

std::unique_ptr<RunObserver> recordRuns(const DataPaths& paths) {
    return recordRuns(paths.measurementsFile(), paths.runsFile(),
                      [] { return hardware::fingerprintWithoutDrivers(); });
}

} // namespace hearth::workbench
