#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/text/chat_template/template_cases.h"

using namespace hearth;
using test::Json;

namespace {

const Json kChat = Json::parse(
    R"({"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}], "add_generation_prompt": true})");

} // namespace

TEST(ChatTemplate, DefaultIsChatMl) {
    EXPECT_EQ(test::renderCase(std::string(text::defaultChatTemplate()), kChat).value(),
              "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n");
    Json chat = kChat;
    chat["add_generation_prompt"] = false;
    EXPECT_EQ(test::renderCase(std::string(text::defaultChatTemplate()), chat).value(),
              "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n");
}

TEST(ChatTemplate, KnowsWhatItMentions) {
    const auto parsed = text::ChatTemplate::parse(
        "{% if tools is defined %}{% set made = 1 %}{{ messages[0].hidden }} thinking{% endif %}");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->mentions("tools"));
    EXPECT_TRUE(parsed->mentions("messages"));
    EXPECT_FALSE(parsed->mentions("made")) << "set, never read";
    EXPECT_FALSE(parsed->mentions("hidden")) << "an attribute";
    EXPECT_FALSE(parsed->mentions("thinking")) << "text";
    EXPECT_EQ(parsed->source().substr(0, 5), "{% if");
}

TEST(ChatTemplate, ExtraVariablesWin) {
    Json chat = kChat;
    chat["extra"] = {{"bos_token", "[B]"}, {"enable_thinking", false}, {"documents", {1}}};
    EXPECT_EQ(
        test::renderCase("{{ bos_token }}{{ enable_thinking }}{{ documents }}{{ tools }}", chat).value(),
        "[B]False[1]None");
}

/// Plain Jinja escapes <, >, & and ' for HTML and sorts the keys; Hugging Face's environment does neither.
TEST(ChatTemplate, ToJsonIsHuggingFaces) {
    Json chat = kChat;
    chat["extra"] = {{"d", {{"z", "<a href='x'>&"}, {"a", 1}}}};
    EXPECT_EQ(test::renderCase("{{ d | tojson }}", chat).value(), R"({"z": "<a href='x'>&", "a": 1})");
}

TEST(ChatTemplate, TheClockIsUsedWithoutAFixedTime) {
    const auto parsed = text::ChatTemplate::parse("{{ strftime_now('%Y') | int > 2000 }}");
    ASSERT_TRUE(parsed);
    text::TemplateInput input;
    input.messages = &kChat.at("messages");
    EXPECT_EQ(parsed->render(input).value(), "True");
}

TEST(ChatTemplate, RendersTheSameInManyThreads) {
    const auto parsed = text::ChatTemplate::parse(test::readText(test::templateData("chat_markers.jinja")));
    ASSERT_TRUE(parsed);
    text::TemplateInput input;
    input.messages = &kChat.at("messages");
    input.now = test::referenceNow();
    const std::string expected = parsed->render(input).value();
    std::vector<std::string> results(4);
    std::vector<std::thread> threads;
    for (std::string& result : results)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i)
                result = parsed->render(input).value();
        });
    for (std::thread& thread : threads)
        thread.join();
    for (const std::string& result : results)
        EXPECT_EQ(result, expected);
}

TEST(ChatTemplate, RenderingLeavesTheInputAlone) {
    const Json before = kChat;
    ASSERT_TRUE(test::renderCase(
        "{% set _ = messages.append({'role': 'x'}) %}{% set _ = messages[0].update({'a': 1}) "
        "%}{{ messages }}",
        kChat));
    EXPECT_EQ(before, kChat);
}

TEST(ChatTemplate, ALongChatStaysWithinTheLimits) {
    Json chat = Json::parse(R"({"messages": []})");
    for (int i = 0; i < 2000; ++i)
        chat["messages"].push_back(
            {{"role", i % 2 ? "assistant" : "user"}, {"content", std::string(2000, 'x')}});
    const auto result = test::renderCase(std::string(text::defaultChatTemplate()), chat);
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_GT(result->size(), 4'000'000U);
}
