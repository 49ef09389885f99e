// Whether two files' tokenisers read texts as the same ids.

#include <gtest/gtest.h>

#include "engine/text/tokenizer/tokenizer_identity.h"
#include "tests/text/tokenizer/vocabulary_file.h"

namespace {

using namespace hearth;
using namespace hearth::text;
using test::VocabularyFile;

TokenizerIdentity identity(const VocabularyFile& vocabulary) {
    const auto file = format::GgufFile::open(vocabulary.write().value());
    EXPECT_TRUE(file.has_value());
    auto out = TokenizerIdentity::of(*file);
    EXPECT_TRUE(out.has_value()) << out.error().message();
    return out.value_or(TokenizerIdentity());
}

std::string difference(const VocabularyFile& a, const VocabularyFile& b) {
    const auto found = differenceOf(identity(a), identity(b));
    return found ? std::string(found->part) + (found->token ? " " + std::to_string(*found->token) : "") : "";
}

TEST(TokenizerIdentity, TellsWhatDiffersInByteLevelVocabularies) {
    const VocabularyFile one = test::byteBpeFile({"t h", "th e"});
    EXPECT_EQ(difference(one, one), "");
    EXPECT_EQ(difference(one, test::byteBpeFile({"t h", "th a"})), "pieces 257");
    VocabularyFile other = one;
    other.tokens.push_back({"more", TokenType::Control});
    EXPECT_EQ(difference(one, other), "pieces " + std::to_string(one.tokens.size()));
    EXPECT_EQ(difference(other, one), "pieces " + std::to_string(one.tokens.size()));
    other = one;
    other.tokens[one.tokens.size() - 2].type = TokenType::UserDefined; // <|im_start|>
    EXPECT_EQ(difference(one, other), "pieces " + std::to_string(one.tokens.size() - 2));
    other = one;
    std::swap(other.merges[0], other.merges[1]);
    EXPECT_EQ(difference(one, other), "merges");
    other = one;
    other.pre = "qwen2";
    EXPECT_EQ(difference(one, other), "pre-tokeniser");
    other = one;
    other.more = [](format::GgufWriter& writer) {
        writer.setUint("tokenizer.ggml.bos_token_id", 3);
        writer.setBool("tokenizer.ggml.add_bos_token", true);
    };
    EXPECT_EQ(difference(one, other), "special tokens");
}

TEST(TokenizerIdentity, WhatEndsAnAnswerAndNamesOfOneRuleDoNotMatter) {
    VocabularyFile one = test::byteBpeFile({"t h"}, "llama3"),
                   other = test::byteBpeFile({"t h"}, "llama-bpe");
    other.more = [](format::GgufWriter& writer) {
        writer.setUint("tokenizer.ggml.eos_token_id", 9);
        writer.setUint("tokenizer.ggml.padding_token_id", 8);
    };
    EXPECT_EQ(difference(one, other), "");
}

TEST(TokenizerIdentity, TellsWhatDiffersInScoredVocabularies) {
    const VocabularyFile one = test::sentencePieceFile({"a", "b", "ab"});
    EXPECT_EQ(difference(one, test::sentencePieceFile({"a", "b", "aa"})), "pieces 261");
    VocabularyFile other = one;
    other.tokens.back().score -= 1;
    EXPECT_EQ(difference(one, other), "merges");
    EXPECT_EQ(difference(one, test::byteBpeFile({"t h"})), "pre-tokeniser");
    other = one;
    other.more = [](format::GgufWriter& writer) { writer.setBool("tokenizer.ggml.add_space_prefix", false); };
    EXPECT_EQ(difference(one, other), "special tokens");
}

TEST(TokenizerIdentity, AFileWithoutATokenizerIsAnError) {
    VocabularyFile broken = test::sentencePieceFile({"a"});
    broken.model = "unheard-of";
    const auto file = format::GgufFile::open(broken.write().value());
    ASSERT_TRUE(file);
    EXPECT_EQ(TokenizerIdentity::of(*file).error().code, "tokenizer.unknown_model");
}

} // namespace
