// Properties that hold for every text: nothing is lost, and a stream says the same as the whole.

#include <gtest/gtest.h>

#include <random>

#include "engine/text/tokenizer/utf8.h"
#include "tests/text/tokenizer/vocabulary_file.h"

namespace hearth::text {
namespace {

using enum Tokenizer::Specials;

/// Texts of the kinds that break tokenizers: scripts, emoji sequences, marks, control characters, runs.
std::string randomText(std::mt19937& random) {
    static const std::vector<std::string> kPieces = {" ",
                                                     "  ",
                                                     "\n",
                                                     "\r\n",
                                                     "\t",
                                                     "the",
                                                     "ing",
                                                     "a",
                                                     "A",
                                                     "Z",
                                                     "9",
                                                     "123456",
                                                     "'s",
                                                     "'RE",
                                                     "!?",
                                                     "``",
                                                     "<s>",
                                                     "</s>",
                                                     "<|im_end|>",
                                                     "<0x41>",
                                                     "é",
                                                     "e\xCC\x81",
                                                     "ß",
                                                     "ﬁ",
                                                     "你好",
                                                     "模型",
                                                     "한국어",
                                                     "ไทย",
                                                     "العربية",
                                                     "हिन्दी",
                                                     "👩‍👩‍👧‍👦",
                                                     "😶‍🌫️",
                                                     "🇩🇪",
                                                     "\xE2\x80\x8D",
                                                     "\xEF\xBB\xBF",
                                                     "\xC2\xA0",
                                                     "\xE3\x80\x80",
                                                     "\xE2\x80\xA8",
                                                     "\x01",
                                                     "\x7F",
                                                     "\xC2\x85"};
    std::string out;
    const unsigned parts = random() % 24;
    for (unsigned i = 0; i < parts; ++i) {
        switch (random() % 4) {
        case 0: {
            char32_t c = random() % 0x110000;
            if (c >= 0xD800 && c < 0xE000)
                c = 0xFFFD;
            appendUtf8(out, c == 0x2581 ? U' ' : c);
            break;
        }
        case 1:
            appendUtf8(out, random() % 128);
            break;
        default:
            out += kPieces[random() % kPieces.size()];
        }
    }
    return out;
}

std::string randomBytes(std::mt19937& random) {
    static constexpr unsigned char kTricky[] = {0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0,
                                                0xED, 0xEF, 0xF0, 0xF4, 0xFF, 0xA0, 0x90};
    std::string out(random() % 24, '\0');
    for (char& c : out)
        c = static_cast<char>(kTricky[random() % std::size(kTricky)]);
    return out;
}

std::vector<std::unique_ptr<const Tokenizer>> tokenizers() {
    std::vector<std::unique_ptr<const Tokenizer>> out;
    out.push_back(
        *test::sentencePieceFile({"▁", "a", "t", "h", "e", "th", "▁th", "▁the", "▁▁", "好", "你", "你好"})
             .open());
    auto file = test::sentencePieceFile({"a", "b"}); // not even a piece for the space
    file.more = [](format::GgufWriter& writer) { writer.setBool("tokenizer.ggml.add_space_prefix", false); };
    file.tokens.push_back({"▁"});
    file.tokens.push_back({"   ", TokenType::UserDefined});
    out.push_back(*file.open());
    for (const char* pre :
         {"default", "gpt-2", "llama-bpe", "qwen2", "gpt-4o", "tekken", "kimi-k2", "falcon", "starcoder",
          "bloom", "viking", "deepseek-coder", "deepseek-llm", "deepseek-v3", "bailingmoe", "qwen35"})
        out.push_back(
            *test::byteBpeFile({"t h", "th e", "Ġ the", "Ġ Ġ", "ä ½", "ä½ ł", "Ċ Ċ", "ð Ł"}, pre).open());
    return out;
}

TEST(RoundTrip, EveryTextComesBack) {
    std::mt19937 random(1);
    for (const auto& tokenizer : tokenizers())
        for (int i = 0; i < 400; ++i) {
            const std::string text = randomText(random);
            const auto ids = tokenizer->encode(text, Plain);
            ASSERT_TRUE(ids) << ids.error().message();
            ASSERT_EQ(tokenizer->decode(*ids), text) << tokenizer->pre();
            for (const TokenId id : *ids)
                ASSERT_NE(tokenizer->tokenType(id), TokenType::Control);
        }
}

TEST(RoundTrip, IllFormedTextIsReadAsReplacementCharacters) {
    std::mt19937 random(2);
    for (const auto& tokenizer : tokenizers())
        for (int i = 0; i < 400; ++i) {
            const std::string bytes = randomBytes(random);
            const auto ids = tokenizer->encode(bytes, Parse);
            ASSERT_TRUE(ids);
            ASSERT_EQ(tokenizer->decode(*ids, true), replaceIllFormed(bytes));
        }
}

TEST(RoundTrip, AStreamSaysTheSameAndOnlyWholeCharacters) {
    std::mt19937 random(3);
    for (const auto& tokenizer : tokenizers())
        for (int i = 0; i < 400; ++i) {
            std::vector<TokenId> ids;
            if (i % 2)
                ids = *tokenizer->encode(randomText(random), Parse);
            else
                for (unsigned n = random() % 30; n > 0; --n)
                    ids.push_back(TokenId(random() % (tokenizer->vocabularySize() + 2)) - 1);
            StreamDetokenizer stream(*tokenizer, true);
            std::string all;
            for (const TokenId id : ids) {
                const std::string text = stream.push(id);
                ASSERT_TRUE(isUtf8(text));
                all += text;
            }
            all += stream.finish();
            ASSERT_TRUE(isUtf8(all));
            ASSERT_EQ(all, tokenizer->decode(ids));
            ASSERT_EQ(stream.finish(), "");
        }
}

TEST(StreamDetokenizer, WaitsForTheRestOfACharacter) {
    const auto tokenizer = *test::sentencePieceFile({"▁", "a"}).open();
    StreamDetokenizer stream(*tokenizer);
    const auto byte = [](unsigned char value) { return TokenId(3 + value); };
    EXPECT_EQ(stream.push(byte(0xF0)), "");
    EXPECT_EQ(stream.push(byte(0x9F)), "");
    EXPECT_EQ(stream.push(byte(0xA6)), "");
    EXPECT_EQ(stream.push(byte(0x99)), "🦙");
    EXPECT_EQ(stream.push(byte(0xE4)), "");
    EXPECT_EQ(stream.push(260), "\xEF\xBF\xBD"
                                "a")
        << "the character never comes";
    EXPECT_EQ(stream.push(byte(0x80)), "\xEF\xBF\xBD");
    EXPECT_EQ(stream.push(byte(0xC3)), "");
    EXPECT_EQ(stream.finish(), "\xEF\xBF\xBD");
    EXPECT_EQ(stream.finish(), "");
}

TEST(StreamDetokenizer, StripsTheAddedSpaceOnlyAtTheStart) {
    const auto tokenizer = *test::sentencePieceFile({"▁", "a", "▁a"}).open();
    const TokenId a = *tokenizer->find("▁a");
    StreamDetokenizer inside(*tokenizer), start(*tokenizer, true);
    EXPECT_EQ(inside.push(a), " a");
    EXPECT_EQ(inside.push(2), "");
    EXPECT_EQ(inside.push(a), "a") << "a text begins behind a control token";
    EXPECT_EQ(start.push(a), "a");
    EXPECT_EQ(start.push(a), " a");
}

TEST(Utf8, StepsAsTheStandardSays) {
    EXPECT_TRUE(isUtf8("a\xF4\x8F\xBF\xBF"));
    for (const char* bad : {"\x80", "\xC1\xBF", "\xE0\x9F\x80", "\xED\xA0\x80", "\xF0\x8F\x80\x80",
                            "\xF4\x90\x80\x80", "\xF5", "\xE4\xBD"})
        EXPECT_FALSE(isUtf8(bad));
    // The example of the Unicode Standard, table 3-11.
    EXPECT_EQ(replaceIllFormed("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
              "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41");
    EXPECT_EQ(replaceIllFormed("\xF0\x80\x80\x41"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\x41");
}

} // namespace
} // namespace hearth::text
