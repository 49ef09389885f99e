#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/optimize/measure/evaluation_text.h"
#include "engine/text/tokenizer/tokenizer_identity.h"

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

/// Whether what is known after a chunk stays when the work is interrupted, so that the same one (of the same
/// model, on the same text) goes on at the next chunk.
enum class KeepChunks { No, Yes };

/// A reference model's predictions for every scored token of a text, kept in files, so that any number of
/// versions can be compared without having both models in memory. Move-only, immutable, thread-safe.
class ReferencePredictions {
public:
    /// Evaluates the text with the reference. What it says, 4 bytes for every scored token and token of the
    /// vocabulary, lies in `folder`: in files without a name until the object dies, or, to go on from, in
    /// files that the caller removes with the folder. Progress phase "measure", in chunks. Errors: as
    /// evaluate(); file.unwritable, file.disk_full, file.write_failed.
    [[nodiscard]] static Result<ReferencePredictions>
    record(runtime::LoadedModel& reference, const EvaluationText& text, const std::filesystem::path& folder,
           std::stop_token stop = {}, const ProgressSink& progress = {}, KeepChunks keep = KeepChunks::No);
    ReferencePredictions(ReferencePredictions&&) noexcept;
    ReferencePredictions& operator=(ReferencePredictions&&) noexcept;
    ~ReferencePredictions();

    /// The reference's own perplexity.
    [[nodiscard]] const Evaluation& evaluation() const;
    [[nodiscard]] const EvaluationText& text() const;
    /// Natural logarithms of the probabilities after scored token `index` of the whole text.
    [[nodiscard]] std::span<const float> row(std::size_t index) const;
    [[nodiscard]] const std::string& work() const;                  ///< tells it from any other
    [[nodiscard]] const text::TokenizerIdentity& tokenizer() const; ///< of the model

private:
    struct State;
    explicit ReferencePredictions(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Whether a divergence between two models of these files would mean something: measure.different_tokenizer
/// (arg part, and of pieces token: the first that differs) when their ids stand for different pieces, or
/// texts become other ids. Reads the files' tables only, so it is asked before anything takes long. Errors:
/// gguf.*, tokenizer.*.
[[nodiscard]] Result<void> checkComparable(const std::filesystem::path& reference,
                                           const std::filesystem::path& model);

/// Perplexity of a model on a text, and, with `reference`, its divergence. The reference must have recorded
/// the same text with the same tokeniser. With `keepIn`, a folder that the caller removes, it can be gone on
/// with: KeepChunks. Confined to the engine thread. Progress phase "measure", in chunks. Errors:
/// measure.different_vocabulary, measure.different_tokenizer, measure.different_text, measure.not_finite
/// (logits that are no numbers: a damaged model), model.*, base.cancelled; of keeping file.*.
[[nodiscard]] Result<Evaluation> evaluate(runtime::LoadedModel& model, const EvaluationText& text,
                                          const ReferencePredictions* reference = nullptr,
                                          std::stop_token stop = {}, const ProgressSink& progress = {},
                                          const std::filesystem::path& keepIn = {});

} // namespace hearth::optimize
