#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/runtime/session.h"

namespace hearth::runtime {

/// Divides a model's streamed text into reasoning and answer. Known forms, at the beginning of an answer
/// (after white space, possibly several in a row):
///   <think>…</think>, <thinking>…</thinking>, <thought>…</thought>, <reasoning>…</reasoning>
///   <|channel|>analysis<|message|>…<|end|>, then <|start|>assistant<|channel|>final<|message|>
///   <|channel>thought…<channel|> and <|channel>analysis…<channel|>
/// A template may have written the opening into the prompt; then the text begins inside the reasoning.
/// Elsewhere in an answer these words are plain text, so that a model can write about them. White space
/// around a block is dropped. Text that may turn out to be a marker is held back until that is decided; what
/// comes out is cut only where the input was, so whole characters stay whole. Confined to one thread.
class ReasoningParser {
public:
    struct Part {
        PieceKind kind = PieceKind::Answer;
        std::string text;
        bool operator==(const Part&) const = default;
    };

    /// `prompt` is the rendered prompt that the model continues; its end tells whether a block is open.
    explicit ReasoningParser(std::string_view prompt = {});

    using Parts = std::vector<Part>;
    /// Takes text that the model wrote. What it decides is added to `out`, as in the next two.
    void push(std::string_view text, Parts& out);
    /// Takes a control token by its spelling: it may be part of a marker and is never shown otherwise.
    void pushControl(std::string_view spelling, Parts& out);
    /// At the end of the text: what was held back.
    void finish(Parts& out);

    [[nodiscard]] bool inReasoning() const { return m_state == State::Reasoning; }
    /// Whether this control token, although it ends a turn elsewhere, closes the open reasoning block only.
    [[nodiscard]] bool closesReasoning(std::string_view spelling) const;

    /// Divides a whole text, as one that was stored before: first the answer, then the reasoning.
    [[nodiscard]] static std::pair<std::string, std::string> split(std::string_view text);

private:
    enum class State { Start, Reasoning, Answer };
    void advance(Parts& out);
    [[nodiscard]] bool advanceStart();
    void advanceReasoning(Parts& out, bool& again);
    [[nodiscard]] std::string take(std::size_t bytes);

    State m_state = State::Start;
    std::string m_held;
    std::vector<std::pair<std::size_t, std::size_t>> m_hidden; ///< ranges of m_held that are control tokens
    std::string_view m_closer;
    bool m_atBlockStart = false; ///< nothing of the open block has come out yet
    bool m_afterBlock = false;   ///< a marker came before, so white space before the answer is dropped
    bool m_finishing = false;
};

} // namespace hearth::runtime
