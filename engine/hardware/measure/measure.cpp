#include "engine/hardware/measure/measure.h"

#include <algorithm>

#include "engine/base/available_memory.h"
#include "engine/base/utc_time.h"
#include "engine/hardware/measure/parts.h"
#include "engine/hardware/measure/slices.h"

namespace hearth::hardware {

namespace {

/// About how long a step of each phase takes, in hundredths of a second, so that what remains can be told.
constexpr std::size_t kMemoryStep = 20, kCacheStep = 6, kKernelStep = 90, kAttentionStep = 60,
                      kDiskStep = 150;

/// Counts steps of all phases together, so that one bar shows the whole.
class Steps {
public:
    Steps(std::size_t total, const ProgressSink& sink) : m_total(total), m_sink(sink) {}
    void begin(std::string_view phase, std::size_t weight) {
        m_phase = phase;
        m_weight = weight;
        report();
    }
    void tick() {
        m_done += m_weight;
        report();
    }

private:
    void report() const {
        if (m_sink)
            m_sink({m_phase, m_done, m_total});
    }
    std::size_t m_done = 0, m_total, m_weight = 1;
    const ProgressSink& m_sink;
    std::string_view m_phase;
};

void toSpeeds(const Streams& streams, double bandwidth, Measurement& out) {
    for (std::size_t i = 0; i < streams.bandwidth.size(); ++i)
        out.bandwidth[i].bytesPerSecond = streams.bandwidth[i].at(bandwidth);
    out.bandwidth.back().bytesPerSecond = bandwidth;
    for (std::size_t i = 0; i < streams.kernels.size(); ++i)
        out.kernels[i].decodeBytesPerSecond = streams.kernels[i].at(bandwidth);
    for (const AttentionStreams& attention : streams.attention)
        out.attention.push_back(attention.at(bandwidth));
}

} // namespace

Result<Measurement> measure(const MeasureOptions& options, std::stop_token stop,
                            const ProgressSink& progress) {
    HEARTH_TRY(const kernels::Isa isa, kernels::chooseIsa());
    const auto begin = SliceClock::now();
    const SystemState before = systemState();
    ThreadPool pool(options.threads);
    const std::size_t bytes = streamBytes(availableMemory());
    HEARTH_TRY(MemoryReads reads, MemoryReads::create(bytes));
    Bench bench{.pool = pool,
                .reads = reads,
                .quick = options.quick,
                .streamBytes = bytes,
                .stop = std::move(stop),
                .tick = {}};
    Steps steps(memorySteps(bench) * kMemoryStep + cacheSteps(bench) * kCacheStep +
                    kernelSteps(bench, isa) * kKernelStep + stepSteps(bench) * kAttentionStep +
                    options.folders.size() * kDiskStep,
                progress);
    bench.tick = [&steps] { steps.tick(); };

    Measurement out;
    out.fingerprint = options.fingerprint;
    out.version = options.version;
    out.time = utcNow();
    out.quick = options.quick;
    out.isa = isa;
    out.threads = pool.size();
    Streams streams;
    steps.begin("measure.memory", kMemoryStep);
    HEARTH_CHECK(measureMemory(bench, out, streams));
    steps.begin("measure.caches", kCacheStep);
    HEARTH_CHECK(measureCaches(bench, out));
    steps.begin("measure.kernels", kKernelStep);
    HEARTH_CHECK(measureKernels(bench, isa, out, streams));
    steps.begin("measure.attention", kAttentionStep);
    HEARTH_CHECK(measureSteps(bench, isa, out, streams));
    toSpeeds(streams, reads.typical(), out);
    steps.begin("measure.disk", kDiskStep);
    for (const ProbedFolder& folder : options.folders) {
        HEARTH_TRY(const auto rate, measureDisk(folder, bench));
        if (rate)
            out.disks.push_back(*rate);
        bench.tick();
    }
    out.conditions = conditionsBetween(before, systemState());
    out.seconds = secondsSince(begin);
    return out;
}

double Measurement::readBandwidth() const {
    return bandwidth.empty() ? 0 : bandwidth.back().bytesPerSecond;
}

double Measurement::cacheSpeed(double workingSetBytes) const {
    std::uint64_t largest = 0;
    for (const CachePoint& point : caches)
        largest = std::max(largest, point.bytes);
    const double bytes = std::min(workingSetBytes, static_cast<double>(largest) / 2);
    double speed = 0;
    for (const CachePoint& point : caches)
        if (static_cast<double>(point.bytes) >= bytes)
            speed = std::max(speed, point.bytesPerSecond);
    return speed;
}

const KernelRate* Measurement::rate(DType type) const {
    for (const KernelRate& rate : kernels)
        if (rate.type == type && rate.isa == isa)
            return &rate;
    return nullptr;
}

} // namespace hearth::hardware
