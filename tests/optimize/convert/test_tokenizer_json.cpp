// tokenizer.json: pre-tokenisers recognised by their expressions, and the thirty bad inputs; tokenizer.model
// cut at every byte.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/optimize/convert/hf_tokenizer.h"
#include "engine/optimize/convert/json_file.h"
#include "engine/text/tokenizer/byte_alphabet.h"
#include "engine/text/tokenizer/pre_tokenizer.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::optimize;
using nlohmann::json;

const char* const kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
const char* const kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

/// A byte-level vocabulary: every byte's letter, "th", "the", and an end marker.
json byteLevel() {
    json vocab;
    for (int byte = 0; byte < 256; ++byte) {
        std::string letter;
        text::appendLetters(letter, std::string(1, static_cast<char>(byte)));
        vocab[letter] = byte;
    }
    vocab["th"] = 256;
    vocab["the"] = 257;
    return {{"added_tokens", {{{"id", 258}, {"content", "<|im_end|>"}, {"special", true}}}},
            {"normalizer", {{"type", "NFC"}}},
            {"pre_tokenizer",
             {{"type", "Sequence"},
              {"pretokenizers",
               {{{"type", "Split"}, {"pattern", {{"Regex", kQwen2}}}, {"behavior", "Isolated"}},
                {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}},
            {"model", {{"type", "BPE"}, {"vocab", vocab}, {"merges", {"t h", "th e"}}}}};
}

/// Characters with byte tokens.
json characters() {
    json vocab{{"<unk>", 0},
               {"\xE2\x96\x81", 257},
               {"a", 258},
               {"\xE2\x96\x81"
                "a",
                259}};
    for (int byte = 0; byte < 256; ++byte) {
        char name[8];
        std::snprintf(name, sizeof name, "<0x%02X>", unsigned(byte));
        vocab[name] = 1 + byte;
    }
    return {{"normalizer", nullptr},
            {"model",
             {{"type", "BPE"},
              {"byte_fallback", true},
              {"vocab", vocab},
              {"merges", json::array({json::array({"\xE2\x96\x81", "a"})})}}}};
}

std::string codeOf(const std::string& text) {
    const auto parsed = parseTokenizerJson(text);
    if (parsed)
        return "ok";
    return parsed.error().code.substr(parsed.error().code.find('.') + 1);
}

std::string codeOf(const json& root) {
    return codeOf(root.dump());
}

template <class Edit>
std::string codeOf(json root, Edit&& edit) {
    edit(root);
    return codeOf(root);
}

TEST(TokenizerJson, ReadsBothKinds) {
    const auto bytes = parseTokenizerJson(byteLevel().dump());
    ASSERT_TRUE(bytes) << bytes.error().message();
    EXPECT_EQ(bytes->model, "gpt2");
    EXPECT_EQ(bytes->pre, "qwen2");
    EXPECT_EQ(bytes->tokens.size(), 259U);
    EXPECT_EQ(bytes->types[258], kTokenControl);
    EXPECT_EQ(bytes->merges, (std::vector<std::string>{"t h", "th e"}));
    const auto pieces = parseTokenizerJson(characters().dump());
    ASSERT_TRUE(pieces) << pieces.error().message();
    EXPECT_EQ(pieces->model, "llama");
    EXPECT_EQ(pieces->types[1], kTokenByte);
    EXPECT_EQ(pieces->scores.size(), 260U);
    EXPECT_GT(pieces->scores[259], pieces->scores[258]);
    // The newer form of merges.
    EXPECT_EQ(
        codeOf(byteLevel(),
               [](json& j) {
                   j["model"]["merges"] = json::array({json::array({"t", "h"}), json::array({"th", "e"})});
               }),
        "ok");
}

TEST(TokenizerJson, PreTokenizersAreRecognisedByTheirExpression) {
    EXPECT_EQ(preTokenizerName({kQwen2}, false), "qwen2");
    EXPECT_EQ(preTokenizerName({kLlama3}, true), "llama-bpe");
    EXPECT_EQ(preTokenizerName({kLlama3}, false), "smaug-bpe");
    EXPECT_EQ(preTokenizerName({"\\p{N}", text::preTokenizerRule("gpt-2")->expressions[0]}, false), "smollm");
    EXPECT_EQ(preTokenizerName({"[a-z]+"}, false), std::nullopt);
    EXPECT_EQ(preTokenizerName({}, false), std::nullopt);
    // Every name leads to a rule that cuts alike.
    for (const auto name : text::preTokenizerNames()) {
        const auto rule = text::preTokenizerRule(name);
        ASSERT_TRUE(rule);
        const std::vector<std::string> expressions(rule->expressions.begin(), rule->expressions.end());
        const auto found = preTokenizerName(expressions, rule->ignoreMerges);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(text::preTokenizerRule(*found)->expressions.size(), rule->expressions.size()) << name;
        EXPECT_EQ(text::preTokenizerRule(*found)->ignoreMerges, rule->ignoreMerges) << name;
    }
    // GPT-2's own form: a byte level step that brings the expression itself.
    EXPECT_EQ(parseTokenizerJson([] {
                  json root = byteLevel();
                  root["pre_tokenizer"] = {{"type", "ByteLevel"}, {"add_prefix_space", false}};
                  return root.dump();
              }())
                  ->pre,
              "gpt-2");
    // Characters outside ASCII written plainly, where the table writes them as numbers.
    const auto deepSeek = text::preTokenizerRule("deepseek-coder");
    ASSERT_TRUE(deepSeek);
    std::vector<std::string> plain(deepSeek->expressions.begin(), deepSeek->expressions.end());
    for (auto& expression : plain)
        if (expression.find("\\x{4E00}") != std::string::npos)
            expression = "[\xE4\xB8\x80-\xE9\xBE\xA5\xE0\xA0\x80-\xE4\xB8\x80\xEA\xB0\x80-\xED\x9F\xBF]+";
    EXPECT_EQ(preTokenizerName(plain, false), "deepseek-coder");
}

TEST(TokenizerJson, BadInputsAreNamed) {
    EXPECT_EQ(codeOf(byteLevel()), "ok");
    EXPECT_EQ(codeOf(std::string()), "empty");
    EXPECT_EQ(codeOf(std::string("\xEF\xBB\xBF{}")), "bom");
    EXPECT_EQ(codeOf(std::string("{\"a\":\"\0\"}", 9)), "bad_json");
    EXPECT_EQ(codeOf(std::string(100'000, '[')), "too_deep");
    EXPECT_EQ(codeOf(std::string("{\"model\":{},\"model\":{}}")), "duplicate_key");
    EXPECT_EQ(codeOf(std::string("{\"a\":\"\\ud800\"}")), "bad_json");
    EXPECT_EQ(codeOf(std::string("{\"a\":\"\xff\"}")), "bad_utf8");
    EXPECT_EQ(codeOf(std::string("{} {}")), "bad_json");
    EXPECT_EQ(codeOf(json::object()), "no_model");
    EXPECT_EQ(codeOf(json::array()), "no_model");
    const auto edited = [](const char* pointer, json value) {
        return codeOf(byteLevel(), [&](json& root) { root[json::json_pointer(pointer)] = std::move(value); });
    };
    EXPECT_EQ(edited("/model/type", "Unigram"), "unknown_model");
    EXPECT_EQ(edited("/model/type", "WordLevel"), "unknown_model");
    EXPECT_EQ(edited("/model/vocab", json::array({"a"})), "bad_vocab");
    EXPECT_EQ(edited("/model/vocab", json::object()), "bad_vocab");
    EXPECT_EQ(edited("/model/vocab/the", -1), "bad_id");
    EXPECT_EQ(edited("/model/vocab/the", 1e30), "bad_id");
    EXPECT_EQ(edited("/model/vocab/the", 1.5), "bad_id");
    EXPECT_EQ(edited("/model/vocab/the", std::uint64_t{1} << 40), "bad_id");
    EXPECT_EQ(edited("/model/vocab/the", 256), "duplicate_id");
    EXPECT_EQ(edited("/model/vocab/the", 300), "id_gap");
    EXPECT_EQ(codeOf(byteLevel(), [](json& root) { root["model"]["vocab"][""] = 258; }), "empty_token");
    EXPECT_EQ(edited("/model/merges", {"t x y"}), "bad_merge");
    EXPECT_EQ(edited("/model/merges", {"t"}), "bad_merge");
    EXPECT_EQ(edited("/model/merges", {"q z"}), "bad_merge") << "what they give is no token";
    EXPECT_EQ(edited("/model/merges", {std::string(100'000, 'a') + " b"}), "bad_merge");
    EXPECT_EQ(edited("/model/merges", {{"t", "h", "e"}}), "bad_merge");
    EXPECT_EQ(edited("/model/merges", 7), "bad_merge");
    EXPECT_EQ(codeOf(byteLevel(),
                     [](json& root) {
                         root["model"]["vocab"].erase("a");
                         root["model"]["vocab"]["aa"] = 97;
                     }),
              "missing_bytes");
    EXPECT_EQ(edited("/pre_tokenizer/pretokenizers/0/pattern/Regex", "(a"), "bad_expression");
    EXPECT_EQ(edited("/pre_tokenizer/pretokenizers/0/pattern/Regex", "(a+)+b"), "unknown_pre_tokenizer")
        << "an expression that could take forever is never run";
    EXPECT_EQ(edited("/pre_tokenizer/pretokenizers/0/type", "UnicodeScripts"), "unknown_pre_tokenizer");
    EXPECT_EQ(edited("/pre_tokenizer", nullptr), "unknown_pre_tokenizer");
    EXPECT_EQ(edited("/normalizer/type", "Precompiled"), "unknown_normalizer");
    EXPECT_EQ(edited("/added_tokens/0/id", -5), "bad_added_token");
    EXPECT_EQ(edited("/added_tokens/0/id", std::uint64_t{1} << 40), "bad_added_token");
    EXPECT_EQ(edited("/added_tokens/0/id", 97), "bad_added_token");
    EXPECT_EQ(edited("/added_tokens/0/content", ""), "bad_added_token");
    const auto renamed = [](const char* to) {
        return codeOf(characters(), [&](json& root) {
            root["model"]["vocab"].erase("<0x41>");
            root["model"]["vocab"][to] = 1 + 0x41;
        });
    };
    EXPECT_EQ(renamed("<0x-1>"), "bad_byte_token");
    EXPECT_EQ(renamed("<0xZZ>"), "bad_byte_token");
    EXPECT_EQ(renamed("other"), "missing_bytes");
}

TEST(TokenizerJson, SizesThatNoModelHasAreRefused) {
    // Before anything is made of them: what the lists hold does not matter.
    const auto of = [](const char* open, const char* item, const char* close, std::size_t count) {
        std::string text = open;
        for (std::size_t i = 0; i < count; ++i)
            text += item;
        text.back() = ' '; // the last comma
        return text + close;
    };
    const std::string many =
        of(R"({"model":{"type":"BPE","vocab":{"a":0},"merges":[)", "0,", "]}}", 10'000'000);
    const auto merges = parseTokenizerJson(many);
    ASSERT_FALSE(merges);
    EXPECT_EQ(merges.error().code, "tokenizer_json.bad_merge");
    EXPECT_THAT(merges.error().detail, testing::HasSubstr("10000000 merges"));
    const auto huge = parseJson(std::string(1001, ' ') + "{}", "tokenizer_json", 1000);
    ASSERT_FALSE(huge);
    EXPECT_EQ(huge.error().code, "tokenizer_json.too_large");
}

TEST(TokenizerJson, CutAtEveryHundredthByteIsRefused) {
    const std::string whole = byteLevel().dump();
    for (std::size_t size = 0; size < whole.size(); size += 100)
        EXPECT_NE(codeOf(whole.substr(0, size)), "ok") << size;
}

TEST(SentencePieceModel, CutAtEveryByteNeverPassesUnnoticed) {
    const test::TemporaryFolder folder;
    test::writeHfFolder(test::golden("llama-F32.gguf"), folder.path());
    const std::string whole = test::readText(folder.path() / "tokenizer.model");
    const auto parsed = parseSentencePieceModel(whole);
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_EQ(parsed->tokens.size(), 320U);
    EXPECT_EQ(parsed->addSpacePrefix, true);
    // The trainer's message comes behind the pieces; without it nothing says how to merge.
    const std::size_t trainer = whole.size() - 8;
    for (std::size_t size = 0; size <= trainer; ++size) {
        const auto cut = parseSentencePieceModel(std::string_view(whole).substr(0, size));
        ASSERT_FALSE(cut) << size;
        EXPECT_TRUE(cut.error().code.starts_with("tokenizer_model.")) << size;
    }
    EXPECT_EQ(parseSentencePieceModel("").error().code, "tokenizer_model.no_pieces");
    EXPECT_EQ(parseSentencePieceModel("\x0a\x02\x0a\x00").error().code, "tokenizer_model.truncated");
    EXPECT_EQ(parseSentencePieceModel("\x0b").error().code, "tokenizer_model.bad_field");
    EXPECT_EQ(parseSentencePieceModel(std::string(12, '\xff')).error().code, "tokenizer_model.bad_field");
    // Unigram: pieces, then a trainer without a type.
    const std::string unigram = std::string("\x0a\x03\x0a\x01") + "a" + std::string("\x12\x02\x18\x01", 4);
    EXPECT_EQ(parseSentencePieceModel(unigram).error().code, "tokenizer_model.not_bpe");
}

} // namespace
