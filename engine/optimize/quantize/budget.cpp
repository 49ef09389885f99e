// Mixed precision under a size: what every type costs every tensor is measured, then bytes are spent where
// they gain most.

#include <algorithm>
#include <cmath>
#include <queue>

#include "engine/base/checked.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/optimize/quantize/importance.h"
#include "engine/optimize/quantize/plan_parts.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/tensor/dequantize.h"

namespace hearth::optimize {

namespace {

constexpr std::array kCandidates{DType::Q2_K, DType::Q3_K, DType::IQ4_XS, DType::Q4_K,
                                 DType::Q5_K, DType::Q6_K, DType::Q8_0};
// Errors of single rows of a tensor differ little; this many values give its mean within a few percent.
constexpr std::uint64_t kSampleElements = 1U << 16;
constexpr std::uint64_t kAlignment = 32; // of tensors in the file

struct Choice {
    DType type;
    std::uint64_t bytes; ///< with padding
    double cost;         ///< error of the output relative to its size
};

/// Rows spread evenly over a tensor.
struct Sample {
    std::vector<float> values;
    std::vector<std::vector<float>> importance; ///< per row; empty without one
    std::size_t cols = 0, rows = 0;
};

Sample takeSample(const format::GgufFile& source, const PlannedTensor& tensor,
                  const ImportanceMatrix* importance) {
    Sample sample;
    const std::uint64_t cols = tensor.shape[0], rows = tensor.rows();
    const std::uint64_t count = std::clamp<std::uint64_t>(kSampleElements / cols, 1, rows);
    sample.cols = static_cast<std::size_t>(cols);
    sample.rows = static_cast<std::size_t>(count);
    sample.values.resize(sample.cols * sample.rows);
    sample.importance.resize(sample.rows);
    const auto data = source.tensorData(*source.findTensor(tensor.name));
    const auto rowBytes = static_cast<std::size_t>(bytesFor(tensor.from, cols).value_or(0));
    for (std::size_t i = 0; i < sample.rows; ++i) {
        const std::uint64_t row = (2 * i + 1) * rows / (2 * count);
        dequantizeRow(tensor.from, data.subspan(static_cast<std::size_t>(row) * rowBytes, rowBytes),
                      std::span(sample.values).subspan(i * sample.cols, sample.cols));
        if (!importance)
            continue;
        const std::uint64_t matrix = tensor.shape.size() > 2 ? row / tensor.shape[1] : 0;
        if (importance->columns(tensor.name, static_cast<std::size_t>(matrix), sample.importance[i]).empty())
            sample.importance[i].clear();
    }
    return sample;
}

/// What the sample's products lose with `type`, relative to their size: inputs are taken as independent, with
/// the mean squares that the importance matrix tells, or alike without one.
Result<double> costOf(DType type, const Sample& sample) {
    const std::size_t cols = sample.cols;
    std::vector<std::byte> packed(static_cast<std::size_t>(bytesFor(type, cols).value_or(0)));
    std::vector<float> back(cols);
    double error = 0, power = 0;
    for (std::size_t row = 0; row < sample.rows; ++row) {
        const auto x = std::span(sample.values).subspan(row * cols, cols);
        const auto& weight = sample.importance[row];
        HEARTH_CHECK(quantizeRows(type, x, cols, weight, packed));
        dequantizeRow(type, packed, back);
        for (std::size_t i = 0; i < cols; ++i) {
            const double w = weight.empty() ? 1.0 : double(weight[i]);
            const double value = double(x[i]), d = double(back[i]) - value;
            error += w * d * d;
            power += w * value * value;
        }
    }
    return power > 0 ? error / power : 0;
}

/// The choices that can be best for some price of a byte: smallest first, each further one gaining less a
/// byte.
std::vector<Choice> usefulOf(std::vector<Choice> all) {
    std::sort(all.begin(), all.end(), [](const Choice& a, const Choice& b) {
        return a.bytes != b.bytes ? a.bytes < b.bytes : a.cost < b.cost;
    });
    const auto gain = [](const Choice& a, const Choice& b) {
        return (a.cost - b.cost) / static_cast<double>(b.bytes - a.bytes);
    };
    std::vector<Choice> out;
    for (const Choice& choice : all) {
        if (!out.empty() && (choice.bytes == out.back().bytes || choice.cost >= out.back().cost))
            continue;
        while (out.size() >= 2 && gain(out[out.size() - 2], out.back()) <= gain(out[out.size() - 2], choice))
            out.pop_back();
        out.push_back(choice);
    }
    return out;
}

std::uint64_t paddedBytes(DType type, const PlannedTensor& tensor) {
    const auto bytes = bytesFor(type, tensor.rows() * tensor.shape[0]).value_or(0);
    return checkedPad(bytes, kAlignment).value_or(bytes);
}

/// Every type that `tensor` may get, with its measured cost.
Result<std::vector<Choice>> measure(const format::GgufFile& source, const PlannedTensor& tensor, bool lossy,
                                    const ImportanceMatrix* importance, ThreadPool& pool) {
    const std::uint64_t own = paddedBytes(tensor.from, tensor);
    std::vector<Choice> choices{{tensor.from, own, 0}};
    if (isLowBit(tensor.from) && !lossy)
        return choices;
    for (const DType candidate : kCandidates) {
        const DType type = format::fittingType(candidate, tensor.shape[0]);
        const std::uint64_t bytes = paddedBytes(type, tensor);
        const bool known = std::any_of(choices.begin(), choices.end(),
                                       [&](const Choice& choice) { return choice.type == type; });
        if (bytes < own && !known)
            choices.push_back({type, bytes, 0});
    }
    const Sample sample = takeSample(source, tensor, importance);
    std::vector<Result<double>> costs(choices.size(), 0.0);
    pool.forEach(choices.size() - 1, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            costs[i + 1] = costOf(choices[i + 1].type, sample);
    });
    for (std::size_t i = 1; i < choices.size(); ++i) {
        if (!costs[i])
            return tl::unexpected(std::move(costs[i]).error().with("tensor", tensor.name));
        choices[i].cost = *costs[i];
    }
    return usefulOf(std::move(choices));
}

/// The next finer type of a tensor.
struct Step {
    double gain; ///< accuracy a byte
    std::size_t tensor, choice;
    bool operator<(const Step& other) const {
        return gain != other.gain ? gain < other.gain : tensor > other.tensor;
    }
};

/// Spends what is left on the steps that gain most a byte. Returns the chosen indices.
std::vector<std::size_t> spend(const std::vector<std::vector<Choice>>& choices, std::uint64_t left) {
    std::vector<std::size_t> chosen(choices.size(), 0);
    std::priority_queue<Step> steps;
    const auto offer = [&](std::size_t tensor, std::size_t choice) {
        if (choice >= choices[tensor].size())
            return;
        const Choice &from = choices[tensor][choice - 1], &to = choices[tensor][choice];
        steps.push({(from.cost - to.cost) / static_cast<double>(to.bytes - from.bytes), tensor, choice});
    };
    for (std::size_t i = 0; i < choices.size(); ++i)
        offer(i, 1);
    while (!steps.empty()) {
        const Step step = steps.top();
        steps.pop();
        const auto& of = choices[step.tensor];
        const std::uint64_t price = of[step.choice].bytes - of[step.choice - 1].bytes;
        if (price > left)
            continue; // a smaller tensor may still fit
        left -= price;
        chosen[step.tensor] = step.choice;
        offer(step.tensor, step.choice + 1);
    }
    return chosen;
}

/// The preset whose main type holds most of the bytes, for programs that show one name.
std::uint32_t nearestFileType(const QuantizePlan& plan) {
    const format::QuantMix* best = &format::quantMixes().front();
    std::uint64_t most = 0;
    for (const auto& mix : format::quantMixes()) {
        std::uint64_t bytes = 0;
        for (const auto& tensor : plan.tensors)
            bytes += tensor.quantizable() && tensor.to == mix.base ? tensor.bytes : 0;
        if (bytes > most) {
            most = bytes;
            best = &mix;
        }
    }
    return best->fileType;
}

} // namespace

Result<QuantizePlan> planForBudget(const format::GgufFile& source, const BudgetRequest& request,
                                   const ImportanceMatrix* importance, ThreadPool& pool, std::stop_token stop,
                                   const ProgressSink& progress) {
    HEARTH_TRY(auto rules, RuleSet::compile(request.rules));
    auto plan = sourcePlan(source);
    plan.label = "at most " + std::to_string(request.bytes) + " bytes";
    plan.allowLossySource = request.allowLossySource;
    std::uint64_t sourceData = 0;
    for (const auto& tensor : source.tensors())
        sourceData += tensor.bytes;
    // Header and padding of the source, and a little for what is added to the metadata.
    std::uint64_t fixed = source.fileBytes() - sourceData + 1024;
    std::vector<std::size_t> open; // tensors whose type is to be found
    std::vector<std::vector<Choice>> choices;
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
        const PlannedTensor& tensor = plan.tensors[i];
        if (stop.stop_requested())
            return fail(kCancelled, "measuring was cancelled");
        if (progress)
            progress({"quantize.measure", i, plan.tensors.size()});
        if (const auto own = rules.find(tensor.name))
            plan.setType(i, *own);
        else if (tensor.quantizable()) {
            if (importance)
                HEARTH_CHECK(importance->check(tensor.name, static_cast<std::size_t>(tensor.shape[0]),
                                               static_cast<std::size_t>(tensor.matrices())));
            HEARTH_TRY(auto found, measure(source, tensor, request.allowLossySource, importance, pool));
            fixed += found.front().bytes;
            open.push_back(i);
            choices.push_back(std::move(found));
            continue;
        }
        fixed += paddedBytes(tensor.to, tensor);
    }
    HEARTH_CHECK(rules.allUsed());
    if (fixed > request.bytes)
        return tl::unexpected<Error>(
            Error{"quantize.budget_too_small", "even the smallest types need " + std::to_string(fixed) +
                                                   " bytes, the budget is " + std::to_string(request.bytes)}
                .with("needed_bytes", std::to_string(fixed))
                .with("budget_bytes", std::to_string(request.bytes)));
    const auto chosen = spend(choices, request.bytes - fixed);
    for (std::size_t i = 0; i < open.size(); ++i)
        plan.setType(open[i], choices[i][chosen[i]].type);
    plan.fileType = nearestFileType(plan);
    return plan;
}

} // namespace hearth::optimize
