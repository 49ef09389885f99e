// What a hostile or damaged file may say, each with its own named error.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/text/tokenizer/vocabulary_file.h"

namespace hearth::text {
namespace {

using enum Tokenizer::Specials;
using format::GgufWriter;
using test::VocabularyFile;

VocabularyFile good() {
    return test::sentencePieceFile({"▁", "a", "b", "ab"});
}
VocabularyFile goodBpe() {
    return test::byteBpeFile({"a b", "ab c"});
}

std::string with(VocabularyFile file, std::function<void(GgufWriter&)> more) {
    file.more = std::move(more);
    return file.errorCode();
}

TEST(BadVocabulary, TheGoodOnesAreGood) {
    EXPECT_EQ(good().errorCode(), "none");
    EXPECT_EQ(goodBpe().errorCode(), "none");
}

TEST(BadVocabulary, NothingThere) {
    VocabularyFile file = good();
    file.model = {};
    EXPECT_EQ(file.errorCode(), "tokenizer.absent") << "no model";
    file = good();
    file.tokens = {};
    EXPECT_EQ(file.errorCode(), "tokenizer.absent") << "no tokens";
    file = good();
    file.withScores = false;
    EXPECT_EQ(file.errorCode(), "tokenizer.absent") << "no scores";
    file = goodBpe();
    file.merges = {};
    EXPECT_EQ(file.errorCode(), "tokenizer.absent") << "no merges";
    EXPECT_EQ(with({}, [](GgufWriter& w) { w.setStrings("tokenizer.ggml.tokens", {}); }), "tokenizer.absent")
        << "an empty table";
}

TEST(BadVocabulary, UnknownNames) {
    VocabularyFile file = good();
    for (const char* model : {"t5", "rwkv", "no_vocab", "LLAMA"}) {
        file.model = model;
        const auto tokenizer = file.open();
        ASSERT_FALSE(tokenizer);
        EXPECT_EQ(tokenizer.error().code, "tokenizer.unknown_model");
        EXPECT_EQ(tokenizer.error().arg("model"), model);
    }
    file = goodBpe();
    file.pre = "mystery";
    const auto tokenizer = file.open();
    ASSERT_FALSE(tokenizer);
    EXPECT_EQ(tokenizer.error().code, "tokenizer.unknown_pre");
    EXPECT_EQ(tokenizer.error().arg("pre"), "mystery");
    EXPECT_THAT(tokenizer.error().arg("known"), testing::HasSubstr("qwen2"));
    file.pre = {};
    EXPECT_EQ(file.errorCode(), "none") << "a file that names none gets the default";
}

TEST(BadVocabulary, WrongKinds) {
    VocabularyFile bare;
    bare.model = "llama";
    EXPECT_EQ(with(bare, [](GgufWriter& w) { w.setString("tokenizer.ggml.tokens", "abc"); }),
              "tokenizer.bad_metadata");
    const std::vector<std::int32_t> numbers{1, 2};
    EXPECT_EQ(with(bare, [&](GgufWriter& w) { w.setInts("tokenizer.ggml.tokens", numbers); }),
              "tokenizer.bad_metadata");
    bare.model = {};
    EXPECT_EQ(with(bare, [](GgufWriter& w) { w.setUint("tokenizer.ggml.model", 1); }),
              "tokenizer.bad_metadata");
    VocabularyFile file = good();
    file.withTypes = false;
    EXPECT_EQ(with(file, [](GgufWriter& w) { w.setString("tokenizer.ggml.token_type", "x"); }),
              "tokenizer.bad_metadata");
    file = good();
    file.withScores = false;
    EXPECT_EQ(with(file, [&](GgufWriter& w) { w.setInts("tokenizer.ggml.scores", numbers); }),
              "tokenizer.bad_metadata");
    file = goodBpe();
    file.merges = {};
    EXPECT_EQ(with(file, [&](GgufWriter& w) { w.setInts("tokenizer.ggml.merges", numbers); }),
              "tokenizer.bad_metadata");
    EXPECT_EQ(with(good(), [](GgufWriter& w) { w.setUint("tokenizer.ggml.add_bos_token", 7); }),
              "tokenizer.bad_metadata");
    EXPECT_EQ(with(good(), [](GgufWriter& w) { w.setFloat("tokenizer.ggml.eos_token_id", 2.0F); }),
              "tokenizer.bad_metadata");
    EXPECT_EQ(with(good(), [](GgufWriter& w) { w.setString("tokenizer.ggml.bos_token_id", "1"); }),
              "tokenizer.bad_metadata");
}

TEST(BadVocabulary, TablesThatDisagree) {
    VocabularyFile file = good();
    file.withTypes = false;
    const std::vector<std::int32_t> types{1, 1};
    EXPECT_EQ(with(file, [&](GgufWriter& w) { w.setInts("tokenizer.ggml.token_type", types); }),
              "tokenizer.size_mismatch");
    file = good();
    file.withScores = false;
    const std::vector<float> scores(file.tokens.size() + 1);
    EXPECT_EQ(with(file, [&](GgufWriter& w) { w.setFloats("tokenizer.ggml.scores", scores); }),
              "tokenizer.size_mismatch");
    for (const std::int32_t type : {-1, 7, std::numeric_limits<std::int32_t>::max()}) {
        file = good();
        file.withTypes = false;
        const std::vector<std::int32_t> all(file.tokens.size(), type);
        EXPECT_EQ(with(file, [&](GgufWriter& w) { w.setInts("tokenizer.ggml.token_type", all); }),
                  "tokenizer.bad_token_type")
            << type;
    }
}

TEST(BadVocabulary, ScoresThatAreNoNumbers) {
    VocabularyFile file = good();
    file.tokens[260].score = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(file.errorCode(), "tokenizer.bad_score");
    file.tokens[260].score = -std::numeric_limits<float>::infinity();
    EXPECT_EQ(file.errorCode(), "none");
}

TEST(BadVocabulary, SpecialIdsOutside) {
    for (const char* key :
         {"bos", "eos", "eot", "eom", "unknown", "padding", "seperator", "separator", "cls", "mask"}) {
        const std::string name = std::string("tokenizer.ggml.") + key + "_token_id";
        const auto size = static_cast<std::uint32_t>(good().tokens.size());
        for (const std::uint32_t id : {size, size + 1, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFEu})
            EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setUint(name, id); }), "tokenizer.bad_special_id")
                << name << ' ' << id;
        EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setInt(name, -2); }), "tokenizer.bad_special_id");
        EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setUint64(name, std::uint64_t{1} << 63); }),
                  "tokenizer.bad_special_id");
        EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setUint64(name, (std::uint64_t{1} << 32) + 1); }),
                  "tokenizer.bad_special_id")
            << "must not wrap to 1";
        EXPECT_EQ(
            with(good(), [&](GgufWriter& w) { w.setInt64(name, std::numeric_limits<std::int64_t>::min()); }),
            "tokenizer.bad_special_id");
        EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setUint(name, 0xFFFFFFFFu); }), "none")
            << "-1 means none";
        EXPECT_EQ(with(good(), [&](GgufWriter& w) { w.setInt(name, -1); }), "none");
    }
}

TEST(BadVocabulary, ByteTokens) {
    for (const char* text :
         {"<0x-1>", "<0xZZ>", "<0x1>", "<0x123>", "<0x>", "0x41", "<0x4 >", "<0x+4>", "<0X41>", "a"}) {
        VocabularyFile file = good();
        file.tokens[100].text = text;
        EXPECT_EQ(file.errorCode(), "tokenizer.bad_byte_token") << text;
    }
    VocabularyFile file = good();
    file.tokens[3 + 0xAB].text = "<0xab>";
    EXPECT_EQ(file.errorCode(), "none") << "small hexadecimal digits are digits";
}

TEST(BadVocabulary, TextsThatAreNoText) {
    for (const char* text : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80"}) {
        VocabularyFile file = good();
        file.tokens.back().text = text;
        EXPECT_EQ(file.errorCode(), "tokenizer.bad_utf8");
    }
    VocabularyFile file = good();
    file.tokens.back().text = std::string(70000, 'a');
    EXPECT_EQ(file.errorCode(), "tokenizer.too_large");
}

TEST(BadVocabulary, EmptyAndRepeatedTokensAreTolerated) {
    VocabularyFile file = good();
    file.tokens.push_back({""});
    file.tokens.push_back({"ab", TokenType::Normal, 5});
    file.tokens.push_back({std::string("\0", 1)});
    const auto tokenizer = file.open();
    ASSERT_TRUE(tokenizer) << tokenizer.error().message();
    const TokenId first = TokenId(good().tokens.size()) - 1;
    EXPECT_EQ((*tokenizer)->find("ab"), first) << "the first of two";
    EXPECT_THAT(*(*tokenizer)->encode("ab", Plain), testing::ElementsAre(259, first));
    EXPECT_EQ((*tokenizer)->decode(*(*tokenizer)->encode(std::string_view("a\0b", 3), Plain)),
              std::string_view("a\0b", 3));
}

TEST(BadVocabulary, Merges) {
    for (const char* merge : {"", "a", "ab", "a ", " a", " ", "a zz", "zz a", "c d", "a b c", "a  b"}) {
        VocabularyFile file = goodBpe();
        file.merges.push_back(merge);
        EXPECT_EQ(file.errorCode(), "tokenizer.bad_merge") << '"' << merge << '"';
    }
    VocabularyFile file = goodBpe();
    file.merges.push_back(std::string(100000, 'a') + " " + std::string(100000, 'b'));
    EXPECT_EQ(file.errorCode(), "tokenizer.bad_merge") << "overlong";
}

TEST(BadVocabulary, AMillionRepeatedMerges) {
    VocabularyFile file = goodBpe();
    file.merges.insert(file.merges.end(), 1'000'000, "a b");
    const auto tokenizer = file.open();
    ASSERT_TRUE(tokenizer) << tokenizer.error().message();
    EXPECT_THAT(test::texts(**tokenizer, *(*tokenizer)->encode("abc", Plain)), testing::ElementsAre("abc"))
        << "the first rank counts";
}

TEST(BadVocabulary, MissingBytes) {
    VocabularyFile file = goodBpe();
    file.tokens[7].text = "gone";
    EXPECT_EQ(file.errorCode(), "tokenizer.missing_byte");
    file.more = [](GgufWriter& w) { w.setUint("tokenizer.ggml.unknown_token_id", 7); };
    const auto tokenizer = file.open();
    ASSERT_TRUE(tokenizer) << tokenizer.error().message();
    EXPECT_THAT(*(*tokenizer)->encode("\x07", Plain), testing::ElementsAre(7));
    file = goodBpe();
    file.tokens[0xC0].text = "gone";
    EXPECT_EQ(file.errorCode(), "none") << "no text contains that byte";
}

TEST(BadVocabulary, RowsOfTheEmbeddingTable) {
    for (const int more : {-1, 0, 1}) {
        VocabularyFile file = good();
        const std::uint64_t rows = file.tokens.size() + std::uint64_t(std::int64_t(more));
        const std::uint64_t shape[] = {1, rows};
        // The bytes of the tensor have to follow the header, so the file is written here.
        GgufWriter writer;
        const auto source = *file.write();
        {
            const auto read = *format::GgufFile::open(source);
            writer.copyMetadata(read);
        }
        ASSERT_TRUE(writer.addTensor("token_embd.weight", DType::F32, shape));
        ASSERT_TRUE(writer.begin(source));
        ASSERT_TRUE(writer.append(std::vector<std::byte>(rows * 4)));
        ASSERT_TRUE(writer.commit());
        const auto tokenizer = Tokenizer::fromGguf(*format::GgufFile::open(source));
        std::filesystem::remove(source);
        EXPECT_EQ(tokenizer ? "none" : tokenizer.error().code,
                  more == 0 ? "none" : "tokenizer.size_mismatch");
    }
}

TEST(BadVocabulary, TextsBeyondTheLimit) {
    const auto tokenizer = *good().open();
    const auto ids = tokenizer->encode(std::string((std::size_t{32} << 20) + 1, 'a'), Plain);
    ASSERT_FALSE(ids);
    EXPECT_EQ(ids.error().code, "tokenizer.too_long");
    EXPECT_EQ(ids.error().arg("limit"), "33554432");
}

} // namespace
} // namespace hearth::text
