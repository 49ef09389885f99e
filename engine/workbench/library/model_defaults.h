#pragma once

#include <optional>
#include <string>

#include "engine/base/error.h"
#include "engine/runtime/session.h"

namespace hearth::workbench {

/// What a model is opened and talked to with, where a person chose something for it. A value.
struct ModelDefaults {
    std::size_t contextTokens = 0;                   ///< 0 = the program's setting
    std::optional<runtime::GenerationParams> params; ///< of new chats with this model
    std::string systemPrompt;                        ///< of new chats; "" = none
    std::string chatTemplate;                        ///< in place of the file's; "" = the file's own

    [[nodiscard]] bool empty() const {
        return contextTokens == 0 && !params && systemPrompt.empty() && chatTemplate.empty();
    }
};

[[nodiscard]] std::string toJson(const ModelDefaults& defaults);
/// Errors: library.bad_defaults (arg key), parameters.bad_value.
[[nodiscard]] Result<ModelDefaults> modelDefaultsFromJson(const std::string& json);

/// What a template makes of a small conversation (a system prompt, a question, an answer, a question), for
/// looking at it before it is used. `bos` and `eos` are the texts of the model's tokens. Errors: template.*.
[[nodiscard]] Result<std::string> tryChatTemplate(const std::string& source, const std::string& systemPrompt,
                                                  const std::string& question, const std::string& bos,
                                                  const std::string& eos);

} // namespace hearth::workbench
