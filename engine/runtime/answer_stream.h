#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/reasoning_parser.h"
#include "engine/runtime/session.h"
#include "engine/sampling/loop_detector.h"
#include "engine/sampling/sampler.h"
#include "engine/sampling/stop_matcher.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::runtime {

/// One answer as it comes into being: chooses tokens from logits, turns them into streamed text, divides
/// reasoning from answer, and knows when to end. Knows nothing of how logits are computed, so that a session
/// and the scheduler share it. Refers to the tokeniser. Confined to one thread.
class AnswerStream {
public:
    /// `renderedPrompt` is the chat prompt's text; absent for plain continuations, whose text is not divided.
    /// Errors: sampling.*, session.bad_value.
    [[nodiscard]] static Result<AnswerStream> create(const LoadedModel& model, const GenerationParams& params,
                                                     std::span<const TokenId> prompt,
                                                     std::optional<std::string_view> renderedPrompt);

    /// Whether nothing is to be generated at all (maxTokens 0).
    [[nodiscard]] bool wantsNothing() const { return m_maxTokens == 0; }
    /// Chooses the next token from `logits` (changed in place) and hands its text to `sink`. Returns why the
    /// answer ends, or nothing when lastToken() is to be evaluated next. Errors: sampling.no_candidate.
    [[nodiscard]] Result<std::optional<StopReason>> step(std::span<float> logits, const PieceSink& sink);
    [[nodiscard]] TokenId lastToken() const { return m_lastToken; }
    /// How many tokens the answer may still have; SIZE_MAX when that is not limited.
    [[nodiscard]] std::size_t tokensLeft() const;

    /// Hands out what was held back and gives the result; promptTokens and times are the caller's to fill in.
    [[nodiscard]] GenerationResult finish(StopReason stop, const PieceSink& sink);

private:
    AnswerStream(const text::Tokenizer& tokenizer, sampling::Sampler sampler, sampling::StopMatcher stops,
                 bool isChat);
    void take(std::string text);
    bool deliver(const sampling::Sampled* token, const PieceSink& sink);
    void emit(PieceKind kind, std::string text, const sampling::Sampled* token, const PieceSink& sink);

    const text::Tokenizer& m_tokenizer;
    sampling::Sampler m_sampler;
    text::StreamDetokenizer m_detokenizer;
    std::optional<ReasoningParser> m_parser;
    sampling::StopMatcher m_stops;
    std::optional<sampling::LoopDetector> m_loops;
    std::int64_t m_maxTokens = -1;
    bool m_everyToken = false; ///< pieces without text are wanted, for their log-probabilities
    TokenId m_lastToken = -1;
    ReasoningParser::Parts m_parts; ///< of a step; kept for its memory
    GenerationResult m_result;
};

} // namespace hearth::runtime
