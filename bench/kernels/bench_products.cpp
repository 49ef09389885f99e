#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/base/thread_pool.h"
#include "engine/hardware/measure/read_lines.h"
#include "engine/hardware/measure/register_rates.h"
#include "engine/kernels/compute.h"
#include "engine/kernels/huge_buffer.h"
#include "tests/kernels/random_weights.h"

/// Products of every weight type on every instruction set, as a share of what the machine can do. A kernel
/// and its limit are timed in turn, in short slices, and each is represented by its best slice: on a busy
/// machine that is the only figure that repeats.
///
/// Decode: GB/s of weights, and % of the read bandwidth of the same threads.
/// Prefill: Gop/s (a multiply-add is two), and % of the register-only rate of the set's best instructions.
namespace hearth::kernels {
namespace {

ThreadPool& pool() {
    static ThreadPool threads([] {
        const char* wanted = std::getenv("HEARTH_BENCH_THREADS");
        return wanted ? std::strtoul(wanted, nullptr, 10) : 0;
    }());
    return threads;
}

/// One thread is timed by the processor time that it got, so that other programs count less.
double now() {
    timespec t{};
    clock_gettime(pool().size() == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

double seconds(const std::function<void()>& work) {
    const double start = now();
    work();
    return now() - start;
}

/// Larger than any last-level cache of the machines in question.
constexpr std::size_t kStreamBytes = std::size_t{96} << 20;

double readSeconds() {
    static const HugeBuffer buffer = [] {
        // Untouched memory would all be one page of zeros.
        HugeBuffer memory(kStreamBytes);
        std::memset(memory.data(), 1, memory.size());
        return memory;
    }();
    static std::vector<std::uint64_t> sums(64 * 8);
    return seconds([&] {
        pool().run([&](std::size_t part, std::size_t parts) {
            const std::size_t count = kStreamBytes / 64 / parts;
            hardware::readLines(buffer.data() + part * count * 64, count);
        });
    });
}

void decode(benchmark::State& state, Isa isa, DType type, std::size_t n) {
    Compute compute(isa, pool());
    const std::size_t cols = 2048;
    const double bytesPerRow = double(bytesFor(type, cols).value());
    const std::size_t rows = std::size_t(double(kStreamBytes) / bytesPerRow) / 64 * 64;
    // One block of rows, repeated: what the codes are does not change the time.
    const auto some = test::randomMatrix(type, 64, cols, 1);
    std::vector<std::byte> data;
    data.reserve(some.data.size() * rows / 64);
    for (std::size_t r = 0; r < rows; r += 64)
        data.insert(data.end(), some.data.begin(), some.data.end());
    const auto weights = compute.pack(type, rows, cols, data);
    if (weights->ownsData())
        std::vector<std::byte>().swap(data);
    const auto x = test::randomFloats(n * cols, 2);
    std::vector<float> y(n * rows);
    const Projection projection{&*weights, y.data(), rows, nullptr};
    double best = 1e9, bestRead = 1e9;
    for (auto _ : state) {
        bestRead = std::min(bestRead, readSeconds());
        const double t = seconds([&] { compute.project(x.data(), n, {&projection, 1}); });
        best = std::min(best, t);
        state.SetIterationTime(t);
    }
    const double rate = double(weights->bytes()) / best / 1e9, limit = double(kStreamBytes) / bestRead / 1e9;
    state.counters["GB/s"] = rate;
    state.counters["read_GB/s"] = limit;
    state.counters["%"] = 100 * rate / limit;
}

void prefill(benchmark::State& state, Isa isa, DType type) {
    Compute compute(isa, pool());
    const std::size_t rows = 1024, cols = 2048, n = 512;
    const auto matrix = test::randomMatrix(type, rows, cols, 1);
    const auto weights = compute.pack(type, rows, cols, matrix.data);
    const auto x = test::randomFloats(n * cols, 2);
    std::vector<float> y(n * rows);
    const Projection projection{&*weights, y.data(), rows, nullptr};
    const hardware::RegisterLoops loops = hardware::registerLoops(isa);
    std::size_t (*const limit)() = !test::isFloat(type)                   ? loops.integer
                                   : type != DType::F32 && loops.bfloat16 ? loops.bfloat16
                                                                          : loops.real;
    double best = 1e9, peak = 0;
    for (auto _ : state) {
        if (limit) {
            std::size_t done = 0;
            const double t = seconds([&] {
                pool().run([&](std::size_t part, std::size_t) {
                    const std::size_t count = limit();
                    if (part == 0)
                        done = count;
                });
            });
            peak = std::max(peak, 2 * double(done * pool().size()) / t / 1e9);
        }
        const double t = seconds([&] { compute.project(x.data(), n, {&projection, 1}); });
        best = std::min(best, t);
        state.SetIterationTime(t);
    }
    const double rate = 2 * double(rows * cols * n) / best / 1e9;
    state.counters["Gop/s"] = rate;
    if (limit) {
        state.counters["peak"] = peak;
        state.counters["%"] = 100 * rate / peak;
    }
}

/// One query over 4096 cells, in as many caches as exceed the processor's.
void attend(benchmark::State& state, Isa isa, std::size_t headDim, std::size_t group, KvType type) {
    Compute compute(isa, pool());
    constexpr std::size_t positions = 4096, kvHeads = 8;
    const std::size_t heads = kvHeads * group, plane = kvHeads * positions * kvCellBytes(type, headDim);
    const std::size_t layers = kStreamBytes / (2 * plane) + 1;
    HugeBuffer memory(2 * plane * layers);
    std::memset(memory.data(), 0, memory.size());
    const auto q = test::randomFloats(heads * headDim, 3);
    std::vector<float> out(q.size());
    std::vector<AttentionJob> jobs;
    for (std::size_t i = 0; i < layers; ++i) {
        std::byte* const keys = memory.data() + 2 * i * plane;
        jobs.push_back({q.data(),
                        out.data(),
                        1,
                        positions - 1,
                        {type, kvHeads, headDim, headDim, positions, keys, keys + plane}});
    }
    double best = 1e9, bestRead = 1e9;
    for (auto _ : state) {
        bestRead = std::min(bestRead, readSeconds());
        const double t = seconds([&] {
            for (const AttentionJob& job : jobs)
                compute.attention({&job, 1}, {.heads = heads, .scale = 0.1F, .mayRound = true});
        });
        best = std::min(best, t);
        state.SetIterationTime(t);
    }
    const double rate = double(memory.size()) / best / 1e9, limit = double(kStreamBytes) / bestRead / 1e9;
    state.counters["GB/s"] = rate;
    state.counters["read_GB/s"] = limit;
    state.counters["%"] = 100 * rate / limit;
}

void pack(benchmark::State& state, Isa isa, DType type) {
    Compute compute(isa, pool());
    const auto matrix = test::randomMatrix(type, 2048, 2048, 1);
    double best = 1e9;
    for (auto _ : state) {
        const double t =
            seconds([&] { benchmark::DoNotOptimize(compute.pack(type, 2048, 2048, matrix.data)); });
        best = std::min(best, t);
        state.SetIterationTime(t);
    }
    state.counters["GB/s"] = double(matrix.data.size()) / best / 1e9;
}

void registerAll() {
    for (const Isa isa : availableIsas())
        for (const std::size_t headDim : {std::size_t{64}, std::size_t{128}})
            for (const std::size_t group : {std::size_t{1}, std::size_t{4}, std::size_t{7}})
                for (const auto type : {KvType::F16, KvType::Q8_0})
                    if (isa != Isa::Generic)
                        benchmark::RegisterBenchmark(
                            ("attend/" + std::string(isaName(isa)) + "/head" + std::to_string(headDim) +
                             "/group" + std::to_string(group) + (type == KvType::F16 ? "/f16" : "/q8_0"))
                                .c_str(),
                            [=](benchmark::State& state) { attend(state, isa, headDim, group, type); })
                            ->UseManualTime()
                            ->Iterations(25)
                            ->Unit(benchmark::kMillisecond);
    for (const Isa isa : availableIsas())
        for (const DType type : test::weightTypes()) {
            if (isa == Isa::Generic && type != DType::F32 && type != DType::Q4_0 && type != DType::Q4_K)
                continue;
            const std::string name = "/" + std::string(isaName(isa)) + "/" + std::string(traitsOf(type).name);
            const int repetitions = isa == Isa::Generic ? 1 : 25;
            const auto add = [&](const std::string& what,
                                 const std::function<void(benchmark::State&)>& body) {
                benchmark::RegisterBenchmark((what + name).c_str(), body)
                    ->UseManualTime()
                    ->Iterations(repetitions)
                    ->Unit(benchmark::kMillisecond);
            };
            add("decode1", [=](benchmark::State& s) { decode(s, isa, type, 1); });
            add("decode4", [=](benchmark::State& s) { decode(s, isa, type, 4); });
            add("decode8", [=](benchmark::State& s) { decode(s, isa, type, 8); });
            add("prefill512", [=](benchmark::State& s) { prefill(s, isa, type); });
            if (isa != Isa::Generic)
                add("pack", [=](benchmark::State& s) { pack(s, isa, type); });
        }
}

const bool kRegistered = (registerAll(), true);

} // namespace
} // namespace hearth::kernels
