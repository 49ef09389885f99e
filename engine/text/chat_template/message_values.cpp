#include "engine/text/chat_template/message_values.h"

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/jinja/evaluator.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/run.h"
#include "engine/text/chat_template/jinja/unicode.h"

namespace hearth::text {

namespace {

using Json = nlohmann::ordered_json;
using jinja::Value;

[[noreturn]] void badMessages(std::string why) {
    throw jinja::Fault{Error{"template.bad_messages", std::move(why)}};
}

Value textValue(jinja::Run& run, const std::string& text) {
    if (!jinja::isValidUtf8(text))
        badMessages("a text is not valid UTF-8");
    return run.string(text);
}

Value toValue(jinja::Run& run, const Json& json) {
    const jinja::Run::Nested nested(run, jinja::Run::kDataLevel);
    run.step();
    switch (json.type()) {
    case Json::value_t::boolean:
        return Value::boolean(json.get<bool>());
    case Json::value_t::number_integer:
        return Value::integer(json.get<std::int64_t>());
    case Json::value_t::number_unsigned:
        if (json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
            badMessages("a number does not fit 64 bits");
        return Value::integer(json.get<std::int64_t>());
    case Json::value_t::number_float:
        return Value::real(json.get<double>());
    case Json::value_t::string:
        return textValue(run, json.get_ref<const std::string&>());
    case Json::value_t::array: {
        std::vector<Value> values;
        values.reserve(json.size());
        for (const Json& item : json)
            values.push_back(toValue(run, item));
        return run.list(std::move(values));
    }
    case Json::value_t::object: {
        jinja::Dict* dict = run.make<jinja::Dict>();
        for (const auto& [key, item] : json.items())
            dict->set(run, textValue(run, key), toValue(run, item));
        return Value::dict(dict);
    }
    default:
        return Value::none();
    }
}

void checkMessages(const Json* messages) {
    if (!messages || !messages->is_array())
        badMessages("the messages are not a list");
    for (std::size_t i = 0; i < messages->size(); ++i) {
        const Json& message = (*messages)[i];
        const std::string which = "message " + std::to_string(i);
        if (!message.is_object())
            badMessages(which + " is not an object");
        const auto role = message.find("role");
        if (role == message.end() || !role->is_string())
            badMessages(which + " has no role");
    }
}

} // namespace

void defineVariables(jinja::Run& run, jinja::Evaluator& evaluator, const TemplateInput& input) {
    checkMessages(input.messages);
    if (input.tools && !input.tools->is_array() && !input.tools->is_null())
        badMessages("the tools are not a list");
    if (input.extra && !input.extra->is_object() && !input.extra->is_null())
        badMessages("the further variables are not an object");
    evaluator.define("messages", toValue(run, *input.messages));
    evaluator.define("tools", input.tools ? toValue(run, *input.tools) : Value::none());
    evaluator.define("documents", Value::none());
    evaluator.define("add_generation_prompt", Value::boolean(input.addGenerationPrompt));
    evaluator.define("bos_token", textValue(run, input.bosToken));
    evaluator.define("eos_token", textValue(run, input.eosToken));
    if (input.extra)
        for (const auto& [name, value] : input.extra->items())
            evaluator.define(name, toValue(run, value));
}

} // namespace hearth::text
