#pragma once

#include <chrono>
#include <cstdlib>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/chat_template.h"
#include "tests/support/test_data.h"

namespace hearth::test {

using Json = nlohmann::ordered_json;

inline std::filesystem::path templateData(const std::string& name) {
    return std::filesystem::path(HEARTH_TEST_DATA) / "templates" / name;
}

/// The moment that reference.py takes for now, in UTC.
inline std::chrono::system_clock::time_point referenceNow() {
    using namespace std::chrono;
    setenv("TZ", "UTC", 1);
    return sys_days{year{2024} / 7 / 6} + 15h + 4min + 5s + microseconds(678901);
}

/// Renders a case as reference.py does.
inline Result<std::string> renderCase(const std::string& source, const Json& testCase,
                                      text::TemplateLimits limits = {}) {
    HEARTH_TRY(const auto parsed, text::ChatTemplate::parse(source, limits));
    text::TemplateInput input;
    input.messages = &testCase.at("messages");
    input.tools = testCase.contains("tools") ? &testCase.at("tools") : nullptr;
    input.extra = testCase.contains("extra") ? &testCase.at("extra") : nullptr;
    input.addGenerationPrompt = testCase.value("add_generation_prompt", true);
    input.bosToken = testCase.value("bos_token", "<s>");
    input.eosToken = testCase.value("eos_token", "</s>");
    input.now = referenceNow();
    return parsed.render(input);
}

/// "" when a rendering agrees with the reference's {"text": …} or {"error": …}; else what differs.
inline std::string difference(const Result<std::string>& got, const Json& want) {
    if (want.contains("error"))
        return got ? "should have failed with " + want["error"].get<std::string>() + ", gave: " + *got : "";
    const auto& text = want["text"].get_ref<const std::string&>();
    if (!got)
        return got.error().message() + "\nwanted: " + text;
    return *got == text ? "" : "got:    " + *got + "\nwanted: " + text;
}

} // namespace hearth::test
