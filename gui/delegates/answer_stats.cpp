#include "gui/delegates/answer_stats.h"

#include <nlohmann/json.hpp>

namespace hearth::gui {

double AnswerStats::reasoningSeconds() const {
    return generatedTokens
               ? generateSeconds * static_cast<double>(reasoningTokens) / static_cast<double>(generatedTokens)
               : 0;
}

AnswerStats answerStats(const std::string& json) {
    AnswerStats out;
    const auto object = nlohmann::json::parse(json, nullptr, false);
    if (!object.is_object())
        return out;
    const auto number = [&](const char* key) {
        const auto found = object.find(key);
        return found != object.end() && found->is_number() ? std::max(0.0, found->get<double>()) : 0.0;
    };
    out.promptTokens = static_cast<quint64>(number("prompt_tokens"));
    out.reusedTokens = static_cast<quint64>(number("reused_tokens"));
    out.generatedTokens = static_cast<quint64>(number("generated_tokens"));
    out.reasoningTokens = static_cast<quint64>(number("reasoning_tokens"));
    out.firstTokenSeconds = number("first_token_seconds");
    out.generateSeconds = number("generate_seconds");
    out.droppedMessages = static_cast<quint64>(number("dropped_messages"));
    out.tokensPerSecond = number("tokens_per_second");
    if (const auto stop = object.find("stop_reason"); stop != object.end() && stop->is_string())
        out.stop = QString::fromStdString(stop->get<std::string>());
    return out;
}

} // namespace hearth::gui
