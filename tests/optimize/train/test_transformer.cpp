#include "engine/optimize/train/transformer.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "engine/optimize/train/adamw.h"
#include "engine/optimize/train/gemm.h"
#include "engine/optimize/train/random.h"

namespace hearth::optimize {
namespace {

TrainShape tinyShape(bool tied) {
    TrainShape s;
    s.vocabulary = 23;
    s.dim = 16;
    s.layers = 2;
    s.heads = 4;
    s.kvHeads = 2;
    s.headDim = 4;
    s.feedForward = 24;
    s.context = 12;
    s.tied = tied;
    return s;
}

Batch twoSequences() {
    Batch batch;
    Random random(5);
    for (const std::size_t length : {7U, 5U}) {
        batch.sequenceStarts.push_back(batch.tokens.size());
        for (std::size_t i = 0; i < length; ++i) {
            batch.tokens.push_back(static_cast<std::int32_t>(random.below(23)));
            batch.targets.push_back(i % 3 == 0 ? -1 : static_cast<std::int32_t>(random.below(23)));
        }
    }
    return batch;
}

std::vector<float> randomParameters(const ParameterLayout& layout) {
    std::vector<float> parameters(layout.size());
    Random random(11);
    for (const auto& view : layout.views())
        for (std::size_t i = 0; i < view.size(); ++i)
            parameters[view.offset + i] = view.decays ? 0.25F * random.normal() : 1 + 0.1F * random.normal();
    return parameters;
}

/// Central differences in double steps over a sample of every array, against the analytic gradient.
void expectGradientsMatch(const TrainShape& shape, bool recompute, const SoftTargets* soft) {
    const ParameterLayout layout(shape);
    std::vector<float> parameters = randomParameters(layout);
    const Batch batch = twoSequences();
    Transformer transformer(layout, batch.tokens.size(), recompute);
    const float weight = 1.0F / static_cast<float>(batch.lossTokens());
    std::vector<float> gradients(layout.size());
    transformer.forwardBackward(parameters.data(), batch, weight, gradients.data(), soft);

    const auto lossAt = [&](std::size_t index, float value) {
        const float saved = std::exchange(parameters[index], value);
        std::vector<float> unused(layout.size());
        const double loss =
            transformer.forwardBackward(parameters.data(), batch, weight, unused.data(), soft);
        parameters[index] = saved;
        return loss * static_cast<double>(weight);
    };
    Random random(3);
    for (const auto& view : layout.views()) {
        double difference = 0, power = 0;
        for (int sample = 0; sample < 12; ++sample) {
            const std::size_t index = view.offset + random.below(view.size());
            const float step = 4e-3F;
            const double numeric =
                (lossAt(index, parameters[index] + step) - lossAt(index, parameters[index] - step)) /
                (2 * static_cast<double>(step));
            difference += std::pow(numeric - static_cast<double>(gradients[index]), 2);
            power += numeric * numeric;
        }
        EXPECT_LT(std::sqrt(difference / std::max(power, 1e-8)), 0.02) << view.name;
    }
}

TEST(TrainTransformer, GradientsMatchFiniteDifferencesTied) {
    expectGradientsMatch(tinyShape(true), false, nullptr);
}

TEST(TrainTransformer, GradientsMatchFiniteDifferencesSeparateOutput) {
    expectGradientsMatch(tinyShape(false), false, nullptr);
}

TEST(TrainTransformer, GradientsMatchFiniteDifferencesWithSoftTargets) {
    const Batch batch = twoSequences();
    std::vector<float> teacher(batch.lossTokens() * 23);
    Random random(17);
    for (float& logit : teacher)
        logit = 2 * random.normal();
    const SoftTargets soft{teacher, 0.6F, 2.5F};
    expectGradientsMatch(tinyShape(true), false, &soft);
}

TEST(TrainTransformer, RecomputationGivesTheSameGradientsInLessMemory) {
    const TrainShape shape = tinyShape(true);
    const ParameterLayout layout(shape);
    const auto parameters = randomParameters(layout);
    const Batch batch = twoSequences();
    std::vector<float> kept(layout.size()), recomputed(layout.size());
    Transformer(layout, 12, false).forwardBackward(parameters.data(), batch, 1, kept.data());
    Transformer(layout, 12, true).forwardBackward(parameters.data(), batch, 1, recomputed.data());
    EXPECT_EQ(kept, recomputed);
    EXPECT_LT(Transformer::activationBytes(shape, 12, true), Transformer::activationBytes(shape, 12, false));
}

TEST(TrainTransformer, SequencesOfABatchDoNotSeeEachOther) {
    const ParameterLayout layout(tinyShape(true));
    const auto parameters = randomParameters(layout);
    const Batch both = twoSequences();
    Batch first{{both.tokens.begin(), both.tokens.begin() + 7},
                {both.targets.begin(), both.targets.begin() + 7},
                {0}};
    Batch second{
        {both.tokens.begin() + 7, both.tokens.end()}, {both.targets.begin() + 7, both.targets.end()}, {0}};
    Transformer transformer(layout, 12, false);
    const double apart =
        transformer.loss(parameters.data(), first) + transformer.loss(parameters.data(), second);
    EXPECT_NEAR(transformer.loss(parameters.data(), both), apart, 1e-4);
}

TEST(TrainAdamW, MinimisesAQuadraticAndClips) {
    TrainShape shape = tinyShape(true);
    const ParameterLayout layout(shape);
    std::vector<float> parameters(layout.size(), 1.0F), gradients(layout.size());
    AdamWParams params;
    params.learningRate = 0.05F;
    params.warmupSteps = 5;
    params.weightDecay = 0;
    AdamW optimiser(layout, params);
    ThreadPool pool(2);
    double norm = 0;
    for (std::uint64_t step = 0; step < 200; ++step) {
        for (std::size_t i = 0; i < gradients.size(); ++i)
            gradients[i] = parameters[i] - 0.5F;
        norm = optimiser.update(pool, step, 200, parameters.data(), gradients.data());
    }
    EXPECT_LT(norm, 0.5);
    EXPECT_NEAR(parameters[0], 0.5F, 0.02F);
    gradients[3] = std::nanf("");
    const auto before = parameters;
    EXPECT_TRUE(std::isnan(optimiser.update(pool, 200, 201, parameters.data(), gradients.data())));
    EXPECT_EQ(parameters, before) << "a broken gradient must not change the weights";
}

TEST(TrainAdamW, WarmsUpThenFallsAlongACosine) {
    AdamWParams params;
    params.learningRate = 1;
    params.minimumRatio = 0.1F;
    params.warmupSteps = 10;
    EXPECT_NEAR(learningRateAt(params, 0, 110), 0.1F, 1e-6F);
    EXPECT_NEAR(learningRateAt(params, 10, 110), 1.0F, 1e-6F);
    EXPECT_NEAR(learningRateAt(params, 60, 110), 0.55F, 1e-3F);
    EXPECT_NEAR(learningRateAt(params, 110, 110), 0.1F, 1e-3F);
}

TEST(TrainGemm, MatchesAPlainProductInEveryOrientation) {
    Random random(1);
    const std::size_t m = 5, n = 7, k = 9;
    std::vector<float> a(m * k), b(k * n), c(m * n);
    for (auto* matrix : {&a, &b})
        for (float& x : *matrix)
            x = random.normal();
    for (const Op opA : {Op::None, Op::Transpose})
        for (const Op opB : {Op::None, Op::Transpose}) {
            std::fill(c.begin(), c.end(), 1.0F);
            const std::size_t lda = opA == Op::None ? k : m, ldb = opB == Op::None ? n : k;
            gemm(opA, opB, m, n, k, 2, a.data(), lda, b.data(), ldb, 0.5F, c.data(), n);
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t j = 0; j < n; ++j) {
                    double want = 0.5;
                    for (std::size_t p = 0; p < k; ++p)
                        want += 2.0 * static_cast<double>(opA == Op::None ? a[i * k + p] : a[p * m + i]) *
                                static_cast<double>(opB == Op::None ? b[p * n + j] : b[j * k + p]);
                    EXPECT_NEAR(c[i * n + j], want, 1e-4);
                }
        }
}

} // namespace
} // namespace hearth::optimize
