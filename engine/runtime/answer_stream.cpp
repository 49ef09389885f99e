#include "engine/runtime/answer_stream.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hearth::runtime {

namespace {

/// ChatML's end of a turn, which a model without a template of its own may only know as plain text.
constexpr const char* kDefaultTurnEnd = "<|im_end|>";

} // namespace

AnswerStream::AnswerStream(const text::Tokenizer& tokenizer, sampling::Sampler sampler,
                           sampling::StopMatcher stops, bool isChat)
    : m_tokenizer(tokenizer), m_sampler(std::move(sampler)), m_detokenizer(tokenizer, isChat),
      m_stops(std::move(stops)) {}

Result<AnswerStream> AnswerStream::create(const LoadedModel& model, const GenerationParams& params,
                                          std::span<const TokenId> prompt,
                                          std::optional<std::string_view> renderedPrompt) {
    HEARTH_CHECK(params.sampling.validate());
    if (params.maxTokens < -1)
        return tl::unexpected<Error>(
            Error{"session.bad_value",
                  "maxTokens is " + std::to_string(params.maxTokens) + "; allowed are -1 and more"}
                .with("field", "maxTokens")
                .with("value", std::to_string(params.maxTokens)));
    std::vector<std::string> stops = params.stopStrings;
    if (renderedPrompt && !model.hasOwnTemplate())
        stops.emplace_back(kDefaultTurnEnd);
    HEARTH_TRY(auto matcher, sampling::StopMatcher::create(stops));
    AnswerStream stream(model.tokenizer(), sampling::Sampler(params.sampling, model.vocabularySize()),
                        std::move(matcher), renderedPrompt.has_value());
    if (renderedPrompt)
        stream.m_parser.emplace(*renderedPrompt);
    if (params.detectLoops)
        stream.m_loops.emplace();
    stream.m_maxTokens = params.maxTokens;
    stream.m_everyToken = params.sampling.logProbs > 0;
    stream.m_result.seed = stream.m_sampler.seed();
    for (const TokenId token : prompt)
        stream.m_sampler.accept(token);
    return stream;
}

void AnswerStream::emit(PieceKind kind, std::string text, const sampling::Sampled* token,
                        const PieceSink& sink) {
    (kind == PieceKind::Answer ? m_result.answer : m_result.reasoning) += text;
    if (!sink || (text.empty() && !(token && m_everyToken)))
        return;
    Piece piece{kind, std::move(text), {}};
    piece.token.id = -1;
    if (token)
        piece.token = *token;
    sink(piece);
}

/// Divides text into `m_parts`.
void AnswerStream::take(std::string text) {
    if (m_parser)
        m_parser->push(text, m_parts);
    else if (!text.empty())
        m_parts.push_back({PieceKind::Answer, std::move(text)});
}

/// Passes `m_parts` on; true when a stop string was found in the answer.
bool AnswerStream::deliver(const sampling::Sampled* token, const PieceSink& sink) {
    if (m_parts.empty() && token)
        m_parts.push_back(
            {m_parser && m_parser->inReasoning() ? PieceKind::Reasoning : PieceKind::Answer, {}});
    for (ReasoningParser::Part& part : m_parts) {
        const sampling::Sampled* reported = std::exchange(token, nullptr);
        if (part.kind == PieceKind::Reasoning) {
            emit(part.kind, std::move(part.text), reported, sink);
            continue;
        }
        auto checked = m_stops.push(part.text);
        emit(part.kind, std::move(checked.text), reported, sink);
        if (checked.stop)
            return true;
    }
    return false;
}

std::size_t AnswerStream::tokensLeft() const {
    if (m_maxTokens < 0)
        return SIZE_MAX;
    const auto most = static_cast<std::size_t>(m_maxTokens);
    return most - std::min(most, m_result.stats.generatedTokens);
}

Result<std::optional<StopReason>> AnswerStream::step(std::span<float> logits, const PieceSink& sink) {
    HEARTH_TRY(const sampling::Sampled token, m_sampler.sample(logits));
    m_lastToken = token.id;
    const bool isControl = m_tokenizer.tokenType(token.id) == text::TokenType::Control;
    const std::string spelling = isControl ? std::string(m_tokenizer.tokenText(token.id)) : std::string();
    if (m_tokenizer.endsGeneration(token.id) && !(m_parser && m_parser->closesReasoning(spelling)))
        return StopReason::EndOfTurn;
    m_sampler.accept(token.id);
    ++m_result.stats.generatedTokens;

    m_parts.clear();
    take(m_detokenizer.push(token.id));
    if (m_parser && isControl)
        m_parser->pushControl(spelling, m_parts);
    if (m_parser && m_parser->inReasoning())
        ++m_result.stats.reasoningTokens;
    if (deliver(&token, sink))
        return StopReason::StopString;
    if (m_loops && m_loops->push(token.id))
        return StopReason::Loop;
    if (tokensLeft() == 0)
        return StopReason::MaxTokens;
    return std::optional<StopReason>();
}

GenerationResult AnswerStream::finish(StopReason stop, const PieceSink& sink) {
    if (stop != StopReason::StopString) {
        m_parts.clear();
        take(m_detokenizer.finish());
        if (m_parser)
            m_parser->finish(m_parts);
        if (deliver(nullptr, sink))
            stop = StopReason::StopString;
        else
            emit(PieceKind::Answer, m_stops.flush(), nullptr, sink);
    }
    m_result.stop = stop;
    return std::move(m_result);
}

} // namespace hearth::runtime
