#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/chat_template.h"

// Input: a template, then after the first NUL the JSON of the messages. Without one, two fixed messages are
// used.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using Json = nlohmann::ordered_json;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t split = input.find('\0');
    static const Json fixed = Json::parse(
        R"([{"role": "user", "content": "Hé {{ x }}", "n": [1, 2.5, null, true, {"a": "b"}]}, {"role": "assistant", "content": "Yo"}])");
    Json given;
    if (split != std::string_view::npos)
        given = Json::parse(input.substr(split + 1), nullptr, false);
    if (given.is_discarded())
        given = nullptr;

    hearth::text::TemplateLimits limits;
    limits.steps = 50'000;
    limits.outputBytes = 1 << 18;
    limits.time = std::chrono::milliseconds(500);
    const auto parsed = hearth::text::ChatTemplate::parse(input.substr(0, split), limits);
    hearth::text::TemplateInput variables;
    variables.messages = given.is_null() ? &fixed : &given;
    variables.tools = &fixed;
    variables.bosToken = "<s>";
    if (parsed) {
        const auto rendered = parsed->render(variables);
        if (!rendered && rendered.error().code.rfind("template.", 0) != 0)
            std::abort(); // an error without its name
        if (rendered && rendered->size() > limits.outputBytes)
            std::abort();
    }
    return 0;
}
