#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/text/tokenizer/vocabulary_file.h"

namespace hearth::text {
namespace {

using enum Tokenizer::Specials;
using testing::ElementsAre;
using testing::IsEmpty;

test::VocabularyFile bert(const std::vector<std::string>& pieces) {
    test::VocabularyFile file;
    file.model = "bert";
    file.withScores = false;
    for (const char* special : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"})
        file.tokens.push_back({special, TokenType::Control});
    for (const std::string& piece : pieces)
        file.tokens.push_back({piece});
    return file;
}

std::vector<std::string> pieces(const Tokenizer& tokenizer, std::string_view text,
                                Tokenizer::Specials mode = Plain) {
    return test::texts(tokenizer, *tokenizer.encode(text, mode));
}

TEST(WordPiece, LongestPiecesFromTheLeftInBothStyles) {
    const auto hashed = *bert({"play", "##ing", "##in", "##g", "un", "##play", "!", "好", "e"}).open();
    EXPECT_THAT(pieces(*hashed, "playing unplay!"), ElementsAre("play", "##ing", "un", "##play", "!"));
    EXPECT_EQ(hashed->decode(*hashed->encode("playing unplay", Plain)), "playing unplay");
    const auto marked = *bert({"▁play", "ing", "in", "g", "▁un", "play", "▁!", "▁好", "▁e"}).open();
    EXPECT_THAT(pieces(*marked, "playing unplay!"), ElementsAre("▁play", "ing", "▁un", "play", "▁!"));
    EXPECT_EQ(marked->decode(*marked->encode("playing unplay", Plain)), "playing unplay");
}

TEST(WordPiece, CaseAndAccentsGo) {
    const auto tokenizer = *bert({"▁ete", "▁viet", "▁ss"}).open();
    EXPECT_THAT(pieces(*tokenizer, "ÉTÉ Việt e\xCC\x81te"), ElementsAre("▁ete", "▁viet", "▁ete"));
}

TEST(WordPiece, AVocabularyWithCapitalsKeepsThem) {
    const auto tokenizer = *bert({"Paris", "été", "paris"}).open();
    EXPECT_THAT(pieces(*tokenizer, "Paris été PARIS"), ElementsAre("Paris", "été", "[UNK]"));
}

TEST(WordPiece, ChineseCharactersAndPunctuationStandAlone) {
    const auto tokenizer = *bert({"▁你", "▁好", "▁a", "▁,", "▁-", "▁「"}).open();
    EXPECT_THAT(pieces(*tokenizer, "你好a,「-a"), ElementsAre("▁你", "▁好", "▁a", "▁,", "▁「", "▁-", "▁a"));
}

TEST(WordPiece, UnknownWordsAreUnknownAsAWhole) {
    const auto tokenizer = *bert({"▁ab", "c"}).open();
    EXPECT_THAT(pieces(*tokenizer, "abx ab abc"), ElementsAre("[UNK]", "▁ab", "▁ab", "c"));
    EXPECT_EQ(tokenizer->decode(*tokenizer->encode("abc x ab", Plain)), "abc ab");
    EXPECT_THAT(pieces(*tokenizer, "ab" + std::string(99, 'c')), ElementsAre("[UNK]"))
        << "words above 100 characters";
    EXPECT_EQ(pieces(*tokenizer, "ab" + std::string(98, 'c')).size(), 99u);
    EXPECT_EQ(pieces(*tokenizer, "ab" + std::string(1 << 20, 'c')).size(), 1u);
}

TEST(WordPiece, ControlAndFormatCharactersVanish) {
    const auto tokenizer = *bert({"▁ab"}).open();
    EXPECT_THAT(pieces(*tokenizer, "a\xE2\x80\x8D"
                                   "b\x01 \xEF\xBF\xBD"),
                ElementsAre("▁ab"));
    EXPECT_THAT(pieces(*tokenizer, " \t\n\xC2\xA0 "), IsEmpty());
    EXPECT_THAT(pieces(*tokenizer, ""), IsEmpty());
}

TEST(WordPiece, SpecialTokensOnlyWhereAsked) {
    const auto tokenizer = *bert({"▁[", "▁]", "▁cls", "▁a"}).open();
    EXPECT_THAT(pieces(*tokenizer, "[CLS]a", Parse), ElementsAre("[CLS]", "▁a"));
    EXPECT_THAT(pieces(*tokenizer, "[CLS]a", Plain), ElementsAre("▁[", "▁cls", "▁]", "▁a"));
    const SpecialTokens& specials = tokenizer->specials();
    EXPECT_EQ(specials.padding, 0);
    EXPECT_EQ(specials.unknown, 1);
    EXPECT_EQ(specials.classification, 2);
    EXPECT_EQ(specials.separator, 3);
    EXPECT_EQ(specials.mask, 4);
    EXPECT_EQ(specials.bos, 2);
    EXPECT_EQ(specials.eos, 3);
    EXPECT_TRUE(specials.addBos);
    EXPECT_TRUE(specials.addEos);
}

TEST(WordPiece, NeedsAnUnknownToken) {
    test::VocabularyFile file;
    file.model = "bert";
    file.tokens = {{"▁a"}};
    EXPECT_EQ(file.errorCode(), "tokenizer.no_token");
}

} // namespace
} // namespace hearth::text
