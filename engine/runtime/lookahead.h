#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/answer_stream.h"
#include "engine/runtime/sequence.h"
#include "engine/runtime/speculation.h"

namespace hearth::runtime {

/// An answer's steps with guesses: which tokens its next pass evaluates, and what becomes of them. A session
/// and the scheduler share it. Takes memory when it is made, never later. Confined to the engine thread.
class Lookahead {
public:
    Lookahead();

    /// A new answer, which may guess `draftTokens` tokens ahead (kMaxDraft where that is less).
    void begin(std::size_t draftTokens);

    /// The tokens of the next pass, valid until the next call: the last one drawn and what `drafter` guesses
    /// to follow it. At most `room` guesses, and no more than the sequence and the answer can still take.
    /// Errors: as Drafter::propose.
    [[nodiscard]] Result<std::span<const TokenId>> next(Sequence& sequence, const AnswerStream& answer,
                                                        Drafter& drafter, std::size_t room);

    /// Logits of rows that follow each other, `stride` apart.
    struct Rows {
        float* first;
        std::size_t vocabulary, stride;
    };
    /// After the pass over those tokens (or over the prompt): draws from the rows in turn until a token is
    /// not the one that was guessed, and takes the other guesses back from the sequence. Returns why the
    /// answer ends, or nothing when it goes on; nothing is drawn after its end or after a stop request. Adds
    /// to draftedTokens and acceptedDrafts. Errors: as AnswerStream::step.
    [[nodiscard]] Result<std::optional<StopReason>> draw(AnswerStream& answer, Sequence& sequence, Rows rows,
                                                         const std::stop_token& stop, const PieceSink& sink,
                                                         GenerationStats& stats);

private:
    DraftLength m_length{0};
    std::vector<TokenId> m_tokens; ///< of the pass; empty while the prompt is read
};

} // namespace hearth::runtime
