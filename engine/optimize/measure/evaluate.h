#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/optimize/measure/evaluation_text.h"

namespace hearth::optimize {

/// How far a model's predictions are from a reference's, over the scored tokens of a text. Divergences are
/// Kullback–Leibler, of the model from the reference, in nats.
struct Divergence {
    double mean = 0, meanError = 0; ///< and its standard error
    double median = 0, p99 = 0, max = 0;
    double sameTop = 0;   ///< share of tokens at which both hold the same token for the most likely
    double rmsDeltaP = 0; ///< root mean square of the change of the right token's probability
};

struct Evaluation {
    double perplexity = 0;
    double perplexityError = 0; ///< standard error
    std::size_t tokens = 0;     ///< scored
    std::size_t chunks = 0, context = 0;
    double seconds = 0;
    std::optional<Divergence> divergence;
};

/// A reference model's predictions for every scored token of a text, kept in a file without a name, so that
/// any number of versions can be compared without having both models in memory. Move-only, immutable,
/// thread-safe.
class ReferencePredictions {
public:
    /// Evaluates the text with the reference. The file, of 4 bytes for every scored token and token of the
    /// vocabulary, lies in `folder` until the object dies. Progress phase "measure", in chunks. Errors: as
    /// evaluate(); file.unwritable, file.disk_full, file.write_failed.
    [[nodiscard]] static Result<ReferencePredictions>
    record(runtime::LoadedModel& reference, const EvaluationText& text, const std::filesystem::path& folder,
           std::stop_token stop = {}, const ProgressSink& progress = {});
    ReferencePredictions(ReferencePredictions&&) noexcept;
    ReferencePredictions& operator=(ReferencePredictions&&) noexcept;
    ~ReferencePredictions();

    /// The reference's own perplexity.
    [[nodiscard]] const Evaluation& evaluation() const;
    [[nodiscard]] const EvaluationText& text() const;
    /// Natural logarithms of the probabilities after scored token `index` of the whole text.
    [[nodiscard]] std::span<const float> row(std::size_t index) const;

private:
    struct State;
    explicit ReferencePredictions(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Perplexity of a model on a text, and, with `reference`, its divergence. The reference must have recorded
/// the same text. Confined to the engine thread. Progress phase "measure", in chunks. Errors:
/// measure.different_vocabulary, measure.different_text, measure.not_finite (logits that are no numbers: a
/// damaged model), model.*, base.cancelled.
[[nodiscard]] Result<Evaluation> evaluate(runtime::LoadedModel& model, const EvaluationText& text,
                                          const ReferencePredictions* reference = nullptr,
                                          std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::optimize
