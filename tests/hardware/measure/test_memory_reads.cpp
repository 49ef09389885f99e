#include <algorithm>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "engine/hardware/measure/memory_reads.h"
#include "engine/hardware/measure/parts.h"

namespace hearth::hardware {
namespace {

TEST(MemoryReads, SharesStayWhereMemoryChangesItsSpeed) {
    // 100 bytes at 90 % of what memory gives, which is now 40, now 50 bytes per second; one slice was
    // interrupted, beside another the read was.
    const std::vector<Beside> slices{{100 / 36.0, 40}, {100 / 45.0, 50}, {100 / 5.0, 40}, {100 / 45.0, 50},
                                     {100 / 36.0, 40}, {100 / 36.0, 4},  {100 / 45.0, 50}};
    const Streamed stream = streamed(slices, 100);
    EXPECT_NEAR(stream.share, 0.9, 1e-9);
    EXPECT_NEAR(stream.at(48), 43.2, 1e-9);
}

TEST(MemoryReads, SlicesThatOtherProgramsDisturbedDoNotCount) {
    // Most were interrupted, and look slow; two were not.
    const Streamed stream = streamed({{100 / 9.0, 30, 0.6},
                                      {100 / 36.0, 40, 0.99},
                                      {100 / 12.0, 35, 0.7},
                                      {100 / 36.0, 40, 0.98},
                                      {100 / 10.0, 20, 0.5}},
                                     100);
    EXPECT_NEAR(stream.share, 0.9, 1e-9);
    // Where all were, the least disturbed ones count.
    const Streamed busy = streamed({{10, 40, 0.5}, {4, 40, 0.9}, {8, 40, 0.6}, {9, 40, 0.55}}, 100);
    EXPECT_NEAR(busy.bytesPerSecond, 25, 1e-9);
}

TEST(MemoryReads, AWatchTellsTimeTakenAway) {
    const Watch idle(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_LT(idle.share(), 0.5);
    EXPECT_GE(idle.seconds(), 0.02);
}

TEST(MemoryReads, WhatTheProcessorHoldsBackDoesNotFollowMemory) {
    const Streamed slow = streamed({{10, 40}, {10, 50}, {10, 45}}, 100);
    EXPECT_DOUBLE_EQ(slow.bytesPerSecond, 10);
    EXPECT_DOUBLE_EQ(slow.at(40), 10);
    EXPECT_DOUBLE_EQ(slow.at(400), 10);
}

TEST(MemoryReads, AttentionIsSplitIntoBytesAndProducts) {
    // A layer of 1000 bytes takes 10 ms with one head for each KV head, 16 ms with four.
    AttentionStreams streams{.headDim = 64,
                             .layerBytes = 1000,
                             .few = {1, 1000 / 0.010},
                             .many = {1, 1000 / 0.016},
                             .prefillSecondsPerProduct = 3};
    streams.few.share = streams.many.share = 0.1; // so that they keep their own speed
    const AttentionRate rate = streams.at(1);
    EXPECT_EQ(rate.headDim, 64U);
    EXPECT_DOUBLE_EQ(rate.prefillSecondsPerProduct, 3);
    const double products = 8.0 * 2048 * 2 * 64;
    EXPECT_NEAR(rate.decodeSecondsPerProduct * 3 * products, 0.006, 1e-9);
    EXPECT_NEAR(rate.decodeSecondsPerByte * 1000 + rate.decodeSecondsPerProduct * products, 0.010, 1e-9);
}

TEST(MemoryReads, ReadsOfThisMachineAreRemembered) {
    ThreadPool pool(2);
    auto reads = MemoryReads::create(std::size_t{16} << 20);
    ASSERT_TRUE(reads);
    EXPECT_EQ(reads->typical(), 0);
    double least = 1e30, most = 0;
    for (int i = 0; i < 9; ++i) {
        const double rate = reads->run(pool);
        least = std::min(least, rate);
        most = std::max(most, rate);
    }
    EXPECT_GE(reads->typical(), least);
    EXPECT_LE(reads->typical(), most);
    const double typical = reads->typical();
    EXPECT_GT(reads->runWith(pool, 1), 0);
    EXPECT_GT(reads->runWith(pool, 2), 0);
    EXPECT_DOUBLE_EQ(reads->typical(), typical); // only whole reads count
}

} // namespace
} // namespace hearth::hardware
