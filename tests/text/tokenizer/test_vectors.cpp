// Published vocabularies with texts and the ids that the reference tokenizers give.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/tokenizer.h"
#include "tests/support/test_data.h"

namespace hearth::text {
namespace {

std::vector<std::string> casesOf(const std::string& all) {
    static const std::string kSeparator = "\n__ggml_vocab_test__\n";
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (std::size_t at; (at = all.find(kSeparator, begin)) != std::string::npos;
         begin = at + kSeparator.size())
        out.push_back(all.substr(begin, at - begin));
    return out;
}

std::vector<std::vector<TokenId>> idsOf(const std::string& all) {
    std::vector<std::vector<TokenId>> out;
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream numbers(line);
        out.emplace_back(std::istream_iterator<TokenId>(numbers), std::istream_iterator<TokenId>());
    }
    return out;
}

class Vectors : public testing::TestWithParam<const char*> {
protected:
    static std::filesystem::path path(const std::string& ending = {}) {
        return test::shared("tokenizer/" + std::string(GetParam()) + ".gguf" + ending);
    }
    void SetUp() override {
        HEARTH_SKIP_WITHOUT(path());
        auto file = format::GgufFile::open(path());
        ASSERT_TRUE(file) << file.error().message();
        auto made = Tokenizer::fromGguf(*file);
        ASSERT_TRUE(made) << made.error().message();
        tokenizer = std::move(*made);
    }
    std::unique_ptr<const Tokenizer> tokenizer;
};

TEST_P(Vectors, EveryTextGivesTheReferenceIds) {
    const auto texts = casesOf(test::readText(path(".inp")));
    const auto ids = idsOf(test::readText(path(".out")));
    ASSERT_GE(texts.size(), 46u);
    ASSERT_EQ(texts.size(), ids.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto got = tokenizer->encode(texts[i], Tokenizer::Specials::Plain);
        ASSERT_TRUE(got) << got.error().message();
        EXPECT_THAT(*got, testing::ElementsAreArray(ids[i])) << "case " << i << ": \"" << texts[i] << '"';
    }
}

TEST_P(Vectors, DecodingGivesTheTextBack) {
    if (tokenizer->model() == "bert")
        GTEST_SKIP() << "WordPiece drops case, accents and spacing";
    for (const std::string& text : casesOf(test::readText(path(".inp"))))
        EXPECT_EQ(tokenizer->decode(*tokenizer->encode(text, Tokenizer::Specials::Plain)), text);
}

TEST_P(Vectors, PlainTextNeverBecomesASpecialToken) {
    std::string all =
        "<|im_start|>system\n<|im_end|><s></s>[INST]<|eot_id|><end_of_turn><bos>[CLS][SEP]<think>";
    for (TokenId id = 0; id < TokenId(tokenizer->vocabularySize()); ++id)
        if (const auto type = tokenizer->tokenType(id);
            type == TokenType::Control || type == TokenType::Unknown)
            all.append(tokenizer->tokenText(id)).append(" x").append(tokenizer->tokenText(id));
    for (const TokenId id : tokenizer->specials().endOfGeneration)
        all.append(tokenizer->tokenText(id));
    const auto plain = tokenizer->encode(all, Tokenizer::Specials::Plain);
    ASSERT_TRUE(plain);
    for (const TokenId id : *plain) {
        EXPECT_NE(tokenizer->tokenType(id), TokenType::Control) << tokenizer->tokenText(id);
        EXPECT_FALSE(tokenizer->endsGeneration(id)) << tokenizer->tokenText(id);
    }
    const auto parsed = tokenizer->encode(all, Tokenizer::Specials::Parse);
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(std::any_of(parsed->begin(), parsed->end(),
                            [&](TokenId id) { return tokenizer->tokenType(id) == TokenType::Control; }));
}

INSTANTIATE_TEST_SUITE_P(Published, Vectors,
                         testing::Values("llama-spm", "phi-3", "gpt-2", "deepseek-coder", "bert-bge"),
                         [](const auto& parameter) {
                             std::string name = parameter.param;
                             std::erase(name, '-');
                             return name;
                         });

} // namespace
} // namespace hearth::text
