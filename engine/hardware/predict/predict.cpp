#include "engine/hardware/predict/predict.h"
#include "engine/base/rate_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/base/thread_pool.h"
#include "engine/hardware/predict/footprint.h"
#include "engine/hardware/predict/speed.h"
#include "engine/model/family.h"

namespace hearth::hardware {

namespace {

constexpr std::size_t kDefaultContext = 8192; // as runtime::LoadOptions
/// Memory that should stay free beside a model, of what is available: other programs grow too.
constexpr double kComfortableShare = 0.85;
/// Of all memory, what can be freed by closing other programs.
constexpr double kReachableShare = 0.9;
constexpr double kPatience = 15; ///< seconds that people wait for the first word of an answer

std::string fixed(double value, int digits) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

/// Bytes per second at which tensors of these types are packed; a type that is used as it is costs nothing.
double packSeconds(const ModelShape& shape, const Measurement& measurement) {
    double seconds = 0;
    for (const WeightGroup& group : shape.weights)
        if (const KernelRate* rate = measurement.rate(group.type); rate && rate->packBytesPerSecond)
            seconds += static_cast<double>(bytesFor(group.type, group.elements()).value_or(0)) /
                       *rate->packBytesPerSecond;
    return seconds;
}

std::optional<double> loadSeconds(const ModelShape& shape, const Measurement& measurement) {
    for (const char* role : {"models", "data"})
        for (const DiskRate& disk : measurement.disks)
            if (disk.role == role)
                return static_cast<double>(fileBytesOf(shape)) / disk.sequentialBytesPerSecond +
                       packSeconds(shape, measurement);
    return std::nullopt;
}

void judge(Prediction& p, const ModelShape& shape, const MemoryRoom& room) {
    const auto percent = [&](std::uint64_t of) {
        return of ? fixed(100 * static_cast<double>(p.memoryBytes) / static_cast<double>(of), 0) : "?";
    };
    const double need = static_cast<double>(p.memoryBytes);
    const double available = static_cast<double>(room.availableBytes),
                 total = static_cast<double>(room.totalBytes);
    if (!shape.runnable) {
        p.reason = {"family_unsupported", {{"family", shape.config.family}}};
        return;
    }
    if (room.availableBytes == 0 && room.totalBytes == 0) {
        p.fit = Fit::Tight;
        p.reason = {"memory_unknown", {{"needed_bytes", std::to_string(p.memoryBytes)}}};
        return;
    }
    if (need > available && need > total * kReachableShare) {
        p.reason = {"memory_short",
                    {{"needed_bytes", std::to_string(p.memoryBytes)},
                     {"available_bytes", std::to_string(std::max(room.availableBytes, room.totalBytes))}}};
        return;
    }
    p.fit = Fit::Tight;
    if (need > available)
        p.reason = {"memory_total_only",
                    {{"needed_bytes", std::to_string(p.memoryBytes)},
                     {"available_bytes", std::to_string(room.availableBytes)}}};
    else if (need > available * kComfortableShare)
        p.reason = {"memory_little_left", {{"percent", percent(room.availableBytes)}}};
    else if (p.decodeTps > 0 && p.decodeTps < kReadingSpeed)
        p.reason = {"slow_reading", {{"tps", fixed(p.decodeTps, 1)}}};
    else if (p.firstTokenSeconds > kPatience)
        p.reason = {"slow_prompt", {{"seconds", fixed(p.firstTokenSeconds, 0)}}};
    else {
        p.fit = Fit::Comfortable;
        p.reason = {"enough", {{"percent", percent(room.availableBytes)}, {"tps", fixed(p.decodeTps, 1)}}};
    }
}

} // namespace

std::string_view fitName(Fit fit) {
    switch (fit) {
    case Fit::Comfortable:
        return "comfortable";
    case Fit::Tight:
        return "tight";
    case Fit::DoesNotFit:
        return "does_not_fit";
    }
    return "";
}

std::string Reason::arg(std::string_view name) const {
    for (const auto& [key, value] : args)
        if (key == name)
            return value;
    return {};
}

std::string reasonText(const Reason& reason) {
    const auto gib = [&](const char* name) {
        return fixed(std::strtod(reason.arg(name).c_str(), nullptr) / (1U << 30), 1) + " GiB";
    };
    const auto rate = [&] { return rateText(std::strtod(reason.arg("tps").c_str(), nullptr)); };
    if (reason.code == "memory_short")
        return "It needs " + gib("needed_bytes") + " of memory; this machine has " + gib("available_bytes") +
               ".";
    if (reason.code == "memory_total_only")
        return "It needs " + gib("needed_bytes") + " of memory; " + gib("available_bytes") +
               " are free now. It fits when other programs are closed.";
    if (reason.code == "memory_unknown")
        return "It needs " + gib("needed_bytes") + " of memory; how much this machine has could not be told.";
    if (reason.code == "memory_little_left")
        return "It takes " + reason.arg("percent") + " % of the free memory.";
    if (reason.code == "slow_reading")
        return "It writes " + rate() + " tokens a second, slower than people read.";
    if (reason.code == "slow_prompt")
        return "The first word of an answer takes " + reason.arg("seconds") + " seconds.";
    if (reason.code == "family_unsupported")
        return "This engine does not run models of the architecture " + reason.arg("family") + ".";
    if (reason.code == "enough")
        return "It takes " + reason.arg("percent") + " % of the free memory and writes " + rate() +
               " tokens a second.";
    return reason.code;
}

struct Predictor::Impl {
    Measurement measurement;
    MemoryRoom room;
    ThreadPool pool; ///< of the size that loading would use; only counted
    Footprint footprint;
    Correction correction;

    Impl(const Measurement& m, MemoryRoom r)
        : measurement(m), room(r), pool(std::max<std::size_t>(1, m.threads)), footprint(m.isa, pool) {}
};

Predictor::Predictor(const Measurement& measurement, MemoryRoom room)
    : m_impl(std::make_unique<Impl>(measurement, room)) {}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const Measurement& Predictor::measurement() const {
    return m_impl->measurement;
}
const MemoryRoom& Predictor::room() const {
    return m_impl->room;
}

void Predictor::correct(const Correction& correction) {
    m_impl->correction = correction;
}

Result<Prediction> Predictor::predict(const ModelShape& shape, const PredictOptions& options) {
    if (shape.weights.empty())
        return fail("predict.no_weights", "the shape has no weights: choose a quantisation first");
    const std::size_t trained = std::max<std::size_t>(1, shape.config.trainedContext);
    Prediction p;
    p.model = shape.id;
    p.quantisation = shape.quantisation;
    p.context = std::min(options.context ? options.context : kDefaultContext, trained);
    p.depth = std::min(options.depth ? options.depth : p.context / 4, p.context);
    p.threads = options.threads ? options.threads : m_impl->measurement.threads;
    p.kvType = options.kvType;
    p.fileBytes = fileBytesOf(shape);
    if (m_impl->pool.size() != p.threads)
        m_impl->pool.resize(p.threads);
    HEARTH_TRY(p.memory, m_impl->footprint.terms(shape, p.context, p.kvType));
    for (const Term& term : p.memory)
        p.memoryBytes += static_cast<std::uint64_t>(term.amount);

    HEARTH_TRY(const StepModel step,
               StepModel::create(shape, m_impl->measurement, p.threads, p.kvType, m_impl->footprint));
    if (step.known()) {
        p.estimated = step.estimated();
        p.streamedBytes = step.streamedBytes();
        p.decode = step.decode(p.depth);
        p.correction = m_impl->correction;
        p.decodeTps = p.correction.decode / sum(p.decode);
        const std::size_t batch = std::min<std::size_t>(512, p.context);
        p.prefill = step.prefill(0, batch);
        p.prefillTps = p.correction.prefill * static_cast<double>(batch) / sum(p.prefill);
        p.firstTokenSeconds = step.prompt(std::min(options.prompt, p.context)) / p.correction.prefill;
        p.loadSeconds = loadSeconds(shape, m_impl->measurement);
    }
    const auto download = options.downloadBytesPerSecond ? options.downloadBytesPerSecond
                                                         : m_impl->measurement.downloadBytesPerSecond;
    if (download && *download > 0)
        p.downloadSeconds = static_cast<double>(p.fileBytes) / *download;
    judge(p, shape, m_impl->room);
    return p;
}

} // namespace hearth::hardware
