#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::sampling {

using TokenId = std::int32_t;

/// How the next token is chosen. The chain, in this order: logit bias, repetition / frequency / presence
/// penalties, DRY, then top-k, typical, top-p, min-p, temperature and a draw; with mirostat v2 on,
/// temperature and mirostat replace the truncations. (hearthctl generate --help and the manual state this
/// order.) Temperature 0 is greedy: the largest logit after biases and penalties.
struct SamplingParams {
    float temperature = 0.8F;
    std::int32_t topK = 40;         ///< 0 = off
    float topP = 0.95F;             ///< 1 = off
    float minP = 0.05F;             ///< 0 = off
    float typicalP = 1.0F;          ///< 1 = off
    float repetitionPenalty = 1.0F; ///< 1 = off
    float frequencyPenalty = 0.0F;
    float presencePenalty = 0.0F;
    std::int32_t penaltyWindow = 64; ///< last N tokens; -1 = all
    float dryMultiplier = 0.0F;      ///< 0 = off
    float dryBase = 1.75F;
    std::int32_t dryAllowedLength = 2;
    std::int32_t dryWindow = -1;
    std::vector<std::vector<TokenId>> dryBreakers; ///< token sequences that end a match
    bool mirostat = false;
    float mirostatTau = 5.0F, mirostatEta = 0.1F;
    std::map<TokenId, float> logitBias;
    std::uint64_t seed = 0;    ///< 0 = from the operating system
    std::int32_t logProbs = 0; ///< how many alternatives to report per token; 0 = none

    /// Checks every field against sampling_ranges.h. Errors: sampling.out_of_range (args field, value,
    /// minimum, maximum).
    [[nodiscard]] Result<void> validate() const;
};

struct TokenProbability {
    TokenId id = 0;
    float logProb = 0; ///< natural logarithm, of the model's own distribution: no bias, penalty or truncation
};

struct Sampled {
    TokenId id = 0;
    float logProb = 0;                 ///< as above; 0 unless params.logProbs > 0, which costs a pass more
    std::vector<TokenProbability> top; ///< best first, params.logProbs entries
};

/// One sequence's sampler with its history and random state. Confined to one thread. A seed gives the same
/// tokens for the same logits on every machine whose exp() rounds alike. Once its buffers have grown,
/// sample() allocates only for log-probabilities.
class Sampler {
public:
    /// `params` must have passed validate().
    Sampler(SamplingParams params, std::size_t vocabularySize);
    Sampler(Sampler&&) noexcept;
    Sampler& operator=(Sampler&&) noexcept;
    ~Sampler();

    /// Chooses a token from logits[vocabularySize], which may be changed in place. Does not add it to the
    /// history. NaN and −inf logits are never chosen, +inf counts as the largest. Errors:
    /// sampling.no_candidate when nothing is left, sampling.vocabulary_mismatch.
    [[nodiscard]] Result<Sampled> sample(std::span<float> logits);
    /// Tells the sampler what was in fact appended (sampled or prompt tokens).
    void accept(TokenId token);
    /// Back to the state after construction: empty history, the seed's first number next.
    void reset();
    [[nodiscard]] std::uint64_t seed() const; ///< the seed in use

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::sampling
