#include <cmath>

#include <gtest/gtest.h>

#include "engine/kernels/compute.h"
#include "tests/kernels/kernel_sets.h"
#include "tests/kernels/random_weights.h"
#include "tests/support/test_data.h"

namespace hearth::kernels {
namespace {

using test::KernelSet;
using test::nmse;
using test::randomFloats;

struct Shape {
    std::size_t heads, kvHeads, keyDim, valueDim, before, count, capacity;
    AttentionShape options;
};

/// One sequence: its cache and its true keys and values.
struct Sequence {
    Sequence(const Shape& s, KvType type, unsigned seed)
        : shape(s), total(s.before + s.count), k(randomFloats(total * s.kvHeads * s.keyDim, seed)),
          v(randomFloats(total * s.kvHeads * s.valueDim, seed + 1)),
          q(randomFloats(s.count * s.heads * s.keyDim, seed + 2)), out(s.count * s.heads * s.valueDim, NAN),
          keys(s.kvHeads * s.capacity * kvCellBytes(type, s.keyDim), std::byte{0xFF}),
          values(s.kvHeads * s.capacity * kvCellBytes(type, s.valueDim), std::byte{0xFF}),
          layer{type, s.kvHeads, s.keyDim, s.valueDim, s.capacity, keys.data(), values.data()} {}

    [[nodiscard]] AttentionJob job() { return {q.data(), out.data(), shape.count, shape.before, layer}; }

    void store(Compute& compute) const {
        // In pieces, as a cache is filled.
        const std::size_t piece = std::max<std::size_t>(1, shape.capacity / 3);
        for (std::size_t at = 0; at < total; at += piece)
            compute.storeKv(layer, at, std::min(piece, total - at),
                            k.data() + at * shape.kvHeads * shape.keyDim,
                            v.data() + at * shape.kvHeads * shape.valueDim);
    }

    /// Attention in float64, straight from its definition.
    [[nodiscard]] std::vector<float> reference() const {
        std::vector<float> want(out.size());
        const std::size_t group = shape.heads / shape.kvHeads;
        for (std::size_t i = 0; i < shape.count; ++i)
            for (std::size_t h = 0; h < shape.heads; ++h) {
                const std::size_t position = shape.before + i, kv = h / group;
                std::vector<double> weights(position + 1);
                double sum = 0;
                for (std::size_t p = 0; p <= position; ++p) {
                    if (shape.options.window && position - p >= shape.options.window)
                        continue;
                    double score = 0;
                    for (std::size_t d = 0; d < shape.keyDim; ++d)
                        score += double{q[(i * shape.heads + h) * shape.keyDim + d]} *
                                 double{k[(p * shape.kvHeads + kv) * shape.keyDim + d]};
                    score *= double{shape.options.scale};
                    if (const double cap = double{shape.options.softcap}; cap > 0)
                        score = cap * std::tanh(score / cap);
                    sum += weights[p] = std::exp(score);
                }
                for (std::size_t d = 0; d < shape.valueDim; ++d) {
                    double value = 0;
                    for (std::size_t p = 0; p <= position; ++p)
                        value += weights[p] * double{v[(p * shape.kvHeads + kv) * shape.valueDim + d]};
                    want[(i * shape.heads + h) * shape.valueDim + d] = static_cast<float>(value / sum);
                }
            }
        return want;
    }

    Shape shape;
    std::size_t total;
    std::vector<float> k, v, q, out;
    std::vector<std::byte> keys, values;
    KvLayer layer;
};

class Attends : public testing::TestWithParam<std::tuple<KernelSet, KvType>> {
protected:
    void SetUp() override { HEARTH_SKIP_UNLESS_EXECUTABLE(std::get<0>(GetParam())); }
    [[nodiscard]] KvType type() const { return std::get<1>(GetParam()); }
    /// What the storage of keys and values costs: half an ulp of float16, or 8 bits with a scale per 32.
    [[nodiscard]] double limit() const { return type() == KvType::F16 ? 1e-6 : 1e-4; }

    ThreadPool m_pool{2};
    Compute m_compute{*std::get<0>(GetParam()).table, m_pool};
};

TEST_P(Attends, LikeTheDefinition) {
    const std::vector<Shape> shapes{
        {1, 1, 16, 16, 0, 1, 8, {1, 0.25F, 0, 0}},        {4, 4, 64, 64, 5, 1, 64, {4, 0.125F, 0, 0}},
        {8, 2, 64, 64, 300, 1, 512, {8, 0.125F, 0, 0}},   {8, 2, 64, 64, 0, 70, 128, {8, 0.125F, 0, 0}},
        {6, 2, 80, 48, 33, 17, 64, {6, 0.11F, 0, 0}},     {7, 1, 128, 128, 100, 33, 200, {7, 0.09F, 0, 0}},
        {4, 2, 20, 12, 3, 40, 100, {4, 0.2F, 0, 0}},      {4, 2, 256, 256, 60, 5, 100, {4, 0.0625F, 50, 0}},
        {4, 2, 64, 64, 90, 40, 200, {4, 0.125F, 30, 33}}, {2, 1, 32, 32, 64, 1, 65, {2, 0.2F, 0, 1}},
    };
    for (const Shape& shape : shapes) {
        Sequence sequence(shape, type(), 7);
        sequence.store(m_compute);
        const AttentionJob job = sequence.job();
        m_compute.attention({&job, 1}, shape.options);
        EXPECT_LT(nmse(sequence.out, sequence.reference()), limit())
            << shape.heads << "/" << shape.kvHeads << " heads of " << shape.keyDim << "/" << shape.valueDim
            << ", " << shape.before << "+" << shape.count << " window " << shape.options.window;
    }
}

TEST(RoundedAttention, IsCloseToTheDefinition) {
    const std::vector<Shape> shapes{{8, 2, 64, 64, 0, 70, 128, {8, 0.125F, 0, 0, true}},
                                    {6, 2, 80, 48, 33, 17, 64, {6, 0.11F, 0, 0, true}},
                                    {4, 2, 20, 12, 3, 40, 100, {4, 0.2F, 0, 0, true}},
                                    {4, 2, 64, 64, 90, 41, 200, {4, 0.125F, 30, 33, true}},
                                    {8, 2, 64, 64, 200, 131, 400, {8, 0.125F, 0, 0, true}},
                                    {5, 1, 128, 64, 150, 70, 256, {5, 0.09F, 0, 100, true}},
                                    {2, 2, 64, 96, 100, 64, 164, {2, 0.125F, 50, 0, true}},
                                    // Few queries, which read the cells in place.
                                    {8, 2, 64, 64, 300, 1, 512, {8, 0.125F, 0, 0, true}},
                                    {2, 2, 128, 128, 64, 1, 65, {2, 0.09F, 0, 0, true}},
                                    {7, 1, 128, 128, 99, 1, 100, {7, 0.09F, 0, 0, true}},
                                    {4, 2, 96, 32, 4, 1, 32, {4, 0.1F, 50, 0, true}},
                                    {5, 1, 64, 160, 130, 2, 140, {5, 0.125F, 0, 40, true}},
                                    {3, 1, 32, 64, 0, 3, 8, {3, 0.2F, 0, 0, true}}};
    for (const auto& set : test::bfloat16Sets()) {
        if (!test::executable(set))
            continue;
        ThreadPool pool(2);
        Compute compute(*set.table, pool);
        for (const auto type : {KvType::F16, KvType::Q8_0})
            for (const Shape& shape : shapes) {
                Sequence sequence(shape, type, 7);
                sequence.store(compute);
                const AttentionJob job = sequence.job();
                compute.attention({&job, 1}, shape.options);
                const double error = nmse(sequence.out, sequence.reference());
                SCOPED_TRACE(testing::Message()
                             << set.name << (type == KvType::F16 ? " F16 " : " Q8_0 ") << shape.heads << "/"
                             << shape.kvHeads << " heads of " << shape.keyDim << "/" << shape.valueDim << ", "
                             << shape.before << "+" << shape.count);
                EXPECT_LT(error, type == KvType::F16 ? 3e-5 : 1.5e-4); // 8 bits of significand
                EXPECT_GT(error, 1e-7) << "did not round";
            }
    }
}

TEST(RoundedAttention, LaterScoresMayBeLarger) {
    for (const auto& set : test::bfloat16Sets()) {
        if (!test::executable(set))
            continue;
        ThreadPool pool(2);
        Compute compute(*set.table, pool);
        // The largest score grows slowly, steadily, and by more than float32 can hold the exponential of.
        for (const float growth : {0.002F, 0.02F, 0.2F}) {
            const Shape shape{8, 2, 64, 64, 0, 300, 512, {8, 0.125F, 0, 0, true}};
            Sequence sequence(shape, KvType::F16, 7);
            for (std::size_t i = 0; i < sequence.k.size(); ++i)
                sequence.k[i] *= 1 + growth * static_cast<float>(i / (2 * 64));
            sequence.store(compute);
            const AttentionJob job = sequence.job();
            compute.attention({&job, 1}, shape.options);
            // Errors of scores grow with the scores.
            EXPECT_LT(nmse(sequence.out, sequence.reference()), growth < 0.1F ? 1e-4 : 1e-3)
                << set.name << " " << growth;
        }
    }
}

TEST(RoundedAttention, SmallValuesCount) {
    for (const auto& set : test::bfloat16Sets()) {
        if (!test::executable(set))
            continue;
        ThreadPool pool(2);
        Compute compute(*set.table, pool);
        // Down to where float16 is subnormal and has few bits left.
        for (const float size : {1e-2F, 1e-3F, 1e-4F, 1e-5F}) {
            const Shape shape{8, 2, 64, 64, 300, 1, 512, {8, 0.125F / size, 0, 0, true}};
            Sequence sequence(shape, KvType::F16, 7);
            for (auto* numbers : {&sequence.k, &sequence.v})
                for (float& x : *numbers)
                    x *= size;
            sequence.store(compute);
            const AttentionJob job = sequence.job();
            compute.attention({&job, 1}, shape.options);
            EXPECT_LT(nmse(sequence.out, sequence.reference()), 6e-5) << set.name << " " << size;
        }
    }
}

TEST(RoundedAttention, OneQueryIsRoundedAsMany) {
    for (const auto& set : test::bfloat16Sets()) {
        if (!test::executable(set))
            continue;
        ThreadPool pool(2);
        Compute compute(*set.table, pool);
        for (const auto type : {KvType::F16, KvType::Q8_0}) {
            const Shape whole{8, 2, 64, 64, 0, 90, 128, {8, 0.125F, 0, 0, true}};
            Sequence all(whole, type, 11);
            all.store(compute);
            const AttentionJob job = all.job();
            compute.attention({&job, 1}, whole.options);
            std::vector<float> one(8 * 64);
            for (const std::size_t i : {0, 1, 17, 63, 64, 89}) {
                const AttentionJob single{all.q.data() + i * 8 * 64, one.data(), 1, i, all.layer};
                compute.attention({&single, 1}, whole.options);
                // Both round keys, values and weights; weights beside another largest score so far.
                EXPECT_LT(nmse(one, {all.out.begin() + std::ptrdiff_t(i * 512),
                                     all.out.begin() + std::ptrdiff_t((i + 1) * 512)}),
                          3e-5)
                    << set.name << " " << i;
            }
        }
    }
}

TEST_P(Attends, ToAWindowInARing) {
    // Capacity below the number of positions: cells are reused, and only the window is read.
    const std::size_t window = 24, count = 5;
    const Shape shape{4, 2, 64, 64, 100, count, window + count - 1, {4, 0.125F, 0, window}};
    Sequence sequence(shape, type(), 3);
    sequence.store(m_compute);
    const AttentionJob job = sequence.job();
    m_compute.attention({&job, 1}, shape.options);
    EXPECT_LT(nmse(sequence.out, sequence.reference()), limit());
}

TEST_P(Attends, SeveralSequencesInOneCall) {
    const AttentionShape options{8, 0.125F, 0, 0};
    Sequence a({8, 2, 64, 64, 40, 1, 64, options}, type(), 1),
        b({8, 2, 64, 64, 0, 37, 64, options}, type(), 2), c({8, 2, 64, 64, 130, 2, 140, options}, type(), 3);
    std::vector<AttentionJob> jobs;
    for (Sequence* s : {&a, &b, &c}) {
        s->store(m_compute);
        jobs.push_back(s->job());
    }
    const auto barriers = m_pool.jobsRun();
    m_compute.attention(jobs, options);
    EXPECT_LE(m_pool.jobsRun() - barriers, 1U);
    for (Sequence* s : {&a, &b, &c})
        EXPECT_LT(nmse(s->out, s->reference()), limit());
}

TEST_P(Attends, LargeScoresWithoutOverflow) {
    const Shape shape{2, 1, 64, 64, 80, 3, 128, {2, 30, 0, 0}};
    Sequence sequence(shape, type(), 5);
    sequence.store(m_compute);
    const AttentionJob job = sequence.job();
    m_compute.attention({&job, 1}, shape.options);
    for (const float value : sequence.out)
        ASSERT_TRUE(std::isfinite(value));
}

TEST_P(Attends, BatchesOfAnySizeAgree) {
    const Shape whole{8, 2, 64, 64, 0, 90, 128, {8, 0.125F, 0, 0}};
    Sequence all(whole, type(), 11);
    all.store(m_compute);
    const AttentionJob job = all.job();
    m_compute.attention({&job, 1}, whole.options);
    std::vector<float> one(8 * 64);
    for (const std::size_t i : {0, 1, 17, 63, 64, 89}) {
        const AttentionJob single{all.q.data() + i * 8 * 64, one.data(), 1, i, all.layer};
        m_compute.attention({&single, 1}, whole.options);
        EXPECT_LT(nmse(one, {all.out.begin() + std::ptrdiff_t(i * 512),
                             all.out.begin() + std::ptrdiff_t((i + 1) * 512)}),
                  1e-12)
            << i;
    }
}

TEST_P(Attends, FewQueriesEachAsAlone) {
    std::vector<Shape> shapes;
    for (const bool rounds : {false, true})
        for (const std::size_t window : {std::size_t{0}, std::size_t{8}, std::size_t{70}})
            for (const std::size_t count : {2, 3, 5, 8}) {
                shapes.push_back({8, 2, 64, 64, 90, count, 128, {8, 0.125F, 0, window, rounds}});
                shapes.push_back({8, 2, 64, 64, 125, count, 256, {8, 0.125F, 50, window, rounds}});
                shapes.push_back({7, 1, 128, 64, 1, count, 128, {7, 0.09F, 0, window, rounds}});
                shapes.push_back({6, 2, 80, 48, 60, count, 77, {6, 0.11F, 0, window, rounds}});
            }
    shapes.push_back({4, 2, 64, 64, 300, 8, 70 + 8 - 1, {4, 0.125F, 0, 70, true}}); // a ring
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(testing::Message() << shape.heads << "/" << shape.kvHeads << " heads of " << shape.keyDim
                                        << "/" << shape.valueDim << ", " << shape.before << "+" << shape.count
                                        << " window " << shape.options.window);
        Sequence all(shape, type(), 11);
        all.store(m_compute);
        const AttentionJob job = all.job();
        m_compute.attention({&job, 1}, shape.options);
        const std::size_t queryWidth = shape.heads * shape.keyDim, width = shape.heads * shape.valueDim;
        std::vector<float> one(width);
        for (std::size_t i = 0; i < shape.count; ++i) {
            const AttentionJob single{all.q.data() + i * queryWidth, one.data(), 1, shape.before + i,
                                      all.layer};
            m_compute.attention({&single, 1}, shape.options);
            for (std::size_t d = 0; d < width; ++d)
                ASSERT_EQ(one[d], all.out[i * width + d]) << "query " << i << ", value " << d;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Sets, Attends,
                         testing::Combine(testing::ValuesIn(test::kernelSets()),
                                          testing::Values(KvType::F16, KvType::Q8_0)),
                         [](const auto& param) {
                             return std::get<0>(param.param).name +
                                    (std::get<1>(param.param) == KvType::F16 ? "_F16" : "_Q8_0");
                         });

} // namespace
} // namespace hearth::kernels
