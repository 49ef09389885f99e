#pragma once

#include <cstddef>
#include <span>
#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/runtime/sequence.h"

namespace hearth::runtime {

/// Chooses how many prompt tokens one forward pass takes: as many as the machine evaluates in the given time,
/// so that progress moves and other work gets its turn, and not fewer than make the products efficient. The
/// first guess comes from the model's size, later ones from what was measured.
class PromptPacer {
public:
    explicit PromptPacer(const LoadedModel& model);
    [[nodiscard]] std::size_t nextBatch(std::size_t remaining, double seconds = 0.33) const;
    void measured(std::size_t tokens, double seconds);

private:
    double m_tokensPerSecond;
};

/// Whether `prompt` can be evaluated with room for an answer. Errors: session.empty_prompt, context.full
/// (args prompt_tokens, context_tokens), model.bad_token (args token, vocabulary).
[[nodiscard]] Result<void> checkPrompt(const LoadedModel& model, std::span<const text::TokenId> prompt,
                                       std::size_t contextTokens);

/// Evaluates what the sequence lacks of `prompt` (see Sequence::keepPrefixOf) and writes the logits after its
/// last token to `logits` [model vocabulary]. Returns the number of tokens that were in the cache already.
/// Reports the phase "prompt.eval" in tokens. Errors: model.*, base.cancelled; what was evaluated before
/// stays in the sequence.
[[nodiscard]] Result<std::size_t> evaluatePrompt(LoadedModel& model, Sequence& sequence, PromptPacer& pacer,
                                                 std::span<const text::TokenId> prompt, float* logits,
                                                 std::stop_token stop, const ProgressSink& progress);

} // namespace hearth::runtime
