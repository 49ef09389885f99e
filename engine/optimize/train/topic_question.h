#pragma once

#include <string>
#include <string_view>

namespace hearth::optimize {

/// The form in which a topic's question is learnt and asked: ASCII letters small, no space or end mark around
/// it. A small model should not have to learn that "What is GGUF?" and "what is gguf" are one question.
[[nodiscard]] std::string topicQuestion(std::string_view text);

/// The form in which a person's question is put to such a model: topicQuestion() without the commas,
/// semicolons and colons that part clauses. The phrasings hardly have any, so a model reads on more surely
/// without them (of the held-out English questions three more were answered rightly).
[[nodiscard]] std::string topicQuestionAsAsked(std::string_view text);

} // namespace hearth::optimize
