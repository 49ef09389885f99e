#include "engine/hardware/predict/speed.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "engine/hardware/predict/formula.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::hardware {

namespace {

using Part = WeightGroup::Part;

double bitsOf(DType type) {
    const DTypeTraits& traits = traitsOf(type);
    return 8.0 * traits.blockBytes / traits.blockSize;
}

/// The measured rate of a type, or that of the type nearest in size: kernels of equal width are about as
/// fast.
const KernelRate* nearestRate(const Measurement& measurement, DType type, bool& estimated) {
    if (const KernelRate* exact = measurement.rate(type))
        return exact;
    estimated = true;
    const KernelRate* best = nullptr;
    for (const KernelRate& rate : measurement.kernels)
        if (rate.isa == measurement.isa && (!best || std::abs(bitsOf(rate.type) - bitsOf(type)) <
                                                         std::abs(bitsOf(best->type) - bitsOf(type))))
            best = &rate;
    return best;
}

/// The attention that was measured with cells of this type, or else of another, and heads most like these.
const AttentionRate* nearestAttention(const Measurement& measurement, kernels::KvType kvType,
                                      std::size_t headDim) {
    const auto distance = [&](const AttentionRate& rate) {
        return std::pair(rate.kvType != kvType,
                         std::max(rate.headDim, headDim) - std::min(rate.headDim, headDim));
    };
    const auto best = std::min_element(
        measurement.attention.begin(), measurement.attention.end(),
        [&](const AttentionRate& a, const AttentionRate& b) { return distance(a) < distance(b); });
    return best == measurement.attention.end() ? nullptr : &*best;
}

/// How the bandwidth of `threads` compares with that of the threads that kernels were measured with.
double bandwidthFactor(const Measurement& measurement, std::size_t threads) {
    const auto at = [&](std::size_t count) {
        double best = 0;
        for (const ThreadBandwidth& point : measurement.bandwidth)
            if (point.threads <= count)
                best = std::max(best, point.bytesPerSecond);
        return best;
    };
    const double measured = at(measurement.threads);
    return measured > 0 ? at(threads) / measured : 1;
}

std::string number(double value, int digits = 0) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
    return buffer;
}

} // namespace

double sum(const std::vector<Term>& terms) {
    double total = 0;
    for (const Term& term : terms)
        total += term.amount;
    return total;
}

Result<StepModel> StepModel::create(const ModelShape& shape, const Measurement& measurement,
                                    std::size_t threads, kernels::KvType kvType, Footprint& footprint) {
    StepModel out;
    const model::ModelConfig& c = out.m_config = shape.config;
    out.m_threads = static_cast<double>(threads);
    out.m_kvType = kvType;
    out.m_step = measurement.step;
    const double decodeFactor = bandwidthFactor(measurement, threads);
    const double prefillFactor =
        out.m_threads / static_cast<double>(std::max<std::size_t>(1, measurement.threads));
    if (decodeFactor > 0 && prefillFactor > 0) {
        out.m_step.activationSeconds /= prefillFactor;
        out.m_step.elementSeconds /= prefillFactor;
    }
    double inputWeight = 0, inputElements = 0; // mean of what an input value costs, by the matrices' sizes
    const double usedShare =
        c.experts ? static_cast<double>(c.expertsUsed) / static_cast<double>(c.experts) : 1;
    for (const WeightGroup& group : shape.weights) {
        const KernelRate* rate = nearestRate(measurement, group.type, out.m_estimated);
        if (!rate || rate->decodeBytesPerSecond <= 0 || rate->prefillOperationsPerSecond <= 0)
            return out; // nothing was measured
        HEARTH_TRY(const std::uint64_t matrix, footprint.packedBytes(group.type, group.rows, group.cols));
        const double bytes = static_cast<double>(matrix * group.count);
        const double stream = bytes / (rate->decodeBytesPerSecond * decodeFactor);
        const double products =
            2.0 * static_cast<double>(group.elements()) / (rate->prefillOperationsPerSecond * prefillFactor);
        if (group.part != Part::Embedding && group.part != Part::Output) {
            inputWeight += static_cast<double>(group.elements()) * rate->prefillSecondsPerInput;
            inputElements += static_cast<double>(group.elements());
        }
        const bool isHead = group.part == Part::Output || (group.part == Part::Embedding && c.tiedEmbeddings);
        if (isHead) {
            out.m_outputSeconds += stream;
            out.m_streamed += bytes;
        } else if (group.part == Part::Experts) {
            out.m_streamSeconds += stream * usedShare;
            out.m_streamed += bytes * usedShare;
            out.m_expertSeconds += products * usedShare;
            out.m_expertStream += stream;
        } else if (group.part != Part::Embedding) {
            out.m_streamSeconds += stream;
            out.m_denseStream += stream;
            out.m_streamed += bytes;
            out.m_denseSeconds += products;
        }
    }
    if (inputElements > 0)
        out.m_inputSeconds = out.inputs() * inputWeight / inputElements / prefillFactor;
    if (const AttentionRate* rate = nearestAttention(measurement, kvType, c.headDim))
        out.m_attention = *rate;
    // One token's attention runs on at most one thread per KV head; the rate was measured with
    // kMeasuredKvHeads of them.
    const double heads = static_cast<double>(c.kvHeads);
    const double measuredThreads =
        std::min<double>(static_cast<double>(measurement.threads), kMeasuredKvHeads);
    const double slower = measuredThreads / std::min(out.m_threads, heads);
    out.m_attention.decodeSecondsPerByte *= std::max(slower, 1 / std::max(decodeFactor, 1e-9));
    out.m_attention.decodeSecondsPerProduct *= slower;
    out.m_attention.prefillSecondsPerProduct /= prefillFactor;
    out.m_known = true;
    return out;
}

/// Queries, keys and values share an input, and so do gate and up.
double StepModel::inputs() const {
    const model::ModelConfig& c = m_config;
    const std::size_t feedForward =
        c.experts ? c.dim + c.expertsUsed * (c.dim + c.expertFeedForward) : c.dim + c.feedForward;
    return static_cast<double>(c.layers * (c.dim + c.heads * c.valueDim + feedForward));
}

/// Cells that `tokens` queries after `first` positions look at, summed over layers.
double StepModel::cells(std::size_t first, std::size_t tokens) const {
    // Σ min(first + i + 1, window) over i in [0, tokens).
    const auto seen = [&](std::size_t window) {
        const double begin = static_cast<double>(first), n = static_cast<double>(tokens);
        if (window == 0 || first + tokens <= window)
            return n * begin + n * (n + 1) / 2;
        const double w = static_cast<double>(window);
        if (first >= window)
            return n * w;
        const double growing = w - begin;
        return growing * begin + growing * (growing + 1) / 2 + (n - growing) * w;
    };
    double total = 0;
    for (std::size_t i = 0; i < m_config.layers; ++i) {
        const bool windowed = m_config.slidingWindow > 0 && m_config.windowedLayer[i];
        total += seen(windowed ? m_config.slidingWindow : 0);
    }
    return total;
}

std::vector<Term> StepModel::decode(std::size_t depth) const {
    const model::ModelConfig& c = m_config;
    const double layers = static_cast<double>(c.layers);
    std::vector<Term> out;
    const double weights = m_streamSeconds + m_outputSeconds;
    out.push_back(makeTerm("weights", "stream",
                           {{"gigabytes", number(m_streamed / 1e9, 3)},
                            {"rate", number(m_streamed / 1e9 / std::max(weights, 1e-12), 1)}},
                           weights));
    const double seen = cells(depth, 1);
    const double cellBytes = static_cast<double>(
        c.kvHeads * (kernels::kvCellBytes(m_kvType, c.headDim) + kernels::kvCellBytes(m_kvType, c.valueDim)));
    const double products = static_cast<double>(c.heads * (c.headDim + c.valueDim));
    out.push_back(makeTerm("attention", "cells_bytes",
                           {{"cells", number(seen)}, {"bytes", number(cellBytes)}},
                           seen * (cellBytes * m_attention.decodeSecondsPerByte +
                                   products * m_attention.decodeSecondsPerProduct)));
    // Of a layer: queries, keys and values together; attention; its output; gate and up; down (the last two
    // for each expert used, whose router is one more). Beside them each activation starts the threads once.
    const double used = static_cast<double>(std::max<std::size_t>(1, c.expertsUsed));
    const double calls = layers * (3 + 2 * used + (c.experts ? 1 : 0)) + 1;
    const double callSeconds =
        calls * std::max(m_step.callSeconds, m_step.forkSeconds) + layers * used * m_step.forkSeconds;
    out.push_back(makeTerm("forks", "forks",
                           {{"count", number(calls)}, {"micros", number(callSeconds / calls * 1e6, 1)}},
                           callSeconds));
    // One row is too little to share: norms, rotations, additions and quantising run on one thread, while
    // the costs were measured on all.
    const double wide = static_cast<double>(c.experts ? c.expertsUsed * c.expertFeedForward : c.feedForward);
    const double elements =
        layers * (7.0 * static_cast<double>(c.dim) +
                  3.0 * static_cast<double>(c.heads * c.headDim + c.kvHeads * c.headDim) + wide);
    out.push_back(
        makeTerm("elements", "elements", {{"count", number(elements)}},
                 elements * m_step.elementSeconds * m_threads + layers * wide * m_step.activationSeconds));
    return out;
}

std::vector<Term> StepModel::prefill(std::size_t first, std::size_t tokens) const {
    const model::ModelConfig& c = m_config;
    const double n = static_cast<double>(tokens), layers = static_cast<double>(c.layers);
    std::vector<Term> out;
    // Even a short pass streams every weight once.
    const double dense = std::max(n * m_denseSeconds, m_denseStream);
    const double touched = std::min(1.0, n * static_cast<double>(c.expertsUsed) /
                                             static_cast<double>(std::max<std::size_t>(1, c.experts)));
    const double experts = std::max(n * m_expertSeconds, m_expertStream * touched) + n * m_inputSeconds;
    out.push_back(makeTerm("weights", "tokens_time",
                           {{"tokens", number(n)}, {"millis", number((dense + experts) / n * 1e3, 3)}},
                           dense + experts));
    const double seen = cells(first, tokens);
    const double products = static_cast<double>(c.heads * (c.headDim + c.valueDim));
    out.push_back(makeTerm("attention", "cells_products",
                           {{"cells", number(seen)}, {"products", number(products)}},
                           seen * products * m_attention.prefillSecondsPerProduct));
    const double wide = static_cast<double>(c.experts ? c.expertsUsed * c.expertFeedForward : c.feedForward);
    const double elements =
        n * layers *
        (6.0 * static_cast<double>(c.dim) + 2.0 * static_cast<double>((c.heads + c.kvHeads) * c.headDim));
    out.push_back(makeTerm("elements", "elements", {{"count", number(elements)}},
                           elements * m_step.elementSeconds + n * layers * wide * m_step.activationSeconds));
    out.push_back(makeTerm("output", "last_logits", {}, m_outputSeconds));
    return out;
}

double StepModel::prompt(std::size_t tokens) const {
    double seconds = 0;
    for (std::size_t first = 0; first < tokens; first += runtime::kMaxBatch)
        seconds += sum(prefill(first, std::min(runtime::kMaxBatch, tokens - first)));
    return seconds;
}

} // namespace hearth::hardware
