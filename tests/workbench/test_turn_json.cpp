#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/workbench/chat.h"

namespace hearth::workbench {
namespace {

TEST(ParametersJson, EverythingSurvivesARoundTrip) {
    runtime::GenerationParams params;
    params.sampling.temperature = 0.7F;
    params.sampling.topK = 12;
    params.sampling.mirostat = true;
    params.sampling.seed = 18446744073709551615ULL;
    params.sampling.logitBias = {{5, -1.5F}, {319, 100}};
    params.sampling.dryBreakers = {{1, 2}, {3}};
    params.sampling.dryMultiplier = 0.8F;
    params.sampling.penaltyWindow = -1;
    params.maxTokens = 77;
    params.stopStrings = {"</s>", "停"};
    params.contextPolicy = runtime::ContextPolicy::DropOldest;
    params.detectLoops = false;
    params.enableThinking = false;
    const std::string json = toJson(params);
    const auto back = paramsFromJson(json);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(toJson(*back), json);
    EXPECT_EQ(back->sampling.temperature, 0.7F);
    EXPECT_EQ(back->sampling.seed, 18446744073709551615ULL);
    EXPECT_EQ(back->sampling.logitBias, params.sampling.logitBias);
    EXPECT_EQ(back->sampling.dryBreakers, params.sampling.dryBreakers);
    EXPECT_EQ(back->stopStrings, params.stopStrings);
    EXPECT_EQ(back->maxTokens, 77);
    EXPECT_EQ(back->contextPolicy, runtime::ContextPolicy::DropOldest);
    EXPECT_FALSE(back->enableThinking);
    EXPECT_NE(json.find("\"temperature\":0.7,"), std::string::npos) << json;
}

TEST(ParametersJson, EmptyAndPartialMeanDefaults) {
    EXPECT_EQ(toJson(paramsFromJson("").value()), toJson(runtime::GenerationParams{}));
    EXPECT_EQ(toJson(paramsFromJson("{}").value()), toJson(runtime::GenerationParams{}));
    const auto partial = paramsFromJson(R"({"topK":3,"from the future":{"x":1},"seed":42})");
    ASSERT_TRUE(partial);
    EXPECT_EQ(partial->sampling.topK, 3);
    EXPECT_EQ(partial->sampling.seed, 42U);
    EXPECT_EQ(toJson(*partial).find("future"), std::string::npos);
}

TEST(ParametersJson, BadValuesNameTheirKey) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"temperature", "-0.1"},
        {"temperature", "\"hot\""},
        {"temperature", "1e39"},
        {"topK", "1.5"},
        {"topK", "2147483648"},
        {"topK", "18446744073709551615"},
        {"topP", "1.01"},
        {"minP", "-1"},
        {"maxTokens", "0"},
        {"maxTokens", "-2"},
        {"maxTokens", "9223372036854775808"},
        {"mirostat", "1"},
        {"seed", "-1"},
        {"seed", "\"12x\""},
        {"seed", "1.5"},
        {"seed", "\"\""},
        {"stopStrings", "\"x\""},
        {"stopStrings", "[1]"},
        {"stopStrings", "[\"\"]"},
        {"logitBias", "[]"},
        {"logitBias", "{\"a\":1}"},
        {"logitBias", "{\"1\":\"x\"}"},
        {"logitBias", "{\"1\":500}"},
        {"dryBreakers", "{}"},
        {"dryBreakers", "[1]"},
        {"dryBreakers", "[[-1]]"},
        {"contextPolicy", "\"maybe\""},
        {"contextPolicy", "3"},
        {"detectLoops", "null"},
        {"logProbs", "101"},
        {"penaltyWindow", "-2"},
    };
    for (const auto& [key, value] : bad) {
        const auto result = paramsFromJson("{\"" + key + "\":" + value + "}");
        ASSERT_FALSE(result) << key << " = " << value;
        EXPECT_EQ(result.error().code, "parameters.bad_value") << key << " = " << value;
        EXPECT_EQ(result.error().arg("key"), key) << value;
    }
    const auto range = paramsFromJson(R"({"topP":2})");
    EXPECT_EQ(range.error().arg("maximum"), "1");
    for (const char* json : {"[", "[]", "3", "null", "{\"a\":}", "\xff", "{\"topK\":1e999}"})
        EXPECT_EQ(paramsFromJson(json).error().code, "parameters.bad_json") << json;
}

TEST(StatsJson, HasTheDocumentedKeys) {
    runtime::GenerationResult result;
    result.stats.promptTokens = 100;
    result.stats.reusedTokens = 90;
    result.stats.generatedTokens = 11;
    result.stats.reasoningTokens = 4;
    result.stats.promptSeconds = 0.25;
    result.stats.firstTokenSeconds = 0.5;
    result.stats.generateSeconds = 2;
    result.stop = runtime::StopReason::StopString;
    result.seed = 18446744073709551615ULL;
    result.droppedMessages = {1, 2};
    const auto json = nlohmann::json::parse(statsToJson(result));
    EXPECT_EQ(json["prompt_tokens"], 100);
    EXPECT_EQ(json["reused_tokens"], 90);
    EXPECT_EQ(json["generated_tokens"], 11);
    EXPECT_EQ(json["reasoning_tokens"], 4);
    EXPECT_EQ(json["prompt_seconds"], 0.25);
    EXPECT_EQ(json["first_token_seconds"], 0.5);
    EXPECT_EQ(json["generate_seconds"], 2.0);
    EXPECT_EQ(json["tokens_per_second"], 5.0);
    EXPECT_EQ(json["stop_reason"], "stop_string");
    EXPECT_EQ(json["seed"], "18446744073709551615");
    EXPECT_EQ(json["dropped_messages"], 2);
}

TEST(TitleFrom, ShortTextIsTheTitle) {
    EXPECT_EQ(titleFrom("Hello there"), "Hello there");
    EXPECT_EQ(titleFrom("  How  do\tI\x01 sort?  \nsecond line"), "How do I sort?");
    EXPECT_EQ(titleFrom("如何用 C++ 排序？"), "如何用 C++ 排序？");
    EXPECT_EQ(titleFrom(""), "");
    EXPECT_EQ(titleFrom(" \n\n  \n"), "");
}

TEST(TitleFrom, MarkdownMarksAreNoTitle) {
    EXPECT_EQ(titleFrom("\n\n## **Plan** for today ##\nx"), "Plan** for today");
    EXPECT_EQ(titleFrom("> quoted\n"), "quoted");
    EXPECT_EQ(titleFrom("- item"), "item");
    EXPECT_EQ(titleFrom("```python\nprint(1)\n```"), "print(1)");
}

TEST(TitleFrom, LongTextIsCutAtAWordOrACharacter) {
    EXPECT_EQ(titleFrom("Please explain the difference between a mutex and a semaphore"),
              "Please explain the difference between a…");
    EXPECT_EQ(titleFrom("请用通俗易懂的语言解释一下量子纠缠现象以及它在通信中的应用"),
              "请用通俗易懂的语言解释一下量子纠缠现象以…");
    EXPECT_EQ(titleFrom(std::string(100, 'x')), std::string(40, 'x') + "…");
    EXPECT_EQ(titleFrom("👨‍👩‍👧 family 👨‍👩‍👧"),
              "👨‍👩‍👧 family 👨‍👩‍👧");
    EXPECT_EQ(titleFrom("bad \xff\xfe bytes"), "bad bytes");
}

} // namespace
} // namespace hearth::workbench
