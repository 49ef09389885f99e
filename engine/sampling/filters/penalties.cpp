#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void applyLogitBias(std::span<float> logits, const std::map<TokenId, float>& bias) {
    for (const auto& [token, value] : bias)
        if (token >= 0 && static_cast<std::size_t>(token) < logits.size())
            logits[static_cast<std::size_t>(token)] += value;
}

void applyPenalties(std::span<float> logits, const History& history, float repetition, float frequency,
                    float presence) {
    for (const TokenId token : history.distinct()) {
        float& logit = logits[static_cast<std::size_t>(token)];
        logit = logit > 0 ? logit / repetition : logit * repetition;
        logit -= static_cast<float>(history.count(token)) * frequency + presence;
    }
}

} // namespace hearth::sampling
