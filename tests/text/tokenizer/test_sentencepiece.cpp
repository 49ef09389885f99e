#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "engine/format/gguf/gguf_file.h"
#include "tests/support/test_data.h"
#include "tests/text/tokenizer/vocabulary_file.h"

namespace hearth::text {
namespace {

using enum Tokenizer::Specials;
using testing::ElementsAre;
using testing::IsEmpty;

/// The 320-token vocabulary of the golden models: <unk> <s> </s>, bytes from id 3, "▁" 259, a–z from 260,
/// then th 286, he 287, in 288, er, an 290, …, ing 295, ▁t 296, ▁a 297, …, ▁th 300, ▁the 301, …, ▁in 305,
/// ▁wa, ▁was.
class Golden : public testing::Test {
protected:
    void SetUp() override {
        auto file = format::GgufFile::open(test::golden("llama-F32.gguf"));
        ASSERT_TRUE(file) << file.error().message();
        auto made = Tokenizer::fromGguf(*file);
        ASSERT_TRUE(made) << made.error().message();
        tokenizer = std::move(*made);
    }
    [[nodiscard]] std::vector<TokenId> encode(std::string_view text, Tokenizer::Specials mode = Plain) const {
        return *tokenizer->encode(text, mode);
    }
    std::unique_ptr<const Tokenizer> tokenizer;
};

TEST_F(Golden, DescribesItself) {
    EXPECT_EQ(tokenizer->model(), "llama");
    EXPECT_EQ(tokenizer->pre(), "default");
    EXPECT_EQ(tokenizer->vocabularySize(), 320u);
    EXPECT_EQ(tokenizer->tokenText(301), "▁the");
    EXPECT_EQ(tokenizer->tokenType(1), TokenType::Control);
    EXPECT_EQ(tokenizer->find("▁the"), 301);
    EXPECT_EQ(tokenizer->find("absent"), std::nullopt);
    EXPECT_EQ(tokenizer->find(""), std::nullopt);
    const SpecialTokens& specials = tokenizer->specials();
    EXPECT_EQ(specials.bos, 1);
    EXPECT_EQ(specials.eos, 2);
    EXPECT_EQ(specials.unknown, 0);
    EXPECT_TRUE(specials.addBos);
    EXPECT_FALSE(specials.addEos);
    EXPECT_TRUE(specials.addSpacePrefix);
    EXPECT_THAT(specials.endOfGeneration, ElementsAre(2));
    EXPECT_TRUE(tokenizer->endsGeneration(2));
    EXPECT_FALSE(tokenizer->endsGeneration(301));
}

TEST_F(Golden, MergesByScore) {
    EXPECT_THAT(encode(""), IsEmpty());
    EXPECT_THAT(encode("the"), ElementsAre(301));
    EXPECT_THAT(encode("the thing"), ElementsAre(301, 300, 295));
    EXPECT_THAT(encode("hello"), ElementsAre(259, 287, 271, 271, 274));
    EXPECT_THAT(encode("was"), ElementsAre(307));
    EXPECT_THAT(encode("in"), ElementsAre(305));
    EXPECT_THAT(encode("and"), ElementsAre(259, 290, 263))
        << "an merges before ▁a, and then ▁and is out of reach";
    EXPECT_THAT(encode(" a"), ElementsAre(259, 297));
    EXPECT_THAT(encode("你好"), ElementsAre(259, 317, 318));
}

TEST_F(Golden, FallsBackToBytes) {
    EXPECT_THAT(encode("A"), ElementsAre(259, 3 + 0x41));
    EXPECT_THAT(encode("é"), ElementsAre(259, 3 + 0xC3, 3 + 0xA9));
    EXPECT_THAT(encode("\n"), ElementsAre(259, 3 + 0x0A));
    EXPECT_THAT(encode(std::string_view("\0", 1)), ElementsAre(259, 3));
    EXPECT_THAT(encode("\xFF"), ElementsAre(259, 3 + 0xEF, 3 + 0xBF, 3 + 0xBD)) << "read as U+FFFD";
}

TEST_F(Golden, SpecialTokensOnlyWhereAsked) {
    EXPECT_THAT(encode("<s>the</s>", Parse), ElementsAre(1, 301, 2));
    EXPECT_THAT(encode("</s> the", Parse), ElementsAre(2, 259, 301));
    EXPECT_THAT(encode("<s>the</s>", Plain),
                ElementsAre(259, 3 + '<', 278, 3 + '>', 286, 264, 3 + '<', 3 + '/', 278, 3 + '>'));
    EXPECT_THAT(encode("<0x41>", Plain), ElementsAre(259, 3 + '<', 3 + '0', 283, 3 + '4', 3 + '1', 3 + '>'));
    EXPECT_THAT(encode("<0x41>", Parse), encode("<0x41>", Plain)) << "bytes are no special tokens";
}

TEST_F(Golden, DecodesPiecesAndTexts) {
    EXPECT_EQ(tokenizer->pieceBytes(301), " the");
    EXPECT_EQ(tokenizer->pieceBytes(3 + 0xC3), "\xC3");
    EXPECT_EQ(tokenizer->pieceBytes(1), "");
    EXPECT_EQ(tokenizer->pieceBytes(1, true), "<s>");
    EXPECT_EQ(tokenizer->pieceBytes(-1), "");
    EXPECT_EQ(tokenizer->pieceBytes(320), "");
    EXPECT_EQ(tokenizer->tokenText(320), "");
    EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{1, 301, 300, 295, 2}), "the thing");
    EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{1, 301, 2}, true), "<s>the</s>");
    EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{259, 301}), " the") << "only the added space goes";
    EXPECT_EQ(tokenizer->decode(encode("<s>the</s> the", Parse)), "the the");
}

TEST(SentencePiece, HigherScoreThenLeftmost) {
    auto file = test::sentencePieceFile({"▁", "a", "b", "c"});
    file.tokens.push_back({"ab", TokenType::Normal, -10});
    file.tokens.push_back({"bc", TokenType::Normal, -9});
    file.tokens.push_back({"aa", TokenType::Normal, -11});
    const auto tokenizer = *file.open();
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("abc", Plain)), ElementsAre("▁", "a", "bc"));
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("aaa", Plain)), ElementsAre("▁", "aa", "a"));
}

TEST(SentencePiece, MergesAcrossASpaceInsideAPiece) {
    // With such a piece a text must not be cut at its spaces.
    auto file = test::sentencePieceFile({"▁", "a", "b", "▁b", "a▁b"});
    const auto tokenizer = *file.open();
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("a b", Plain)), ElementsAre("▁", "a▁b"));
}

TEST(SentencePiece, UnusedPiecesAreTakenApartAgain) {
    auto file = test::sentencePieceFile({"▁", "a", "b", "c"});
    file.tokens.push_back({"ab", TokenType::Unused, -8});
    file.tokens.push_back({"abc", TokenType::Normal, -9});
    file.tokens.push_back({"abab", TokenType::Unused, -10});
    const auto tokenizer = *file.open();
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("abc", Plain)), ElementsAre("▁", "abc"));
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("abab", Plain)),
                ElementsAre("▁", "a", "b", "a", "b"));
}

TEST(SentencePiece, UnknownWhereNoByteStands) {
    test::VocabularyFile file;
    file.tokens = {{"<unk>", TokenType::Unknown}, {"▁"}, {"a"}};
    const auto tokenizer = *file.open();
    EXPECT_THAT(*tokenizer->encode("a好a", Plain), ElementsAre(1, 2, 0, 2));
    EXPECT_EQ(tokenizer->decode(std::vector<TokenId>{1, 2, 0, 2}), "aa");
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode("a好 a", Plain)), "a a") << "the space behind it is real";
    file.tokens[0] = {"x"};
    const auto without = *file.open();
    EXPECT_EQ(without->encode("a好", Plain).error().code, "tokenizer.no_token");
    EXPECT_THAT(*without->encode("ax", Plain), ElementsAre(1, 2, 0));
}

TEST(SentencePiece, NoSpaceWhereTheFileSaysSo) {
    auto file = test::sentencePieceFile({"▁", "a", "▁a"});
    file.more = [](format::GgufWriter& writer) { writer.setBool("tokenizer.ggml.add_space_prefix", false); };
    const auto tokenizer = *file.open();
    EXPECT_THAT(test::texts(*tokenizer, *tokenizer->encode("a a", Plain)), ElementsAre("a", "▁a"));
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode(" a", Plain)), " a");
}

TEST(SentencePiece, UserDefinedTokensMatchAlwaysUnlessTheyMarkSomething) {
    auto file = test::sentencePieceFile({"▁", "a", "b"});
    file.tokens.push_back({"▁▁▁", TokenType::UserDefined}); // a run of three spaces
    file.tokens.push_back({"▁▁", TokenType::UserDefined});
    file.tokens.push_back({"<|user|>", TokenType::UserDefined});
    file.tokens.push_back({"<think>", TokenType::UserDefined});
    const auto tokenizer = *file.open();
    const auto three = *tokenizer->find("▁▁▁"), two = *tokenizer->find("▁▁");
    EXPECT_THAT(*tokenizer->encode("a     b", Plain),
                ElementsAre(*tokenizer->find("▁"), *tokenizer->find("a"), three, two, *tokenizer->find("b")));
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode("   a     b", Plain)), "   a     b");
    for (const char* marker : {"<|user|>", "<think>"}) {
        const TokenId id = *tokenizer->find(marker);
        EXPECT_THAT(*tokenizer->encode(marker, Plain), testing::Not(testing::Contains(id))) << marker;
        EXPECT_THAT(*tokenizer->encode(marker, Parse), ElementsAre(id));
        EXPECT_EQ(tokenizer->decode(*tokenizer->encode(marker, Plain)), marker);
    }
}

TEST(SentencePiece, Phi3ControlTokensTakeTheWhiteSpaceBehindThem) {
    auto file = test::sentencePieceFile({"▁", "a"});
    file.tokens.push_back({"<|user|>", TokenType::Control});
    const auto user = TokenId(file.tokens.size() - 1);
    const auto plain = *file.open();
    EXPECT_THAT(*plain->encode("<|user|>\na", Parse), ElementsAre(user, 259, 3 + '\n', 260));
    const auto path = test::shared("tokenizer/phi-3.gguf");
    HEARTH_SKIP_WITHOUT(path);
    const auto phi = *Tokenizer::fromGguf(*format::GgufFile::open(path));
    EXPECT_THAT(*phi->encode("<|user|>\nHello", Parse), ElementsAre(32010, 15043));
    EXPECT_THAT(*phi->encode("<s> Hello", Parse), ElementsAre(1, 29871, 15043)) << "but <s> does not";
}

TEST(SentencePiece, AMegabyteInOneWord) {
    auto file = test::sentencePieceFile({"▁", "a", "b", "aa", "aaaa", "aaaaaaaa", "ab", "ba"});
    const auto tokenizer = *file.open();
    for (const std::string& unit :
         {std::string("a"), std::string("ab"), std::string("好"), std::string("▁"), std::string(" ")}) {
        std::string text;
        while (text.size() < (unit == "a" ? std::size_t{1} << 20 : std::size_t{1} << 17))
            text += unit;
        const auto start = std::chrono::steady_clock::now();
        const auto ids = tokenizer->encode(text, Plain);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        ASSERT_TRUE(ids);
        EXPECT_LT(seconds.count(), 60) << unit << ": merging in quadratic time would take hours";
        if (unit != "▁") {
            EXPECT_EQ(tokenizer->decode(*ids), text) << unit;
        }
    }
}

} // namespace
} // namespace hearth::text
