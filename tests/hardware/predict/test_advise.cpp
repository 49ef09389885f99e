#include <gmock/gmock.h>

#include "engine/hardware/predict/advise.h"
#include "tests/hardware/predict/sample_measurement.h"

namespace hearth::hardware {
namespace {

constexpr std::uint64_t kGib = std::uint64_t{1} << 30;

TEST(Advise, RecommendationsFitTheirPurposeAndTheMemory) {
    const Catalogue catalogue = Catalogue::load().value();
    for (const std::uint64_t gib : {3, 8, 16, 64}) {
        Predictor predictor(test::roundMeasurement(), {gib * kGib, gib * kGib});
        const auto rows = fitMatrix(predictor, catalogue);
        ASSERT_TRUE(rows) << rows.error().message();
        EXPECT_EQ(rows->size(), catalogue.entries().size() * usualQuantisations().size());
        for (const Purpose purpose : {Purpose::Chat, Purpose::Translation, Purpose::Classification,
                                      Purpose::Code, Purpose::LongDocuments}) {
            const auto best = recommend(*rows, purpose);
            ASSERT_FALSE(best.empty()) << gib << " " << purposeName(purpose);
            EXPECT_LE(best.size(), 3U);
            for (const FitRow& row : best) {
                EXPECT_THAT(row.entry->purposes, testing::Contains(purpose));
                EXPECT_NE(row.prediction.fit, Fit::DoesNotFit);
                EXPECT_LE(row.prediction.memoryBytes, gib * kGib);
                EXPECT_GE(row.prediction.decodeTps, kReadingSpeed);
                EXPECT_TRUE(row.entry->shape.runnable);
            }
        }
    }
    Predictor nothing(test::roundMeasurement(), {kGib / 16, kGib / 16});
    EXPECT_TRUE(recommend(*fitMatrix(nothing, catalogue), Purpose::Chat).empty());
}

TEST(Advise, MoreMemoryRecommendsMore) {
    const Catalogue catalogue = Catalogue::load().value();
    Measurement fast = test::roundMeasurement();
    for (KernelRate& rate : fast.kernels)
        rate.decodeBytesPerSecond *= 20, rate.prefillOperationsPerSecond *= 20;
    std::uint64_t last = 0;
    for (const std::uint64_t gib : {2, 6, 12, 32}) {
        Predictor predictor(fast, {gib * kGib, gib * kGib});
        const auto best = recommend(*fitMatrix(predictor, catalogue), Purpose::Chat, 1);
        ASSERT_EQ(best.size(), 1U);
        EXPECT_GE(best[0].entry->parameters, last) << gib;
        last = best[0].entry->parameters;
    }
}

TEST(Advise, AMatrixOfAPurposeHasItsModelsOnly) {
    const Catalogue catalogue = Catalogue::load().value();
    Predictor predictor(test::roundMeasurement(), {16 * kGib, 16 * kGib});
    const auto rows = fitMatrix(predictor, catalogue, {.context = kLongContext}, Purpose::LongDocuments);
    ASSERT_TRUE(rows) << rows.error().message();
    EXPECT_LT(rows->size(), catalogue.entries().size() * usualQuantisations().size());
    ASSERT_FALSE(rows->empty());
    for (const FitRow& row : *rows) {
        EXPECT_THAT(row.entry->purposes, testing::Contains(Purpose::LongDocuments));
        EXPECT_EQ(row.prediction.context, kLongContext) << row.entry->name;
    }
}

TEST(Advise, OffloadIsBoundByMemoryAndBandwidth) {
    Prediction p;
    p.memory = {{"weights", "", 10e9}, {"kv_cache", "", 1e9}};
    p.memoryBytes = 11'000'000'000;
    p.streamedBytes = 10e9;
    p.decode = {{"weights", "", 0.5}, {"attention", "", 0.1}};
    p.decodeTps = 1 / 0.6;
    const OffloadEstimate whole = offload(p, 24'000'000'000, 1000e9);
    EXPECT_DOUBLE_EQ(whole.share, 1);
    EXPECT_NEAR(whole.decodeTps, 65, 0.5);                          // 10 GB at 65 % of 1000 GB/s
    const OffloadEstimate half = offload(p, 6'521'739'130, 1000e9); // 6 GB usable, 1 of them for the cache
    EXPECT_NEAR(half.share, 0.5, 1e-6);
    EXPECT_NEAR(half.decodeTps, 1 / (0.5 * 10 / 650 + 0.25 + 0.1), 1e-3);
    EXPECT_EQ(offload(p, 1'000'000'000, 1000e9).share, 0);
}

TEST(Advise, WhatWouldHelpNamesGains) {
    const Catalogue catalogue = Catalogue::load().value();
    Predictor predictor(test::roundMeasurement(), {12 * kGib, 16 * kGib});
    const auto shape = quantised(catalogue.find("qwen3-8b")->shape, "Q4_K_M");
    ASSERT_TRUE(shape);
    const auto upgrades = whatWouldHelp(predictor, catalogue, *shape);
    ASSERT_TRUE(upgrades);
    std::vector<std::string> codes;
    for (const Upgrade& upgrade : *upgrades) {
        codes.push_back(upgrade.code);
        EXPECT_TRUE(upgrade.estimated);
        if (upgrade.code == "memory") {
            EXPECT_EQ(upgrade.memoryBytes, 32 * kGib);
            EXPECT_FALSE(upgrade.largestModel.empty());
        }
        if (upgrade.code == "bandwidth") { // 20 to 76.8 GB/s, everything is streaming here
            EXPECT_NEAR(upgrade.decodeGain, 76.8 / 20, 0.01);
        }
        if (upgrade.code == "ssd") {
            EXPECT_GT(upgrade.loadGain, 1.2);
        }
        if (upgrade.code == "gpu") {
            EXPECT_GT(upgrade.decodeGain, 1);
        }
    }
    EXPECT_THAT(codes, testing::ElementsAre("memory", "bandwidth", "ssd", "gpu", "gpu", "gpu", "gpu", "gpu"));
}

} // namespace
} // namespace hearth::hardware
