#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/sampling/filters/candidates.h"
#include "engine/sampling/history.h"
#include "engine/sampling/sampler.h"

namespace hearth::sampling {

// --- on the logits of the whole vocabulary, in place ---

/// logit += bias. Ids outside the vocabulary are ignored.
void applyLogitBias(std::span<float> logits, const std::map<TokenId, float>& bias);

/// For each distinct token of the window: the logit is divided by `repetition` when positive and multiplied
/// when negative (Keskar et al., "CTRL", 2019, with the sign handled), then lowered by count × `frequency` +
/// `presence`.
void applyPenalties(std::span<float> logits, const History& history, float repetition, float frequency,
                    float presence);

/// DRY ("don't repeat yourself", p-e-w 2024): a token that would lengthen a repetition of n ≥ allowedLength
/// tokens is lowered by multiplier × base^(n − allowedLength). A repetition does not reach back over a
/// breaker, and a token that is a breaker by itself is never lowered. Linear in the window.
class DryPenalty {
public:
    explicit DryPenalty(const SamplingParams& params);
    [[nodiscard]] bool active() const { return m_multiplier > 0; }
    /// Makes room for a history of `tokens`, so that apply() does not allocate.
    void reserve(std::size_t tokens);
    void apply(std::span<float> logits, std::span<const TokenId> history);

private:
    [[nodiscard]] std::size_t tokensSinceBreaker(std::span<const TokenId> window) const;
    float m_multiplier, m_base;
    std::size_t m_allowedLength;
    std::int32_t m_window;
    std::vector<std::vector<TokenId>> m_breakers;
    std::vector<std::uint32_t> m_matched; ///< Z array of the reversed window
    std::vector<std::pair<TokenId, std::uint32_t>>
        m_longest; ///< longest repetition that a token would lengthen
};

// --- on the candidates; each leaves at least one ---

/// Fills `out` with the k largest logits, largest first. k = 0 takes all, in the order of ids.
void topK(std::span<const float> logits, std::size_t k, Candidates& out);

/// Locally typical sampling (Meister et al. 2022): the shortest list of tokens, by rising distance of their
/// surprise from the entropy, that holds the probability p.
void typical(Candidates& candidates, float p);

/// Nucleus sampling (Holtzman et al. 2020): the shortest list of the likeliest tokens that holds the
/// probability p.
void topP(Candidates& candidates, float p);

/// Drops tokens less likely than p times the likeliest (Nguyen et al. 2024).
void minP(Candidates& candidates, float p);

/// Divides logits by `temperature` (> 0), relative to the largest, so that a tiny temperature cannot
/// overflow.
void temperature(Candidates& candidates, float temperature);

/// Mirostat 2 (Basu et al. 2021). Drops tokens whose surprise in bits exceeds mu.
void mirostatTruncate(Candidates& candidates, double mu);
/// The new mu after a token of that surprise, in bits, before truncation.
[[nodiscard]] double mirostatUpdate(double mu, double surprise, double tau, double eta);

} // namespace hearth::sampling
