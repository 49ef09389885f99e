#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/measure/measurement_json.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

Measurement sample() {
    Measurement m;
    m.fingerprint = "0123456789abcdef";
    m.time = "2026-11-21T07:05:00Z";
    m.version = "0.1.0";
    m.seconds = 19.5;
    m.isa = kernels::Isa::Avx2;
    m.threads = 2;
    m.bandwidth = {{1, 14e9}, {2, 21.5e9}};
    m.caches = {{32768, 120e9}, {1U << 25, 20e9}};
    m.kernels = {{DType::Q4_K, kernels::Isa::Avx2, 2, 18e9, 250e9, 1.5e9},
                 {DType::F16, kernels::Isa::Avx2, 2, 20e9, 90e9, {}},
                 {DType::Q4_K, kernels::Isa::Generic, 2, 1e9, 2e9, 1e9}};
    m.attention = {{kernels::KvType::F16, 5e-11, 1e-12, 3e-12}, {kernels::KvType::Q8_0, 6e-11, 2e-12, 4e-12}};
    m.kernels.front().cachedBytesPerSecond = 60e9;
    m.step = {2e-6, 1e-10, 2e-11, 9e-6, 1e-7};
    m.disks = {{"models", 2e9, 5e7, true}, {"data", 1e9, 1e7, false}};
    m.downloadBytesPerSecond = 1.25e7;
    m.conditions.governor = "performance";
    m.conditions.loadAverage = 0.5;
    m.conditions.otherShare = 0.02;
    m.conditions.mhzAfter = 3400;
    return m;
}

TEST(MeasurementJson, RoundTrip) {
    const auto json = toJson(sample());
    EXPECT_DOUBLE_EQ(json.at("read_bandwidth_gbps").get<double>(), 21.5);
    EXPECT_EQ(json.at("kernels").at(1).count("pack_gbps"), 0U);
    const auto back = measurementFromJson(json);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(toJson(*back).dump(), json.dump());
    EXPECT_DOUBLE_EQ(back->rate(DType::Q4_K)->decodeBytesPerSecond, 18e9); // of the set in use
    EXPECT_DOUBLE_EQ(back->rate(DType::Q4_K)->cachedBytesPerSecond, 60e9);
    EXPECT_DOUBLE_EQ(back->step.smallCallSeconds, 1e-7);
    EXPECT_EQ(back->rate(DType::Q2_K), nullptr);
}

TEST(MeasurementJson, MembersOfAnotherKindArePassedOver) {
    const auto json = nlohmann::ordered_json::parse(
        R"({"threads":"two","seconds":null,"kernels":[{"type":"Q9_X"},7,{"type":"Q4_K","decode_gbps":"fast"}],)"
        R"("caches":{},"disks":[[]],"conditions":[],"isa":3,"quick":1})",
        nullptr, false);
    ASSERT_FALSE(json.is_discarded());
    const auto m = measurementFromJson(json);
    ASSERT_TRUE(m);
    EXPECT_EQ(m->threads, 1U);
    EXPECT_EQ(m->kernels.size(), 1U);
    EXPECT_EQ(measurementFromJson(nlohmann::ordered_json::array()).error().code, "measurement.malformed");
}

TEST(MeasurementHistory, KeepsWhatWasAppended) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "measurements.json";
    {
        auto history = MeasurementHistory::open(file);
        ASSERT_TRUE(history);
        EXPECT_TRUE(history->all().empty());
        for (std::size_t i = 0; i < MeasurementHistory::kMaxKept + 3; ++i) {
            Measurement m = sample();
            m.seconds = static_cast<double>(i);
            ASSERT_TRUE(history->append(std::move(m)));
        }
    }
    const auto again = MeasurementHistory::open(file);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->all().size(), MeasurementHistory::kMaxKept);
    EXPECT_DOUBLE_EQ(again->all().front().seconds, 3);
    EXPECT_DOUBLE_EQ(again->last(sample().fingerprint)->seconds, MeasurementHistory::kMaxKept + 2);
    EXPECT_EQ(again->last("another machine"), nullptr);
}

TEST(MeasurementHistory, AQuickOneOfTheSameDayDoesNotHideACompleteOne) {
    const test::TemporaryFolder folder;
    auto history = MeasurementHistory::open(folder.path() / "m.json");
    ASSERT_TRUE(history);
    Measurement quick = sample();
    quick.quick = true;
    ASSERT_TRUE(history->append(sample()));
    ASSERT_TRUE(history->append(quick));
    EXPECT_FALSE(history->last(quick.fingerprint)->quick);
    quick.time = "2026-11-22T07:05:00Z";
    ASSERT_TRUE(history->append(quick));
    EXPECT_TRUE(history->last(quick.fingerprint)->quick);
}

TEST(MeasurementHistory, ADamagedFileIsAnErrorAndStays) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "m.json";
    for (const char* text : {"{", "[]", "{\"measurements\": 3}", "nonsense"}) {
        std::ofstream(file) << text;
        const auto history = MeasurementHistory::open(file);
        ASSERT_FALSE(history) << text;
        EXPECT_EQ(history.error().code, "measurement.malformed") << text;
    }
}

TEST(Compare, NothingToSayAboutNoise) {
    Measurement after = sample();
    after.bandwidth.back().bytesPerSecond *= 0.95;
    const Comparison result = compare(sample(), after);
    EXPECT_TRUE(result.changes.empty());
    EXPECT_TRUE(result.causes.empty());
}

std::vector<std::string> codesOf(const Comparison& comparison) {
    std::vector<std::string> codes;
    for (const Cause& cause : comparison.causes)
        codes.push_back(cause.code);
    return codes;
}

TEST(Compare, ADropIsNamedAndExplained) {
    Measurement slow = sample();
    slow.bandwidth.back().bytesPerSecond *= 0.5;
    slow.kernels[0].prefillOperationsPerSecond *= 0.8;
    const Comparison unexplained = compare(sample(), slow);
    ASSERT_EQ(unexplained.changes.size(), 2U);
    EXPECT_EQ(unexplained.changes[0].figure, "read_bandwidth"); // the largest first
    EXPECT_DOUBLE_EQ(unexplained.changes[0].ratio(), 0.5);
    EXPECT_EQ(unexplained.changes[1].figure, "prefill.Q4_K");
    EXPECT_THAT(codesOf(unexplained), testing::ElementsAre("unknown"));

    slow.conditions.governor = "powersave";
    slow.conditions.otherShare = 0.4;
    slow.conditions.stolenShare = 0.2;
    slow.conditions.mhzAfter = 1200;
    slow.conditions.celsiusAfter = 96;
    slow.threads = 1;
    const Comparison explained = compare(sample(), slow);
    EXPECT_THAT(codesOf(explained),
                testing::ElementsAre("threads", "governor", "load", "stolen", "heat", "clock"));
    for (const Cause& cause : explained.causes)
        EXPECT_THAT(causeText(cause), testing::EndsWith(".")) << cause.code;
}

TEST(Compare, AGainNeedsNoExplanation) {
    Measurement fast = sample();
    fast.disks[0].sequentialBytesPerSecond *= 2;
    const Comparison result = compare(sample(), fast);
    ASSERT_EQ(result.changes.size(), 1U);
    EXPECT_EQ(result.changes[0].figure, "disk.models.sequential");
    EXPECT_FALSE(result.dropped());
    EXPECT_TRUE(result.causes.empty());
}

TEST(MeasurementHistory, DownloadSpeedsStayWithTheMachine) {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "measurements.json";
    auto history = MeasurementHistory::open(file).value();
    EXPECT_EQ(history.setDownload("a", 1e6).error().code, "measurement.none");
    Measurement one;
    one.fingerprint = "a";
    one.time = "2026-11-20T08:00:00Z";
    ASSERT_TRUE(history.append(one));
    EXPECT_FALSE(history.lastDownload("a"));
    ASSERT_TRUE(history.setDownload("a", 12.5e6));
    one.time = "2026-11-21T08:00:00Z"; // a later one without
    ASSERT_TRUE(history.append(one));
    const auto again = MeasurementHistory::open(file).value();
    EXPECT_DOUBLE_EQ(again.lastDownload("a").value(), 12.5e6);
    EXPECT_FALSE(again.lastDownload("b"));
    EXPECT_FALSE(again.last("a")->downloadBytesPerSecond);
}

} // namespace
} // namespace hearth::hardware
