#include <gmock/gmock.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/synthetic_model.h"
#include "engine/hardware/predict/catalogue.h"
#include "engine/hardware/predict/predict.h"
#include "tests/hardware/predict/sample_measurement.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

constexpr MemoryRoom kPlenty{std::uint64_t{64} << 30, std::uint64_t{64} << 30};

const Catalogue& catalogue() {
    static const Catalogue known = Catalogue::load().value();
    return known;
}

ModelShape shape(const char* id, const char* mix) {
    return quantised(catalogue().find(id)->shape, mix).value();
}

double term(const std::vector<Term>& terms, std::string_view name) {
    for (const Term& t : terms)
        if (t.name == name)
            return t.amount;
    ADD_FAILURE() << "no term " << name;
    return 0;
}

TEST(Predict, DecodeStreamsEveryWeightOnce) {
    Predictor predictor(test::roundMeasurement(), kPlenty);
    const auto p = predictor.predict(shape("llama-3.1-8b", "Q8_0"));
    ASSERT_TRUE(p) << p.error().message();
    // 8.03e9 parameters without the embedding's 128256 × 4096, at 34 bytes for 32 (norms are not streamed).
    const double bytes = (8.030e9 - 128256.0 * 4096) * 34 / 32;
    EXPECT_NEAR(p->streamedBytes / bytes, 1, 0.002);
    EXPECT_NEAR(1 / p->decodeTps, bytes / 20e9, 0.002);
    EXPECT_FALSE(p->estimated);
    // 2 operations a parameter; the output matrix only for the last token.
    const double operations = 2 * (8.030e9 - 2 * 128256.0 * 4096) * 512;
    EXPECT_NEAR(512 / p->prefillTps, operations / 200e9 + 128256.0 * 4096 * 34 / 32 / 20e9, 0.5);
    EXPECT_NEAR(p->firstTokenSeconds, 512 / p->prefillTps, 1e-9);
    EXPECT_NEAR(*p->loadSeconds, 2.0 * static_cast<double>(p->fileBytes) / 1e9, 0.1); // reading and packing
    EXPECT_FALSE(p->downloadSeconds);
}

TEST(Predict, MemoryArithmeticIsShown) {
    Predictor predictor(test::roundMeasurement(), kPlenty);
    const auto p = predictor.predict(shape("llama-3.1-8b", "Q4_K_M"), {.context = 8192});
    ASSERT_TRUE(p);
    EXPECT_DOUBLE_EQ(term(p->memory, "kv_cache"), 32.0 * 8 * 512 * 8192);
    EXPECT_EQ(p->memory[1].formula, "32 layers × 8 heads × 512 bytes × 8192 positions");
    double total = 0;
    for (const Term& t : p->memory)
        total += t.amount;
    EXPECT_EQ(p->memoryBytes, static_cast<std::uint64_t>(total));
    const auto q8 = predictor.predict(shape("llama-3.1-8b", "Q4_K_M"),
                                      {.context = 8192, .kvType = kernels::KvType::Q8_0});
    ASSERT_TRUE(q8);
    EXPECT_DOUBLE_EQ(term(q8->memory, "kv_cache"), 32.0 * 8 * 2 * 136 * 8192);
}

TEST(Predict, WindowsBoundTheCacheAndTheAttention) {
    Measurement m = test::roundMeasurement(1);
    for (AttentionRate& rate : m.attention)
        rate.decodeSecondsPerByte = 1e-10;
    Predictor predictor(m, kPlenty);
    const auto p = predictor.predict(shape("gemma-3-1b", "Q8_0"), {.context = 32768, .depth = 20000});
    ASSERT_TRUE(p);
    // 26 layers, every sixth sees all: 4; the others hold 512 + 512 − 1 cells and look at 512.
    EXPECT_DOUBLE_EQ(term(p->memory, "kv_cache"), (4.0 * 32768 + 22.0 * 1023) * 1024);
    EXPECT_NEAR(term(p->decode, "attention"), (4.0 * 20001 + 22.0 * 512) * 1024 * 1e-10, 1e-9);
}

TEST(Predict, AttentionGrowsWithTheDepth) {
    Measurement m = test::roundMeasurement();
    for (AttentionRate& rate : m.attention)
        rate.decodeSecondsPerByte = 5e-11, rate.decodeSecondsPerProduct = 1e-12,
        rate.prefillSecondsPerProduct = 1e-12;
    Predictor predictor(m, kPlenty);
    const auto at = [&](std::size_t depth) {
        return predictor.predict(shape("qwen3-4b", "Q4_K_M"), {.context = 32768, .depth = depth}).value();
    };
    EXPECT_GT(at(16).decodeTps, at(4096).decodeTps);
    EXPECT_GT(at(4096).decodeTps, at(32000).decodeTps);
    const auto shortPrompt =
        predictor.predict(shape("qwen3-4b", "Q4_K_M"), {.context = 32768, .prompt = 512});
    const auto longPrompt =
        predictor.predict(shape("qwen3-4b", "Q4_K_M"), {.context = 32768, .prompt = 8192});
    ASSERT_TRUE(shortPrompt && longPrompt);
    EXPECT_GT(longPrompt->firstTokenSeconds, 16 * shortPrompt->firstTokenSeconds);
}

TEST(Predict, AttentionIsThatOfTheCellsAndHeadsMostAlike) {
    Measurement m = test::roundMeasurement();
    m.attention = {{kernels::KvType::F16, 1e-10, 0, 0, 64},
                   {kernels::KvType::F16, 2e-10, 0, 0, 128},
                   {kernels::KvType::Q8_0, 4e-10, 0, 0, 128}};
    const auto perByte = [&](const char* model, kernels::KvType type) {
        const auto s = shape(model, "Q8_0");
        const auto p = Predictor(m, kPlenty).predict(s, {.depth = 999, .kvType = type}).value();
        const auto& c = s.config;
        return term(p.decode, "attention") /
               static_cast<double>(c.layers * 1000 * c.kvHeads * 2 * kernels::kvCellBytes(type, c.headDim));
    };
    EXPECT_NEAR(perByte("llama-3.2-1b", kernels::KvType::F16), 1e-10, 1e-13); // heads of 64
    EXPECT_NEAR(perByte("llama-3.1-8b", kernels::KvType::F16), 2e-10, 1e-13); // 128
    EXPECT_NEAR(perByte("llama-3.2-1b", kernels::KvType::Q8_0), 4e-10, 1e-13);
}

TEST(Predict, CallsAndInputsCostBesidesBytesAndProducts) {
    Measurement m = test::roundMeasurement();
    m.step.callSeconds = 20e-6;
    for (KernelRate& rate : m.kernels)
        rate.prefillSecondsPerInput = 1e-10;
    const auto p = Predictor(m, kPlenty).predict(shape("llama-3.1-8b", "Q8_0"));
    ASSERT_TRUE(p);
    // Four products a layer (queries with keys and values, output, gate with up, down) with attention between
    // them, and the last one.
    EXPECT_NEAR(term(p->decode, "forks"), (5 * 32 + 1) * 20e-6, 1e-9);
    // Their inputs: three of 4096 values and one of 14336.
    const auto free = Predictor(test::roundMeasurement(), kPlenty).predict(shape("llama-3.1-8b", "Q8_0"));
    EXPECT_NEAR(term(p->prefill, "weights") - term(free->prefill, "weights"),
                512.0 * 32 * (3 * 4096 + 14336) * 1e-10, 1e-6);
}

/// Caches of 16 MiB in which kernels reach 80 GB/s; memory gives 20.
Measurement withCaches() {
    Measurement m = test::roundMeasurement();
    m.caches = {{std::uint64_t{1} << 20, 100e9},
                {std::uint64_t{16} << 20, 100e9},
                {std::uint64_t{32} << 20, 25e9},
                {std::uint64_t{128} << 20, 20e9}};
    for (KernelRate& rate : m.kernels)
        rate.cachedBytesPerSecond = 80e9;
    m.step = {.forkSeconds = 1e-6, .callSeconds = 10e-6, .smallCallSeconds = 1e-7};
    return m;
}

TEST(Predict, SmallModelsStayInTheCaches) {
    const test::TemporaryFolder folder;
    const auto path = folder.path() / "tiny.gguf"; // 2 layers of 256, vocabulary 512, feed-forward 512
    ASSERT_TRUE(format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "Q8_0", path));
    const ModelShape tiny = shapeOf(format::GgufFile::open(path).value()).value();
    const auto cached = Predictor(withCaches(), kPlenty).predict(tiny, {.depth = 10}).value();
    // The matrices of attention have 65 536 products at most: one thread multiplies them, at half the rate.
    const double shared =
        cached.streamedBytes - 2 * 2 * 128 * 256 * 34 / 32.0 - 2 * 2 * 256 * 256 * 34 / 32.0;
    EXPECT_NEAR(term(cached.decode, "weights"), shared / 80e9 + (cached.streamedBytes - shared) / 40e9, 1e-9);
    // Of the calls only those with queries, keys and values, gate and up, down and the last one start
    // threads.
    EXPECT_NEAR(term(cached.decode, "forks"), (2 * 3 + 1) * 1e-6 + 2 * 2 * 1e-7, 1e-12);
    // Without a look at caches it is as slow as memory.
    const auto streamed = Predictor(test::roundMeasurement(), kPlenty).predict(tiny, {.depth = 10}).value();
    EXPECT_NEAR(term(streamed.decode, "weights"), streamed.streamedBytes / 20e9, 1e-12);
    EXPECT_GT(cached.prefillTps, streamed.prefillTps * 0.99);
}

TEST(Predict, LargeModelsComeFromMemoryWhateverTheCachesDo) {
    for (const char* id : {"qwen3-0.6b", "llama-3.1-8b"}) {
        const auto with = Predictor(withCaches(), kPlenty).predict(shape(id, "Q8_0")).value();
        Measurement m = withCaches();
        m.caches.clear();
        const auto without = Predictor(m, kPlenty).predict(shape(id, "Q8_0")).value();
        EXPECT_DOUBLE_EQ(with.decodeTps, without.decodeTps) << id;
        EXPECT_DOUBLE_EQ(with.prefillTps, without.prefillTps) << id;
    }
}

TEST(Predict, WhatHalfFitsIsBetween) {
    // 32 MiB are read at 25 GB/s where caches give 100 and memory 20: three quarters come from memory.
    const Measurement m = withCaches();
    ModelShape one = shape("qwen3-0.6b", "Q8_0");
    one.config.layers = 1;
    one.weights = {{WeightGroup::Part::FeedForward, DType::Q8_0, 4096, 4096, 1}};
    const auto p = Predictor(m, kPlenty).predict(one, {.depth = 1}).value();
    ASSERT_GT(p.streamedBytes, double(16 << 20));
    ASSERT_LT(p.streamedBytes, double(32 << 20));
    EXPECT_NEAR(term(p.decode, "weights"), p.streamedBytes * (1 / 80e9 + 0.75 * (1 / 20e9 - 1 / 80e9)), 1e-9);
}

TEST(Predict, ShortHeadsAreMeasuredApart) {
    Measurement m = test::roundMeasurement();
    m.attention = {{kernels::KvType::F16, 1e-10, 0, 0, 64}, {kernels::KvType::F16, 9e-10, 0, 0, 8}};
    const auto perByte = [&](std::size_t headDim) {
        ModelShape s = shape("llama-3.2-1b", "Q8_0");
        s.config.headDim = s.config.valueDim = headDim;
        const auto p = Predictor(m, kPlenty).predict(s, {.depth = 999}).value();
        return term(p.decode, "attention") /
               static_cast<double>(s.config.layers * 1000 * s.config.kvHeads * 2 *
                                   kernels::kvCellBytes(kernels::KvType::F16, headDim));
    };
    EXPECT_NEAR(perByte(12), 9e-10, 1e-12);
    EXPECT_NEAR(perByte(16), 1e-10, 1e-12);
    EXPECT_NEAR(perByte(32), 1e-10, 1e-12);
}

TEST(Predict, ExpertsAreHeldButNotAllRead) {
    Predictor predictor(test::roundMeasurement(), kPlenty);
    const auto p = predictor.predict(shape("qwen3-30b-a3b-2507", "Q8_0"));
    ASSERT_TRUE(p);
    EXPECT_GT(term(p->memory, "weights"), 30.5e9);
    // 8 of 128 experts, the rest of the layers and the output matrix.
    EXPECT_NEAR(p->streamedBytes / (3.03e9 * 34 / 32), 1, 0.02);
}

TEST(Predict, FewerThreadsAreSlower) {
    Predictor predictor(test::roundMeasurement(8), kPlenty);
    const auto all = predictor.predict(shape("qwen3-4b", "Q4_K_M"));
    const auto half = predictor.predict(shape("qwen3-4b", "Q4_K_M"), {.threads = 4});
    ASSERT_TRUE(all && half);
    EXPECT_NEAR(half->decodeTps / all->decodeTps, 0.5, 0.02);
    EXPECT_NEAR(half->prefillTps / all->prefillTps, 0.5, 0.02);
}

TEST(Predict, ATypeThatWasNotMeasuredIsEstimatedFromItsNeighbour) {
    Measurement m = test::roundMeasurement();
    std::erase_if(m.kernels, [](const KernelRate& rate) { return rate.type == DType::Q5_K; });
    Predictor predictor(m, kPlenty);
    const auto p = predictor.predict(shape("qwen3-4b", "Q5_K_M"));
    ASSERT_TRUE(p);
    EXPECT_TRUE(p->estimated);
    EXPECT_GT(p->decodeTps, 0);
    m.kernels.clear();
    const auto none = Predictor(m, kPlenty).predict(shape("qwen3-4b", "Q5_K_M"));
    ASSERT_TRUE(none);
    EXPECT_EQ(none->decodeTps, 0);
    EXPECT_EQ(none->fit, Fit::Comfortable); // memory can be told without
}

TEST(Predict, VerdictsAndReasons) {
    const auto judged = [](const char* id, const char* mix, MemoryRoom room, double slower = 1) {
        Measurement m = test::roundMeasurement();
        for (KernelRate& rate : m.kernels)
            rate.decodeBytesPerSecond /= slower, rate.prefillOperationsPerSecond /= slower;
        return Predictor(m, room).predict(shape(id, mix)).value();
    };
    constexpr std::uint64_t kGib = std::uint64_t{1} << 30;
    struct Case {
        const char *id, *mix;
        MemoryRoom room;
        double slower;
        const char *fit, *reason;
    };
    for (const Case& c :
         {Case{"qwen3-0.6b", "Q8_0", kPlenty, 1, "comfortable", "enough"},
          Case{"qwen3-8b", "Q4_K_M", {13 * kGib / 2, 16 * kGib}, 1, "tight", "memory_little_left"},
          Case{"qwen3-8b", "Q4_K_M", {4 * kGib, 16 * kGib}, 1, "tight", "memory_total_only"},
          Case{"qwen3-8b", "Q4_K_M", {4 * kGib, 6 * kGib}, 1, "does_not_fit", "memory_short"},
          Case{"qwen3-0.6b", "Q8_0", {0, 0}, 1, "tight", "memory_unknown"},
          Case{"qwen3-8b", "Q8_0", kPlenty, 1, "tight", "slow_reading"},
          Case{"qwen3-1.7b", "Q8_0", kPlenty, 2.1, "tight", "slow_prompt"},
          Case{"gpt-oss-20b", "Q4_K_M", kPlenty, 1, "does_not_fit", "family_unsupported"}}) {
        const Prediction p = judged(c.id, c.mix, c.room, c.slower);
        EXPECT_EQ(fitName(p.fit), c.fit) << c.id << " " << c.reason;
        EXPECT_EQ(p.reason.code, c.reason)
            << c.id << " " << p.memoryBytes << " " << p.decodeTps << " " << p.firstTokenSeconds;
        EXPECT_THAT(reasonText(p.reason), testing::EndsWith("."));
    }
}

TEST(Predict, SpeedsAreToldInDigitsThatPeopleRead) {
    EXPECT_EQ(reasonText({"enough", {{"percent", "3"}, {"tps", "53193.9"}}}),
              "It takes 3 % of the free memory and writes 53,194 tokens a second.");
    EXPECT_EQ(reasonText({"slow_reading", {{"tps", "2.4"}}}),
              "It writes 2.4 tokens a second, slower than people read.");
}

TEST(Predict, AShapeWithoutWeightsIsAnError) {
    Predictor predictor(test::roundMeasurement(), kPlenty);
    EXPECT_EQ(predictor.predict(catalogue().find("qwen3-8b")->shape).error().code, "predict.no_weights");
}

} // namespace
} // namespace hearth::hardware
