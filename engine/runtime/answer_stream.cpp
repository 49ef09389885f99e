#include "engine/runtime/answer_stream.h"

#include <algorithm>
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

/// Passes text on; true when a stop string was found in the answer.
bool AnswerStream::deliver(std::vector<ReasoningParser::Part> parts, const sampling::Sampled* token,
                           const PieceSink& sink) {
    if (parts.empty() && token)
        parts.push_back({m_parser && m_parser->inReasoning() ? PieceKind::Reasoning : PieceKind::Answer, {}});
    for (ReasoningParser::Part& part : parts) {
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

Result<std::optional<StopReason>> AnswerStream::step(std::span<float> logits, const PieceSink& sink) {
    HEARTH_TRY(const sampling::Sampled token, m_sampler.sample(logits));
    m_lastToken = token.id;
    const bool isControl = m_tokenizer.tokenType(token.id) == text::TokenType::Control;
    const std::string spelling = isControl ? std::string(m_tokenizer.tokenText(token.id)) : std::string();
    if (m_tokenizer.endsGeneration(token.id) && !(m_parser && m_parser->closesReasoning(spelling)))
        return StopReason::EndOfTurn;
    m_sampler.accept(token.id);
    ++m_result.stats.generatedTokens;

    std::string text = m_detokenizer.push(token.id);
    std::vector<ReasoningParser::Part> parts;
    if (!m_parser) {
        if (!text.empty())
            parts.push_back({PieceKind::Answer, std::move(text)});
    } else {
        if (!text.empty())
            parts = m_parser->push(text);
        if (isControl)
            for (ReasoningParser::Part& part : m_parser->pushControl(spelling))
                parts.push_back(std::move(part));
        if (m_parser->inReasoning())
            ++m_result.stats.reasoningTokens;
    }
    if (deliver(std::move(parts), &token, sink))
        return StopReason::StopString;
    if (m_loops && m_loops->push(token.id))
        return StopReason::Loop;
    if (m_maxTokens >= 0 && m_result.stats.generatedTokens >= static_cast<std::size_t>(m_maxTokens))
        return StopReason::MaxTokens;
    return std::optional<StopReason>();
}

GenerationResult AnswerStream::finish(StopReason stop, const PieceSink& sink) {
    if (stop != StopReason::StopString) {
        const std::string rest = m_detokenizer.finish();
        std::vector<ReasoningParser::Part> parts;
        if (m_parser) {
            parts = m_parser->push(rest);
            for (ReasoningParser::Part& part : m_parser->finish())
                parts.push_back(std::move(part));
        } else if (!rest.empty()) {
            parts.push_back({PieceKind::Answer, rest});
        }
        if (deliver(std::move(parts), nullptr, sink))
            stop = StopReason::StopString;
        else
            emit(PieceKind::Answer, m_stops.flush(), nullptr, sink);
    }
    m_result.stop = stop;
    return std::move(m_result);
}

} // namespace hearth::runtime
