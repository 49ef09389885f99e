#include <cmath>

#include <gtest/gtest.h>

#include "engine/model/blocks/rope.h"

namespace {

using namespace hearth;
using namespace hearth::model;

TEST(Rope, PlainFrequenciesAreAGeometricRow) {
    const RopeConfig config{.dimensions = 8};
    const RopeFrequencies got = ropeFrequencies(config, 10000, true, {});
    ASSERT_EQ(got.inverse.size(), 4U);
    EXPECT_DOUBLE_EQ(got.inverse[0], 1);
    EXPECT_NEAR(got.inverse[1], 0.1, 1e-12);
    EXPECT_NEAR(got.inverse[3], 0.001, 1e-12);
    EXPECT_EQ(got.magnitude, 1);
}

TEST(Rope, YarnKeepsFastPairsAndDividesSlowOnes) {
    RopeConfig config{.dimensions = 64};
    config.scaling = RopeScaling::Yarn;
    config.factor = 4;
    config.attentionFactor = 0.5F;
    config.originalContext = 4096;
    const RopeFrequencies plain = ropeFrequencies({.dimensions = 64}, 10000, true, {});
    const RopeFrequencies got = ropeFrequencies(config, 10000, true, {});
    EXPECT_DOUBLE_EQ(got.inverse.front(), plain.inverse.front());
    EXPECT_DOUBLE_EQ(got.inverse.back(), plain.inverse.back() / 4);
    EXPECT_NEAR(got.magnitude, 0.5 * (1 + 0.1 * std::log(4.0)), 1e-12);
    EXPECT_EQ(ropeFrequencies(config, 10000, false, {}).inverse, plain.inverse)
        << "local layers are not scaled";
}

TEST(Rope, LongRopeDividesEachFrequencyByItsFactor) {
    RopeConfig config{.dimensions = 4};
    config.scaling = RopeScaling::LongRope;
    config.attentionFactor = 1.19F;
    const std::vector<float> divisors{2, 5};
    const RopeFrequencies got = ropeFrequencies(config, 100, true, divisors);
    EXPECT_NEAR(got.inverse[0], 0.5, 1e-12);
    EXPECT_NEAR(got.inverse[1], 0.1 / 5, 1e-12);
    EXPECT_NEAR(got.magnitude, 1.19, 1e-6);
}

TEST(Rope, TablesHoldCosineAndSineOfEveryPosition) {
    RopeTables tables;
    ASSERT_TRUE(tables.build(ropeFrequencies({.dimensions = 4}, 10000, true, {}), 1000, true));
    const kernels::RopeTable table = tables.table();
    EXPECT_TRUE(table.interleaved);
    EXPECT_EQ(table.pairs, 2U);
    EXPECT_FLOAT_EQ(table.cos[0], 1);
    EXPECT_FLOAT_EQ(table.sin[0], 0);
    EXPECT_FLOAT_EQ(table.cos[999 * 2], static_cast<float>(std::cos(999.0)));
    EXPECT_FLOAT_EQ(table.sin[999 * 2 + 1], static_cast<float>(std::sin(9.99)));
}

} // namespace
