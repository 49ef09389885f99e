// What a model file may not be: every refusal has its own code and names the key or tensor.

#include <gtest/gtest.h>

#include "tests/model/edited_model.h"
#include "tests/model/model_fixture.h"

namespace {

using namespace hearth;

/// The error that opening an edited copy of a golden model gives.
Error refusal(const std::string& source, const test::Edit& edit) {
    const test::TemporaryFile copy;
    if (auto written = test::writeEdited(test::golden(source), copy.path(), edit); !written)
        return written.error();
    auto running = test::RunningModel::open(copy.path());
    return running ? Error{"accepted", "the file was accepted"} : running.error();
}

Error withUint(const std::string& key, std::uint32_t value) {
    return refusal("llama-F32.gguf", {.metadata = [&](format::GgufWriter& w) { w.setUint(key, value); }});
}

Error withFloat(const std::string& key, float value) {
    return refusal("llama-F32.gguf", {.metadata = [&](format::GgufWriter& w) { w.setFloat(key, value); }});
}

Error withText(const std::string& key, const std::string& value) {
    return refusal("llama-F32.gguf", {.metadata = [&](format::GgufWriter& w) { w.setString(key, value); }});
}

TEST(Refusals, AnUnknownFamilyIsNamed) {
    const Error error = withText("general.architecture", "mamba");
    EXPECT_EQ(error.code, "model.unsupported_family");
    EXPECT_EQ(error.arg("family"), "mamba");
    EXPECT_EQ(error.arg("supported"), "llama, qwen2, qwen3, qwen3moe, gemma2, gemma3, phi3");
}

TEST(Refusals, NumbersOutsideTheirRange) {
    struct Bad {
        const char* key;
        std::uint32_t value;
    };
    for (const Bad& bad :
         {Bad{"llama.attention.head_count", 0}, Bad{"llama.attention.head_count", 1U << 30},
          Bad{"llama.attention.head_count_kv", 0}, Bad{"llama.attention.head_count_kv", 3},
          Bad{"llama.block_count", 0}, Bad{"llama.block_count", 0xFFFFFFFF}, Bad{"llama.embedding_length", 0},
          Bad{"llama.feed_forward_length", 0}, Bad{"llama.context_length", 0},
          Bad{"llama.context_length", 0xFFFFFFFF}, Bad{"llama.rope.dimension_count", 0},
          Bad{"llama.rope.dimension_count", 7}, Bad{"llama.rope.dimension_count", 1 << 20},
          Bad{"llama.vocab_size", 319}, Bad{"llama.attention.key_length", 0}}) {
        const Error error = withUint(bad.key, bad.value);
        EXPECT_EQ(error.code, "model.bad_value") << bad.key << " = " << bad.value << ": " << error.message();
        EXPECT_EQ(error.arg("key"), bad.key) << bad.value;
        EXPECT_EQ(error.arg("value"), std::to_string(bad.value)) << bad.key;
    }
    for (const float value :
         {0.5F, -1.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
        EXPECT_EQ(withFloat("llama.attention.layer_norm_rms_epsilon", value).code, "model.bad_value")
            << value;
    EXPECT_EQ(withFloat("llama.rope.freq_base", 0).code, "model.bad_value");
    EXPECT_EQ(withFloat("llama.rope.scaling.factor", 0).code, "model.bad_value");
    EXPECT_EQ(withFloat("llama.attn_logit_softcapping", -1).code, "model.bad_value");
    EXPECT_EQ(withText("llama.rope.scaling.type", "spiral").code, "model.bad_value");
}

TEST(Refusals, ValuesOfAnotherKind) {
    EXPECT_EQ(withText("llama.block_count", "many").code, "model.bad_value");
    EXPECT_EQ(withText("llama.rope.freq_base", "high").code, "model.bad_value");
    EXPECT_EQ(withUint("llama.rope.scaling.type", 1).code, "model.bad_value");
    const std::vector<std::uint32_t> perLayer{4, 4};
    EXPECT_EQ(
        refusal(
            "llama-F32.gguf",
            {.metadata = [&](format::GgufWriter& w) { w.setUints("llama.attention.head_count", perLayer); }})
            .code,
        "model.bad_value");
}

TEST(Refusals, MissingKeys) {
    for (const char* key : {"llama.block_count", "llama.embedding_length", "llama.attention.head_count",
                            "llama.feed_forward_length", "llama.context_length",
                            "llama.attention.layer_norm_rms_epsilon", "general.architecture"}) {
        const Error error = refusal("llama-F32.gguf", {.without = {key}});
        EXPECT_EQ(error.code, "model.missing_key") << key << ": " << error.message();
        EXPECT_EQ(error.arg("key"), key);
    }
}

TEST(Refusals, EveryTensorIsRequiredAndNamed) {
    for (const char* source :
         {"llama-F32.gguf", "qwen2-F32.gguf", "qwen3moe-F32.gguf", "gemma3-F32.gguf", "phi3-F32.gguf"}) {
        auto file = format::GgufFile::open(test::golden(source));
        ASSERT_TRUE(file);
        for (const auto& tensor : file->tensors()) {
            if (tensor.name == "output.weight")
                continue; // without it the embedding serves as output
            if (!tensor.name.starts_with("blk.0.") && tensor.name.starts_with("blk."))
                continue;
            const Error error =
                refusal(source, {.tensor = [&](test::EditedTensor& t) { return t.name != tensor.name; }});
            EXPECT_EQ(error.code, "model.missing_tensor") << source << " without " << tensor.name;
            EXPECT_EQ(error.arg("tensor"), tensor.name) << source;
        }
    }
}

TEST(Refusals, EveryShapeIsChecked) {
    auto file = format::GgufFile::open(test::golden("qwen3moe-F32.gguf"));
    ASSERT_TRUE(file);
    for (const auto& tensor : file->tensors())
        for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
            if (tensor.name == "token_embd.weight" && axis == 1)
                continue; // the vocabulary: shows as a wrong output.weight
            const Error error = refusal("qwen3moe-F32.gguf", {.tensor = [&](test::EditedTensor& t) {
                                            if (t.name == tensor.name)
                                                t.shape[axis] *= 2;
                                            return true;
                                        }});
            EXPECT_EQ(error.code, "model.bad_shape")
                << tensor.name << " axis " << axis << ": " << error.message();
            EXPECT_EQ(error.arg("tensor"), tensor.name);
        }
}

TEST(Refusals, TypesThatCannotBeComputedAreNamed) {
    const Error error = refusal("llama-F32.gguf", {.tensor = [](test::EditedTensor& t) {
                                    if (t.name == "blk.0.ffn_up.weight")
                                        t.type = DType::I8;
                                    return true;
                                }});
    EXPECT_EQ(error.code, "model.unsupported_type");
    EXPECT_EQ(error.arg("tensor"), "blk.0.ffn_up.weight");
    EXPECT_EQ(error.arg("type"), "I8");
}

TEST(Refusals, LoadingStopsBetweenTensors) {
    auto file = format::GgufFile::open(test::golden("llama-F32.gguf"));
    ASSERT_TRUE(file);
    auto config = model::ModelConfig::fromGguf(*file);
    ASSERT_TRUE(config);
    ThreadPool pool{1};
    kernels::Compute compute(kernels::Isa::Generic, pool);
    std::stop_source stop;
    std::uint64_t reports = 0, total = 0;
    const ProgressSink sink = [&](const Progress& progress) {
        EXPECT_EQ(progress.phase, "load.pack");
        EXPECT_LE(progress.done, progress.total);
        total = progress.total;
        if (++reports == 3)
            stop.request_stop();
    };
    auto loaded = model::Model::load(*config, *file, compute, stop.get_token(), sink);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, kCancelled);
    EXPECT_EQ(reports, 3U);
    EXPECT_GT(total, 400'000U);
}

TEST(Refusals, TokensOutsideTheVocabularyAndFullContextsLeaveTheCacheAlone) {
    auto running = test::RunningModel::open(test::golden("llama-F32.gguf"));
    ASSERT_TRUE(running);
    auto cache = (*running)->cache(8, kernels::KvType::F16, 8);
    ASSERT_TRUE(cache);
    for (const std::int32_t bad : {-1, 320, std::numeric_limits<std::int32_t>::max()}) {
        const std::int32_t tokens[] = {1, bad};
        auto out = (*running)->logits(*cache, tokens, 8);
        ASSERT_FALSE(out);
        EXPECT_EQ(out.error().code, "model.bad_token");
        EXPECT_EQ(out.error().arg("token"), std::to_string(bad));
        EXPECT_EQ(cache->size(), 0U);
    }
    ASSERT_TRUE((*running)->logits(*cache, std::vector<std::int32_t>(8, 5), 8));
    auto full = (*running)->logits(*cache, std::vector<std::int32_t>{5}, 8);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, "context.full");
    EXPECT_EQ(full.error().arg("needed_tokens"), "9");
    EXPECT_EQ(full.error().arg("context_tokens"), "8");
    EXPECT_EQ(cache->size(), 8U);
    const std::vector<std::int32_t> many(9, 5);
    const model::BatchItem item{.cache = &*cache, .tokens = many, .wanted = model::LogitsOf::None};
    auto tooMany = (*running)->model->forward({&item, 1}, nullptr);
    ASSERT_FALSE(tooMany);
    EXPECT_EQ(tooMany.error().code, "model.bad_batch");
}

} // namespace
