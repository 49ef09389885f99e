#include <fstream>

#include <gtest/gtest.h>

#include "engine/hardware/predict/feedback.h"
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
    Prediction p;
    p.decodeTps = 20, p.prefillTps = 100, p.firstTokenSeconds = 2;
    apply(correction, p);
    EXPECT_DOUBLE_EQ(p.decodeTps, 16);
    EXPECT_DOUBLE_EQ(p.prefillTps, 100);
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
