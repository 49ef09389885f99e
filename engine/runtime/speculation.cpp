#include "engine/runtime/speculation.h"

#include <algorithm>
#include <bit>

#include "engine/model/model.h"

namespace hearth::runtime {

using text::TokenId;

namespace {

/// Where in the table a gram belongs; entries that collide replace each other.
std::size_t slotOf(TokenId a, TokenId b, TokenId c, std::size_t slots) {
    std::uint64_t hash = static_cast<std::uint32_t>(a);
    for (const TokenId token : {b, c})
        hash = (hash ^ static_cast<std::uint32_t>(token)) * 0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(hash >> 32) & (slots - 1);
}

} // namespace

PromptLookup::PromptLookup(std::size_t contextTokens)
    : m_followers(std::bit_ceil(std::max<std::size_t>(64, 2 * contextTokens))) {
    m_guess.reserve(kMaxDraft);
}

void PromptLookup::clear() {
    std::fill(m_followers.begin(), m_followers.end(), 0U);
    m_indexed = 0;
}

Result<std::span<const TokenId>> PromptLookup::propose(std::span<const TokenId> tokens, TokenId last,
                                                       std::size_t most) {
    m_guess.clear();
    if (tokens.size() < kGram)
        return std::span<const TokenId>(m_guess);
    // Grams that a token follows already; the one that ends the text is looked up, not entered.
    for (std::size_t i = std::max(m_indexed, kGram); i < tokens.size(); ++i)
        m_followers[slotOf(tokens[i - 3], tokens[i - 2], tokens[i - 1], m_followers.size())] =
            static_cast<std::uint32_t>(i);
    m_indexed = tokens.size();
    const TokenId a = tokens[tokens.size() - 2], b = tokens[tokens.size() - 1];
    const std::size_t from = m_followers[slotOf(a, b, last, m_followers.size())];
    if (from < kGram || from >= tokens.size() || tokens[from - 3] != a || tokens[from - 2] != b ||
        tokens[from - 1] != last)
        return std::span<const TokenId>(m_guess);
    // What repeats at a short distance is taken to go on so: behind the text's end follow the guesses.
    for (std::size_t i = from; m_guess.size() < most; ++i)
        m_guess.push_back(i < tokens.size()    ? tokens[i]
                          : i == tokens.size() ? last
                                               : m_guess[i - tokens.size() - 1]);
    return std::span<const TokenId>(m_guess);
}

DraftModel::DraftModel(std::shared_ptr<LoadedModel> model, Sequence sequence)
    : m_model(std::move(model)), m_sequence(std::move(sequence)), m_pacer(*m_model) {
    m_text.reserve(m_sequence.capacity());
    m_guess.reserve(kMaxDraft);
}

Result<std::unique_ptr<DraftModel>> DraftModel::create(std::shared_ptr<LoadedModel> draft,
                                                       const LoadedModel& target) {
    const text::Tokenizer &own = draft->tokenizer(), &wanted = target.tokenizer();
    bool same = own.vocabularySize() == wanted.vocabularySize();
    for (std::size_t i = 0; same && i < own.vocabularySize(); ++i) {
        const auto id = static_cast<TokenId>(i);
        same = own.tokenText(id) == wanted.tokenText(id);
    }
    if (!same)
        return tl::unexpected<Error>(
            Error{"speculation.vocabulary_mismatch",
                  "the draft model has another vocabulary (" + std::to_string(own.vocabularySize()) +
                      " tokens) than the model (" + std::to_string(wanted.vocabularySize()) + ")"}
                .with("draft_tokens", std::to_string(own.vocabularySize()))
                .with("model_tokens", std::to_string(wanted.vocabularySize())));
    HEARTH_TRY(Sequence sequence, Sequence::create(*draft));
    std::unique_ptr<DraftModel> out(new DraftModel(std::move(draft), std::move(sequence)));
    HEARTH_CHECK(out->m_logits.reserve(out->m_model->config().vocabulary));
    return out;
}

Result<std::span<const TokenId>> DraftModel::propose(std::span<const TokenId> tokens, TokenId last,
                                                     std::size_t most) {
    m_guess.clear();
    if (tokens.size() + 1 + most > m_sequence.capacity())
        return std::span<const TokenId>(m_guess);
    m_text.assign(tokens.begin(), tokens.end());
    m_text.push_back(last);
    HEARTH_CHECK(evaluatePrompt(*m_model, m_sequence, m_pacer, m_text, m_logits.data(), {}, {}));
    const std::size_t vocabulary = m_model->vocabularySize();
    for (;;) {
        const float* best = std::max_element(m_logits.data(), m_logits.data() + vocabulary);
        m_guess.push_back(static_cast<TokenId>(best - m_logits.data()));
        if (m_guess.size() == most || m_model->tokenizer().endsGeneration(m_guess.back()))
            return std::span<const TokenId>(m_guess);
        const std::span<const TokenId> token(&m_guess.back(), 1);
        const model::BatchItem item{.cache = &m_sequence.cache(), .tokens = token};
        HEARTH_CHECK(m_model->model().forward({&item, 1}, m_logits.data()));
        m_sequence.appended(token);
    }
}

std::size_t DraftLength::next() {
    if (m_pause > 0) {
        --m_pause;
        return 0;
    }
    return m_next;
}

void DraftLength::observed(std::size_t guessed, std::size_t accepted) {
    if (accepted == guessed) {
        m_failures = 0;
        m_next = std::min(m_most, 2 * m_next);
    } else if (accepted > 0) {
        m_failures = 0;
        m_next = accepted + 1;
    } else {
        // A wrong guess costs a fraction of a token; in prose they come often, so guess ever more rarely.
        m_next = std::max<std::size_t>(1, m_next / 2);
        m_pause = std::min<std::size_t>(32, std::size_t{1} << std::min<std::size_t>(++m_failures, 5));
    }
}

} // namespace hearth::runtime
