#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/text/tokenizer/vocabulary_file.h"

namespace hearth::text {
namespace {

using enum Tokenizer::Specials;
using testing::ElementsAre;

std::vector<std::string> pieces(const Tokenizer& tokenizer, std::string_view text) {
    return test::texts(tokenizer, *tokenizer.encode(text, Plain));
}

TEST(ByteBpe, MergesByRank) {
    const auto tokenizer = *test::byteBpeFile({"l l", "h e", "he ll", "hell o", "Ġ w", "e l"}).open();
    EXPECT_EQ(tokenizer->model(), "gpt2");
    EXPECT_EQ(tokenizer->pre(), "gpt-2");
    EXPECT_THAT(pieces(*tokenizer, "hello wel"), ElementsAre("hello", "Ġw", "el"));
    EXPECT_THAT(pieces(*tokenizer, "ello"), ElementsAre("e", "ll", "o")) << "l l has the lower rank";
    EXPECT_THAT(pieces(*tokenizer, "lll"), ElementsAre("ll", "l")) << "the leftmost first";
}

TEST(ByteBpe, WritesEveryByte) {
    const auto tokenizer = *test::byteBpeFile({"Ã ©"}).open();
    EXPECT_THAT(pieces(*tokenizer, "é\n好"), ElementsAre("Ã©", "Ċ", "å", "¥", "½"));
    EXPECT_EQ(tokenizer->pieceBytes(*tokenizer->find("Ã©")), "é");
    EXPECT_EQ(tokenizer->pieceBytes(*tokenizer->find("Ċ")), "\n");
    EXPECT_EQ(tokenizer->pieceBytes(*tokenizer->find("å")), "\xE5");
}

TEST(ByteBpe, WordsComeWholeWhereTheRuleSaysSo) {
    auto file = test::byteBpeFile({"a b"}, "llama-bpe");
    file.tokens.push_back({"Ġxyz"});
    const auto ignoring = *file.open();
    EXPECT_THAT(pieces(*ignoring, "ab xyz xyzz"), ElementsAre("ab", "Ġxyz", "Ġ", "x", "y", "z", "z"));
    EXPECT_TRUE(ignoring->specials().addBos);
    file.pre = "qwen2";
    const auto merging = *file.open();
    EXPECT_THAT(pieces(*merging, "ab xyz"), ElementsAre("ab", "Ġ", "x", "y", "z"));
    EXPECT_FALSE(merging->specials().addBos);
}

TEST(ByteBpe, SpecialTokensOnlyWhereAsked) {
    const auto tokenizer = *test::byteBpeFile({"i m"}).open();
    const TokenId start = *tokenizer->find("<|im_start|>"), end = *tokenizer->find("<|im_end|>");
    const std::string text = "<|im_start|>im<|im_end|>";
    EXPECT_THAT(*tokenizer->encode(text, Parse), ElementsAre(start, *tokenizer->find("im"), end));
    EXPECT_THAT(pieces(*tokenizer, text), ElementsAre("<", "|", "im", "_", "s", "t", "a", "r", "t", "|", ">",
                                                      "im", "<", "|", "im", "_", "e", "n", "d", "|", ">"));
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode(text, Plain)), text);
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode(text, Parse)), "im");
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode(text, Parse), true), text);
    EXPECT_TRUE(tokenizer->endsGeneration(end));
    EXPECT_FALSE(tokenizer->endsGeneration(start));
}

TEST(ByteBpe, NoMergeMakesASpecialToken) {
    auto file = test::byteBpeFile({"< s", "<s >"}, "bloom");
    for (auto& token : file.tokens)
        if (token.text == "<s>")
            token.type = TokenType::Control;
    const auto tokenizer = *file.open();
    EXPECT_THAT(pieces(*tokenizer, "<s>"), ElementsAre("<s", ">"));
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("<s>", Parse)), ElementsAre("<s>"));
}

TEST(ByteBpe, TheLongestSpecialTokenWins) {
    auto file = test::byteBpeFile({"a b"});
    file.tokens.push_back({"<|im_end|><|im_end|>", TokenType::Control});
    file.tokens.push_back({"<|im", TokenType::Control});
    const auto tokenizer = *file.open();
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("<|im_end|><|im_end|><|im_end|><|imx", Parse)),
                ElementsAre("<|im_end|><|im_end|>", "<|im_end|>", "<|im", "x"));
}

TEST(ByteBpe, EndsOfTurnAreFoundByTheirTexts) {
    auto file = test::byteBpeFile({"a b"});
    for (const char* text : {"<|eot_id|>", "<|eom_id|>", "<end_of_turn>", "<|end_of_text|>", "<|endoftext|>",
                             "</s>", "<EOT>", "<｜end▁of▁sentence｜>", "<|end|>"})
        file.tokens.push_back({text, TokenType::UserDefined});
    file.more = [](format::GgufWriter& writer) { writer.setUint("tokenizer.ggml.eos_token_id", 'x' - '!'); };
    const auto tokenizer = *file.open();
    EXPECT_EQ(tokenizer->specials().endOfGeneration.size(), 1u + 1u + 9u) << "eos, <|im_end|> and the others";
    EXPECT_TRUE(tokenizer->endsGeneration(*tokenizer->find("<｜end▁of▁sentence｜>")));
    EXPECT_EQ(tokenizer->tokenType(*tokenizer->find("<end_of_turn>")), TokenType::Control);
    EXPECT_EQ(tokenizer->tokenType('x' - '!'), TokenType::Normal)
        << "a wrong eos id must not swallow a letter";
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode("xyz", Plain)), "xyz");
}

TEST(ByteBpe, HarmonyKeepsGoingAfterAMessage) {
    auto file = test::byteBpeFile({"a b"});
    for (const char* text : {"<|end|>", "<|return|>", "<|call|>"})
        file.tokens.push_back({text, TokenType::Control});
    const auto tokenizer = *file.open();
    EXPECT_FALSE(tokenizer->endsGeneration(*tokenizer->find("<|end|>")));
    EXPECT_TRUE(tokenizer->endsGeneration(*tokenizer->find("<|return|>")));
    EXPECT_TRUE(tokenizer->endsGeneration(*tokenizer->find("<|call|>")));
}

TEST(ByteBpe, OrdinaryPiecesThatLookLikeMarkupStayOrdinary) {
    const auto tokenizer = *test::byteBpeFile({"< /", "s >", "</ s>"}, "bloom").open();
    EXPECT_THAT(pieces(*tokenizer, "</s>"), ElementsAre("</s>"));
    EXPECT_FALSE(tokenizer->endsGeneration(*tokenizer->find("</s>")));
}

TEST(ByteBpe, UserDefinedLettersStandForThemselves) {
    // Vocabularies write bytes that no text contains as added tokens, whose texts are then real letters.
    auto file = test::byteBpeFile({"a b"});
    for (auto& token : file.tokens)
        if (token.text == "ü")
            token.type = TokenType::UserDefined;
    const auto tokenizer = *file.open();
    EXPECT_THAT(pieces(*tokenizer, "aü"), ElementsAre("a", "ü"));
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode("aü", Plain)), "aü");
}

TEST(ByteBpe, AMegabyteInOneWord) {
    for (const char* pre : {"gpt-2", "gpt-4o", "kimi-k2", "deepseek-llm", "default"}) {
        const auto tokenizer = *test::byteBpeFile({"a a", "aa aa", "A A", "Ġ Ġ", "å ¥"}, pre).open();
        for (const char* unit : {"a", "A", "aA", "7", " ", "\n", "好", "!", "\xCC\x80"}) {
            std::string text;
            while (text.size() <
                   (unit == std::string_view("a") ? std::size_t{1} << 20 : std::size_t{1} << 17))
                text += unit;
            text += 'x';
            const auto start = std::chrono::steady_clock::now();
            const auto ids = tokenizer->encode(text, Plain);
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
            ASSERT_TRUE(ids) << pre << ' ' << unit << ' ' << ids.error().message();
            EXPECT_LT(seconds.count(), 60)
                << pre << ' ' << unit << ": merging in quadratic time would take hours";
            EXPECT_EQ(tokenizer->decode(*ids), text) << pre << ' ' << unit;
        }
    }
}

} // namespace
} // namespace hearth::text
