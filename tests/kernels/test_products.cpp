#include <bit>
#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/kernels/compute.h"
#include "tests/kernels/kernel_sets.h"
#include "tests/kernels/random_weights.h"
#include "tests/support/test_data.h"
#include "tests/tensor/golden_gguf.h"

namespace hearth::kernels {
namespace {

using test::KernelSet;
using test::Matrix;
using test::nmse;
using test::randomFloats;
using test::randomMatrix;

struct Case {
    KernelSet set;
    DType type;
};

void PrintTo(const Case& c, std::ostream* out) {
    *out << c.set.name << " " << traitsOf(c.type).name;
}

std::vector<Case> allCases() {
    std::vector<Case> cases;
    for (const auto& set : test::kernelSets())
        for (const DType type : test::weightTypes())
            cases.push_back({set, type});
    for (const auto& set : test::bfloat16Sets())
        for (const DType type : {DType::BF16, DType::F16})
            cases.push_back({set, type});
    return cases;
}

/// y = x·Wᵀ in float64, and the power of its terms: what a sum of random signs would have, so that a product
/// that happens to cancel does not count rounding as error.
struct Reference {
    std::vector<float> y;
    double power = 0;
};
Reference reference(const std::vector<float>& w, std::size_t rows, std::size_t cols,
                    const std::vector<float>& x, const std::vector<float>& bias = {}) {
    const std::size_t n = x.size() / cols;
    Reference out{std::vector<float>(n * rows)};
    for (std::size_t t = 0; t < n; ++t)
        for (std::size_t r = 0; r < rows; ++r) {
            double sum = bias.empty() ? 0 : double{bias[r]};
            for (std::size_t c = 0; c < cols; ++c) {
                const double term = double{w[r * cols + c]} * double{x[t * cols + c]};
                sum += term;
                out.power += term * term;
            }
            out.y[t * rows + r] = static_cast<float>(sum);
        }
    return out;
}

double error(const std::vector<float>& got, const Reference& want) {
    double sum = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        sum += std::pow(double{got[i]} - double{want.y[i]}, 2);
    return sum / want.power;
}

/// x as the products see it: quantised and back, by the plain version.
std::vector<float> quantised(const std::vector<float>& x, std::size_t cols) {
    std::vector<float> out(x.size());
    std::vector<detail::ActBlock> blocks((cols + 255) / 256);
    for (std::size_t row = 0; row < x.size(); row += cols) {
        detail::kGenericTable.quantise(x.data() + row, cols, blocks.data(), 1);
        for (std::size_t i = 0; i < cols; ++i)
            out[row + i] = blocks[i / 256].scale * static_cast<float>(blocks[i / 256].q[i % 256]);
    }
    return out;
}

/// x rounded to bfloat16, to nearest even.
std::vector<float> roundedToBfloat16(std::vector<float> x) {
    for (float& value : x) {
        auto bits = std::bit_cast<std::uint32_t>(value);
        bits += 0x7FFF + (bits >> 16 & 1);
        value = std::bit_cast<float>(bits & 0xFFFF0000);
    }
    return x;
}

class Products : public testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        HEARTH_SKIP_UNLESS_EXECUTABLE(GetParam().set);
        m_kernel = GetParam().set.table->weights(GetParam().type);
        ASSERT_NE(m_kernel, nullptr);
    }

    /// Rounding weights to 8 bits of the largest of 256: a twelfth of a step squared, 3 to 4 deviations being
    /// 127 steps.
    static constexpr double kRescaled = 1e-4;
    [[nodiscard]] bool rescaled(std::size_t n) const {
        return m_kernel->quantisedActivations && n > m_kernel->exactInputs;
    }

    /// BF16 always, F16 with many inputs.
    [[nodiscard]] bool rounded(std::size_t n) const {
        return GetParam().set.bfloat16Dots && (GetParam().type == DType::BF16 || n > m_kernel->exactInputs);
    }

    [[nodiscard]] std::size_t block() const { return traitsOf(GetParam().type).blockSize; }

    Weights pack(const Matrix& m) {
        auto packed = m_compute.pack(m.type, m.rows, m.cols, m.data);
        EXPECT_TRUE(packed) << packed.error().message();
        return std::move(*packed);
    }

    std::vector<float> multiply(const Weights& w, const std::vector<float>& x, const float* bias = nullptr) {
        const std::size_t n = x.size() / w.cols();
        std::vector<float> y(n * w.rows(), NAN);
        const Projection p{&w, y.data(), w.rows(), bias};
        m_compute.project(x.data(), n, {&p, 1});
        return y;
    }

    /// The same to the bit, but for the plain kernels: OpenBLAS sums in an order that depends on which rows a
    /// thread was given.
    void expectSame(const std::vector<float>& got, const std::vector<float>& want, const std::string& what) {
        if (GetParam().set.table->isa == Isa::Generic)
            EXPECT_LT(nmse(got, want), 1e-12) << what;
        else
            EXPECT_EQ(got, want) << what;
    }

    ThreadPool m_pool{2};
    Compute m_compute{*GetParam().set.table, m_pool};
    const detail::WeightKernel* m_kernel = nullptr;
};

TEST_P(Products, ExactRowsAreMultipliedAsOneAlone) {
    EXPECT_EQ(m_compute.exactRows(), SIZE_MAX) << "nothing is packed yet";
    const std::size_t cols = 2 * std::lcm(block(), std::size_t{256}), rows = 40;
    const Matrix m = randomMatrix(GetParam().type, rows, cols, 5);
    const Weights w = pack(m);
    EXPECT_EQ(m_compute.exactRows(), m_kernel->exactInputs);
    const std::size_t n = std::min<std::size_t>(m_compute.exactRows(), 33);
    const auto x = randomFloats(n * cols, 6);
    const auto together = multiply(w, x);
    for (std::size_t t = 0; t < n; ++t) {
        const std::vector<float> alone(x.begin() + static_cast<std::ptrdiff_t>(t * cols),
                                       x.begin() + static_cast<std::ptrdiff_t>((t + 1) * cols));
        const std::vector<float> row(together.begin() + static_cast<std::ptrdiff_t>(t * rows),
                                     together.begin() + static_cast<std::ptrdiff_t>((t + 1) * rows));
        EXPECT_LT(nmse(row, multiply(w, alone)), 1e-11) << "input " << t;
    }
}

TEST_P(Products, EveryShapeMatchesTheReference) {
    struct Shape {
        std::size_t rows, cols, n;
    };
    const std::size_t b = block();
    std::vector<Shape> shapes{{1, b, 1},      {7, b, 1},     {13, 3 * b, 2}, {31, 2 * b, 3}, {64, 512, 7},
                              {33, 5 * b, 9}, {40, 256, 16}, {100, 768, 64}, {35, 512, 100}};
    if (b == 1)
        shapes.insert(shapes.end(), {{20, 77, 1}, {70, 301, 13}});
    if (b == 32)
        shapes.insert(shapes.end(), {{24, 288, 1}, {25, 160, 64}, {9, 928, 5}});
    for (const auto [rows, cols, n] : shapes) {
        const Matrix m = randomMatrix(GetParam().type, rows, cols, unsigned(rows + cols + n));
        const auto values = m.values();
        const auto x = randomFloats(n * cols, unsigned(n)), bias = randomFloats(rows, 5);
        const auto got = multiply(pack(m), x, bias.data());
        SCOPED_TRACE(testing::Message() << rows << "x" << cols << " n=" << n);
        if (m_kernel->quantisedActivations) {
            // Against the same quantised activations only float32 rounding is left; against the true ones,
            // the 8 bits of the activations.
            EXPECT_LT(error(got, reference(values, rows, cols, quantised(x, cols), bias)),
                      rescaled(n) ? kRescaled : 1e-11);
            EXPECT_LT(error(got, reference(values, rows, cols, x, bias)), 3e-4);
        } else if (rounded(n)) {
            // Products of both factors rounded are exact in float32.
            const auto w = roundedToBfloat16(values); // BF16 is already
            EXPECT_LT(error(got, reference(w, rows, cols, roundedToBfloat16(x), bias)), 1e-12);
            EXPECT_LT(error(got, reference(values, rows, cols, x, bias)),
                      8e-6); // 8 bits of significand, twice
        } else {
            EXPECT_LT(error(got, reference(values, rows, cols, x, bias)), 1e-12);
        }
    }
}

TEST_P(Products, FewAndManyInputsAgree) {
    const Matrix m = randomMatrix(GetParam().type, 70, 1024, 3);
    const Weights w = pack(m);
    const auto x = randomFloats(512 * 1024, 9);
    const auto many = multiply(w, x);
    for (const std::size_t n : {1, 2, 7, 64}) {
        const auto few = multiply(w, {x.begin(), x.begin() + std::ptrdiff_t(n * 1024)});
        EXPECT_LT(nmse(few, {many.begin(), many.begin() + std::ptrdiff_t(n * 70)}),
                  rescaled(512) && !rescaled(n) ? kRescaled
                  : rounded(512) && !rounded(n) ? 1e-5
                                                : 1e-12)
            << n;
    }
}

constexpr int kFills[]{0x00, 0x7F, 0x80, 0x81, 0xFF};

/// Half a step of 127 for every weight of a row, which is the most that rescaling moves a product of ones by.
/// Steps are those of the largest codes that the scales could meet, whatever the codes are.
std::vector<double> halfSteps(DType type, std::size_t rows, std::size_t cols) {
    std::vector<double> out(rows);
    std::vector<std::vector<float>> values;
    for (const int fill : kFills)
        values.push_back(randomMatrix(type, rows, cols, 1, fill).values());
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t begin = 0; begin < cols; begin += 256) {
            double largest = 0;
            for (std::size_t c = begin; c < begin + 256; ++c)
                for (const auto& of : values)
                    largest = std::max(largest, std::fabs(double{of[row * cols + c]}));
            out[row] += 256 * largest / 127 * 0.5;
        }
    return out;
}

TEST_P(Products, ExtremeCodesDoNotSaturate) {
    if (test::isFloat(GetParam().type))
        GTEST_SKIP() << "float weights have no codes";
    const std::size_t cols = 512;
    const auto steps = halfSteps(GetParam().type, 16, cols);
    for (const int fill : kFills)
        for (const float sign : {1.0F, -1.0F}) {
            const Matrix m = randomMatrix(GetParam().type, 16, cols, 1, fill);
            const Weights w = pack(m);
            const auto values = m.values();
            for (const std::size_t n : {1, 32}) {
                // All activations quantise to ±127; every other one is flipped in the second half.
                std::vector<float> x(n * cols, sign);
                for (std::size_t i = 0; i < x.size(); ++i)
                    if (i % cols >= cols / 2 && i % 2 == 1)
                        x[i] = -sign;
                // The flipped half cancels: compare against the size of the terms instead of the result's.
                const auto got = multiply(w, x), want = reference(values, 16, cols, quantised(x, cols)).y;
                for (std::size_t i = 0; i < got.size(); ++i)
                    ASSERT_NEAR(got[i], want[i],
                                1e-4 * (1 + std::fabs(want[i])) + (rescaled(n) ? steps[i % 16] : 0))
                        << "fill " << fill << " sign " << sign << " n " << n << " at " << i;
            }
        }
}

TEST_P(Products, ExtremeScalesOfExtremeCodesDoNotOverflow) {
    const std::size_t cols = 512, rows = 16;
    for (const int codes : kFills)
        for (const int scales : kFills) {
            Matrix m = randomMatrix(GetParam().type, rows, cols, 1, codes);
            if (!test::fillScales(m, scales))
                GTEST_SKIP() << "no whole numbers as scales";
            const Weights w = pack(m);
            const auto values = m.values();
            for (const std::size_t n : {1, 32}) {
                if (rescaled(n))
                    continue; // has no whole numbers either
                // Activations of ±127: the largest sums of either sign, and sums that cancel.
                std::vector<float> x(n * cols, 1);
                for (std::size_t i = 0; i < x.size(); ++i)
                    if (i / cols % 3 == 1 || (i / cols % 3 == 2 && i % 2 == 1))
                        x[i] = -1;
                const auto got = multiply(w, x), want = reference(values, rows, cols, quantised(x, cols)).y;
                for (std::size_t i = 0; i < got.size(); ++i) {
                    const auto row = values.begin() + std::ptrdiff_t(i % rows * cols);
                    const double terms =
                        std::accumulate(row, row + std::ptrdiff_t(cols), 0.0,
                                        [](double sum, float value) { return sum + std::fabs(value); });
                    ASSERT_NEAR(got[i], want[i], 1e-5 * terms)
                        << "codes " << codes << " scales " << scales << " n " << n << " at " << i;
                }
            }
        }
}

TEST_P(Products, RowsReadBackAsDequantised) {
    for (const std::size_t rows : {1, 19}) {
        const Matrix m = randomMatrix(GetParam().type, rows, 3 * 256, 11);
        const Weights w = pack(m);
        const auto values = m.values();
        for (std::size_t r = 0; r < rows; ++r) {
            std::vector<float> got(m.cols, NAN);
            m_compute.embeddingRow(w, r, got.data());
            for (std::size_t c = 0; c < m.cols; ++c)
                ASSERT_EQ(got[c], values[r * m.cols + c]) << "row " << r << " column " << c;
        }
    }
}

TEST_P(Products, GoldenWeightsMatch) {
    const std::string name(traitsOf(GetParam().type).name);
    if (name == "F32" || name == "MXFP4")
        GTEST_SKIP() << "no golden weights of this type";
    const auto tensor = test::goldenTensor("llama-" + name + ".gguf", "blk.0.ffn_down.weight");
    const auto values = test::readFloats(test::golden("llama-" + name + ".ffn_down.f32"));
    const std::size_t rows = values.size() / tensor.cols;
    const auto source = std::span(tensor.data).first(bytesFor(tensor.type, rows * tensor.cols).value());
    auto w = m_compute.pack(tensor.type, rows, tensor.cols, source);
    ASSERT_TRUE(w) << w.error().message();
    for (const std::size_t n : {1, 32}) {
        const auto x = randomFloats(n * tensor.cols, 21);
        EXPECT_LT(error(multiply(*w, x), reference(values, rows, tensor.cols, x)),
                  m_kernel->quantisedActivations ? 3e-4
                  : rounded(n)                   ? 8e-6
                                                 : 1e-12);
    }
}

TEST_P(Products, SourceMayLieAtAnyAddress) {
    const Matrix m = randomMatrix(GetParam().type, 20, 512, 8);
    const auto x = randomFloats(512, 2);
    const auto want = multiply(pack(m), x);
    for (const std::size_t shift : {1, 2, 7}) {
        std::vector<std::byte> moved(m.data.size() + shift);
        std::copy(m.data.begin(), m.data.end(), moved.begin() + std::ptrdiff_t(shift));
        auto w = m_compute.pack(m.type, m.rows, m.cols, std::span(moved).subspan(shift));
        ASSERT_TRUE(w);
        EXPECT_EQ(multiply(*w, x), want) << shift;
    }
}

TEST_P(Products, SeveralProjectionsShareOneInput) {
    const std::size_t cols = 512, n = 5;
    const Matrix a = randomMatrix(GetParam().type, 48, cols, 1), b = randomMatrix(DType::F16, 9, cols, 2),
                 c = randomMatrix(GetParam().type, 17, cols, 3);
    const Weights wa = pack(a), wb = pack(b), wc = pack(c);
    const auto x = randomFloats(n * cols, 4);
    std::vector<float> y(n * 100, NAN);
    const std::vector<Projection> all{{&wa, y.data(), 100, nullptr},
                                      {&wb, y.data() + 48, 100, nullptr},
                                      {&wc, y.data() + 57, 100, nullptr}};
    const auto barriers = m_pool.jobsRun();
    m_compute.project(x.data(), n, all);
    EXPECT_LE(m_pool.jobsRun() - barriers, 2U);
    const auto ya = multiply(wa, x), yb = multiply(wb, x), yc = multiply(wc, x);
    for (std::size_t t = 0; t < n; ++t) {
        for (std::size_t r = 0; r < 48; ++r)
            ASSERT_EQ(y[t * 100 + r], ya[t * 48 + r]);
        for (std::size_t r = 0; r < 9; ++r)
            ASSERT_EQ(y[t * 100 + 48 + r], yb[t * 9 + r]);
        for (std::size_t r = 0; r < 17; ++r)
            ASSERT_EQ(y[t * 100 + 57 + r], yc[t * 17 + r]);
        EXPECT_TRUE(std::isnan(y[t * 100 + 80])) << "wrote past the rows";
    }
}

TEST_P(Products, InputsPreparedOnTheWayAreThoseOfSeparateSteps) {
    const std::size_t cols = std::lcm(block(), std::size_t{160});
    const Matrix m = randomMatrix(GetParam().type, 33, cols, 1);
    const Weights w = pack(m);
    const auto weight = randomFloats(cols, 2);
    for (const std::size_t n : {std::size_t{1}, std::size_t{5}, std::size_t{40}, std::size_t{514}}) {
        const auto x = randomFloats(n * cols, 3), up = randomFloats(n * cols, 4);
        auto normed = x, gated = x;
        m_compute.rmsNorm(x.data(), weight.data(), n, cols, 1e-5F, normed.data());
        m_compute.activate(Activation::Gelu, gated.data(), up.data(), gated.size());
        std::vector<float> prepared(n * cols), y(n * w.rows());
        const Projection p{&w, y.data(), w.rows(), nullptr};
        Input input{.x = x.data(), .norm = weight.data(), .epsilon = 1e-5F, .prepared = prepared.data()};
        m_compute.project(input, n, {&p, 1});
        expectSame(y, multiply(w, normed), std::to_string(n) + " normed");
        input = {.x = x.data(), .up = up.data(), .activation = Activation::Gelu, .prepared = prepared.data()};
        m_compute.project(input, n, {&p, 1});
        expectSame(y, multiply(w, gated), std::to_string(n) + " gated");
        // Who watches the inputs sees what was multiplied.
        std::vector<float> seen;
        m_compute.observeProjections([&](const Weights&, const float* from, std::size_t count) {
            seen.assign(from, from + count * cols);
        });
        m_compute.project(input, n, {&p, 1});
        m_compute.observeProjections({});
        EXPECT_EQ(seen, gated);
        expectSame(y, multiply(w, gated), std::to_string(n) + " watched");
    }
}

TEST_P(Products, LargeResultsAreTheSameWhereverTheyLie) {
    const std::size_t cols = std::lcm(block(), std::size_t{288}), n = 40, stride = 8192;
    const Matrix m = randomMatrix(GetParam().type, 150, cols, 1);
    const Weights w = pack(m);
    const auto x = randomFloats(n * cols, 2), bias = randomFloats(w.rows(), 3);
    std::vector<float> memory(n * stride + 32);
    auto* aligned =
        reinterpret_cast<float*>((reinterpret_cast<std::uintptr_t>(memory.data()) + 63) / 64 * 64);
    for (const float* b : {static_cast<const float*>(nullptr), bias.data()}) {
        const auto want = multiply(w, x, b);
        for (float* y : {aligned, aligned + 1, aligned + 8}) {
            std::fill(memory.begin(), memory.end(), NAN);
            const Projection p{&w, y, stride, b};
            m_compute.project(x.data(), n, {&p, 1});
            std::vector<float> got;
            for (std::size_t t = 0; t < n; ++t) {
                got.insert(got.end(), y + t * stride, y + t * stride + w.rows());
                ASSERT_TRUE(std::isnan(y[t * stride + w.rows()])) << "wrote past the rows";
            }
            expectSame(got, want, std::to_string(y - aligned) + " floats further");
        }
    }
}

TEST_P(Products, PackedBytesAreTheFilesWithinFourPercent) {
    const Matrix m = randomMatrix(GetParam().type, 256, 4096, 8); // panels end at 64 bytes
    const Weights w = pack(m);
    EXPECT_EQ(w.ownsData(), m_kernel->packs);
    EXPECT_LE(double(w.bytes()), 1.04 * double(m.data.size()));
    EXPECT_GE(w.bytes(), m.data.size());
    EXPECT_EQ(w.rows(), 256U);
    EXPECT_EQ(w.cols(), 4096U);
    EXPECT_EQ(w.type(), GetParam().type);
}

INSTANTIATE_TEST_SUITE_P(Sets, Products, testing::ValuesIn(allCases()), [](const auto& param) {
    return param.param.set.name + "_" + std::string(traitsOf(param.param.type).name);
});

TEST(Threads, AnyNumberDoesAllTheWork) {
    ThreadPool pool(1);
    Compute compute(availableIsas().back(), pool);
    // Matrices of different sizes in one group: some threads get pieces of two, some of one.
    const std::size_t cols = 512, n = 3;
    const Matrix a = randomMatrix(DType::Q4_0, 300, cols, 1), b = randomMatrix(DType::Q6_K, 40, cols, 2);
    const auto wa = compute.pack(a.type, a.rows, cols, a.data),
               wb = compute.pack(b.type, b.rows, cols, b.data);
    ASSERT_TRUE(wa && wb);
    const auto x = randomFloats(n * cols, 4);
    const auto products = [&] {
        std::vector<float> y(n * 340, NAN);
        const std::vector<Projection> both{{&*wa, y.data(), 340, nullptr},
                                           {&*wb, y.data() + 300, 340, nullptr}};
        compute.project(x.data(), n, both);
        return y;
    };
    const auto alone = products();
    for (const float value : alone)
        ASSERT_TRUE(std::isfinite(value));
    for (const std::size_t threads : {2, 7, 3, 1, 4}) {
        pool.resize(threads);
        EXPECT_EQ(products(), alone) << threads << " threads";
    }
}

TEST(Pack, RefusesWhatItCannotMultiply) {
    ThreadPool pool(1);
    Compute compute(Isa::Generic, pool);
    const std::vector<std::byte> data(1024);
    EXPECT_EQ(compute.pack(DType::I32, 16, 16, data).error().code, "kernels.unsupported_type");
    EXPECT_EQ(compute.pack(DType::Q4_0, 16, 33, data).error().code, "kernels.bad_shape");
    EXPECT_EQ(compute.pack(DType::Q4_0, 1, 32, data).error().code, "kernels.bad_shape");
    EXPECT_EQ(compute.pack(DType::Q4_0, SIZE_MAX / 2, 64, data).error().code, "kernels.bad_shape");
    EXPECT_EQ(compute.pack(DType::Q4_0, 0, 32, std::span(data).first(0)).error().code, "kernels.bad_shape");
}

} // namespace
} // namespace hearth::kernels
