#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/compute.h"
#include "engine/tensor/half.h"
#include "tests/kernels/kernel_sets.h"
#include "tests/kernels/random_weights.h"
#include "tests/support/test_data.h"

namespace hearth::kernels {
namespace {

using test::KernelSet;
using test::nmse;
using test::randomFloats;

class Operations : public testing::TestWithParam<KernelSet> {
protected:
    void SetUp() override { HEARTH_SKIP_UNLESS_EXECUTABLE(GetParam()); }

    ThreadPool m_pool{2};
    Compute m_compute{*GetParam().table, m_pool};
};

/// Counts with and without a remainder of any vector length, and enough for several threads.
constexpr std::size_t kCounts[]{1, 3, 8, 15, 16, 17, 100, 4096, 50001};

TEST_P(Operations, IsTheSetThatWasAskedFor) {
    EXPECT_EQ(m_compute.isa(), GetParam().isa);
}

TEST_P(Operations, AddAndScale) {
    for (const std::size_t count : kCounts) {
        auto x = randomFloats(count + 1, 1);
        const auto before = x, y = randomFloats(count, 2);
        m_compute.add(x.data(), y.data(), count);
        m_compute.scale(x.data(), -1.5F, count);
        for (std::size_t i = 0; i < count; ++i)
            ASSERT_EQ(x[i], (before[i] + y[i]) * -1.5F) << count << " at " << i;
        EXPECT_EQ(x[count], before[count]) << "wrote past the end";
    }
}

template <class Exact>
void checkUnary(std::vector<float> got, const std::vector<float>& x, const std::vector<float>& y, Exact exact,
                double tolerance) {
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double want = exact(double{x[i]}, double{y[i]});
        ASSERT_NEAR(got[i], want, tolerance * std::max(1e-3, std::fabs(want))) << "at " << i << " x " << x[i];
    }
    EXPECT_EQ(got.back(), x.back()) << "wrote past the end";
}

TEST_P(Operations, ActivationFunctions) {
    constexpr double sqrtTwoOverPi = 0.7978845608028654;
    for (const std::size_t count : kCounts) {
        auto gate = randomFloats(count + 1, 3, 5);
        for (std::size_t i = 0; i + 2 < count; i += 7)
            gate[i] = i % 2 ? 1e4F : -1e4F; // both tails
        const auto up = randomFloats(count, 4);
        auto silu = gate, gelu = gate, capped = gate;
        m_compute.activate(Activation::Silu, silu.data(), up.data(), count);
        m_compute.activate(Activation::Gelu, gelu.data(), up.data(), count);
        m_compute.softcap(capped.data(), 30, count);
        checkUnary(
            silu, gate, up, [](double g, double u) { return g / (1 + std::exp(-g)) * u; }, 2e-6);
        checkUnary(
            gelu, gate, up,
            [](double g, double u) {
                return 0.5 * g * (1 + std::tanh(sqrtTwoOverPi * (g + 0.044715 * g * g * g))) * u;
            },
            1e-5);
        checkUnary(
            capped, gate, up, [](double g, double) { return 30 * std::tanh(g / 30); }, 2e-6);
    }
}

TEST_P(Operations, SoftcapKeepsSmallValues) {
    std::vector<float> x{1e-6F, -1e-6F, 1e-3F, 0, 0.01F};
    const auto before = x;
    m_compute.softcap(x.data(), 50, x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        EXPECT_NEAR(x[i], before[i], 2e-7 * std::fabs(before[i])) << i;
}

TEST_P(Operations, RmsNorm) {
    for (const std::size_t dim : {1, 5, 64, 100, 2048})
        for (const std::size_t n : {1, 3, 64}) {
            const auto x = randomFloats(n * dim, 5, 3), weight = randomFloats(dim, 6);
            std::vector<float> got(n * dim, NAN), want(n * dim);
            m_compute.rmsNorm(x.data(), weight.data(), n, dim, 1e-5F, got.data());
            for (std::size_t t = 0; t < n; ++t) {
                double power = 0;
                for (std::size_t i = 0; i < dim; ++i)
                    power += double{x[t * dim + i]} * double{x[t * dim + i]};
                const double factor = 1 / std::sqrt(power / double(dim) + 1e-5);
                for (std::size_t i = 0; i < dim; ++i)
                    want[t * dim + i] =
                        static_cast<float>(double{x[t * dim + i]} * factor * double{weight[i]});
            }
            EXPECT_LT(nmse(got, want), 1e-12) << dim << " x " << n;
        }
}

TEST_P(Operations, RopeRotatesPairs) {
    for (const bool interleaved : {false, true})
        for (const std::size_t pairs : {2, 7, 16, 32, 64})
            for (const std::size_t rest : {0, 6}) {
                const std::size_t n = 5, heads = 3, headDim = 2 * pairs + rest;
                std::vector<float> cos(100 * pairs), sin(100 * pairs);
                for (std::size_t i = 0; i < cos.size(); ++i) {
                    cos[i] = static_cast<float>(std::cos(0.1 * double(i)));
                    sin[i] = static_cast<float>(std::sin(0.1 * double(i)));
                }
                const std::vector<std::int32_t> positions{0, 7, 3, 99, 12};
                const auto x = randomFloats(n * heads * headDim, 8);
                auto got = x;
                m_compute.rope(got.data(), n, heads, headDim, positions.data(),
                               {cos.data(), sin.data(), pairs, interleaved});
                auto want = x;
                for (std::size_t t = 0; t < n; ++t)
                    for (std::size_t h = 0; h < heads; ++h)
                        for (std::size_t i = 0; i < pairs; ++i) {
                            float* head = want.data() + (t * heads + h) * headDim;
                            float& a = interleaved ? head[2 * i] : head[i];
                            float& b = interleaved ? head[2 * i + 1] : head[pairs + i];
                            const double c = cos[std::size_t(positions[t]) * pairs + i];
                            const double s = sin[std::size_t(positions[t]) * pairs + i];
                            const double ra = double{a} * c - double{b} * s,
                                         rb = double{a} * s + double{b} * c;
                            a = static_cast<float>(ra);
                            b = static_cast<float>(rb);
                        }
                EXPECT_LT(nmse(got, want), 1e-13) << interleaved << " " << pairs << " " << rest;
            }
}

TEST_P(Operations, QuantisesAsThePlainVersion) {
    for (const std::size_t cols : {32, 256, 288, 1024}) {
        auto x = randomFloats(cols, 9, 4);
        x[cols / 2] = -90; // an outlier
        std::fill(x.begin(), x.begin() + 16, 0.0F);
        if (cols == 1024)
            std::fill(x.begin() + 256, x.begin() + 512, 0.0F); // a whole group of zeros
        const std::size_t groups = (cols + 255) / 256;
        std::vector<detail::ActBlock> got(groups * 2), want(groups);
        GetParam().table->quantise(x.data(), cols, got.data(), 2);
        detail::kGenericTable.quantise(x.data(), cols, want.data(), 1);
        for (std::size_t g = 0; g < groups; ++g) {
            EXPECT_EQ(got[2 * g].scale, want[g].scale);
            for (std::size_t i = 0; i < 256; ++i)
                ASSERT_EQ(got[2 * g].q[i], want[g].q[i]) << g << " " << i;
            for (std::size_t i = 0; i < 16; ++i)
                ASSERT_EQ(got[2 * g].sum16[i], want[g].sum16[i]) << g << " " << i;
            for (std::size_t i = 0; i < 8; ++i)
                ASSERT_EQ(got[2 * g].sum32[i], want[g].sum32[i]) << g << " " << i;
            ASSERT_EQ(got[2 * g].sum, want[g].sum);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sets, Operations, testing::ValuesIn(test::kernelSets()),
                         [](const auto& param) { return param.param.name; });

} // namespace
} // namespace hearth::kernels
