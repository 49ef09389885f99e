#include "engine/optimize/measure/evaluate.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <numeric>

#include "engine/base/hashed_file.h"
#include "engine/base/mapped_file.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/measure/chunk_runner.h"
#include "engine/optimize/measure/work_name.h"
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

/// Where the scores of a chunk come from that an earlier run had left, and what becomes of those of this one.
/// Empty = nothing.
struct Course {
    std::function<bool(std::size_t chunk, std::span<Score> scores)> restore = {};
    std::function<Result<void>(std::size_t chunk, std::span<const float> logits)> rows = {}; ///< as they come
    std::function<Result<void>(std::size_t chunk, std::span<const Score> scores)> done = {};
};

Result<text::TokenizerIdentity> identityOf(const runtime::LoadedModel& model) {
    const auto& bytes = model.options().bytes; // of a sealed file
    HEARTH_TRY(const auto file,
               bytes ? format::GgufFile::parse(*bytes) : format::GgufFile::open(model.path()));
    return text::TokenizerIdentity::of(file);
}

Result<void> checkSame(const text::TokenizerIdentity& reference, const text::TokenizerIdentity& model) {
    const auto difference = text::differenceOf(reference, model);
    if (!difference)
        return {};
    const std::string part(difference->part);
    const std::string token = difference->token ? std::to_string(*difference->token) : std::string();
    Error error{"measure.different_tokenizer",
                "the tokenisers differ in their " + part +
                    (token.empty() ? "" : ", first at token " + token) +
                    ", so the models' probabilities are of different texts and a divergence between them "
                    "would mean nothing"};
    error.args.emplace_back("part", part);
    if (!token.empty())
        error.args.emplace_back("token", token);
    return tl::unexpected(std::move(error));
}

/// The loop that recording and comparing share.
Result<Evaluation> measure(runtime::LoadedModel& model, const EvaluationText& text,
                           const ReferencePredictions* reference, std::stop_token stop,
                           const ProgressSink& progress, const Course& course) {
    const auto begin = Clock::now();
    const std::size_t vocabulary = text.vocabulary, first = text.firstScored(), each = text.scoredOfChunk();
    HEARTH_TRY(auto runner, ChunkRunner::create(model, text));
    std::vector<Score> scores(text.scored());
    for (std::size_t chunk = 0; chunk < text.chunks(); ++chunk) {
        const std::span own = std::span(scores).subspan(chunk * each, each);
        if (course.restore && course.restore(chunk, own))
            continue;
        if (progress)
            progress({"measure", chunk, text.chunks()});
        const auto tokens = text.chunk(chunk);
        Result<void> handed;
        const auto take = [&](std::size_t position, std::span<const float> logits) {
            // The last position of a chunk predicts nothing that is known.
            const std::size_t rows = std::min(logits.size() / vocabulary, tokens.size() - 1 - position);
            const std::size_t index = position - first;
            model.compute().pool().forEach(rows, 1, [&](std::size_t from, std::size_t to) {
                for (std::size_t i = from; i < to; ++i)
                    own[index + i] = scoreRow(logits.subspan(i * vocabulary, vocabulary),
                                              static_cast<std::size_t>(tokens[position + i + 1]),
                                              reference ? reference->row(chunk * each + index + i)
                                                        : std::span<const float>());
            });
            if (course.rows && handed)
                handed = course.rows(chunk, logits.first(rows * vocabulary));
        };
        HEARTH_CHECK(runner.run(chunk, first, stop, take));
        HEARTH_CHECK(handed);
        if (course.done)
            HEARTH_CHECK(course.done(chunk, own));
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

/// A file of `bytes` and their hash that an earlier run has left; nullopt when it is not there or not whole.
std::optional<MappedFile> openWhole(const std::filesystem::path& path, std::size_t bytes) {
    auto file = MappedFile::open(path);
    const auto content = file ? hashedContent(file->bytes()) : std::nullopt;
    if (!content || content->size() != bytes)
        return std::nullopt;
    return std::move(*file);
}

/// A chunk's scores as they are kept: four numbers each.
constexpr std::size_t kScoreNumbers = 4;

Course keptScores(const std::filesystem::path& folder, const std::string& name) {
    const auto pathOf = [folder, name](std::size_t chunk) {
        return folder / (name + "-scores-" + std::to_string(chunk));
    };
    Course out;
    out.restore = [pathOf](std::size_t chunk, std::span<Score> scores) {
        std::vector<double> numbers(scores.size() * kScoreNumbers);
        const auto bytes = std::as_writable_bytes(std::span(numbers));
        const auto file = openWhole(pathOf(chunk), bytes.size());
        if (!file)
            return false;
        std::copy_n(file->bytes().begin(), bytes.size(), bytes.begin());
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double* one = numbers.data() + i * kScoreNumbers;
            scores[i] = {one[0], one[1], one[2], one[3] != 0};
        }
        return true;
    };
    out.done = [pathOf](std::size_t chunk, std::span<const Score> scores) -> Result<void> {
        std::vector<double> numbers;
        for (const Score& one : scores)
            numbers.insert(numbers.end(),
                           {one.logProbability, one.divergence, one.deltaP, one.sameTop ? 1.0 : 0.0});
        HEARTH_TRY(HashedFile file, HashedFile::create(pathOf(chunk)));
        HEARTH_CHECK(file.write(std::as_bytes(std::span(numbers))));
        return file.commit();
    };
    return out;
}

} // namespace

struct ReferencePredictions::State {
    EvaluationText text;
    Evaluation evaluation;
    std::string work;
    text::TokenizerIdentity tokenizer;
    std::vector<MappedFile> chunks; ///< log probabilities [scored of a chunk][vocabulary], then a hash
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
const std::string& ReferencePredictions::work() const {
    return m_state->work;
}
const text::TokenizerIdentity& ReferencePredictions::tokenizer() const {
    return m_state->tokenizer;
}
std::span<const float> ReferencePredictions::row(std::size_t index) const {
    const std::size_t vocabulary = m_state->text.vocabulary, each = m_state->text.scoredOfChunk();
    // A map begins at a page, so the floats in it are aligned.
    const auto* values =
        static_cast<const float*>(static_cast<const void*>(m_state->chunks[index / each].bytes().data()));
    return {values + index % each * vocabulary, vocabulary};
}

Result<ReferencePredictions> ReferencePredictions::record(runtime::LoadedModel& reference,
                                                          const EvaluationText& text,
                                                          const std::filesystem::path& folder,
                                                          std::stop_token stop, const ProgressSink& progress,
                                                          KeepChunks keep) {
    auto made = ReferencePredictions(std::make_unique<State>());
    State& state = *made.m_state;
    state.text = text;
    state.work = workName(reference, text);
    HEARTH_TRY(state.tokenizer, identityOf(reference));
    const bool kept = keep == KeepChunks::Yes;
    // A name of its own where it is only there until the file is mapped: several may be at work in a folder.
    const std::string name =
        "hearth-reference-" + (kept ? state.work : std::to_string(Clock::now().time_since_epoch().count()));
    const auto pathOf = [&](std::size_t chunk) { return folder / (name + "-" + std::to_string(chunk)); };
    const std::size_t bytes = text.scoredOfChunk() * text.vocabulary * sizeof(float);
    std::optional<HashedFile> file; // of the chunk at work
    std::vector<float> row(text.vocabulary);
    const Course scores = kept ? keptScores(folder, name) : Course();
    Course course;
    if (kept)
        course.restore = [&](std::size_t chunk, std::span<Score> own) {
            auto whole = openWhole(pathOf(chunk), bytes);
            if (!whole || !scores.restore(chunk, own))
                return false;
            state.chunks.push_back(std::move(*whole));
            return true;
        };
    course.rows = [&](std::size_t chunk, std::span<const float> logits) -> Result<void> {
        if (!file) {
            HEARTH_TRY(HashedFile begun, HashedFile::create(pathOf(chunk)));
            file.emplace(std::move(begun));
        }
        for (std::size_t at = 0; at < logits.size(); at += text.vocabulary) {
            const auto values = logits.subspan(at, text.vocabulary);
            const double shift = normalise(values).shift;
            std::transform(values.begin(), values.end(), row.begin(),
                           [&](float logit) { return static_cast<float>(double(logit) - shift); });
            HEARTH_CHECK(file->write(std::as_bytes(std::span(row))));
        }
        return {};
    };
    course.done = [&](std::size_t chunk, std::span<const Score> own) -> Result<void> {
        HEARTH_CHECK(file->commit());
        if (scores.done)
            HEARTH_CHECK(scores.done(chunk, own));
        file.reset();
        auto mapped = MappedFile::open(pathOf(chunk));
        std::error_code ignored;
        if (!kept)
            std::filesystem::remove(pathOf(chunk), ignored);
        if (!mapped)
            return tl::unexpected(std::move(mapped).error());
        state.chunks.push_back(std::move(*mapped));
        return {};
    };
    HEARTH_TRY(state.evaluation, measure(reference, text, nullptr, std::move(stop), progress, course));
    return made;
}

Result<void> checkComparable(const std::filesystem::path& reference, const std::filesystem::path& model) {
    HEARTH_TRY(const auto expected, format::GgufFile::open(reference).and_then(text::TokenizerIdentity::of));
    HEARTH_TRY(const auto found, format::GgufFile::open(model).and_then(text::TokenizerIdentity::of));
    return checkSame(expected, found);
}

Result<Evaluation> evaluate(runtime::LoadedModel& model, const EvaluationText& text,
                            const ReferencePredictions* reference, std::stop_token stop,
                            const ProgressSink& progress, const std::filesystem::path& keepIn) {
    if (reference && (reference->text().tokens != text.tokens || reference->text().context != text.context))
        return fail("measure.different_text", "the reference was measured on another text");
    if (reference) {
        HEARTH_TRY(const auto own, identityOf(model));
        HEARTH_CHECK(checkSame(reference->tokenizer(), own));
    }
    Course course;
    if (!keepIn.empty())
        course = keptScores(keepIn, "hearth-evaluation-" + workName(model, text) +
                                        (reference ? "-" + reference->work() : std::string()));
    return measure(model, text, reference, std::move(stop), progress, course);
}

} // namespace hearth::optimize
