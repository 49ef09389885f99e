// The forward pass gives the same logits however the tokens reach it: in batches of any size, continuing a
// cache, after going back, beside other sequences.

#include <gtest/gtest.h>

#include "tests/model/model_fixture.h"

namespace {

using namespace hearth;

// Float32 weights: sums in another order may round a stored 16-bit key or value the other way.
constexpr double kSame = 1e-7;
// 8-bit activations: a different order of sums may round an activation the other way.
constexpr double kNearlySame = 1e-5;
// AVX-512 rounds quantised weights to 8 bits of the largest of 256 for more than 8 tokens at once: as far
// from the other way as both are from the reference (see test_golden).
constexpr double kRescaled = 1.5e-3;

std::vector<float> tail(const std::vector<float>& logits, std::size_t rows) {
    return {logits.end() - static_cast<std::ptrdiff_t>(rows * 320), logits.end()};
}

struct Batches {
    const char* name;
    double limit;
};
class BatchSizes : public testing::TestWithParam<Batches> {};

void PrintTo(const Batches& batches, std::ostream* out) {
    *out << batches.name;
}

double limitOf(const Batches& batches, kernels::Isa isa) {
    return isa == kernels::Isa::Avx512 && batches.limit == kNearlySame ? kRescaled : batches.limit;
}

TEST_P(BatchSizes, GiveTheSameLogits) {
    const std::vector<kernels::Isa> isas = kernels::availableIsas();
    for (const kernels::Isa isa : isas) {
        SCOPED_TRACE(kernels::isaName(isa));
        // The plain reference is slow: fewer tokens, and so no batch of 512.
        const bool fast = isa == isas.back();
        const std::vector<std::int32_t> prompt = test::longGoldenPrompt(fast ? 520 : 70);
        auto running = test::RunningModel::open(test::golden(std::string(GetParam().name) + ".gguf"), isa);
        ASSERT_TRUE(running) << running.error().message();
        std::vector<float> first;
        for (const std::size_t batch : {512, 64, 7, 1}) {
            auto cache = (*running)->cache(600, kernels::KvType::F16, 512);
            ASSERT_TRUE(cache);
            const auto got = (*running)->logits(*cache, prompt, batch);
            ASSERT_TRUE(got) << got.error().message();
            if (first.empty())
                first = *got;
            else
                EXPECT_LE(test::nmse(*got, first), limitOf(GetParam(), isa)) << "batches of " << batch;
        }
    }
}
INSTANTIATE_TEST_SUITE_P(Models, BatchSizes,
                         testing::Values(Batches{"llama-F32", kSame}, Batches{"gemma3-F32", kSame},
                                         Batches{"qwen3moe-F32", kSame}, Batches{"llama-Q4_0", kNearlySame},
                                         Batches{"llama-Q6_K", kNearlySame}));

TEST(Forward, ContinuingACacheGivesTheLogitsOfAFreshEvaluation) {
    const std::vector<std::int32_t> prompt = test::longGoldenPrompt(40);
    for (const char* name : {"llama-F32", "gemma2-window4-F32", "gemma3-window4-F32", "llama-Q4_0"}) {
        SCOPED_TRACE(name);
        auto running = test::RunningModel::open(test::golden(std::string(name) + ".gguf"));
        ASSERT_TRUE(running);
        auto fresh = (*running)->cache(64), reused = (*running)->cache(64);
        ASSERT_TRUE(fresh && reused);
        const auto want = (*running)->logits(*fresh, prompt, 64);
        ASSERT_TRUE(want);
        // 30 tokens, then two other ones, back to 30, then the rest.
        ASSERT_TRUE((*running)->logits(*reused, std::span(prompt).first(30), 64));
        ASSERT_TRUE((*running)->logits(*reused, std::vector<std::int32_t>{7, 9}, 64));
        ASSERT_TRUE(reused->canTruncate(30));
        reused->truncate(30);
        const auto got = (*running)->logits(*reused, std::span(prompt).subspan(30), 64);
        ASSERT_TRUE(got);
        EXPECT_LE(test::nmse(*got, tail(*want, 10)), std::string(name) == "llama-Q4_0" ? kNearlySame : kSame);
    }
}

TEST(Forward, AWindowedRingForgetsAndSaysSo) {
    auto running = test::RunningModel::open(test::golden("gemma3-window4-F32.gguf"));
    ASSERT_TRUE(running);
    const std::vector<std::int32_t> prompt = test::longGoldenPrompt(40);
    auto cache = (*running)->cache(64, kernels::KvType::F16, 8); // ring of 4 + 8 − 1 = 11 cells
    ASSERT_TRUE(cache);
    ASSERT_TRUE((*running)->logits(*cache, prompt, 8));
    EXPECT_EQ(cache->layer(0).capacity, 11U);
    EXPECT_EQ(cache->layer(5).capacity, 64U) << "the global layer holds everything";
    // 40 positions written, 29 … 39 held. The query at p looks at p − 3 … p.
    EXPECT_TRUE(cache->canTruncate(32));
    EXPECT_FALSE(cache->canTruncate(31));
    EXPECT_TRUE(cache->canTruncate(0));
    EXPECT_FALSE(cache->canTruncate(41));
    cache->truncate(36);
    EXPECT_FALSE(cache->canTruncate(31)) << "what was overwritten stays lost";
    EXPECT_TRUE(cache->canTruncate(32));

    auto fresh = (*running)->cache(64);
    ASSERT_TRUE(fresh);
    const auto want = (*running)->logits(*fresh, prompt, 64);
    const auto got = (*running)->logits(*cache, std::span(prompt).subspan(36), 8);
    ASSERT_TRUE(want && got);
    EXPECT_LE(test::nmse(*got, tail(*want, 4)), kSame);
}

TEST(Forward, WindowedLayersTakeLessMemory) {
    auto running = test::RunningModel::open(test::golden("gemma3-window4-F32.gguf"));
    ASSERT_TRUE(running);
    const model::ModelConfig& config = (*running)->model->config();
    const auto bytes = [&](std::size_t context) {
        return *model::KvCache::bytesFor(config,
                                         {.context = context, .type = kernels::KvType::F16, .batch = 8});
    };
    // One of seven layers is global: 2 planes × 1 head × 32 values × 2 bytes = 128 bytes a position.
    EXPECT_EQ(bytes(2048) - bytes(1024), 1024U * 128U);
    auto cache = (*running)->cache(2048, kernels::KvType::F16, 8);
    ASSERT_TRUE(cache);
    EXPECT_EQ(cache->bytes(), bytes(2048));
}

TEST(Forward, SequencesInOnePassDoNotDisturbEachOther) {
    for (const char* name : {"llama-F32", "qwen3moe-many-F32", "gemma3-window4-F32"}) {
        SCOPED_TRACE(name);
        auto running = test::RunningModel::open(test::golden(std::string(name) + ".gguf"));
        ASSERT_TRUE(running);
        const std::vector<std::int32_t> a = test::longGoldenPrompt(20), b{5, 9, 300, 12, 44, 1, 7};
        auto aloneA = (*running)->cache(), aloneB = (*running)->cache(), a2 = (*running)->cache(),
             b2 = (*running)->cache();
        ASSERT_TRUE(aloneA && aloneB && a2 && b2);
        const auto wantA = (*running)->logits(*aloneA, a, 64), wantB = (*running)->logits(*aloneB, b, 64);
        ASSERT_TRUE(wantA && wantB);
        // A has a head start of 12 tokens; then both go on in one pass, then a token each.
        ASSERT_TRUE((*running)->logits(*a2, std::span(a).first(12), 64));
        std::vector<float> out(20 * 320);
        const std::span spanA(a), spanB(b);
        std::vector<model::BatchItem> items{
            {.cache = &*a2, .tokens = spanA.subspan(12, 7), .wanted = model::LogitsOf::None},
            {.cache = &*b2, .tokens = spanB.first(6), .wanted = model::LogitsOf::All}};
        ASSERT_TRUE((*running)->model->forward(items, out.data()));
        EXPECT_LE(
            test::nmse({out.begin(), out.begin() + 6 * 320}, {wantB->begin(), wantB->begin() + 6 * 320}),
            kSame);
        items = {{.cache = &*a2, .tokens = spanA.subspan(19, 1)},
                 {.cache = &*b2, .tokens = spanB.subspan(6, 1)}};
        ASSERT_TRUE((*running)->model->forward(items, out.data()));
        EXPECT_LE(test::nmse({out.begin(), out.begin() + 320}, tail(*wantA, 1)), kSame);
        EXPECT_LE(test::nmse({out.begin() + 320, out.begin() + 640}, tail(*wantB, 1)), kSame);
    }
}

TEST(Forward, AnEightBitCacheStaysCloseToTheSixteenBitOne) {
    for (const char* name : {"llama-F32", "qwen3-F32", "gemma3-window4-F32", "llama-headdim-F32"}) {
        for (const kernels::Isa isa : kernels::availableIsas()) {
            SCOPED_TRACE(std::string(name) + " " + std::string(kernels::isaName(isa)));
            auto running = test::RunningModel::open(test::golden(std::string(name) + ".gguf"), isa);
            ASSERT_TRUE(running);
            auto wide = (*running)->cache(64, kernels::KvType::F16),
                 narrow = (*running)->cache(64, kernels::KvType::Q8_0);
            ASSERT_TRUE(wide && narrow);
            const auto want = (*running)->logits(*wide, test::longGoldenPrompt(), 16),
                       got = (*running)->logits(*narrow, test::longGoldenPrompt(), 16);
            ASSERT_TRUE(want && got);
            EXPECT_LE(test::nmse(*got, *want), 5e-4);
            EXPECT_GT(test::nmse(*got, *want), 0) << "the 8-bit cache was not used";
            if ((*running)->model->config().headDim % 32 == 0) { // smaller heads are padded to a block
                EXPECT_LT(narrow->bytes(), wide->bytes() * 6 / 10);
            }
        }
    }
}

TEST(Forward, ACancelledPassLeavesTheCacheWhereItWas) {
    auto running = test::RunningModel::open(test::golden("gemma3-window4-F32.gguf"));
    ASSERT_TRUE(running);
    const std::vector<std::int32_t> prompt = test::longGoldenPrompt(40);
    auto cache = (*running)->cache(64, kernels::KvType::F16, 8), fresh = (*running)->cache(64);
    ASSERT_TRUE(cache && fresh);
    ASSERT_TRUE((*running)->logits(*cache, std::span(prompt).first(32), 8));
    std::stop_source stop;
    stop.request_stop();
    const model::BatchItem item{
        .cache = &*cache, .tokens = std::span(prompt).subspan(32, 8), .wanted = model::LogitsOf::None};
    const auto stopped = (*running)->model->forward({&item, 1}, nullptr, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_EQ(cache->size(), 32U);
    const auto want = (*running)->logits(*fresh, prompt, 64);
    const auto got = (*running)->logits(*cache, std::span(prompt).subspan(32), 8);
    ASSERT_TRUE(want && got);
    EXPECT_LE(test::nmse(*got, tail(*want, 8)), kSame);
}

} // namespace
