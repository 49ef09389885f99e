#include "engine/optimize/quantize/plan.h"

#include <numeric>
#include <regex>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/optimize/quantize/plan_parts.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/tensor/dequantize.h"

namespace hearth::optimize {

namespace {

// Tensor names are short; the standard library's matcher recurses once a character, and a name comes from a
// file.
constexpr std::size_t kLongestName = 512;

std::uint64_t elementsOf(const PlannedTensor& tensor) {
    return std::accumulate(tensor.shape.begin(), tensor.shape.end(), std::uint64_t{1},
                           [](std::uint64_t a, std::uint64_t b) { return a * b; });
}

/// What a mix's rules look at, but for the tensor itself.
format::QuantTarget facts(const format::GgufFile& source) {
    format::QuantTarget target{};
    const std::string arch(source.getString("general.architecture").value_or(""));
    const auto number = [&](const char* key) {
        return static_cast<std::size_t>(source.getUint(arch + "." + key).value_or(0));
    };
    target.layers = number("block_count");
    const std::size_t heads = number("attention.head_count"), kvHeads = number("attention.head_count_kv");
    target.headsPerKvHead = kvHeads ? heads / kvHeads : 1;
    target.experts = number("expert_count");
    target.tiedEmbeddings = source.findTensor("output.weight") == nullptr;
    return target;
}

std::string knownMixes() {
    std::string known;
    for (const auto& mix : format::quantMixes())
        known.append(known.empty() ? "" : ", ").append(mix.name);
    return known;
}

} // namespace

std::uint64_t PlannedTensor::rows() const {
    return shape.empty() || shape[0] == 0 ? 0 : elementsOf(*this) / shape[0];
}

bool PlannedTensor::quantizable() const {
    return shape.size() >= 2 && canDequantize(from) && name.find("ffn_gate_inp") == std::string::npos;
}

std::uint64_t QuantizePlan::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& tensor : tensors)
        sum += tensor.bytes;
    return sum;
}

double QuantizePlan::bitsPerWeight() const {
    std::uint64_t elements = 0;
    for (const auto& tensor : tensors)
        elements += elementsOf(tensor);
    return elements ? 8.0 * static_cast<double>(bytes()) / static_cast<double>(elements) : 0;
}

void QuantizePlan::setType(std::size_t index, DType type) {
    PlannedTensor& tensor = tensors.at(index);
    if (!tensor.quantizable())
        return;
    tensor.to = format::fittingType(type, tensor.shape[0]);
    tensor.bytes = bytesFor(tensor.to, elementsOf(tensor)).value_or(0);
}

bool isLowBit(DType type) {
    const DTypeTraits& traits = traitsOf(type);
    return canDequantize(type) && traits.blockBytes < traits.blockSize;
}

Result<RuleSet> RuleSet::compile(std::span<const TypeRule> rules) {
    RuleSet out;
    for (const TypeRule& rule : rules) {
        if (!canQuantize(rule.type))
            return tl::unexpected<Error>(
                Error{"quantize.unsupported_type",
                      "weights cannot be written as " + std::string(traitsOf(rule.type).name)}
                    .with("type", std::string(traitsOf(rule.type).name)));
        try {
            out.m_rules.push_back({std::regex(rule.expression), rule, false});
        } catch (const std::regex_error& error) {
            return tl::unexpected<Error>(
                Error{"quantize.bad_expression", "\"" + rule.expression + "\": " + error.what()}.with(
                    "expression", rule.expression));
        }
    }
    return out;
}

std::optional<DType> RuleSet::find(const std::string& name) {
    if (name.size() > kLongestName)
        return std::nullopt;
    for (Compiled& rule : m_rules) {
        try {
            if (!std::regex_search(name, rule.expression))
                continue;
        } catch (const std::regex_error&) {
            continue; // an expression that takes too many steps on this name does not match it
        }
        rule.used = true;
        return rule.rule.type;
    }
    return std::nullopt;
}

Result<void> RuleSet::allUsed() const {
    for (const Compiled& rule : m_rules)
        if (!rule.used)
            return tl::unexpected<Error>(Error{"quantize.rule_unused", "no tensor's type is decided by \"" +
                                                                           rule.rule.expression + "\""}
                                             .with("expression", rule.rule.expression));
    return {};
}

QuantizePlan sourcePlan(const format::GgufFile& source) {
    QuantizePlan plan;
    for (const auto& tensor : source.tensors()) {
        PlannedTensor planned{std::string(tensor.name), tensor.shape, tensor.type, tensor.type, tensor.bytes};
        // A vector of floats becomes float32; everything else starts as it is.
        if (tensor.shape.size() < 2 && canDequantize(tensor.type)) {
            planned.to = DType::F32;
            planned.bytes = tensor.elements * sizeof(float);
        }
        plan.tensors.push_back(std::move(planned));
    }
    return plan;
}

Result<QuantizePlan> planQuantization(const format::GgufFile& source, const PlanRequest& request) {
    // A plain type name is a mix too: "Q4_K" means its small mix.
    const format::QuantMix* mix = format::findMix(request.mix);
    if (!mix)
        mix = format::findMix(request.mix + "_S");
    if (!mix)
        return tl::unexpected<Error>(
            Error{"quantize.unknown_mix",
                  "there is no type or mix named " + request.mix + "; there are " + knownMixes()}
                .with("mix", request.mix)
                .with("known", knownMixes()));
    HEARTH_TRY(auto rules, RuleSet::compile(request.rules));
    auto plan = sourcePlan(source);
    plan.label = std::string(mix->name) + (request.rules.empty() ? "" : " with own types");
    plan.fileType = mix->fileType;
    plan.allowLossySource = request.allowLossySource;
    format::QuantTarget target = facts(source);
    for (std::size_t i = 0; i < plan.tensors.size(); ++i) {
        const PlannedTensor& tensor = plan.tensors[i];
        const auto own = rules.find(tensor.name);
        target.tensor = tensor.name;
        target.rowElements = tensor.shape[0];
        target.dimensions = tensor.shape.size();
        plan.setType(i, own ? *own : format::mixType(*mix, target));
    }
    HEARTH_CHECK(rules.allUsed());
    return plan;
}

} // namespace hearth::optimize
