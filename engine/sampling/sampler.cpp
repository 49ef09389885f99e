#include "engine/sampling/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "engine/sampling/filters/candidates.h"
#include "engine/sampling/filters/filters.h"
#include "engine/sampling/history.h"
#include "engine/sampling/random.h"

namespace hearth::sampling {

namespace {

bool penalises(const SamplingParams& p) {
    return p.penaltyWindow != 0 &&
           (p.repetitionPenalty != 1.0F || p.frequencyPenalty != 0.0F || p.presencePenalty != 0.0F);
}

/// The largest logit; the smallest id among equals; −1 when there is none.
TokenId largest(std::span<const float> logits) {
    float best = -std::numeric_limits<float>::infinity();
    TokenId id = -1;
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (logits[i] > best) { // false for NaN
            best = logits[i];
            id = static_cast<TokenId>(i);
        }
    return id;
}

/// The model's own distribution: log-probabilities of single tokens and of the likeliest ones.
class LogProbabilities {
public:
    explicit LogProbabilities(std::span<const float> logits, std::size_t count) {
        Candidates all;
        collect(logits, all);
        const double sum = weigh(all);
        m_offset = static_cast<double>(largestLogit(all)) + std::log(sum);
        topK(logits, count, all);
        all.resize(std::min(all.size(), count));
        m_top.reserve(all.size());
        for (const Candidate& c : all)
            m_top.push_back({c.id, of(c.logit)});
    }
    [[nodiscard]] float of(float logit) const {
        return static_cast<float>(static_cast<double>(std::clamp(logit, -kMaxLogit, kMaxLogit)) - m_offset);
    }
    [[nodiscard]] std::vector<TokenProbability> takeTop() { return std::move(m_top); }

private:
    double m_offset = 0;
    std::vector<TokenProbability> m_top;
};

} // namespace

struct Sampler::Impl {
    SamplingParams params;
    std::size_t vocabularySize;
    std::uint64_t seed;
    Random random;
    History history;
    DryPenalty dry;
    Candidates candidates;
    std::vector<float> modelLogits; ///< copy, only when log-probabilities are wanted
    double mu;

    Impl(SamplingParams p, std::size_t size)
        : params(std::move(p)), vocabularySize(size), seed(params.seed ? params.seed : systemSeed()),
          random(seed), history(size, penalises(params) ? params.penaltyWindow : 0), dry(params),
          mu(2.0 * static_cast<double>(params.mirostatTau)) {}

    void adjust(std::span<float> logits) {
        applyLogitBias(logits, params.logitBias);
        if (penalises(params))
            applyPenalties(logits, history, params.repetitionPenalty, params.frequencyPenalty,
                           params.presencePenalty);
        dry.apply(logits, history.tokens());
    }

    TokenId draw() {
        const double sum = weigh(candidates);
        double left = random.uniform() * sum;
        for (const Candidate& c : candidates) {
            left -= static_cast<double>(c.weight);
            if (left < 0)
                return c.id;
        }
        // Rounding may leave a sliver past the end; the last token with any weight takes it.
        for (auto c = candidates.rbegin(); c != candidates.rend(); ++c)
            if (c->weight > 0)
                return c->id;
        return candidates.front().id;
    }

    TokenId chooseMirostat(std::span<const float> logits) {
        collect(logits, candidates);
        if (candidates.empty())
            return -1;
        temperature(candidates, params.temperature);
        const double sum = weigh(candidates);
        const double offset = static_cast<double>(largestLogit(candidates)) + std::log(sum);
        mirostatTruncate(candidates, mu);
        const TokenId id = draw();
        const auto chosen = std::find_if(candidates.begin(), candidates.end(),
                                         [id](const Candidate& c) { return c.id == id; });
        const double surprise = (offset - static_cast<double>(chosen->logit)) / std::numbers::ln2;
        mu = mirostatUpdate(mu, surprise, static_cast<double>(params.mirostatTau),
                            static_cast<double>(params.mirostatEta));
        return id;
    }

    TokenId choose(std::span<const float> logits) {
        if (params.temperature <= 0.0F)
            return largest(logits);
        if (params.mirostat)
            return chooseMirostat(logits);
        topK(logits, static_cast<std::size_t>(std::max(params.topK, 0)), candidates);
        if (candidates.empty())
            return -1;
        typical(candidates, params.typicalP);
        topP(candidates, params.topP);
        minP(candidates, params.minP);
        temperature(candidates, params.temperature);
        return draw();
    }
};

Sampler::Sampler(SamplingParams params, std::size_t vocabularySize)
    : m_impl(std::make_unique<Impl>(std::move(params), vocabularySize)) {}
Sampler::Sampler(Sampler&&) noexcept = default;
Sampler& Sampler::operator=(Sampler&&) noexcept = default;
Sampler::~Sampler() = default;

Result<Sampled> Sampler::sample(std::span<float> logits) {
    Impl& s = *m_impl;
    if (logits.size() != s.vocabularySize)
        return fail("sampling.vocabulary_mismatch", std::to_string(logits.size()) +
                                                        " logits for a vocabulary of " +
                                                        std::to_string(s.vocabularySize));
    const bool wantsLogProbs = s.params.logProbs > 0;
    if (wantsLogProbs)
        s.modelLogits.assign(logits.begin(), logits.end());
    s.adjust(logits);
    Sampled result;
    result.id = s.choose(logits);
    if (result.id < 0)
        return fail("sampling.no_candidate", "no token has a finite logit");
    if (wantsLogProbs) {
        LogProbabilities model(s.modelLogits, static_cast<std::size_t>(s.params.logProbs));
        result.logProb = model.of(s.modelLogits[static_cast<std::size_t>(result.id)]);
        result.top = model.takeTop();
    }
    return result;
}

void Sampler::accept(TokenId token) {
    m_impl->history.append(token);
    if (m_impl->dry.active())
        m_impl->dry.reserve(m_impl->history.tokens().size());
}

void Sampler::reset() {
    Impl& s = *m_impl;
    s.history.clear();
    s.random = Random(s.seed);
    s.mu = 2.0 * static_cast<double>(s.params.mirostatTau);
}

std::uint64_t Sampler::seed() const {
    return m_impl->seed;
}

} // namespace hearth::sampling
