#include "engine/workbench/library/model_defaults.h"

#include <gmock/gmock.h>

#include "engine/workbench/library/model_details.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
using test::codeOf;
using testing::HasSubstr;

TEST(ModelDefaults, GoThroughJson) {
    ModelDefaults all;
    all.contextTokens = 4096;
    all.params.emplace();
    all.params->sampling.temperature = 0.25F;
    all.params->maxTokens = 99;
    all.systemPrompt = "You are kind. 你好";
    all.chatTemplate = "{{ messages[0].content }}";
    const auto back = modelDefaultsFromJson(toJson(all));
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(back->contextTokens, 4096U);
    EXPECT_EQ(back->params->sampling.temperature, 0.25F);
    EXPECT_EQ(back->params->maxTokens, 99);
    EXPECT_EQ(back->systemPrompt, all.systemPrompt);
    EXPECT_EQ(back->chatTemplate, all.chatTemplate);
    EXPECT_EQ(toJson(ModelDefaults{}), "{}");
    EXPECT_TRUE(modelDefaultsFromJson("{}")->empty());
}

TEST(ModelDefaults, BadOnesAreNamed) {
    for (const char* bad : {"", "[]", "{\"context\": -1}", "{\"context\": 1e99}", "{\"unknown\": 1}",
                            "{\"systemPrompt\": 3}", "{\"parameters\": []}"})
        EXPECT_EQ(codeOf(modelDefaultsFromJson(bad)), "library.bad_defaults") << bad;
    EXPECT_EQ(codeOf(modelDefaultsFromJson(R"({"parameters":{"temperature":"hot"}})")),
              "parameters.bad_value");
}

TEST(ModelDefaults, ATemplateIsTriedBeforeItIsUsed) {
    const auto text = tryChatTemplate("{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}"
                                      "{% endfor %}",
                                      "be brief", "hello", "<s>", "</s>");
    ASSERT_TRUE(text) << text.error().message();
    EXPECT_EQ(*text, "<s>[system]be brief[user]hello[assistant]…[user]hello");
    EXPECT_EQ(codeOf(tryChatTemplate("{% for", "", "x", "", "")), "template.syntax");
    EXPECT_EQ(codeOf(tryChatTemplate("{{ raise_exception('no') }}", "", "x", "", "")), "template.raised");
    EXPECT_EQ(codeOf(tryChatTemplate("{% for i in range(1000000000000) %}x{% endfor %}", "", "x", "", "")),
              "template.limit");
}

TEST(ModelDetails, TensorsGroupsAndMetadata) {
    const auto details = readModelDetails(test::golden("llama-Q4_K.gguf"));
    ASSERT_TRUE(details) << details.error().message();
    EXPECT_FALSE(details->tensors.empty());
    EXPECT_FALSE(details->metadata.empty());
    std::uint64_t sum = 0;
    std::size_t count = 0;
    for (const auto& group : details->groups) {
        sum += group.bytes;
        count += group.count;
    }
    EXPECT_EQ(sum, details->tensorBytes);
    EXPECT_EQ(count, details->tensors.size());
    EXPECT_GE(details->groups.front().bytes, details->groups.back().bytes);
    bool found = false;
    for (const auto& [key, value] : details->metadata)
        if (key == "tokenizer.ggml.tokens") {
            found = true;
            EXPECT_THAT(value, HasSubstr("[320] "));
            EXPECT_LT(value.size(), 1000U);
        }
    EXPECT_TRUE(found);
    EXPECT_EQ(codeOf(readModelDetails("nothing.gguf")), "file.not_found");
    EXPECT_EQ(tensorPart("blk.12.attn_q.weight"), "attn_q");
    EXPECT_EQ(tensorPart("token_embd.weight"), "token_embd");
    EXPECT_EQ(tensorPart("blk.0.attn_q.bias"), "attn_q");
}

} // namespace
