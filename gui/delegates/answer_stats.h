#pragma once

#include <string>

#include <QString>

namespace hearth::gui {

/// The figures of a finished answer, read from what the history keeps (workbench::statsToJson()). Zero = not
/// known.
struct AnswerStats {
    quint64 promptTokens = 0, reusedTokens = 0, generatedTokens = 0, reasoningTokens = 0, droppedMessages = 0;
    double firstTokenSeconds = 0, generateSeconds = 0, tokensPerSecond = 0;
    QString
        stop; ///< why it ended: "end_of_turn", "max_tokens", "stop_string", "context", "cancelled", "loop"

    /// Part of generateSeconds that went into reasoning, by its share of the tokens.
    [[nodiscard]] double reasoningSeconds() const;
};

/// Bad or missing JSON gives figures of zero.
[[nodiscard]] AnswerStats answerStats(const std::string& json);

} // namespace hearth::gui
