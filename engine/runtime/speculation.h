#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/blocks/float_buffer.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/prompt_evaluation.h"
#include "engine/runtime/sequence.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::runtime {

/// Speculative decoding: several guessed tokens are evaluated in one pass, which costs little more than one
/// token where reading the weights is the limit. The answer's sampler then draws from every row in turn, as
/// it would have done without guesses, until it draws something else than was guessed. The answer is
/// therefore exactly that of plain decoding, with greedy and with random sampling (lookahead.h).

/// Passes of at most this many rows stay on the kernels that are limited by memory, and each row comes out
/// exactly as it would alone (kernels::Compute::exactRows()).
inline constexpr std::size_t kFewRows = 8;
inline constexpr std::size_t kMaxDraft = kFewRows - 1; ///< beside the token that is certain

/// Guesses what follows. Confined to the engine thread.
class Drafter {
public:
    virtual ~Drafter() = default;
    /// At most `most` tokens likely to follow `tokens` and then `last`; valid until the next call.
    /// Errors: model.*, of a model that guesses.
    [[nodiscard]] virtual Result<std::span<const text::TokenId>>
    propose(std::span<const text::TokenId> tokens, text::TokenId last, std::size_t most) = 0;
};

/// Guesses that what followed the last three tokens earlier in the text follows again: for answers that quote
/// or edit their prompt, for tables and rulers. Costs a few nanoseconds a token and no memory traffic.
class PromptLookup final : public Drafter {
public:
    /// For texts of up to `contextTokens`. Allocates here and nowhere else.
    explicit PromptLookup(std::size_t contextTokens);
    /// Forgets the text. To be called when `tokens` no longer continues that of the last call.
    void clear();
    [[nodiscard]] Result<std::span<const text::TokenId>>
    propose(std::span<const text::TokenId> tokens, text::TokenId last, std::size_t most) override;

private:
    static constexpr std::size_t kGram = 3;
    std::vector<std::uint32_t> m_followers; ///< by a hash of three tokens: the position after them, 0 = none
    std::size_t m_indexed = 0;              ///< positions whose grams are in m_followers
    std::vector<text::TokenId> m_guess;
};

/// Guesses with a smaller model of the same vocabulary.
class DraftModel final : public Drafter {
public:
    /// Errors: speculation.vocabulary_mismatch (args model_tokens, draft_tokens), memory.not_enough.
    [[nodiscard]] static Result<std::unique_ptr<DraftModel>> create(std::shared_ptr<LoadedModel> draft,
                                                                    const LoadedModel& target);
    [[nodiscard]] Result<std::span<const text::TokenId>>
    propose(std::span<const text::TokenId> tokens, text::TokenId last, std::size_t most) override;

private:
    DraftModel(std::shared_ptr<LoadedModel> model, Sequence sequence);
    std::shared_ptr<LoadedModel> m_model;
    Sequence m_sequence;
    PromptPacer m_pacer;
    model::FloatBuffer m_logits;
    std::vector<text::TokenId> m_text, m_guess;
};

/// How many tokens to guess next: more while guesses come true, none for a while when they do not.
class DraftLength {
public:
    explicit DraftLength(std::size_t most) : m_most(most), m_next(most) {}
    [[nodiscard]] std::size_t next();
    /// `guessed` > 0 tokens were evaluated, of which the first `accepted` came true.
    void observed(std::size_t guessed, std::size_t accepted);

private:
    std::size_t m_most, m_next;
    std::size_t m_pause = 0; ///< steps without a guess that are left
    std::size_t m_failures = 0;
};

} // namespace hearth::runtime
