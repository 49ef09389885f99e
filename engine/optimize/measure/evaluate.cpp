#include "engine/optimize/measure/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/optimize/measure/chunk_runner.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::optimize {

namespace {

using Clock = std::chrono::steady_clock;

/// What turns logits into log probabilities, and the most likely token.
struct Normaliser {
    double shift = 0; ///< log probability = logit − shift
    std::size_t top = 0;
};

Normaliser normalise(std::span<const float> logits) {
    const auto top =
        static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    const float largest = logits[top];
    double sum = 0;
    for (const float logit : logits)
        sum += double(std::exp(logit - largest));
    return {double(largest) + std::log(sum), top};
}

/// One scored token.
struct Score {
    double logProbability = 0;
    double divergence = 0, deltaP = 0;
    bool sameTop = false;
};

Score scoreRow(std::span<const float> logits, std::size_t next, std::span<const float> reference) {
    const Normaliser norm = normalise(logits);
    Score score;
    score.logProbability = double(logits[next]) - norm.shift;
    if (reference.empty())
        return score;
    double divergence = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        divergence +=
            double(std::exp(reference[i])) * (double(reference[i]) - (double(logits[i]) - norm.shift));
    // Rounding can leave a hair below zero.
    score.divergence = std::max(0.0, divergence);
    score.deltaP = std::exp(score.logProbability) - std::exp(double(reference[next]));
    score.sameTop = reference[norm.top] == *std::max_element(reference.begin(), reference.end());
    return score;
}

struct MeanAndError {
    double mean = 0, error = 0;
};

template <class Value>
MeanAndError meanOf(const std::vector<Score>& scores, Value&& value) {
    const auto count = static_cast<double>(scores.size());
    double sum = 0, squares = 0;
    for (const Score& score : scores)
        sum += value(score);
    const double mean = sum / count;
    for (const Score& score : scores)
        squares += (value(score) - mean) * (value(score) - mean);
    return {mean, count > 1 ? std::sqrt(squares / (count - 1) / count) : 0};
}

/// The value below which a share of the sorted values lies.
double quantile(const std::vector<double>& sorted, double share) {
    const double at = share * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

Divergence divergenceOf(const std::vector<Score>& scores) {
    Divergence out;
    const auto [mean, error] = meanOf(scores, [](const Score& s) { return s.divergence; });
    out.mean = mean;
    out.meanError = error;
    std::vector<double> sorted;
    double same = 0, squares = 0;
    for (const Score& score : scores) {
        sorted.push_back(score.divergence);
        same += score.sameTop ? 1 : 0;
        squares += score.deltaP * score.deltaP;
    }
    std::sort(sorted.begin(), sorted.end());
    out.median = quantile(sorted, 0.5);
    out.p99 = quantile(sorted, 0.99);
    out.max = sorted.back();
    out.sameTop = same / static_cast<double>(scores.size());
    out.rmsDeltaP = std::sqrt(squares / static_cast<double>(scores.size()));
    return out;
}

/// Called with the scored index of the first of some rows in the whole text, and the rows.
using ScoredRows = std::function<Result<void>(std::size_t first, std::span<const float> logits)>;

/// The loop that recording and comparing share.
Result<Evaluation> measure(runtime::LoadedModel& model, const EvaluationText& text,
                           const ReferencePredictions* reference, std::stop_token stop,
                           const ProgressSink& progress, const ScoredRows& also) {
    const auto begin = Clock::now();
    const std::size_t vocabulary = text.vocabulary, first = text.firstScored();
    HEARTH_TRY(auto runner, ChunkRunner::create(model, text));
    std::vector<Score> scores(text.scored());
    for (std::size_t chunk = 0; chunk < text.chunks(); ++chunk) {
        if (progress)
            progress({"measure", chunk, text.chunks()});
        const auto tokens = text.chunk(chunk);
        Result<void> handed;
        const auto take = [&](std::size_t position, std::span<const float> logits) {
            // The last position of a chunk predicts nothing that is known.
            const std::size_t rows = std::min(logits.size() / vocabulary, tokens.size() - 1 - position);
            const std::size_t index = chunk * text.scoredOfChunk() + position - first;
            model.compute().pool().forEach(rows, 1, [&](std::size_t from, std::size_t to) {
                for (std::size_t i = from; i < to; ++i)
                    scores[index + i] =
                        scoreRow(logits.subspan(i * vocabulary, vocabulary),
                                 static_cast<std::size_t>(tokens[position + i + 1]),
                                 reference ? reference->row(index + i) : std::span<const float>());
            });
            if (also && handed)
                handed = also(index, logits.first(rows * vocabulary));
        };
        HEARTH_CHECK(runner.run(chunk, first, stop, take));
        HEARTH_CHECK(handed);
    }
    if (progress)
        progress({"measure", text.chunks(), text.chunks()});
    const auto [mean, error] = meanOf(scores, [](const Score& s) { return -s.logProbability; });
    if (!std::isfinite(mean))
        return fail("measure.not_finite", "the model computes logits that are no numbers");
    Evaluation out;
    out.perplexity = std::exp(mean);
    out.perplexityError = out.perplexity * error;
    out.tokens = scores.size();
    out.chunks = text.chunks();
    out.context = text.context;
    if (reference)
        out.divergence = divergenceOf(scores);
    out.seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    return out;
}

} // namespace

struct ReferencePredictions::State {
    EvaluationText text;
    Evaluation evaluation;
    MappedFile file;
};

ReferencePredictions::ReferencePredictions(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ReferencePredictions::ReferencePredictions(ReferencePredictions&&) noexcept = default;
ReferencePredictions& ReferencePredictions::operator=(ReferencePredictions&&) noexcept = default;
ReferencePredictions::~ReferencePredictions() = default;

const Evaluation& ReferencePredictions::evaluation() const {
    return m_state->evaluation;
}
const EvaluationText& ReferencePredictions::text() const {
    return m_state->text;
}
std::span<const float> ReferencePredictions::row(std::size_t index) const {
    const std::size_t vocabulary = m_state->text.vocabulary;
    // A map begins at a page, so the floats in it are aligned.
    const auto* values = static_cast<const float*>(static_cast<const void*>(m_state->file.bytes().data()));
    return {values + index * vocabulary, vocabulary};
}

Result<ReferencePredictions> ReferencePredictions::record(runtime::LoadedModel& reference,
                                                          const EvaluationText& text,
                                                          const std::filesystem::path& folder,
                                                          std::stop_token stop,
                                                          const ProgressSink& progress) {
    auto state = std::make_unique<State>();
    state->text = text;
    // The name exists only until the file is mapped.
    const auto path =
        folder / ("hearth-reference-" + std::to_string(Clock::now().time_since_epoch().count()) + ".f32");
    HEARTH_TRY(auto file, AtomicFile::create(path));
    std::vector<float> row(text.vocabulary);
    const auto write = [&](std::size_t, std::span<const float> logits) -> Result<void> {
        for (std::size_t at = 0; at < logits.size(); at += text.vocabulary) {
            const auto values = logits.subspan(at, text.vocabulary);
            const double shift = normalise(values).shift;
            std::transform(values.begin(), values.end(), row.begin(),
                           [&](float logit) { return static_cast<float>(double(logit) - shift); });
            HEARTH_CHECK(file.write(std::as_bytes(std::span(row))));
        }
        return {};
    };
    HEARTH_TRY(state->evaluation, measure(reference, text, nullptr, std::move(stop), progress, write));
    HEARTH_CHECK(file.commit());
    auto mapped = MappedFile::open(path);
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    if (!mapped)
        return tl::unexpected(std::move(mapped).error());
    state->file = std::move(*mapped);
    return ReferencePredictions(std::move(state));
}

Result<Evaluation> evaluate(runtime::LoadedModel& model, const EvaluationText& text,
                            const ReferencePredictions* reference, std::stop_token stop,
                            const ProgressSink& progress) {
    if (reference && (reference->text().tokens != text.tokens || reference->text().context != text.context))
        return fail("measure.different_text", "the reference was measured on another text");
    return measure(model, text, reference, std::move(stop), progress, {});
}

} // namespace hearth::optimize
