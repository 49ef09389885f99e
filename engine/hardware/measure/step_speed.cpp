#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <span>
#include <utility>

#include "engine/format/gguf/random_weights.h"
#include "engine/hardware/measure/parts.h"
#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"

namespace hearth::hardware {

namespace {

/// A cache layer of common shape, long enough that several of them do not stay in a cache.
constexpr std::size_t kKvHeads = kMeasuredKvHeads, kPositions = 2048, kTokens = 512;
constexpr std::size_t kFewHeads = kKvHeads, kManyHeads = 4 * kKvHeads;
constexpr DType kCallsType = DType::Q4_0;

struct AttentionCase {
    kernels::KvType kvType;
    std::size_t headDim;
};
/// The heads of nearly all models, and short ones. The last one is left out of quick measurements.
constexpr std::array kAttentionCases{
    AttentionCase{kernels::KvType::F16, 128}, AttentionCase{kernels::KvType::F16, 64},
    AttentionCase{kernels::KvType::F16, kShortHead / 2}, AttentionCase{kernels::KvType::Q8_0, 128},
    AttentionCase{kernels::KvType::Q8_0, 64}};

std::span<const AttentionCase> attentionCases(const Bench& bench) {
    return std::span(kAttentionCases).first(kAttentionCases.size() - (bench.quick ? 1 : 0));
}

/// Multiply-adds of one token in one layer.
double productsOf(std::size_t heads, std::size_t headDim) {
    return static_cast<double>(heads * kPositions * 2 * headDim);
}

/// Layers of one cache, all filled with the same cells.
struct Cache {
    kernels::HugeBuffer memory;
    std::vector<kernels::KvLayer> layers;
    std::size_t layerBytes = 0;
};

Result<Cache> filledCache(kernels::Compute& compute, kernels::KvType type, std::size_t headDim,
                          std::size_t bytes) {
    Cache cache;
    const std::size_t plane = kKvHeads * kPositions * kernels::kvCellBytes(type, headDim);
    cache.layerBytes = 2 * plane;
    const std::size_t count = std::max<std::size_t>(2, bytes / cache.layerBytes);
    cache.memory = kernels::HugeBuffer(count * cache.layerBytes);
    if (!cache.memory)
        return fail("kernels.out_of_memory", "no memory to measure attention with");
    for (std::size_t i = 0; i < count; ++i) {
        std::byte* at = cache.memory.data() + i * cache.layerBytes;
        cache.layers.push_back({type, kKvHeads, headDim, headDim, kPositions, at, at + plane});
    }
    std::vector<float> values(kPositions * kKvHeads * headDim);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 31) / 31.0F - 0.5F;
    compute.storeKv(cache.layers[0], 0, kPositions, values.data(), values.data());
    for (std::size_t i = 1; i < count; ++i)
        std::memcpy(cache.layers[i].keys, cache.layers[0].keys, cache.layerBytes);
    return cache;
}

Result<AttentionStreams> measureAttention(const Bench& bench, kernels::Compute& compute, kernels::KvType type,
                                          std::size_t headDim) {
    // Only models that stay in caches have short heads, and those are held back by the processor.
    HEARTH_TRY(const Cache cache,
               filledCache(compute, type, headDim, headDim < kShortHead ? 0 : bench.slice()));
    std::vector<float> q(kTokens * kManyHeads * headDim, 0.01F), out(q.size());
    const double budget = bench.quick ? 0.03 : 0.12;
    const auto run = [&](const kernels::KvLayer& layer, std::size_t heads, std::size_t tokens,
                         std::size_t first) {
        const kernels::AttentionJob job{q.data(), out.data(), tokens, first, layer};
        compute.attention({&job, 1}, {.heads = heads, .scale = 0.1F});
    };
    const double bytes = static_cast<double>(cache.layers.size() * cache.layerBytes);
    const auto oneToken = [&](std::size_t heads) {
        return timeStream(budget, bench, bytes, [&] {
            for (const kernels::KvLayer& layer : cache.layers)
                run(layer, heads, 1, kPositions - 1);
        });
    };
    AttentionStreams streams{.kvType = type,
                             .headDim = headDim,
                             .layerBytes = static_cast<double>(cache.layerBytes),
                             .few = {},
                             .many = {}};
    HEARTH_TRY(streams.few, oneToken(kFewHeads));
    HEARTH_TRY(streams.many, oneToken(kManyHeads));
    HEARTH_TRY(const double batch,
               timeSlices(budget, bench.stop, [&] { run(cache.layers[0], kManyHeads, kTokens, 0); }));
    constexpr std::size_t kCells = kTokens * (kTokens + 1) / 2;
    streams.prefillSecondsPerProduct = batch / static_cast<double>(kCells * kManyHeads * 2 * headDim);
    return streams;
}

Result<void> measureSmallWork(const Bench& bench, kernels::Compute& compute, StepCosts& out) {
    constexpr std::size_t kForks = 256, kWidth = 2048, kInner = 8192;
    const double budget = bench.quick ? 0.03 : 0.1;
    HEARTH_TRY(const double forks, timeSlices(budget, bench.stop, [&] {
                   for (std::size_t i = 0; i < kForks; ++i)
                       bench.pool.run([](std::size_t, std::size_t) {});
               }));
    out.forkSeconds = forks / kForks;
    constexpr std::size_t kRows = 16, kCols = 64;
    std::vector<std::byte> data(bytesFor(kCallsType, kRows * kCols).value_or(0));
    format::fillRandomWeights(kCallsType, 1, data);
    HEARTH_TRY(const kernels::Weights few, compute.pack(kCallsType, kRows, kCols, data));
    std::vector<float> input(kCols, 0.5F), output(kRows);
    const kernels::Projection small{&few, output.data(), kRows, nullptr};
    HEARTH_TRY(const double calls, timeSlices(budget / 2, bench.stop, [&] {
                   for (std::size_t i = 0; i < kForks; ++i)
                       compute.project(input.data(), 1, {&small, 1});
               }));
    out.smallCallSeconds = calls / kForks;
    // With this factor the gate grows with every round; shrinking, it would become denormal, which is slow.
    std::vector<float> gate(kTokens * kInner, 0.1F), up(gate.size(), 2.0F), weight(kWidth, 1.0F);
    HEARTH_TRY(const double activation,
               timeSlices(budget, bench.stop, [&] { compute.activate(kernels::Activation::Silu, gate.data(), up.data(), gate.size()); }));
    out.activationSeconds = activation / static_cast<double>(gate.size());
    HEARTH_TRY(const double element, timeSlices(budget, bench.stop, [&] {
                   compute.rmsNorm(up.data(), weight.data(), kTokens, kWidth, 1e-5F, gate.data());
               }));
    out.elementSeconds = element / static_cast<double>(kTokens * kWidth);
    return {};
}

/// The matrices of a layer of a small model.
struct Layer {
    kernels::Weights q, k, v, output, gate, up, down;

    [[nodiscard]] std::size_t bytes() const {
        std::size_t sum = 0;
        for (const kernels::Weights* one : {&q, &k, &v, &output, &gate, &up, &down})
            sum += one->bytes();
        return sum;
    }
};

/// One token through many small layers: what a product costs besides its bytes, for starting the threads and
/// for memory getting up to speed. The norms and activations between the products are run, because the other
/// threads wait meanwhile as they do in a model, but do not count. About the same for all types.
Result<void> measureCalls(const Bench& bench, kernels::Compute& compute, const Streamed& stream,
                          StepCosts& out) {
    constexpr DType kType = kCallsType;
    constexpr std::size_t kDim = 1024, kKvDim = 512, kInner = 2048, kCallsPerLayer = 4;
    std::vector<std::byte> data(bytesFor(kType, kDim * kInner).value_or(0));
    format::fillRandomWeights(kType, 1, data);
    const auto matrix = [&](std::size_t rows, std::size_t cols) {
        return compute.pack(kType, rows, cols,
                            std::span(data).first(bytesFor(kType, rows * cols).value_or(0)));
    };
    std::vector<Layer> layers;
    for (std::size_t bytes = 0; bytes < bench.slice(); bytes += layers.back().bytes()) {
        Layer layer;
        HEARTH_TRY(layer.q, matrix(kDim, kDim));
        HEARTH_TRY(layer.k, matrix(kKvDim, kDim));
        HEARTH_TRY(layer.v, matrix(kKvDim, kDim));
        HEARTH_TRY(layer.output, matrix(kDim, kDim));
        HEARTH_TRY(layer.gate, matrix(kInner, kDim));
        HEARTH_TRY(layer.up, matrix(kInner, kDim));
        HEARTH_TRY(layer.down, matrix(kDim, kInner));
        layers.push_back(std::move(layer));
    }
    std::vector<float> x(kDim, 0.25F), norm(kDim, 1.0F), normed(kDim), q(kDim), k(kKvDim), v(kKvDim), y(kDim),
        gate(kInner), up(kInner);
    HEARTH_TRY(const auto slices, timeBesideReads(bench.quick ? 0.06 : 0.2, bench, [&] {
                   double seconds = 0;
                   const auto products = [&](const std::vector<float>& from,
                                             std::initializer_list<kernels::Projection> all) {
                       const auto begin = SliceClock::now();
                       compute.project(from.data(), 1, {all.begin(), all.size()});
                       seconds += secondsSince(begin);
                   };
                   for (const Layer& layer : layers) {
                       compute.rmsNorm(x.data(), norm.data(), 1, kDim, 1e-5F, normed.data());
                       products(normed, {{&layer.q, q.data(), kDim, nullptr},
                                         {&layer.k, k.data(), kKvDim, nullptr},
                                         {&layer.v, v.data(), kKvDim, nullptr}});
                       products(q, {{&layer.output, y.data(), kDim, nullptr}});
                       compute.rmsNorm(x.data(), norm.data(), 1, kDim, 1e-5F, normed.data());
                       products(normed, {{&layer.gate, gate.data(), kInner, nullptr},
                                         {&layer.up, up.data(), kInner, nullptr}});
                       compute.activate(kernels::Activation::Silu, gate.data(), up.data(), kInner);
                       products(gate, {{&layer.down, y.data(), kDim, nullptr}});
                   }
                   return seconds;
               }));
    const double bytes = static_cast<double>(layers.size() * layers.front().bytes());
    std::vector<double> besides;
    for (const Beside& slice : undisturbed(slices))
        besides.push_back(slice.seconds - bytes / stream.at(slice.readBytesPerSecond));
    out.callSeconds = std::max(out.forkSeconds, median(std::move(besides)) /
                                                    static_cast<double>(layers.size() * kCallsPerLayer));
    return {};
}

} // namespace

AttentionRate AttentionStreams::at(double readBytesPerSecond) const {
    AttentionRate rate{
        .kvType = kvType, .prefillSecondsPerProduct = prefillSecondsPerProduct, .headDim = headDim};
    // Two unknowns, two measurements: bytes and products.
    const double seconds = layerBytes / few.at(readBytesPerSecond),
                 more = std::max(0.0, layerBytes / many.at(readBytesPerSecond) - seconds);
    const double products = productsOf(kFewHeads, headDim);
    rate.decodeSecondsPerProduct = more / (productsOf(kManyHeads, headDim) - products);
    rate.decodeSecondsPerByte = std::max(0.0, seconds - rate.decodeSecondsPerProduct * products) / layerBytes;
    return rate;
}

std::size_t stepSteps(const Bench& bench) {
    return attentionCases(bench).size() + 1;
}

Result<void> measureSteps(const Bench& bench, kernels::Isa best, Measurement& out, Streams& streams) {
    kernels::Compute compute(best, bench.pool);
    for (const AttentionCase& each : attentionCases(bench)) {
        HEARTH_TRY(const AttentionStreams one, measureAttention(bench, compute, each.kvType, each.headDim));
        streams.attention.push_back(one);
        bench.tick();
    }
    HEARTH_CHECK(measureSmallWork(bench, compute, out.step));
    for (std::size_t i = 0; i < out.kernels.size(); ++i)
        if (out.kernels[i].type == kCallsType && out.kernels[i].isa == best)
            HEARTH_CHECK(measureCalls(bench, compute, streams.kernels[i], out.step));
    bench.tick();
    return {};
}

} // namespace hearth::hardware
