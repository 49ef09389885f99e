#include "engine/hardware/predict/model_shape.h"

#include <algorithm>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/model/family.h"

namespace hearth::hardware {

namespace {

using Part = WeightGroup::Part;

/// Adds matrices to the group that has the same part, type and size.
void add(std::vector<WeightGroup>& groups, const WeightGroup& one) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const WeightGroup& g) {
        return g.part == one.part && g.type == one.type && g.rows == one.rows && g.cols == one.cols;
    });
    if (same == groups.end())
        groups.push_back(one);
    else
        same->count += one.count;
}

/// Calls each(name, part, rows, cols, count) for every matrix of the shape, named as GGUF files do.
template <class Each>
void forMatrices(const ModelShape& shape, const Each& each) {
    const model::ModelConfig& c = shape.config;
    const std::size_t q = c.heads * c.headDim, k = c.kvHeads * c.headDim, v = c.kvHeads * c.valueDim;
    each("token_embd.weight", Part::Embedding, c.vocabulary, c.dim, 1);
    if (!c.tiedEmbeddings)
        each("output.weight", Part::Output, c.vocabulary, c.dim, 1);
    for (std::size_t i = 0; i < c.layers; ++i) {
        const std::string layer = "blk." + std::to_string(i) + ".";
        const auto matrix = [&](const char* name, Part part, std::size_t rows, std::size_t cols,
                                std::size_t count = 1) {
            if (rows > 0)
                each(layer + name + ".weight", part, rows, cols, count);
        };
        const char* const fused = "attn_qkv";
        matrix(shape.fusedQkv ? fused : "attn_q", Part::Attention, q, c.dim);
        matrix(shape.fusedQkv ? fused : "attn_k", Part::Attention, k, c.dim);
        matrix(shape.fusedQkv ? fused : "attn_v", Part::Attention, v, c.dim);
        matrix("attn_output", Part::Attention, c.dim, c.heads * c.valueDim);
        const bool experts = c.experts > 0 && i >= shape.denseLayers;
        const auto feedForward = [&](Part part, std::size_t width, std::size_t count, const char* gate,
                                     const char* up, const char* down) {
            if (shape.gated)
                matrix(gate, part, width, c.dim, count);
            matrix(up, part, width, c.dim, count);
            matrix(down, part, width > 0 ? c.dim : 0, width, count);
        };
        if (experts) {
            matrix("ffn_gate_inp", Part::Router, c.experts, c.dim);
            feedForward(Part::Experts, c.expertFeedForward, c.experts, "ffn_gate_exps", "ffn_up_exps",
                        "ffn_down_exps");
            feedForward(Part::FeedForward, shape.sharedFeedForward, 1, "ffn_gate_shexp", "ffn_up_shexp",
                        "ffn_down_shexp");
        } else {
            feedForward(Part::FeedForward, c.feedForward, 1, "ffn_gate", "ffn_up", "ffn_down");
        }
    }
}

/// Norms and biases, as the family's design says; what other families have is alike.
std::uint64_t vectorElementsOf(const model::ModelConfig& c) {
    const model::Family* family = model::findFamily(c.family);
    const model::LayerDesign design = family ? family->design : model::LayerDesign{};
    std::uint64_t perLayer = (design.postNorms ? 4 : 2) * c.dim;
    if (design.qkNorms)
        perLayer += 2 * c.headDim;
    if (design.qkvBias)
        perLayer += c.heads * c.headDim + c.kvHeads * (c.headDim + c.valueDim);
    return c.layers * perLayer + c.dim;
}

Part partOf(std::string_view name) {
    const auto has = [&](std::string_view text) { return name.find(text) != std::string_view::npos; };
    if (name == "token_embd.weight")
        return Part::Embedding;
    if (name == "output.weight")
        return Part::Output;
    if (has("ffn_gate_inp"))
        return Part::Router;
    if (has("_exps."))
        return Part::Experts;
    return has("ffn_") ? Part::FeedForward : Part::Attention;
}

std::uint64_t bytesOf(const std::vector<WeightGroup>& weights) {
    std::uint64_t sum = 0;
    for (const WeightGroup& group : weights)
        sum += bytesFor(group.type, group.elements()).value_or(0);
    return sum;
}

} // namespace

Result<ModelShape> shapeOf(const format::GgufFile& file) {
    ModelShape shape;
    HEARTH_TRY(shape.config, model::ModelConfig::fromGguf(file));
    shape.id = file.paths().empty() ? shape.config.name : file.paths().front().stem().string();
    shape.fusedQkv = model::findFamily(shape.config.family)->design.fusedQkv;
    for (const format::GgufTensor& tensor : file.tensors()) {
        if (tensor.shape.size() < 2 || tensor.shape[1] == 1) {
            shape.vectorElements += tensor.elements;
            continue;
        }
        WeightGroup group{.part = partOf(tensor.name),
                          .type = tensor.type,
                          .rows = static_cast<std::size_t>(tensor.shape[1]),
                          .cols = static_cast<std::size_t>(tensor.shape[0])};
        for (std::size_t i = 2; i < tensor.shape.size(); ++i)
            group.count *= static_cast<std::size_t>(tensor.shape[i]);
        add(shape.weights, group);
    }
    const format::QuantMix* mix =
        format::findMixByFileType(file.getUint("general.file_type").value_or(~std::uint64_t{0}));
    if (mix) {
        shape.quantisation = mix->name;
    } else if (!shape.weights.empty()) {
        const auto largest = std::max_element(
            shape.weights.begin(), shape.weights.end(),
            [](const WeightGroup& a, const WeightGroup& b) { return a.elements() < b.elements(); });
        shape.quantisation = traitsOf(largest->type).name;
    }
    shape.fileBytes = file.fileBytes();
    return shape;
}

Result<ModelShape> quantised(const ModelShape& shape, std::string_view mixName) {
    const format::QuantMix* mix = format::findMix(mixName);
    if (!mix)
        return tl::unexpected<Error>(
            Error{"predict.unknown_type", "there is no weight type or mix named " + std::string(mixName)}
                .with("type", std::string(mixName)));
    ModelShape out = shape;
    out.weights.clear();
    out.fileBytes.reset();
    out.quantisation = mix->name;
    out.vectorElements = vectorElementsOf(out.config);
    const model::ModelConfig& c = out.config;
    forMatrices(
        out, [&](const std::string& name, Part part, std::size_t rows, std::size_t cols, std::size_t count) {
            const format::QuantTarget target{.tensor = name,
                                             .rowElements = cols,
                                             .dimensions = 2,
                                             .layers = c.layers,
                                             .headsPerKvHead = c.heads / std::max<std::size_t>(1, c.kvHeads),
                                             .experts = c.experts,
                                             .tiedEmbeddings = c.tiedEmbeddings};
            add(out.weights, {part, format::mixType(*mix, target), rows, cols, count});
        });
    return out;
}

std::uint64_t parametersOf(const ModelShape& shape) {
    std::uint64_t sum = shape.weights.empty() ? vectorElementsOf(shape.config) : shape.vectorElements;
    if (shape.weights.empty())
        forMatrices(shape, [&](const std::string&, Part, std::size_t rows, std::size_t cols,
                               std::size_t count) { sum += std::uint64_t{rows} * cols * count; });
    for (const WeightGroup& group : shape.weights)
        sum += group.elements();
    return sum;
}

std::uint64_t activeParametersOf(const ModelShape& shape) {
    const model::ModelConfig& c = shape.config;
    std::uint64_t experts = 0, idle = 0;
    const auto count = [&](Part part, std::uint64_t elements) {
        if (part == Part::Experts)
            experts += elements;
        if (part == Part::Embedding && !c.tiedEmbeddings)
            idle += elements;
    };
    if (shape.weights.empty())
        forMatrices(shape, [&](const std::string&, Part part, std::size_t rows, std::size_t cols,
                               std::size_t n) { count(part, std::uint64_t{rows} * cols * n); });
    for (const WeightGroup& group : shape.weights)
        count(group.part, group.elements());
    if (c.experts > 0)
        idle += experts / c.experts * (c.experts - c.expertsUsed);
    return parametersOf(shape) - idle;
}

std::uint64_t fileBytesOf(const ModelShape& shape) {
    return shape.fileBytes ? *shape.fileBytes : bytesOf(shape.weights) + shape.vectorElements * sizeof(float);
}

} // namespace hearth::hardware
