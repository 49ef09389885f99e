#include <fstream>

#include <gtest/gtest.h>

#include "engine/format/gguf/synthetic_model.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/workbench/run_recorder.h"
#include "tests/hardware/predict/sample_measurement.h"
#include "tests/support/temporary_folder.h"

namespace hearth::workbench {
namespace {

runtime::GenerationStats stats(std::size_t prompt, std::size_t generated) {
    runtime::GenerationStats s;
    s.promptTokens = prompt;
    s.generatedTokens = generated;
    s.promptSeconds = 0.5;
    s.generateSeconds = 2;
    return s;
}

class RunRecorderTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(format::writeSyntheticModel(*format::findSyntheticShape("tiny"), "Q8_0", model));
    }
    [[nodiscard]] RunRecorder recorder() const { return {measurements, runs, "0123456789abcdef"}; }

    test::TemporaryFolder folder;
    std::filesystem::path model = folder.path() / "tiny.gguf", measurements = folder.path() / "m.json",
                          runs = folder.path() / "runs.json";
};

TEST_F(RunRecorderTest, NothingIsRecordedBeforeTheMachineWasMeasured) {
    RunRecorder unmeasured = recorder();
    EXPECT_FALSE(unmeasured.modelLoaded(model, {}, 2));
    EXPECT_TRUE(unmeasured.answered(stats(200, 100)));
    EXPECT_FALSE(std::filesystem::exists(runs));
}

TEST_F(RunRecorderTest, AnswersAreStoredBesideTheirPrediction) {
    ASSERT_TRUE(hardware::MeasurementHistory::open(measurements)->append(test::roundMeasurement()));
    RunRecorder measured = recorder();
    ASSERT_TRUE(measured.modelLoaded(model, {}, 2));
    ASSERT_TRUE(measured.answered(stats(200, 101)));
    ASSERT_TRUE(measured.answered(stats(20, 101)));
    ASSERT_TRUE(measured.answered(stats(200, 3))); // too short
    measured.modelEjected();
    ASSERT_TRUE(measured.answered(stats(200, 101)));
    const auto stored = hardware::RunHistory::open(runs);
    ASSERT_TRUE(stored);
    ASSERT_EQ(stored->all().size(), 2U);
    const hardware::RunRecord& first = stored->all()[0];
    EXPECT_EQ(first.model, "synthetic-tiny");
    EXPECT_EQ(first.quantisation, "Q8_0");
    EXPECT_EQ(first.depth, 250U);
    EXPECT_DOUBLE_EQ(first.actualDecodeTps, 50);
    EXPECT_GT(first.predictedDecodeTps, 0);
    EXPECT_DOUBLE_EQ(first.actualPrefillTps, 400);
    EXPECT_DOUBLE_EQ(stored->all()[1].actualPrefillTps, 0); // 20 tokens tell nothing
}

TEST_F(RunRecorderTest, AModelThatCannotBeReadIsNotRecorded) {
    ASSERT_TRUE(hardware::MeasurementHistory::open(measurements)->append(test::roundMeasurement()));
    RunRecorder measured = recorder();
    EXPECT_FALSE(measured.modelLoaded(folder.path() / "none.gguf", {}, 2));
    std::ofstream(model) << "no model";
    EXPECT_FALSE(measured.modelLoaded(model, {}, 2));
}

TEST_F(RunRecorderTest, AHostIsRecordedFromTheMomentTheMachineWasMeasured) {
    int asked = 0;
    const auto observer = recordRuns(measurements, runs, [&] {
        ++asked;
        return std::string("0123456789abcdef");
    });
    observer->answered(stats(200, 100)); // nothing is loaded
    observer->loaded(model, {}, 2);
    observer->answered(stats(200, 100));
    EXPECT_FALSE(std::filesystem::exists(runs));
    EXPECT_EQ(asked, 0);
    ASSERT_TRUE(hardware::MeasurementHistory::open(measurements)->append(test::roundMeasurement()));
    auto guessing = stats(200, 101);
    guessing.acceptedDrafts = 30;
    observer->answered(guessing);
    observer->ejected();
    observer->answered(stats(200, 101));
    const auto stored = hardware::RunHistory::open(runs);
    ASSERT_TRUE(stored);
    ASSERT_EQ(stored->all().size(), 1U);
    EXPECT_EQ(stored->all()[0].acceptedDrafts, 30U);
    EXPECT_GT(stored->all()[0].weightBytes, 0U);
    EXPECT_EQ(asked, 1);
}

TEST_F(RunRecorderTest, AFileThatCannotBeWrittenCostsNoAnswer) {
    ASSERT_TRUE(hardware::MeasurementHistory::open(measurements)->append(test::roundMeasurement()));
    const auto observer =
        recordRuns(measurements, "/proc/no/runs.json", [] { return std::string("0123456789abcdef"); });
    observer->loaded(model, {}, 2);
    observer->answered(stats(200, 101)); // only the log hears of it
}

} // namespace
} // namespace hearth::workbench
