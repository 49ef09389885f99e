#include "engine/hardware/predict/speed.h"

#include <algorithm>
#include <cstdio>
#include <limits>

#include "engine/hardware/predict/formula.h"
#include "engine/hardware/predict/rates.h"
#include "engine/kernels/serial_work.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::hardware {

namespace {

using Part = WeightGroup::Part;

/// Attention of many tokens works on tiles of queries and blocks of cells. Of the last ones it masks about so
/// many cells for each query, which take their time all the same. The measured rate is that of a batch of 512
/// from an empty cache, over the cells that count: this share of all.
constexpr double kMaskedCells = 48, kMeasuredShare = 513.0 / (513 + 2 * kMaskedCells);

bool isSerial(double products) {
    return products <= static_cast<double>(kernels::kSerialProducts);
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
    out.m_measurement = &measurement;
    out.m_cacheSpeed = measurement.cacheSpeed(static_cast<double>(kCachedBytes));
    out.m_memorySpeed = measurement.cacheSpeed(std::numeric_limits<double>::max());
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
        const double memory = bytes / (rate->decodeBytesPerSecond * decodeFactor);
        // One thread multiplies with a matrix that is too small to share.
        const double cachedRate = rate->cachedBytesPerSecond *
                                  (isSerial(static_cast<double>(group.rows * group.cols))
                                       ? 1 / static_cast<double>(std::max<std::size_t>(1, rate->threads))
                                       : prefillFactor);
        const StreamTime stream{memory, cachedRate > 0 ? bytes / cachedRate : memory};
        const double products =
            2.0 * static_cast<double>(group.elements()) / (rate->prefillOperationsPerSecond * prefillFactor);
        if (group.part != Part::Embedding && group.part != Part::Output) {
            inputWeight += static_cast<double>(group.elements()) * rate->prefillSecondsPerInput;
            inputElements += static_cast<double>(group.elements());
        }
        const bool isHead = group.part == Part::Output || (group.part == Part::Embedding && c.tiedEmbeddings);
        if (isHead) {
            out.m_output.add(stream);
            out.m_streamed += bytes;
        } else if (group.part == Part::Experts) {
            out.m_stream.add(stream, usedShare);
            out.m_streamed += bytes * usedShare;
            out.m_expertSeconds += products * usedShare;
            out.m_expertStream.add(stream);
        } else if (group.part != Part::Embedding) {
            out.m_stream.add(stream);
            out.m_denseStream.add(stream);
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
    out.m_attentionThreads = std::min(out.m_threads, heads);
    const double slower = measuredThreads / out.m_attentionThreads;
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

double StepModel::uncached(double bytes) const {
    if (m_cacheSpeed <= m_memorySpeed)
        return 1; // nothing was measured, or there is no step to see
    return std::clamp((1 / m_measurement->cacheSpeed(bytes) - 1 / m_cacheSpeed) /
                          (1 / m_memorySpeed - 1 / m_cacheSpeed),
                      0.0, 1.0);
}

/// What starting costs. Of a layer: queries, keys and values together; attention; its output; gate and up;
/// down (the last two for each expert used, whose router is one more). Beside them each activation starts the
/// threads once, where it is wide enough.
Term StepModel::calls(double cellsOfLayer, double uncached) const {
    const model::ModelConfig& c = m_config;
    const double fork = m_step.forkSeconds,
                 shared = fork + uncached * (std::max(m_step.callSeconds, fork) - fork),
                 small = m_step.smallCallSeconds > 0 ? m_step.smallCallSeconds : shared;
    const auto dim = static_cast<double>(c.dim), heads = static_cast<double>(c.heads),
               keys = static_cast<double>(c.headDim), values = static_cast<double>(c.valueDim),
               layers = static_cast<double>(c.layers),
               used = static_cast<double>(std::max<std::size_t>(1, c.expertsUsed)),
               wide = static_cast<double>(c.experts ? c.expertFeedForward : c.feedForward);
    double seconds = 0, count = 0;
    const auto add = [&](double products, double times) {
        seconds += times * (isSerial(products) ? small : shared);
        count += times;
    };
    add(dim * (heads * keys + static_cast<double>(c.kvHeads) * (keys + values)), layers);
    add(cellsOfLayer * heads * (keys + values), layers);
    add(heads * values * dim, layers);
    add(2 * dim * wide, layers * used);
    add(dim * wide, layers * used);
    if (c.experts)
        add(dim * static_cast<double>(c.experts), layers);
    add(dim * static_cast<double>(c.vocabulary), 1);
    if (2 * sizeof(float) * wide > static_cast<double>(kernels::kSerialBytes))
        seconds += layers * used * fork;
    return makeTerm("forks", "forks",
                    {{"count", number(count)}, {"micros", number(seconds / count * 1e6, 1)}}, seconds);
}

std::vector<Term> StepModel::decode(std::size_t depth) const {
    const model::ModelConfig& c = m_config;
    const double layers = static_cast<double>(c.layers);
    std::vector<Term> out;
    const double seen = cells(depth, 1), products = static_cast<double>(c.heads * (c.headDim + c.valueDim));
    const double cellBytes = static_cast<double>(
        c.kvHeads * (kernels::kvCellBytes(m_kvType, c.headDim) + kernels::kvCellBytes(m_kvType, c.valueDim)));
    const double fromMemory = uncached(m_streamed + seen * cellBytes);
    const double weights = m_stream.at(fromMemory) + m_output.at(fromMemory);
    out.push_back(makeTerm("weights", "stream",
                           {{"gigabytes", number(m_streamed / 1e9, 3)},
                            {"rate", number(m_streamed / 1e9 / std::max(weights, 1e-12), 1)}},
                           weights));
    out.push_back(makeTerm(
        "attention", "cells_bytes", {{"cells", number(seen)}, {"bytes", number(cellBytes)}},
        seen * (cellBytes * cellSeconds(fromMemory) + products * m_attention.decodeSecondsPerProduct) *
            (isSerial(seen / layers * products) ? m_attentionThreads : 1)));
    out.push_back(calls(seen / layers, fromMemory));
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

/// Of a byte of keys and values. In caches it is read as much faster as anything else; short heads were
/// measured there.
double StepModel::cellSeconds(double fromMemory) const {
    const double faster =
        m_cacheSpeed > m_memorySpeed && m_attention.headDim >= kShortHead ? m_memorySpeed / m_cacheSpeed : 1;
    return m_attention.decodeSecondsPerByte * (faster + fromMemory * (1 - faster));
}

std::vector<Term> StepModel::prefill(std::size_t first, std::size_t tokens) const {
    const model::ModelConfig& c = m_config;
    const double n = static_cast<double>(tokens), layers = static_cast<double>(c.layers);
    std::vector<Term> out;
    // Even a short pass streams every weight once.
    const double fromMemory = uncached(m_streamed);
    const double dense = std::max(n * m_denseSeconds, m_denseStream.at(fromMemory));
    const double touched = std::min(1.0, n * static_cast<double>(c.expertsUsed) /
                                             static_cast<double>(std::max<std::size_t>(1, c.experts)));
    const double experts =
        std::max(n * m_expertSeconds, m_expertStream.at(fromMemory) * touched) + n * m_inputSeconds;
    out.push_back(makeTerm("weights", "tokens_time",
                           {{"tokens", number(n)}, {"millis", number((dense + experts) / n * 1e3, 3)}},
                           dense + experts));
    const double seen = cells(first, tokens);
    const double products = static_cast<double>(c.heads * (c.headDim + c.valueDim));
    out.push_back(makeTerm("attention", "cells_products",
                           {{"cells", number(seen)}, {"products", number(products)}},
                           (seen + n * layers * kMaskedCells) * kMeasuredShare * products *
                               m_attention.prefillSecondsPerProduct));
    const double wide = static_cast<double>(c.experts ? c.expertsUsed * c.expertFeedForward : c.feedForward);
    const double elements =
        n * layers *
        (6.0 * static_cast<double>(c.dim) + 2.0 * static_cast<double>((c.heads + c.kvHeads) * c.headDim));
    out.push_back(makeTerm("elements", "elements", {{"count", number(elements)}},
                           elements * m_step.elementSeconds + n * layers * wide * m_step.activationSeconds));
    out.push_back(makeTerm("output", "last_logits", {}, m_output.at(fromMemory)));
    return out;
}

double StepModel::prompt(std::size_t tokens) const {
    double seconds = 0;
    for (std::size_t first = 0; first < tokens; first += runtime::kMaxBatch)
        seconds += sum(prefill(first, std::min(runtime::kMaxBatch, tokens - first)));
    return seconds;
}

} // namespace hearth::hardware
