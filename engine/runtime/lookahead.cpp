#include "engine/runtime/lookahead.h"

#include <algorithm>

namespace hearth::runtime {

Lookahead::Lookahead() {
    m_tokens.reserve(1 + kMaxDraft);
}

void Lookahead::begin(std::size_t draftTokens) {
    m_length = DraftLength(std::min(draftTokens, kMaxDraft));
    m_tokens.clear();
}

Result<std::span<const TokenId>> Lookahead::next(Sequence& sequence, const AnswerStream& answer,
                                                 Drafter& drafter, std::size_t room) {
    m_tokens.assign(1, answer.lastToken());
    // The pass itself gives one token more than there are guesses.
    std::size_t most = std::min({room, sequence.capacity() - sequence.cache().size() - 1,
                                 sequence.cache().maxBatch() - 1, answer.tokensLeft() - 1});
    if (most > 0)
        most = std::min(most, m_length.next());
    if (most > 0) {
        HEARTH_TRY(const auto guesses, drafter.propose(sequence.tokens(), answer.lastToken(), most));
        m_tokens.insert(m_tokens.end(), guesses.begin(), guesses.end());
    }
    return std::span<const TokenId>(m_tokens);
}

Result<std::optional<StopReason>> Lookahead::draw(AnswerStream& answer, Sequence& sequence, Rows rows,
                                                  const std::stop_token& stop, const PieceSink& sink,
                                                  GenerationStats& stats) {
    const std::size_t guesses = m_tokens.empty() ? 0 : m_tokens.size() - 1;
    std::size_t accepted = 0;
    Result<std::optional<StopReason>> end = std::optional<StopReason>();
    for (;; ++accepted) {
        if (stop.stop_requested())
            end = StopReason::Cancelled;
        else
            end = answer.step({rows.first + accepted * rows.stride, rows.vocabulary}, sink);
        if (!end || *end || accepted == guesses || answer.lastToken() != m_tokens[1 + accepted])
            break;
    }
    sequence.rollBack(guesses - accepted);
    stats.draftedTokens += guesses;
    stats.acceptedDrafts += accepted;
    if (guesses > 0)
        m_length.observed(guesses, accepted);
    if (end && !*end && sequence.cache().size() == sequence.capacity())
        return std::optional(StopReason::Context);
    return end;
}

} // namespace hearth::runtime
