#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "engine/format/gguf/random_weights.h"
#include "engine/hardware/measure/parts.h"
#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"

namespace hearth::hardware {

namespace {

/// Width of the test matrices: that of common models, a multiple of every block.
constexpr std::size_t kCols = 2048;
/// Two heights of a matrix tell what grows with the products and what with the inputs alone. The large one is
/// as large as those of models: its outputs do not stay in a core's cache.
constexpr std::size_t kPrefillRows = 4096, kFewRows = 256, kPrefillTokens = 512;
/// Rows made of random weights; what the codes are does not change the time, so they are repeated.
constexpr std::size_t kRandomRows = 64;
constexpr double kCachedPart = 0.1; ///< of a type's budget, for its weights in caches

constexpr std::array kAllTypes{DType::Q4_K, DType::Q6_K,   DType::Q8_0,   DType::Q4_0,
                               DType::Q5_K, DType::F16,    DType::IQ4_XS, DType::Q5_0,
                               DType::BF16, DType::Q3_K,   DType::Q2_K,   DType::Q5_1,
                               DType::Q4_1, DType::IQ4_NL, DType::F32,    DType::MXFP4};
constexpr std::array kQuickTypes{DType::Q4_K, DType::Q6_K, DType::Q8_0, DType::Q4_0, DType::F16};
/// On the sets that are not in use, to show what the one in use is worth.
constexpr std::array kComparedTypes{DType::Q4_0, DType::Q4_K};

std::span<const DType> typesOf(const Bench& bench) {
    return bench.quick ? std::span<const DType>(kQuickTypes) : std::span<const DType>(kAllTypes);
}

std::vector<kernels::Isa> otherIsas(const Bench& bench, kernels::Isa best) {
    std::vector<kernels::Isa> others;
    if (!bench.quick)
        for (const kernels::Isa isa : kernels::availableIsas())
            if (isa != best)
                others.push_back(isa);
    return others;
}

/// Inputs with no pattern that a kernel could profit from.
std::vector<float> someFloats(std::size_t count) {
    std::vector<float> out(count);
    std::uint32_t state = 1;
    for (float& value : out) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(state >> 8) / static_cast<float>(1U << 24) - 0.5F;
    }
    return out;
}

/// Memory that every type is measured in: fresh pages for each would take as long as the timing.
struct Room {
    kernels::HugeBuffer weights, outputs;
    std::vector<float> inputs;
};
Result<Room> makeRoom(std::size_t bytes) {
    Room room{kernels::HugeBuffer(std::max(bytes, kPrefillRows * kCols * sizeof(float))),
              kernels::HugeBuffer(kPrefillTokens * kPrefillRows * sizeof(float)),
              someFloats(kPrefillTokens * kCols)};
    if (!room.weights || !room.outputs)
        return fail("kernels.out_of_memory", "no memory to measure kernels with");
    return room;
}

/// Random weights, repeated.
std::span<const std::byte> weightBytes(const Room& room, DType type, std::size_t rows) {
    const std::size_t some = bytesFor(type, kRandomRows * kCols).value_or(0),
                      all = some * (rows / kRandomRows);
    format::fillRandomWeights(type, 1, {room.weights.data(), some});
    for (std::size_t at = some; at < all; at += some)
        std::memcpy(room.weights.data() + at, room.weights.data(), some);
    return {room.weights.data(), all};
}

/// Products of one token with the same few weights, again and again.
Result<double> cachedRate(const Bench& bench, kernels::Compute& compute, DType type,
                          std::span<const std::byte> data, double budget) {
    constexpr std::size_t kRounds = 16;
    const std::uint64_t rowBytes = bytesFor(type, kCols).value_or(1);
    const std::size_t rows = std::min<std::size_t>(kCachedBytes, data.size()) / rowBytes;
    HEARTH_TRY(const kernels::Weights weights,
               compute.pack(type, rows, kCols, data.first(static_cast<std::size_t>(rows * rowBytes))));
    const std::vector<float> x = someFloats(kCols);
    std::vector<float> y(rows);
    const kernels::Projection one{&weights, y.data(), rows, nullptr};
    HEARTH_TRY(const double seconds, timeSlices(budget * kCachedPart, bench.stop, [&] {
                   for (std::size_t i = 0; i < kRounds; ++i)
                       compute.project(x.data(), 1, {&one, 1});
               }));
    return static_cast<double>(kRounds * weights.bytes()) / seconds;
}

struct Measured {
    KernelRate rate; ///< without decode
    Streamed decode;
};

Result<Measured> measureKernel(const Bench& bench, const Room& room, kernels::Isa isa, DType type,
                               double budget) {
    kernels::Compute compute(isa, bench.pool);
    Measured out{.rate = {.type = type, .isa = isa, .threads = bench.pool.size()}, .decode = {}};
    KernelRate& rate = out.rate;
    const std::uint64_t rowBytes = bytesFor(type, kCols).value_or(1);
    // The generic kernels are for checking, and slower than memory: little tells enough about their speed.
    const bool generic = isa == kernels::Isa::Generic;
    const std::size_t stream = bench.slice() / (generic ? 5 : 1);
    const std::size_t rows = std::max<std::size_t>(generic ? kFewRows : kPrefillRows,
                                                   stream / rowBytes / kRandomRows * kRandomRows);
    const auto data = weightBytes(room, type, rows);
    const auto packBegin = SliceClock::now();
    HEARTH_TRY(const kernels::Weights weights, compute.pack(type, rows, kCols, data));
    if (weights.ownsData())
        rate.packBytesPerSecond = static_cast<double>(data.size()) / secondsSince(packBegin);

    const float* x = room.inputs.data();
    auto* y = reinterpret_cast<float*>(room.outputs.data()); // never more rows than prompts have outputs
    const kernels::Projection one{&weights, y, rows, nullptr};
    HEARTH_TRY(out.decode, timeStream(budget, bench, static_cast<double>(weights.bytes()), [&] {
                   compute.project(x, 1, {&one, 1});
               }));

    if (!generic) {
        HEARTH_TRY(rate.cachedBytesPerSecond, cachedRate(bench, compute, type, data, budget));
    }

    const std::size_t tokens = generic ? 8 : kPrefillTokens;
    const auto prefill = [&](std::size_t height, double part) -> Result<double> {
        HEARTH_TRY(
            const kernels::Weights some,
            compute.pack(type, height, kCols, data.first(static_cast<std::size_t>(height * rowBytes))));
        const kernels::Projection many{&some, y, height, nullptr};
        return timeSlices(budget * part, bench.stop, [&] { compute.project(x, tokens, {&many, 1}); });
    };
    const auto operations = [&](std::size_t height) {
        return 2.0 * static_cast<double>(height * kCols * tokens);
    };
    HEARTH_TRY(const double small, prefill(kFewRows, 0.4));
    if (generic) {
        rate.prefillOperationsPerSecond = operations(kFewRows) / small;
        return out;
    }
    HEARTH_TRY(const double large, prefill(kPrefillRows, 1));
    // Noise must not turn the difference round: the whole time of the large one bounds the rate from below.
    const double slowest = operations(kPrefillRows) / large;
    const double fitted = (operations(kPrefillRows) - operations(kFewRows)) / std::max(large - small, 1e-9);
    rate.prefillOperationsPerSecond = std::clamp(fitted, slowest, 1.25 * slowest);
    rate.prefillSecondsPerInput =
        std::max(0.0, large - operations(kPrefillRows) / rate.prefillOperationsPerSecond) /
        static_cast<double>(tokens * kCols);
    return out;
}

} // namespace

std::size_t kernelSteps(const Bench& bench, kernels::Isa best) {
    return typesOf(bench).size() + otherIsas(bench, best).size() * kComparedTypes.size();
}

Result<void> measureKernels(const Bench& bench, kernels::Isa best, Measurement& out, Streams& streams) {
    HEARTH_TRY(const Room room, makeRoom(bench.slice()));
    const auto add = [&](kernels::Isa isa, DType type, double budget) -> Result<void> {
        if (bench.stop.stop_requested())
            return fail(kCancelled, "the measurement was cancelled");
        HEARTH_TRY(const Measured one, measureKernel(bench, room, isa, type, budget));
        out.kernels.push_back(one.rate);
        streams.kernels.push_back(one.decode);
        bench.tick();
        return {};
    };
    for (const DType type : typesOf(bench))
        HEARTH_CHECK(add(best, type, bench.quick ? 0.07 : 0.16));
    for (const kernels::Isa isa : otherIsas(bench, best))
        for (const DType type : kComparedTypes)
            HEARTH_CHECK(add(isa, type, 0.1));
    return {};
}

} // namespace hearth::hardware
