#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/hardware/predict/predict.h"

namespace hearth::hardware {

/// A real run beside what had been predicted for it.
struct RunRecord {
    std::string time;                ///< UTC
    std::string fingerprint;         ///< of the machine
    std::string model, quantisation; ///< names only; never anything of a conversation
    std::size_t threads = 1, promptTokens = 0, generatedTokens = 0, depth = 0;
    double predictedDecodeTps = 0, actualDecodeTps = 0;
    double predictedPrefillTps = 0, actualPrefillTps = 0; ///< 0 = the prompt was too short to tell
    std::size_t weightBytes = 0;                          ///< that one token reads
    std::size_t acceptedDrafts = 0; ///< of the generated tokens, guessed ahead: those cost nearly nothing
};

/// The runs of this installation: one JSON file in the data folder, the last kMaxKept of them.
/// Confined to one thread.
class RunHistory {
public:
    static constexpr std::size_t kMaxKept = 500, kCorrectionRuns = 20;
    static constexpr std::size_t kTellingBytes = 100'000'000;
    static constexpr double kMostGuessed = 0.05;
    /// An absent file is an empty history. Errors: runs.malformed, file.*.
    [[nodiscard]] static Result<RunHistory> open(std::filesystem::path file);
    [[nodiscard]] const std::vector<RunRecord>& all() const { return m_all; }
    /// Medians of actual ÷ predicted over the last kCorrectionRuns of a machine that tell something, 1 while
    /// there are fewer than three, within 0.5…1.5. Models that read less than kTellingBytes a token tell
    /// nothing about others, nor do answers of which more than kMostGuessed was guessed ahead.
    [[nodiscard]] Correction correction(const std::string& fingerprint) const;
    [[nodiscard]] Result<void> append(RunRecord record);
    /// Takes out those that `gone` says. Writes only when there are any. Errors: file.*.
    [[nodiscard]] Result<void> remove(const std::function<bool(const RunRecord&)>& gone);

private:
    [[nodiscard]] Result<void> write() const;
    std::filesystem::path m_file;
    std::vector<RunRecord> m_all;
};

} // namespace hearth::hardware
