#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/error.h"
#include "engine/runtime/session.h"
#include "engine/workbench/chat.h"
#include "engine/workbench/data_paths.h"

namespace hearth::workbench {

/// Puts every real answer's speed beside what had been predicted for it, so that predictions of this machine
/// become better (see hardware::RunHistory). Stores the model's name, counts and speeds; nothing of what was
/// written. Confined to one thread, the one that loads and answers.
class RunRecorder {
public:
    /// Answers shorter than this tell little about speed.
    static constexpr std::size_t kFewestTokens = 16, kFewestPromptTokens = 128;

    /// `measurements` and `runs` are those of DataPaths; `fingerprint` is machineFingerprint() of this
    /// machine.
    RunRecorder(std::filesystem::path measurements, std::filesystem::path runs, std::string fingerprint);
    ~RunRecorder();
    RunRecorder(RunRecorder&&) noexcept;
    RunRecorder& operator=(RunRecorder&&) noexcept;

    /// Predicts for this model from the machine's last measurement. Returns whether answers will be recorded:
    /// not before the machine was measured, and not for a model whose header cannot be read.
    bool modelLoaded(const std::filesystem::path& model, const runtime::LoadOptions& options,
                     std::size_t threads);
    void modelEjected();
    /// Errors: file.*, runs.malformed. Nothing is recorded without a prediction or for a short answer.
    [[nodiscard]] Result<void> answered(const runtime::GenerationStats& stats);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A recorder for whoever loads models and answers (ModelHost, the chat of the terminal). Does nothing before
/// the first answer: only then are the files and the model's header read, and `fingerprint` asked, once. What
/// cannot be stored goes to the log: an answer does not fail for it.
[[nodiscard]] std::unique_ptr<RunObserver> recordRuns(std::filesystem::path measurements,
                                                      std::filesystem::path runs,
                                                      std::function<std::string()> fingerprint);

/// The same in the files of this person, for the machine that the program runs on.
[[nodiscard]] std::unique_ptr<RunObserver> recordRuns(const DataPaths& paths);

} // namespace hearth::workbench
