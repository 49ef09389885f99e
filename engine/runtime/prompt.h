#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/runtime/guarded_text.h"
#include "engine/runtime/session.h"

namespace hearth::runtime {

/// Turns messages into the tokens of a prompt. Special tokens come from the template's own text only; see
/// GuardedText. Refers to the tokeniser and template, which must outlive it. Immutable; thread-safe.
class PromptBuilder {
public:
    PromptBuilder(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate);

    struct Rendered {
        std::string text; ///< what the model reads, without a BOS that only the tokeniser adds
        std::vector<text::ByteRange> data; ///< where no special token is recognised
    };
    /// Renders with the variables enable_thinking (and `thinking`, for templates that know only that name),
    /// tools and add_generation_prompt. An assistant's reasoning goes in as reasoning_content, reasoning and
    /// thinking; a reasoning block inside an assistant's content is taken out first. Where a template refuses
    /// a system message, its text goes before the first user message instead.
    /// Errors: template.*, session.unknown_role (arg role).
    [[nodiscard]] Result<Rendered> render(std::span<const ChatMessage> messages,
                                          const nlohmann::ordered_json* tools, bool enableThinking) const;
    /// Tokens of a rendered prompt, with BOS exactly once where the model wants one. Errors: tokenizer.*.
    [[nodiscard]] Result<std::vector<text::TokenId>> encode(const Rendered& prompt) const;

private:
    [[nodiscard]] Result<Rendered> renderOnce(std::span<const ChatMessage> messages,
                                              const nlohmann::ordered_json* tools, bool enableThinking) const;
    const text::Tokenizer& m_tokenizer;
    const text::ChatTemplate& m_template;
    std::vector<std::string> m_watched;
    std::string m_bosText, m_eosText;
};

/// BOS in front of tokens that do not begin with it, where the model wants one.
void prependBos(const text::Tokenizer& tokenizer, std::vector<text::TokenId>& tokens);

} // namespace hearth::runtime
