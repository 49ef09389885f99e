// Folders of safetensors become models that compute what their GGUF twins compute.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/optimize/convert/convert.h"
#include "engine/tensor/dequantize.h"
#include "engine/text/tokenizer/tokenizer.h"
#include "tests/model/model_fixture.h"
#include "tests/optimize/convert/hf_folder.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace hearth;
using optimize::convertFolder;
using testing::HasSubstr;

std::vector<float> logitsOf(const std::filesystem::path& path) {
    auto running = test::RunningModel::open(path, kernels::availableIsas().back());
    EXPECT_TRUE(running) << running.error().message();
    if (!running)
        return {};
    auto cache = (*running)->cache();
    EXPECT_TRUE(cache);
    const auto logits = (*running)->logits(*cache, test::longGoldenPrompt(), 48);
    EXPECT_TRUE(logits) << logits.error().message();
    return logits ? *logits : std::vector<float>();
}

class Convert : public testing::Test {
protected:
    std::filesystem::path path(const std::string& name) const { return m_folder.path() / name; }
    std::string codeOf(const std::filesystem::path& folder, const optimize::ConvertOptions& options = {}) {
        const auto done = convertFolder(folder, path("out.gguf"), options, m_pool);
        EXPECT_EQ(std::filesystem::exists(path("out.gguf")), done.has_value());
        std::filesystem::remove(path("out.gguf"));
        return done ? "ok" : done.error().code;
    }
    test::TemporaryFolder m_folder;
    ThreadPool m_pool{2};
};

class ConvertFamily : public Convert, public testing::WithParamInterface<const char*> {};

TEST_P(ConvertFamily, LogitsAreThoseOfTheTwin) {
    const std::string name = GetParam();
    const auto twin = test::golden(name + ".gguf");
    test::writeHfFolder(twin, path("hf"), {.shards = name == "llama-F32" ? 3U : 1U, .editConfig = {}});
    std::uint64_t last = 0, total = 0;
    const auto report = convertFolder(path("hf"), path("out.gguf"), {.type = DType::F32}, m_pool, {},
                                      [&](const Progress& progress) {
                                          EXPECT_GE(progress.done, last);
                                          last = progress.done;
                                          total = progress.total;
                                      });
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_LE(last, total);
    EXPECT_TRUE(report->hasTemplate);
    const auto want = logitsOf(twin), got = logitsOf(path("out.gguf"));
    ASSERT_EQ(got.size(), want.size());
    // Norms of the Gemma family lose a bit where one is taken off and added again.
    EXPECT_LT(test::nmse(got, want), name.starts_with("gemma") ? 1e-11 : 1e-15);

    const auto made = format::GgufFile::open(path("out.gguf")), original = format::GgufFile::open(twin);
    ASSERT_TRUE(made && original);
    const auto ours = text::Tokenizer::fromGguf(*made), theirs = text::Tokenizer::fromGguf(*original);
    ASSERT_TRUE(ours && theirs);
    const char* text = "the rain was in the town, and nothing was heard \xE4\xBD\xA0\xE5\xA5\xBD!\n";
    EXPECT_EQ((*ours)->encode(text, text::Tokenizer::Specials::Plain).value(),
              (*theirs)->encode(text, text::Tokenizer::Specials::Plain).value());
    EXPECT_EQ((*ours)->specials().bos, 1);
    EXPECT_EQ((*ours)->specials().eos, 2);
    EXPECT_TRUE((*ours)->specials().addBos);
    EXPECT_EQ(made->getString("tokenizer.chat_template"), "{{ messages[0].content }}");
}

std::string familyName(const testing::TestParamInfo<const char*>& name) {
    std::string out = name.param;
    std::replace(out.begin(), out.end(), '-', '_');
    return out;
}

INSTANTIATE_TEST_SUITE_P(Families, ConvertFamily,
                         testing::Values("llama-F32", "llama-moe-F32", "llama-headdim-F32",
                                         "llama-linear-F32", "llama-yarn-F32", "qwen2-F32", "qwen3-F32",
                                         "qwen3moe-F32", "gemma2-F32", "gemma2-window4-F32", "gemma3-F32",
                                         "gemma3-window4-F32", "phi3-F32", "phi3-window4-F32"),
                         familyName);

TEST_F(Convert, TokenizerJsonGivesTheSameTokens) {
    const auto twin = test::golden("llama-F32.gguf");
    test::writeHfFolder(twin, path("hf"), {.tokenizerJson = true, .editConfig = {}});
    const auto report =
        convertFolder(path("hf"), path("out.gguf"), {.type = DType::Q8_0, .name = "mine"}, m_pool);
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(report->tokenizer, "llama (default)");
    const auto made = format::GgufFile::open(path("out.gguf")), original = format::GgufFile::open(twin);
    ASSERT_TRUE(made && original);
    EXPECT_EQ(made->getString("general.name"), "mine");
    EXPECT_EQ(made->getUint("general.file_type"), 7U);
    EXPECT_EQ(made->findTensor("blk.0.attn_q.weight")->type, DType::Q8_0);
    const auto ours = text::Tokenizer::fromGguf(*made), theirs = text::Tokenizer::fromGguf(*original);
    ASSERT_TRUE(ours && theirs) << ours.error().message();
    for (const char* text : {"the rain was in the town", "ing nd ou theand", " two  spaces\n\nand \xC3\xA9",
                             "\xE4\xBD\xA0\xE5\xA5\xBD"})
        EXPECT_EQ((*ours)->encode(text, text::Tokenizer::Specials::Plain).value(),
                  (*theirs)->encode(text, text::Tokenizer::Specials::Plain).value())
            << text;
}

TEST_F(Convert, WeightsOfEveryTypeArriveAsTheyAre) {
    const auto twin = test::golden("llama-F32.gguf");
    test::writeHfFolder(twin, path("full"), {.type = DType::F32});
    for (const DType type : {DType::F16, DType::BF16}) {
        const std::string name(traitsOf(type).name);
        SCOPED_TRACE(name);
        test::writeHfFolder(twin, path(name), {.shards = 2, .type = type});
        // Rounded before or after: the same bits. And nothing is lost on the way to a wider type.
        ASSERT_TRUE(convertFolder(path("full"), path("a.gguf"), {.type = type}, m_pool));
        ASSERT_TRUE(convertFolder(path(name), path("b.gguf"), {.type = type}, m_pool));
        ASSERT_TRUE(convertFolder(path(name), path("wide.gguf"), {.type = DType::F32}, m_pool));
        const auto a = format::GgufFile::open(path("a.gguf")), b = format::GgufFile::open(path("b.gguf")),
                   wide = format::GgufFile::open(path("wide.gguf"));
        ASSERT_TRUE(a && b && wide);
        ASSERT_EQ(a->tensors().size(), b->tensors().size());
        std::size_t matrices = 0;
        for (const auto& tensor : a->tensors()) {
            if (tensor.type != type)
                continue; // vectors are F32
            ++matrices;
            const auto* rounded = b->findTensor(tensor.name);
            ASSERT_TRUE(rounded && rounded->type == type) << tensor.name;
            const auto want = a->tensorData(tensor), got = b->tensorData(*rounded);
            EXPECT_TRUE(std::equal(got.begin(), got.end(), want.begin(), want.end())) << tensor.name;
            const auto* widened = wide->findTensor(tensor.name);
            ASSERT_TRUE(widened && widened->type == DType::F32) << tensor.name;
            std::vector<float> values(tensor.elements), back(tensor.elements);
            dequantizeRow(type, want, values);
            dequantizeRow(DType::F32, wide->tensorData(*widened), back);
            EXPECT_EQ(values, back) << tensor.name;
        }
        EXPECT_GT(matrices, 8U);
        EXPECT_LT(test::nmse(logitsOf(path("b.gguf")), logitsOf(path("wide.gguf"))), 1e-3);
    }
}

TEST_F(Convert, FilesBesideTheWeightsCount) {
    test::writeHfFolder(test::golden("llama-F32.gguf"), path("hf"));
    std::ofstream(path("hf") / "chat_template.jinja") << "own file: {{ messages[0].content }}";
    std::ofstream(path("hf") / "tokenizer_config.json") << R"({"add_bos_token": false})";
    std::ofstream(path("hf") / "generation_config.json")
        << R"({"bos_token_id": 1, "eos_token_id": [2, 5], "pad_token_id": 0})";
    ASSERT_TRUE(convertFolder(path("hf"), path("out.gguf"), {}, m_pool));
    const auto made = format::GgufFile::open(path("out.gguf"));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->getString("tokenizer.chat_template"), "own file: {{ messages[0].content }}");
    EXPECT_EQ(made->getUint("tokenizer.ggml.bos_token_id"), 1U);
    EXPECT_EQ(made->getUint("tokenizer.ggml.eos_token_id"), 2U) << "the first of several";
    EXPECT_EQ(made->getUint("tokenizer.ggml.padding_token_id"), 0U);
    EXPECT_EQ(made->getBool("tokenizer.ggml.add_bos_token"), false);
}

TEST_F(Convert, Llama3FrequenciesBecomeDivisors) {
    const auto twin = test::golden("llama-F32.gguf");
    test::writeHfFolder(twin, path("hf"), {.editConfig = [](nlohmann::json& config) {
                            config["rope_theta"] = 500000.0;
                            config["rope_scaling"] = {{"rope_type", "llama3"},
                                                      {"factor", 8.0},
                                                      {"low_freq_factor", 1.0},
                                                      {"high_freq_factor", 4.0},
                                                      {"original_max_position_embeddings", 8192}};
                        }});
    ASSERT_TRUE(convertFolder(path("hf"), path("out.gguf"), {}, m_pool));
    const auto made = format::GgufFile::open(path("out.gguf"));
    ASSERT_TRUE(made);
    const auto* tensor = made->findTensor("rope_freqs.weight");
    ASSERT_TRUE(tensor);
    std::vector<float> divisors(tensor->elements);
    std::memcpy(divisors.data(), made->tensorData(*tensor).data(), tensor->bytes);
    EXPECT_EQ(divisors.front(), 1.0F) << "high frequencies stay";
    EXPECT_EQ(divisors.back(), 8.0F) << "low frequencies are divided by the factor";
    EXPECT_TRUE(std::is_sorted(divisors.begin(), divisors.end()));
    EXPECT_FALSE(logitsOf(path("out.gguf")).empty());
}

TEST_F(Convert, WhatCannotBeConvertedIsNamed) {
    const auto twin = test::golden("llama-F32.gguf");
    int count = 0;
    const auto with = [&](const std::function<void(nlohmann::json&)>& edit,
                          const std::function<void(const std::filesystem::path&)>& spoil = {}) {
        const auto folder = path("hf" + std::to_string(++count));
        test::writeHfFolder(twin, folder, {.shards = 2, .editConfig = edit});
        if (spoil)
            spoil(folder);
        return codeOf(folder);
    };
    const auto write = [](const char* name, const std::string& content) {
        return [=](const std::filesystem::path& folder) {
            std::ofstream(folder / name, std::ios::binary) << content;
        };
    };
    const auto set = [](const char* key, nlohmann::json value) {
        return [=](nlohmann::json& config) { config[key] = value; };
    };
    EXPECT_EQ(with({}), "ok");
    EXPECT_EQ(codeOf(path("nowhere")), "convert.not_a_folder");
    EXPECT_EQ(with(set("architectures", {"GPT2LMHeadModel"})), "convert.unsupported_architecture");
    EXPECT_EQ(with(set("hidden_size", -1)), "convert.bad_config");
    EXPECT_EQ(with(set("num_hidden_layers", "two")), "convert.bad_config");
    EXPECT_EQ(with(set("num_attention_heads", 0)), "convert.bad_config");
    EXPECT_EQ(with(set("hidden_act", "relu")), "convert.unsupported_option");
    EXPECT_EQ(with(set("rope_scaling", {{"rope_type", "dynamic"}, {"factor", 2.0}})),
              "convert.unsupported_option");
    EXPECT_EQ(with(set("num_hidden_layers", 1)), "convert.unknown_tensor") << "a layer too many";
    EXPECT_EQ(with(set("num_hidden_layers", 9)), "convert.missing_tensor");
    EXPECT_EQ(with(set("num_attention_heads", 2)), "convert.bad_shape");
    EXPECT_EQ(with({}, write("config.json", "{")), "convert.json.bad_json");
    EXPECT_EQ(with({}, write("config.json", "[]")), "convert.bad_config");
    EXPECT_EQ(with({}, write("tokenizer.model", "\x0a\xff")), "tokenizer_model.truncated");
    EXPECT_EQ(with({}, write("tokenizer_config.json", "{\"a\":1,\"a\":2}")), "convert.json.duplicate_key");
    EXPECT_EQ(with({}, write("added_tokens.json", "{\"<more>\":320}")), "tokenizer_json.bad_added_token");
    EXPECT_EQ(with({}, [](const auto& folder) { std::filesystem::remove(folder / "tokenizer.model"); }),
              "convert.no_tokenizer");
    EXPECT_EQ(with({},
                   [](const auto& folder) {
                       std::filesystem::remove(folder / "model-00002-of-00002.safetensors");
                   }),
              "safetensors.missing_shard");
    EXPECT_EQ(with({}, write("model-00001-of-00002.safetensors", "PK\x03\x04 a zip")), "safetensors.pickle");
    EXPECT_EQ(with({}, write("model.safetensors.index.json", R"({"weight_map":{"a":"../../etc/passwd"}})")),
              "convert.bad_config");
    EXPECT_EQ(with({}, write("model.safetensors.index.json", R"({"weight_map":7})")), "convert.bad_config");
    EXPECT_EQ(with({},
                   [](const auto& folder) {
                       // A piece more than the embedding has rows.
                       std::ofstream(folder / "tokenizer.model", std::ios::binary | std::ios::app)
                           << std::string("\x0a\x05\x0a\x03", 4) + "zzz";
                   }),
              "convert.vocabulary_mismatch");
    const auto onlyPickles = [](const std::filesystem::path& folder) {
        for (const char* name : {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                                 "model.safetensors.index.json"})
            std::filesystem::remove(folder / name);
        std::ofstream(folder / "pytorch_model.bin") << "PK\x03\x04";
    };
    EXPECT_EQ(with({}, onlyPickles), "convert.pickle");
    test::writeHfFolder(twin, path("good"));
    EXPECT_EQ(codeOf(path("good"), {.type = DType::Q4_K}), "convert.unsupported_type");
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = convertFolder(path("good"), path("out.gguf"), {}, m_pool, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_FALSE(std::filesystem::exists(path("out.gguf")));
}

} // namespace
