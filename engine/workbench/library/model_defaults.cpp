#include "engine/workbench/library/model_defaults.h"

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/chat_template.h"
#include "engine/workbench/chat.h"

namespace hearth::workbench {

namespace {

using nlohmann::ordered_json;

tl::unexpected<Error> bad(const char* key) {
    return tl::unexpected<Error>(
        Error{"library.bad_defaults", std::string("the model's defaults are not usable: ") + key}.with("key",
                                                                                                       key));
}

} // namespace

std::string toJson(const ModelDefaults& defaults) {
    ordered_json out = ordered_json::object();
    if (defaults.contextTokens)
        out["context"] = defaults.contextTokens;
    if (defaults.params)
        out["parameters"] = ordered_json::parse(toJson(*defaults.params), nullptr, false);
    if (!defaults.systemPrompt.empty())
        out["systemPrompt"] = defaults.systemPrompt;
    if (!defaults.chatTemplate.empty())
        out["chatTemplate"] = defaults.chatTemplate;
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<ModelDefaults> modelDefaultsFromJson(const std::string& json) {
    const auto object = ordered_json::parse(json, nullptr, false);
    if (!object.is_object())
        return bad("JSON");
    ModelDefaults out;
    for (const auto& [key, value] : object.items()) {
        if (key == "context" && value.is_number_unsigned() && value.get<std::uint64_t>() <= 1U << 30) {
            out.contextTokens = value.get<std::size_t>();
        } else if (key == "parameters" && value.is_object()) {
            HEARTH_TRY(out.params, paramsFromJson(value.dump()));
        } else if (key == "systemPrompt" && value.is_string()) {
            out.systemPrompt = value.get<std::string>();
        } else if (key == "chatTemplate" && value.is_string()) {
            out.chatTemplate = value.get<std::string>();
        } else {
            return bad(key.c_str());
        }
    }
    return out;
}

Result<std::string> tryChatTemplate(const std::string& source, const std::string& systemPrompt,
                                    const std::string& question, const std::string& bos,
                                    const std::string& eos) {
    HEARTH_TRY(const auto compiled, text::ChatTemplate::parse(source));
    ordered_json messages = ordered_json::array();
    if (!systemPrompt.empty())
        messages.push_back({{"role", "system"}, {"content", systemPrompt}});
    messages.push_back({{"role", "user"}, {"content", question}});
    messages.push_back({{"role", "assistant"}, {"content", "…"}});
    messages.push_back({{"role", "user"}, {"content", question}});
    text::TemplateInput input;
    input.messages = &messages;
    input.bosToken = bos;
    input.eosToken = eos;
    return compiled.render(input);
}

} // namespace hearth::workbench
