#include <fstream>

#include <gtest/gtest.h>

#include "engine/hardware/predict/catalogue.h"
#include "engine/hardware/predict/feedback.h"
#include "tests/hardware/predict/sample_measurement.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

RunRecord run(double predicted, double actual, const std::string& machine = "a") {
    RunRecord record;
    record.time = "2026-11-21T07:05:00Z";
    record.fingerprint = machine;
    record.model = "X";
    record.quantisation = "Q4_0";
    record.threads = 2;
    record.predictedDecodeTps = predicted;
    record.actualDecodeTps = actual;
    record.generatedTokens = 100;
    record.weightBytes = 500'000'000;
    return record;
}

TEST(Feedback, RealRunsCorrectPredictions) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "runs.json";
    auto history = RunHistory::open(file);
    ASSERT_TRUE(history);
    ASSERT_TRUE(history->append(run(10, 8)));
    ASSERT_TRUE(history->append(run(10, 9)));
    EXPECT_DOUBLE_EQ(history->correction("a").decode, 1); // too few to tell
    ASSERT_TRUE(history->append(run(10, 7)));
    ASSERT_TRUE(history->append(run(10, 1, "b")));
    const auto again = RunHistory::open(file);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->all().size(), 4U);
    EXPECT_EQ(again->all()[3].model, "X");
    const Correction correction = again->correction("a");
    EXPECT_DOUBLE_EQ(correction.decode, 0.8); // the median
    EXPECT_DOUBLE_EQ(correction.prefill, 1);
    EXPECT_EQ(correction.runs, 3U);
    EXPECT_EQ(again->correction("c").runs, 0U);
}

TEST(Feedback, CorrectionsReachSpeedsTimesAndVerdicts) {
    const ModelShape shape = quantised(Catalogue::load().value().find("qwen3-1.7b")->shape, "Q4_K_M").value();
    constexpr MemoryRoom kPlenty{std::uint64_t{64} << 30, std::uint64_t{64} << 30};
    Predictor predictor(test::roundMeasurement(), kPlenty);
    const Prediction before = predictor.predict(shape).value();
    EXPECT_EQ(before.fit, Fit::Comfortable) << reasonText(before.reason);
    predictor.correct({0.2, 0.8, 4});
    const Prediction after = predictor.predict(shape).value();
    EXPECT_DOUBLE_EQ(after.decodeTps, 0.2 * before.decodeTps);
    EXPECT_DOUBLE_EQ(after.prefillTps, 0.8 * before.prefillTps);
    EXPECT_DOUBLE_EQ(after.firstTokenSeconds, before.firstTokenSeconds / 0.8);
    EXPECT_EQ(after.memoryBytes, before.memoryBytes);
    EXPECT_EQ(after.correction.runs, 4U);
    EXPECT_EQ(after.reason.code, "slow_reading");
}

TEST(Feedback, WhatTellsNothingAboutOtherModelsCorrectsNothing) {
    const test::TemporaryFolder folder;
    auto history = RunHistory::open(folder.path() / "runs.json");
    ASSERT_TRUE(history);
    RunRecord tiny = run(1000, 300), guessed = run(10, 20);
    tiny.weightBytes = 4'000'000;
    guessed.acceptedDrafts = 40;
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(history->append(tiny) && history->append(guessed));
    EXPECT_DOUBLE_EQ(history->correction("a").decode, 1);
    EXPECT_EQ(RunHistory::open(folder.path() / "runs.json")->all().back().acceptedDrafts, 40U);
}

TEST(Feedback, CorrectionsStayWithinReason) {
    const test::TemporaryFolder folder;
    auto history = RunHistory::open(folder.path() / "runs.json");
    ASSERT_TRUE(history);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(history->append(run(10, 100)));
    EXPECT_DOUBLE_EQ(history->correction("a").decode, 1.5);
}

TEST(Feedback, ADamagedFileIsAnError) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "runs.json";
    std::ofstream(file) << R"({"runs": 5})";
    EXPECT_EQ(RunHistory::open(file).error().code, "runs.malformed");
    std::ofstream(file) << R"({"runs": [1, {"model": 7, "threads": "x"}]})";
    const auto odd = RunHistory::open(file);
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->all().size(), 2U);
}

} // namespace
} // namespace hearth::hardware
