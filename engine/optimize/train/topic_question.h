#pragma once

#include <string>
#include <string_view>

namespace hearth::optimize {

/// The form in which a topic's question is learnt and asked: ASCII letters small, no space or end mark around
/// it. A small model should not have to learn that "What is GGUF?" and "what is gguf" are one question.
[[nodiscard]] std::string topicQuestion(std::string_view text);

} // namespace hearth::optimize
