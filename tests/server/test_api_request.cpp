// From the JSON of a request to its values: one row for each field and each end of its range.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/server/api_request.h"

namespace hearth::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kChat = R"({"messages":[{"role":"user","content":"a"}])";
const std::string kPlain = R"({"prompt":"a")";

Result<ApiRequest> chat(const std::string& more) {
    return parseApiRequest(ApiKind::Chat, kChat + "," + more + "}");
}

TEST(ApiRequest, EveryFieldHasItsRange) {
    struct Row {
        const char* field;
        std::vector<const char*> good, outside, wrong;
    };
    const std::vector<Row> rows = {
        {"temperature", {"0", "1", "2", "0.5"}, {"-0.01", "2.01", "1e308"}, {"\"1\"", "[]", "true"}},
        {"top_p", {"0", "1"}, {"-0.1", "1.1"}, {"\"1\""}},
        {"min_p", {"0", "1"}, {"-0.1", "1.1"}, {"{}"}},
        {"frequency_penalty", {"-2", "2"}, {"-2.1", "2.1"}, {"\"\""}},
        {"presence_penalty", {"-2", "2"}, {"-2.1", "2.1"}, {"false"}},
        {"repetition_penalty", {"0.1", "10"}, {"0", "10.1", "-1"}, {"[1]"}},
        {"top_k", {"0", "1000000"}, {"-1", "1000001", "18446744073709551615"}, {"1.5", "\"1\""}},
        {"n", {"1", "8"}, {"0", "-1", "9", "1000000"}, {"1.0", "true"}},
        {"max_tokens", {"1", "16777216"}, {"0", "-1", "16777217"}, {"2.5", "\"9\""}},
        {"max_completion_tokens", {"1"}, {"0", "-1"}, {"{}"}},
        {"seed", {"0", "-1", "9223372036854775807"}, {"9223372036854775808"}, {"0.5", "\"7\""}},
        {"stream", {"true", "false"}, {}, {"1", "\"true\""}},
        {"logit_bias",
         {"{}", "{\"5\":-100}", "{\"5\":100}"},
         {"{\"5\":101}", "{\"-1\":1}"},
         {"[]", "{\"a\":1}", "{\"5\":\"1\"}", "{\"5x\":1}", "{\"99999999999\":1}"}},
        {"stop", {"\"a\"", "[\"a\",\"b\"]", "[]"}, {"\"\"", "[\"a\",\"\"]"}, {"1", "[1]", "{}"}},
        {"model", {"\"m\"", "\"\""}, {}, {"1", "[]"}},
    };
    for (const Row& row : rows) {
        const auto with = [&](const char* value) {
            return chat("\"" + std::string(row.field) + "\":" + value);
        };
        SCOPED_TRACE(row.field);
        EXPECT_TRUE(with("null")) << "null is the same as not given";
        for (const char* value : row.good) {
            const auto got = with(value);
            EXPECT_TRUE(got) << value << " " << (got ? "" : got.error().message());
        }
        for (const char* value : row.outside) {
            const auto got = with(value);
            ASSERT_FALSE(got) << value;
            EXPECT_EQ(got.error().code, "request.out_of_range") << value;
            EXPECT_EQ(got.error().arg("field"), row.field);
            EXPECT_FALSE(got.error().arg("min").empty());
        }
        for (const char* value : row.wrong) {
            const auto got = with(value);
            ASSERT_FALSE(got) << value;
            EXPECT_EQ(got.error().code, "request.wrong_type") << value;
            EXPECT_EQ(got.error().arg("field"), row.field);
        }
    }
}

TEST(ApiRequest, ValuesArriveWhereTheyBelong) {
    const auto got = chat(
        R"("model":"m","temperature":0.5,"top_p":0.25,"min_p":0.125,"top_k":7,"frequency_penalty":1,
           "presence_penalty":-1,"repetition_penalty":1.5,"seed":9,"max_tokens":5,"n":2,"stop":["x","y"],
           "logit_bias":{"3":-1.5},"stream":true,"stream_options":{"include_usage":true},
           "user":"somebody","store":true,"unheard_of":{"a":[1]})");
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(got->model, "m");
    EXPECT_EQ(got->answers, 2U);
    EXPECT_TRUE(got->stream);
    EXPECT_TRUE(got->includeUsage);
    runtime::GenerationParams params;
    params.stopStrings = {"own"};
    params.contextPolicy = runtime::ContextPolicy::DropOldest;
    got->applyTo(params);
    EXPECT_EQ(params.sampling.temperature, 0.5F);
    EXPECT_EQ(params.sampling.topP, 0.25F);
    EXPECT_EQ(params.sampling.minP, 0.125F);
    EXPECT_EQ(params.sampling.topK, 7);
    EXPECT_EQ(params.sampling.frequencyPenalty, 1.0F);
    EXPECT_EQ(params.sampling.presencePenalty, -1.0F);
    EXPECT_EQ(params.sampling.repetitionPenalty, 1.5F);
    EXPECT_EQ(params.sampling.seed, 9U);
    EXPECT_EQ(params.sampling.logitBias.at(3), -1.5F);
    EXPECT_EQ(params.maxTokens, 5);
    EXPECT_EQ(params.contextPolicy, runtime::ContextPolicy::Stop);
    EXPECT_THAT(params.stopStrings, ElementsAre("own", "x", "y"));
    // What was not given stays as it was.
    const auto bare = parseApiRequest(ApiKind::Chat, kChat + "}");
    ASSERT_TRUE(bare);
    bare->applyTo(params);
    EXPECT_EQ(params.sampling.temperature, 0.5F);
    EXPECT_EQ(params.maxTokens, -1);
    // The newer name of the limit counts where both are given; the seed 0 is a seed.
    const auto both = chat(R"("max_tokens":5,"max_completion_tokens":6,"seed":0)");
    ASSERT_TRUE(both);
    EXPECT_EQ(both->maxTokens, 6);
    EXPECT_NE(both->seed.value_or(0), 0U);
}

TEST(ApiRequest, MessagesOfEveryForm) {
    const auto got = parseApiRequest(
        ApiKind::Chat,
        R"({"messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},
            {"type":"text","text":"b"}],"name":"ann"},{"role":"assistant","content":"","tool_calls":[]}]})");
    ASSERT_TRUE(got) << got.error().message();
    const auto& messages = std::get<std::vector<runtime::ChatMessage>>(got->prompt);
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages[0].role, "system");
    EXPECT_EQ(messages[1].content, "a\nb");
    const std::pair<const char*, const char*> bad[] = {
        {R"([])", "request.missing"},
        {R"({})", "request.wrong_type"},
        {R"(["a"])", "request.wrong_type"},
        {R"([{"content":"a"}])", "request.missing"},
        {R"([{"role":"user"}])", "request.missing"},
        {R"([{"role":"user","content":7}])", "request.wrong_type"},
        {R"([{"role":"user","content":["a"]}])", "request.wrong_type"},
        {R"([{"role":"user","content":[{"type":"text"}]}])", "request.wrong_type"},
        {R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}])",
         "request.unsupported"},
        {R"([{"role":"tool","content":"a"}])", "request.unsupported"},
        {R"([{"role":"god","content":"a"}])", "request.wrong_type"},
        {R"([{"role":"assistant","content":"a","tool_calls":[{"id":"1"}]}])", "request.unsupported"},
    };
    for (const auto& [messages_, code] : bad) {
        const auto refused = parseApiRequest(ApiKind::Chat, R"({"messages":)" + std::string(messages_) + "}");
        ASSERT_FALSE(refused) << messages_;
        EXPECT_EQ(refused.error().code, code) << messages_;
    }
    EXPECT_EQ(parseApiRequest(ApiKind::Chat, "{}").error().code, "request.missing");
}

TEST(ApiRequest, PromptsOfEveryForm) {
    const auto text = parseApiRequest(ApiKind::Completion, kPlain + "}");
    ASSERT_TRUE(text);
    EXPECT_EQ(std::get<std::string>(text->prompt), "a");
    EXPECT_EQ(text->maxTokens, ApiRequest::kUsualCompletion);
    const auto one = parseApiRequest(ApiKind::Completion, R"({"prompt":["b"]})");
    ASSERT_TRUE(one);
    EXPECT_EQ(std::get<std::string>(one->prompt), "b");
    for (const char* tokens : {"[1,2]", "[[1,2]]"}) {
        const auto got = parseApiRequest(ApiKind::Completion, R"({"prompt":)" + std::string(tokens) + "}");
        ASSERT_TRUE(got) << tokens;
        EXPECT_THAT(std::get<std::vector<runtime::TokenId>>(got->prompt), ElementsAre(1, 2));
    }
    const std::pair<const char*, const char*> bad[] = {
        {"7", "request.wrong_type"},
        {"{}", "request.wrong_type"},
        {"[1.5]", "request.wrong_type"},
        {"[-1]", "request.out_of_range"},
        {"[1,-1]", "request.out_of_range"},
        {"[2147483648]", "request.out_of_range"},
        {"[\"a\",\"b\"]", "request.unsupported"},
        {"[[1],[2]]", "request.unsupported"},
        {"[null]", "request.wrong_type"},
        {"[1,true]", "request.wrong_type"},
    };
    for (const auto& [prompt, code] : bad) {
        const auto refused =
            parseApiRequest(ApiKind::Completion, R"({"prompt":)" + std::string(prompt) + "}");
        ASSERT_FALSE(refused) << prompt;
        EXPECT_EQ(refused.error().code, code) << prompt;
    }
}

TEST(ApiRequest, WhatCannotBeFollowedIsRefusedByName) {
    for (const char* field :
         {R"("tools":[{"type":"function"}])", R"("tool_choice":"required")", R"("functions":[{}])",
          R"("response_format":{"type":"json_object"})", R"("logprobs":true)", R"("top_logprobs":3)",
          R"("best_of":2)", R"("suffix":"x")", R"("echo":true)", R"("audio":{"voice":"a"})",
          R"("modalities":["text","audio"])", R"("prediction":{"type":"content"})", R"("grammar":"x")",
          R"("guided_regex":"a*")", R"("guided_choice":["a"])",
          R"("stream_options":{"include_usage":true})"}) {
        const auto refused = chat(field);
        ASSERT_FALSE(refused) << field;
        EXPECT_EQ(refused.error().code, "request.unsupported") << field;
        EXPECT_THAT(std::string(field), HasSubstr("\"" + refused.error().arg("field") + "\""));
    }
    // The same fields with what is done anyway.
    for (const char* field :
         {R"("tools":[])", R"("tools":null)", R"("tool_choice":"auto")", R"("tool_choice":"none")",
          R"("response_format":{"type":"text"})", R"("logprobs":false)", R"("top_logprobs":0)",
          R"("best_of":1)", R"("suffix":"")", R"("echo":false)", R"("modalities":["text"])"})
        EXPECT_TRUE(chat(field)) << field;
}

TEST(ApiRequest, WhatIsNoRequest) {
    struct Row {
        std::string body;
        const char* code;
    };
    const std::string deep(40, '[');
    const Row rows[] = {
        {"", "request.not_json"},
        {"{", "request.not_json"},
        {kChat + "} x", "request.not_json"},
        {kChat + R"(,"temperature":NaN})", "request.not_json"},
        {kChat + R"(,"temperature":1e999})", "request.not_json"},
        {"\xEF\xBB", "request.bad_utf8"},
        {kChat + ",\"user\":\"\xED\xA0\x80\"}", "request.bad_utf8"},
        {R"({"a":)" + deep, "request.too_deep"},
        {"[]", "request.not_object"},
        {"\"secret text\"", "request.not_object"},
        {"secret text", "request.not_json"},
    };
    for (const Row& row : rows) {
        const auto refused = parseApiRequest(ApiKind::Chat, row.body);
        ASSERT_FALSE(refused) << row.body;
        EXPECT_EQ(refused.error().code, row.code) << row.body;
        EXPECT_THAT(refused.error().message(), Not(HasSubstr("secret")));
    }
    std::string stops = R"("stop":["a")";
    for (std::size_t i = 0; i < ApiRequest::kMaxStops; ++i)
        stops += ",\"a\"";
    EXPECT_EQ(chat(stops + "]").error().code, "request.too_many");
    EXPECT_EQ(chat(R"("stop":")" + std::string(300, 'a') + "\"").error().code, "request.out_of_range");
}

TEST(ApiRequest, CutAnywhereItIsRefusedAndNothingElse) {
    const std::string whole =
        kChat + R"(,"temperature":0.5,"stop":["a","é"],"logit_bias":{"3":-1},"stream":true,"n":2})";
    ASSERT_TRUE(parseApiRequest(ApiKind::Chat, whole));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(parseApiRequest(ApiKind::Chat, std::string_view(whole).substr(0, size))) << size;
}

} // namespace
} // namespace hearth::server
