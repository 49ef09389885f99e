#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include <gmock/gmock.h>

#include "engine/hardware/measure/measure.h"
#include "engine/hardware/measure/parts.h"
#include "tests/support/temporary_folder.h"

namespace hearth::hardware {
namespace {

bool isEmpty(const std::filesystem::path& folder) {
    return std::filesystem::directory_iterator(folder) == std::filesystem::directory_iterator();
}

TEST(Measure, QuickMeasurementHasEveryFigure) {
    const test::TemporaryFolder folder;
    std::set<std::string> phases;
    std::uint64_t done = 0, total = 0;
    const auto m = measure({.quick = true,
                            .folders = {{"models", folder.path()}, {"data", folder.path() / "missing"}},
                            .fingerprint = "f",
                            .version = "v"},
                           {}, [&](const Progress& p) {
                               phases.emplace(p.phase);
                               EXPECT_GE(p.done, done);
                               done = p.done;
                               total = p.total;
                           });
    ASSERT_TRUE(m) << m.error().message();
    EXPECT_THAT(phases, testing::UnorderedElementsAre("measure.memory", "measure.caches", "measure.kernels",
                                                      "measure.attention", "measure.disk"));
    EXPECT_EQ(done, total);
    EXPECT_TRUE(m->quick);
    EXPECT_EQ(m->fingerprint, "f");
    EXPECT_EQ(m->bandwidth.size(), m->threads);
    EXPECT_GT(m->readBandwidth(), 0.5e9);
    EXPECT_LT(m->readBandwidth(), 5e12);
    ASSERT_GE(m->caches.size(), 5U);
    // A working set of a few KiB is in the first cache, the last one in none.
    EXPECT_GT(m->caches.front().bytesPerSecond, m->caches.back().bytesPerSecond);
    for (const DType type : {DType::Q4_K, DType::Q6_K, DType::Q8_0, DType::Q4_0, DType::F16}) {
        const KernelRate* rate = m->rate(type);
        ASSERT_TRUE(rate) << traitsOf(type).name;
        EXPECT_GT(rate->decodeBytesPerSecond, 0.1e9) << traitsOf(type).name;
        if (m->isa != kernels::Isa::Generic) {
            EXPECT_GT(rate->cachedBytesPerSecond, 0.1e9) << traitsOf(type).name;
        }
        EXPECT_GT(rate->prefillOperationsPerSecond, 1e9) << traitsOf(type).name;
    }
    ASSERT_EQ(m->attention.size(), 4U); // F16 cells with heads of three sizes, Q8_0 cells
    for (const AttentionRate& rate : m->attention) {
        EXPECT_GT(rate.decodeSecondsPerByte + rate.decodeSecondsPerProduct, 0);
        EXPECT_GT(rate.prefillSecondsPerProduct, 0);
    }
    EXPECT_GT(m->step.forkSeconds, 0);
    EXPECT_GE(m->step.callSeconds, m->step.forkSeconds);
    EXPECT_GT(m->step.smallCallSeconds, 0);
    EXPECT_GT(m->step.activationSeconds, 0);
    ASSERT_LE(m->disks.size(), 1U); // none where the disk is nearly full
    if (!m->disks.empty()) {
        EXPECT_EQ(m->disks[0].role, "models");
        EXPECT_GT(m->disks[0].sequentialBytesPerSecond, m->disks[0].randomBytesPerSecond);
    }
    EXPECT_TRUE(isEmpty(folder.path()));
}

TEST(Measure, AStopEndsItAndLeavesNothing) {
    for (const char* phase : {"measure.memory", "measure.caches", "measure.kernels"}) {
        const test::TemporaryFolder folder;
        std::stop_source stop;
        const auto m = measure({.quick = true, .folders = {{"models", folder.path()}}}, stop.get_token(),
                               [&](const Progress& p) {
                                   if (p.phase == phase)
                                       stop.request_stop();
                               });
        ASSERT_FALSE(m) << phase;
        EXPECT_EQ(m.error().code, "base.cancelled") << phase;
        EXPECT_TRUE(isEmpty(folder.path()));
    }
}

class Parts : public testing::Test {
protected:
    void SetUp() override {
        auto reads = MemoryReads::create(kStream);
        ASSERT_TRUE(reads) << reads.error().message();
        m_reads = std::make_unique<MemoryReads>(std::move(*reads));
    }
    Bench bench(bool quick, std::stop_token stop = {}) {
        return {.pool = m_pool,
                .reads = *m_reads,
                .quick = quick,
                .streamBytes = kStream,
                .stop = std::move(stop),
                .tick = [this] { ++m_ticks; }};
    }
    static constexpr std::size_t kStream = std::size_t{24} << 20;
    ThreadPool m_pool{0};
    std::unique_ptr<MemoryReads> m_reads;
    std::size_t m_ticks = 0;
};

TEST_F(Parts, ACompleteMeasurementHasEveryTypeAndComparesInstructionSets) {
    const auto best = kernels::chooseIsa();
    ASSERT_TRUE(best);
    const Bench complete = bench(false);
    Measurement m;
    m.isa = *best;
    Streams streams;
    ASSERT_TRUE(measureKernels(complete, *best, m, streams));
    EXPECT_EQ(m_ticks, kernelSteps(complete, *best));
    ASSERT_EQ(streams.kernels.size(), m.kernels.size());
    std::map<kernels::Isa, std::set<DType>> types;
    for (std::size_t i = 0; i < m.kernels.size(); ++i) {
        types[m.kernels[i].isa].insert(m.kernels[i].type);
        EXPECT_GT(streams.kernels[i].bytesPerSecond, 0) << i;
        EXPECT_GT(m.kernels[i].prefillOperationsPerSecond, 0) << i;
    }
    EXPECT_GE(types[*best].size(), 15U);
    for (const kernels::Isa isa : kernels::availableIsas())
        EXPECT_THAT(types[isa], testing::IsSupersetOf({DType::Q4_0, DType::Q4_K})) << kernels::isaName(isa);
}

TEST_F(Parts, AStopAtTheDiskLeavesNothing) {
    const test::TemporaryFolder folder;
    const auto measured = measureDisk({"models", folder.path()}, bench(true));
    ASSERT_TRUE(measured);
    if (!*measured)
        GTEST_SKIP() << "the disk is nearly full";
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = measureDisk({"models", folder.path()}, bench(true, stop.get_token()));
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, kCancelled);
    EXPECT_TRUE(isEmpty(folder.path()));
}

TEST(Measure, CachesAreAsFastAsAnyLargerSetThatWasRead) {
    Measurement m;
    EXPECT_EQ(m.cacheSpeed(1000), 0);
    // Something disturbed the second and the fourth.
    m.caches = {{1024, 100e9}, {4096, 40e9}, {16384, 90e9}, {65536, 15e9}, {262144, 20e9}};
    EXPECT_DOUBLE_EQ(m.cacheSpeed(10), 100e9);
    EXPECT_DOUBLE_EQ(m.cacheSpeed(2000), 90e9);
    EXPECT_DOUBLE_EQ(m.cacheSpeed(20000), 20e9);
    EXPECT_DOUBLE_EQ(m.cacheSpeed(1e12), 20e9);
    // One slow slice at the end does not make memory slow.
    m.caches.push_back({524288, 11e9});
    EXPECT_DOUBLE_EQ(m.cacheSpeed(1e12), 20e9);
}

TEST(Measure, StreamSizeRespectsTheMemoryThatThereIs) {
    EXPECT_GE(streamBytes(std::nullopt), std::size_t{96} << 20);
    EXPECT_LE(streamBytes(std::nullopt), std::size_t{384} << 20);
    EXPECT_LE(streamBytes(std::uint64_t{600} << 20), std::size_t{50} << 20);
    EXPECT_EQ(streamBytes(0), std::size_t{4} << 20);
}

} // namespace
} // namespace hearth::hardware
