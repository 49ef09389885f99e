#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

#include "engine/text/tokenizer/pre_tokenizer.h"

namespace hearth::text {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(const PreTokenizer& rule, std::string_view text) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    const auto ends = rule.split(text);
    for (const std::uint32_t end : *ends) {
        out.emplace_back(text.substr(begin, end - begin));
        begin = end;
    }
    return out;
}

std::vector<std::string> words(std::string_view name, std::string_view text) {
    return words(*PreTokenizer::compile(*preTokenizerRule(name)), text);
}

TEST(PreTokenizer, EveryNameCompilesAndLosesNothing) {
    const std::string text = "I'VE 12345 x.y\t\r\n\n  Grüße, HTTPServer's 你好，世界。 ไทย \xF0\x9F\x98\xB6  "
                             "\xE2\x80\x8D ٣٤ _a|b  ";
    ASSERT_GE(preTokenizerNames().size(), 60u);
    for (const std::string_view name : preTokenizerNames()) {
        const auto rule = preTokenizerRule(name);
        ASSERT_TRUE(rule);
        const auto compiled = PreTokenizer::compile(*rule);
        ASSERT_TRUE(compiled) << name << ": " << compiled.error().message();
        const auto ends = compiled->split(text);
        ASSERT_TRUE(ends) << name;
        EXPECT_EQ(ends->back(), text.size()) << name;
        EXPECT_GT(ends->front(), 0u) << name;
        EXPECT_TRUE(std::adjacent_find(ends->begin(), ends->end(), std::greater_equal<>()) == ends->end())
            << name;
        EXPECT_TRUE(compiled->split("")->empty());
    }
}

TEST(PreTokenizer, Gpt2) {
    EXPECT_THAT(words("gpt-2", "I've 12345  apples\n\n x"),
                ElementsAre("I", "'ve", " 12345", " ", " apples", "\n\n", " x"));
    EXPECT_THAT(words("gpt-2", "I'VE"), ElementsAre("I", "'", "VE")) << "small letters only";
}

TEST(PreTokenizer, Llama3GroupsThreeDigits) {
    for (const char* name : {"llama3", "llama-v3", "llama-bpe", "chatglm-bpe", "dbrx"})
        EXPECT_THAT(words(name, "I'VE 12345 apples\n\n  x"),
                    ElementsAre("I", "'VE", " ", "123", "45", " apples", "\n\n", " ", " x"))
            << name;
}

TEST(PreTokenizer, Qwen2TakesDigitsOneByOne) {
    for (const char* name : {"qwen2", "deepseek-r1-qwen", "stablelm2"})
        EXPECT_THAT(words(name, "x 123!\n"), ElementsAre("x", " ", "1", "2", "3", "!\n")) << name;
    EXPECT_THAT(words("qwen35", "e\xCC\x81t"), ElementsAre("e\xCC\x81t")) << "marks belong to words";
    EXPECT_THAT(words("qwen2", "e\xCC\x81t"), ElementsAre("e", "\xCC\x81t"));
}

TEST(PreTokenizer, DigitsFirst) {
    for (const char* name : {"starcoder", "refact", "smollm", "command-r"})
        EXPECT_THAT(words(name, "ab 123 c"), ElementsAre("ab", " ", "1", "2", "3", " c")) << name;
}

TEST(PreTokenizer, CapitalsSplitWords) {
    EXPECT_THAT(words("gpt-4o", "HelloWorld HTTPServer's 1234"),
                ElementsAre("Hello", "World", " HTTPServer's", " ", "123", "4"));
    EXPECT_THAT(words("tekken", "HelloWorld it's 12"),
                ElementsAre("Hello", "World", " it", "'s", " ", "1", "2"));
    EXPECT_THAT(words("gpt-4o", "ABC"), ElementsAre("ABC"));
}

TEST(PreTokenizer, KimiKeepsChineseApart) {
    EXPECT_THAT(words("kimi-k2", "你好hello世界 12"), ElementsAre("你好", "hello", "世界", " ", "12"));
    EXPECT_THAT(words("gpt-4o", "你好hello世界"), ElementsAre("你好hello世界"));
}

TEST(PreTokenizer, DeepSeek) {
    EXPECT_THAT(words("deepseek-v3", "你好abc1234 -x"), ElementsAre("你好", "abc", "123", "4", " -", "x"));
    EXPECT_THAT(words("deepseek-v3", "f.x"), ElementsAre("f", ".x"));
    EXPECT_THAT(words("deepseek-coder", "a b\n12，x"), ElementsAre("a", " b", "\n", "1", "2", "，", "x"));
    EXPECT_THAT(words("deepseek-llm", "a b12 好  "), ElementsAre("a", " b", "12", " ", "好", "  "));
    EXPECT_THAT(words("deepseek-llm", "ab\xE1\x83\x90"), ElementsAre("ab", "\xE1\x83\x90"))
        << "Georgian is not among the letters with capitals";
}

TEST(PreTokenizer, FalconAndDefault) {
    EXPECT_THAT(words("falcon", "a,b 12345"), ElementsAre("a", ",", "b", " ", "123", "45"));
    EXPECT_THAT(words("default", "a`b 12345"), ElementsAre("a", "`", "b", " ", "123", "45"));
}

TEST(PreTokenizer, Bloom) {
    EXPECT_THAT(words("bloom", "a,b c12。"), ElementsAre("a", ",", "b", " c12", "。"));
    EXPECT_THAT(words("viking", "a c12"), ElementsAre("a", " c", "1", "2"));
}

TEST(PreTokenizer, MongolianVowelSeparatorIsNoWhiteSpace) {
    EXPECT_THAT(words("gpt-2", "a\xE1\xA0\x8E!"), ElementsAre("a", "\xE1\xA0\x8E!"));
    EXPECT_THAT(words("gpt-2", "a\xC2\xA0!"), ElementsAre("a", "\xC2\xA0", "!")) << "the no-break space is";
}

TEST(PreTokenizer, UnknownNameIsSaid) {
    const auto rule = preTokenizerRule("no-such-rule");
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().code, "tokenizer.unknown_pre");
    EXPECT_EQ(rule.error().arg("pre"), "no-such-rule");
    EXPECT_THAT(rule.error().arg("known"), testing::HasSubstr("llama-bpe"));
}

TEST(PreTokenizer, InvalidExpressionIsAnError) {
    const auto compiled = PreTokenizer::compile({{"a(b"}});
    ASSERT_FALSE(compiled);
    EXPECT_EQ(compiled.error().code, "tokenizer.bad_expression");
}

TEST(PreTokenizer, BacktrackingIsStopped) {
    const auto compiled = PreTokenizer::compile({{"(?:a+)+$"}});
    ASSERT_TRUE(compiled);
    const auto start = std::chrono::steady_clock::now();
    const auto ends = compiled->split(std::string(64, 'a') + "!");
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    ASSERT_FALSE(ends);
    EXPECT_EQ(ends.error().code, "tokenizer.match_limit");
    EXPECT_LT(seconds.count(), 60) << "2^64 steps would never end";
}

TEST(PreTokenizer, AnExpressionThatMatchesNothingStillEnds) {
    const auto compiled = PreTokenizer::compile({{"x?"}});
    ASSERT_TRUE(compiled);
    EXPECT_THAT(words(*compiled, "a好x"), ElementsAre("a", "好", "x"));
}

} // namespace
} // namespace hearth::text
