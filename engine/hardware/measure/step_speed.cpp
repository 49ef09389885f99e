#include <algorithm>
#include <array>
#include <cstring>

#include "engine/format/gguf/random_weights.h"
#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/slices.h"
#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"

namespace hearth::hardware {

namespace {

/// A cache layer of common shape, long enough that several of them do not stay in a cache.
constexpr std::size_t kKvHeads = kMeasuredKvHeads, kHeadDim = 128, kPositions = 2048, kTokens = 512;
constexpr std::size_t kFewHeads = kKvHeads, kManyHeads = 4 * kKvHeads;
constexpr std::array kKvTypes{kernels::KvType::F16, kernels::KvType::Q8_0};

/// Layers of one cache, all filled with the same cells.
struct Cache {
    kernels::HugeBuffer memory;
    std::vector<kernels::KvLayer> layers;
    std::size_t layerBytes = 0;
};

Result<Cache> filledCache(kernels::Compute& compute, kernels::KvType type, std::size_t bytes) {
    Cache cache;
    const std::size_t plane = kKvHeads * kPositions * kernels::kvCellBytes(type, kHeadDim);
    cache.layerBytes = 2 * plane;
    const std::size_t count = std::max<std::size_t>(2, bytes / cache.layerBytes);
    cache.memory = kernels::HugeBuffer(count * cache.layerBytes);
    if (!cache.memory)
        return fail("kernels.out_of_memory", "no memory to measure attention with");
    for (std::size_t i = 0; i < count; ++i) {
        std::byte* at = cache.memory.data() + i * cache.layerBytes;
        cache.layers.push_back({type, kKvHeads, kHeadDim, kHeadDim, kPositions, at, at + plane});
    }
    std::vector<float> values(kPositions * kKvHeads * kHeadDim);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 31) / 31.0F - 0.5F;
    compute.storeKv(cache.layers[0], 0, kPositions, values.data(), values.data());
    for (std::size_t i = 1; i < count; ++i)
        std::memcpy(cache.layers[i].keys, cache.layers[0].keys, cache.layerBytes);
    return cache;
}

Result<AttentionRate> measureAttention(const Bench& bench, kernels::Compute& compute, kernels::KvType type) {
    HEARTH_TRY(const Cache cache, filledCache(compute, type, bench.streamBytes));
    std::vector<float> q(kTokens * kManyHeads * kHeadDim, 0.01F), out(q.size());
    const double budget = bench.quick ? 0.06 : 0.15;
    const auto run = [&](const kernels::KvLayer& layer, std::size_t heads, std::size_t tokens,
                         std::size_t first) {
        const kernels::AttentionJob job{q.data(), out.data(), tokens, first, layer};
        compute.attention({&job, 1}, {.heads = heads, .scale = 0.1F});
    };
    const auto oneToken = [&](std::size_t heads) -> Result<double> {
        HEARTH_TRY(const double seconds, timeSlices(
                                             budget, bench.stop,
                                             [&] {
                                                 for (const kernels::KvLayer& layer : cache.layers)
                                                     run(layer, heads, 1, kPositions - 1);
                                             },
                                             bench.evict));
        return seconds / static_cast<double>(cache.layers.size());
    };
    HEARTH_TRY(const double few, oneToken(kFewHeads));
    HEARTH_TRY(const double many, oneToken(kManyHeads));
    AttentionRate rate{.kvType = type};
    const auto products = [](std::size_t heads) {
        return static_cast<double>(heads * kPositions * 2 * kHeadDim);
    };
    // Two unknowns, two measurements: bytes and products.
    rate.decodeSecondsPerProduct = std::max(0.0, (many - few) / (products(kManyHeads) - products(kFewHeads)));
    rate.decodeSecondsPerByte = std::max(0.0, few - rate.decodeSecondsPerProduct * products(kFewHeads)) /
                                static_cast<double>(cache.layerBytes);
    HEARTH_TRY(const double batch,
               timeSlices(budget, bench.stop, [&] { run(cache.layers[0], kManyHeads, kTokens, 0); }));
    rate.prefillSecondsPerProduct =
        batch / (static_cast<double>(kTokens * (kTokens + 1) / 2) * kManyHeads * 2 * kHeadDim);
    return rate;
}

Result<void> measureSmallWork(const Bench& bench, kernels::Compute& compute, StepCosts& out) {
    constexpr std::size_t kForks = 256, kWidth = 2048, kInner = 8192;
    const double budget = bench.quick ? 0.03 : 0.1;
    HEARTH_TRY(const double forks, timeSlices(budget, bench.stop, [&] {
                   for (std::size_t i = 0; i < kForks; ++i)
                       bench.pool.run([](std::size_t, std::size_t) {});
               }));
    out.forkSeconds = forks / kForks;
    // With this factor the gate grows with every round; shrinking, it would become denormal, which is slow.
    std::vector<float> gate(kTokens * kInner, 0.1F), up(gate.size(), 2.0F), weight(kWidth, 1.0F);
    HEARTH_TRY(const double activation,
               timeSlices(budget, bench.stop, [&] { compute.siluMul(gate.data(), up.data(), gate.size()); }));
    out.activationSeconds = activation / static_cast<double>(gate.size());
    HEARTH_TRY(const double element, timeSlices(budget, bench.stop, [&] {
                   compute.rmsNorm(up.data(), weight.data(), kTokens, kWidth, 1e-5F, gate.data());
               }));
    out.elementSeconds = element / static_cast<double>(kTokens * kWidth);
    return {};
}

/// One token through many small matrices, each its own call: what a call costs besides its bytes. About the
/// same for all types.
Result<void> measureCalls(const Bench& bench, kernels::Compute& compute, Measurement& out) {
    constexpr DType kType = DType::Q4_0;
    constexpr std::size_t kRows = 512, kCols = 2048;
    const KernelRate* rate = out.rate(kType);
    if (!rate || rate->decodeBytesPerSecond <= 0)
        return {};
    std::vector<std::byte> data(bytesFor(kType, kRows * kCols).value_or(0));
    format::fillRandomWeights(kType, 1, data);
    std::vector<kernels::Weights> matrices;
    for (std::size_t bytes = 0; bytes < bench.streamBytes;) {
        HEARTH_TRY(kernels::Weights one, compute.pack(kType, kRows, kCols, data));
        bytes += one.bytes();
        matrices.push_back(std::move(one));
    }
    std::vector<float> x(kCols, 0.25F), y(kRows);
    HEARTH_TRY(const double seconds,
               timeSlices(
                   bench.quick ? 0.06 : 0.15, bench.stop,
                   [&] {
                       for (const kernels::Weights& weights : matrices) {
                           const kernels::Projection one{&weights, y.data(), kRows, nullptr};
                           compute.project(x.data(), 1, {&one, 1});
                       }
                   },
                   bench.evict));
    const double perCall = seconds / static_cast<double>(matrices.size());
    out.step.callSeconds =
        std::max(out.step.forkSeconds,
                 perCall - static_cast<double>(matrices.front().bytes()) / rate->decodeBytesPerSecond);
    return {};
}

} // namespace

std::size_t stepSteps(const Bench&) {
    return kKvTypes.size() + 1;
}

Result<void> measureSteps(const Bench& bench, kernels::Isa best, Measurement& out) {
    kernels::Compute compute(best, bench.pool);
    for (const kernels::KvType type : kKvTypes) {
        HEARTH_TRY(const AttentionRate rate, measureAttention(bench, compute, type));
        out.attention.push_back(rate);
        bench.tick();
    }
    HEARTH_CHECK(measureSmallWork(bench, compute, out.step));
    HEARTH_CHECK(measureCalls(bench, compute, out));
    bench.tick();
    return {};
}

} // namespace hearth::hardware
