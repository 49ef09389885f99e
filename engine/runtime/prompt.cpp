#include "engine/runtime/prompt.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "engine/runtime/reasoning_parser.h"

namespace hearth::runtime {

namespace {

using Json = nlohmann::ordered_json;

// Templates write the role into their markers ('<|' + role + '|>'), so it cannot be free text.
constexpr std::array<std::string_view, 7> kRoles = {"system", "developer", "user",   "assistant",
                                                    "tool",   "function",  "ipython"};

Result<void> checkRoles(std::span<const ChatMessage> messages) {
    for (const ChatMessage& message : messages)
        if (std::find(kRoles.begin(), kRoles.end(), message.role) == kRoles.end())
            return tl::unexpected<Error>(
                Error{"session.unknown_role", "no such role: \"" + message.role + "\""}.with("role",
                                                                                             message.role));
    return {};
}

/// The assistant's answer and reasoning of a turn, apart even if they were stored together.
ChatMessage separated(const ChatMessage& message) {
    if (message.role != "assistant" || !message.reasoning.empty())
        return message;
    auto [answer, reasoning] = ReasoningParser::split(message.content);
    return {message.role, std::move(answer), std::move(reasoning)};
}

bool isSystem(const ChatMessage& message) {
    return message.role == "system" || message.role == "developer";
}

/// The messages with leading system texts at the head of the first user message.
std::vector<ChatMessage> withFoldedSystem(std::span<const ChatMessage> messages) {
    std::vector<ChatMessage> out;
    std::string system;
    for (const ChatMessage& message : messages) {
        if (out.empty() && isSystem(message)) {
            system += message.content + "\n\n";
            continue;
        }
        out.push_back(message);
        if (!system.empty() && message.role == "user") {
            out.back().content = system + message.content;
            system.clear();
        }
    }
    return out;
}

std::string specialText(const text::Tokenizer& tokenizer, std::optional<text::TokenId> id) {
    return id ? std::string(tokenizer.tokenText(*id)) : std::string();
}

} // namespace

PromptBuilder::PromptBuilder(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate)
    : m_tokenizer(tokenizer), m_template(chatTemplate), m_watched(GuardedText::watchedCharacters(tokenizer)),
      m_bosText(specialText(tokenizer, tokenizer.specials().bos)),
      m_eosText(specialText(tokenizer, tokenizer.specials().eos)) {}

Result<PromptBuilder::Rendered> PromptBuilder::renderOnce(std::span<const ChatMessage> messages,
                                                          const Json* tools, bool enableThinking) const {
    const std::string toolText =
        tools ? tools->dump(-1, ' ', false, Json::error_handler_t::replace) : std::string();
    std::vector<std::string_view> sources{m_template.source(), toolText};
    for (const ChatMessage& message : messages) {
        sources.push_back(message.content);
        sources.push_back(message.reasoning);
    }
    HEARTH_TRY(const GuardedText guard, GuardedText::create(m_watched, sources));

    Json list = Json::array();
    for (const ChatMessage& message : messages) {
        Json entry{{"role", message.role}, {"content", guard.guard(std::string_view(message.content))}};
        if (!message.reasoning.empty()) {
            const std::string reasoning = guard.guard(std::string_view(message.reasoning));
            for (const char* name : {"reasoning_content", "reasoning", "thinking"})
                entry[name] = reasoning;
        }
        list.push_back(std::move(entry));
    }
    const Json guardedTools = tools ? guard.guard(*tools) : Json();
    Json extra{{"enable_thinking", enableThinking}};
    if (!m_template.mentions("enable_thinking"))
        extra["thinking"] = enableThinking;
    text::TemplateInput input;
    input.messages = &list;
    input.tools = tools ? &guardedTools : nullptr;
    input.extra = &extra;
    input.bosToken = m_bosText;
    input.eosToken = m_eosText;
    HEARTH_TRY(const std::string rendered, m_template.render(input));
    auto restored = guard.restore(rendered);
    return Rendered{std::move(restored.text), std::move(restored.data)};
}

Result<PromptBuilder::Rendered> PromptBuilder::render(std::span<const ChatMessage> messages,
                                                      const Json* tools, bool enableThinking) const {
    HEARTH_CHECK(checkRoles(messages));
    std::vector<ChatMessage> prepared;
    prepared.reserve(messages.size());
    for (const ChatMessage& message : messages)
        prepared.push_back(separated(message));
    auto rendered = renderOnce(prepared, tools, enableThinking);
    if (!rendered && rendered.error().code == "template.raised" && !prepared.empty() &&
        isSystem(prepared.front()))
        if (auto folded = renderOnce(withFoldedSystem(prepared), tools, enableThinking))
            return folded;
    return rendered;
}

Result<std::vector<text::TokenId>> PromptBuilder::encode(const Rendered& prompt) const {
    HEARTH_TRY(std::vector<text::TokenId> tokens, m_tokenizer.encodeGuarded(prompt.text, prompt.data));
    prependBos(m_tokenizer, tokens);
    return tokens;
}

void prependBos(const text::Tokenizer& tokenizer, std::vector<text::TokenId>& tokens) {
    const text::SpecialTokens& specials = tokenizer.specials();
    if (specials.addBos && specials.bos && (tokens.empty() || tokens.front() != *specials.bos))
        tokens.insert(tokens.begin(), *specials.bos);
}

} // namespace hearth::runtime
