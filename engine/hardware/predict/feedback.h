#pragma once

#include <filesystem>
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
};

/// Factors by which predictions of this machine are off, from its real runs: medians of actual ÷ predicted
/// over the last kCorrectionRuns, 1 while there are fewer than three. Kept within 0.5…1.5.
struct Correction {
    double decode = 1, prefill = 1;
    std::size_t runs = 0;
};

/// The runs of this installation: one JSON file in the data folder, the last kMaxKept of them.
/// Confined to one thread.
class RunHistory {
public:
    static constexpr std::size_t kMaxKept = 500, kCorrectionRuns = 20;
    /// An absent file is an empty history. Errors: runs.malformed, file.*.
    [[nodiscard]] static Result<RunHistory> open(std::filesystem::path file);
    [[nodiscard]] const std::vector<RunRecord>& all() const { return m_all; }
    [[nodiscard]] Correction correction(const std::string& fingerprint) const;
    [[nodiscard]] Result<void> append(RunRecord record);

private:
    std::filesystem::path m_file;
    std::vector<RunRecord> m_all;
};

/// The prediction with its speeds and times corrected; memory and terms stay.
void apply(const Correction& correction, Prediction& prediction);

} // namespace hearth::hardware
