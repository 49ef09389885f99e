#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"

namespace hearth::text {

/// Bounds on one rendering; exceeding one is the error "template.limit" naming it.
struct TemplateLimits {
    std::size_t sourceBytes = 1 << 20;
    std::size_t outputBytes = 64 << 20;
    std::uint64_t steps = 20'000'000;
    std::size_t depth = 200;
    std::chrono::milliseconds time{2000};
};

/// What a chat template is rendered with.
struct TemplateInput {
    const nlohmann::ordered_json* messages = nullptr; ///< array of {role, content, …}; required
    const nlohmann::ordered_json* tools = nullptr;    ///< array or nullptr
    const nlohmann::ordered_json* extra =
        nullptr; ///< object of further variables (enable_thinking, …) or nullptr
    bool addGenerationPrompt = true;
    std::string bosToken, eosToken;
    std::optional<std::chrono::system_clock::time_point> now; ///< for strftime_now; the clock when absent
};

/// A closed interpreter for the Jinja subset that chat templates use: no attribute of a host object, no
/// import, no file. Renders as python3-jinja2 does with trim_blocks and lstrip_blocks (the environment of
/// Hugging Face's apply_chat_template). Immutable after parse(); thread-safe.
class ChatTemplate {
public:
    /// Errors: template.syntax (with the byte offset), template.limit, template.empty, template.encoding.
    [[nodiscard]] static Result<ChatTemplate> parse(std::string_view source, TemplateLimits limits = {});

    /// Errors: template.limit, template.runtime, template.raised (the template's own raise_exception text),
    /// template.bad_messages.
    [[nodiscard]] Result<std::string> render(const TemplateInput& input) const;

    [[nodiscard]] const std::string& source() const;
    /// Whether the source mentions a variable (for example "tools", "enable_thinking").
    [[nodiscard]] bool mentions(std::string_view variable) const;

    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;
    ~ChatTemplate();

private:
    ChatTemplate();
    struct Impl;
    std::unique_ptr<const Impl> m_impl;
};

/// The stated default for models without a template (ChatML).
[[nodiscard]] std::string_view defaultChatTemplate();

} // namespace hearth::text
