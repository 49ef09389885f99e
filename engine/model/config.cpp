#include "engine/model/config.h"

#include <algorithm>
#include <cmath>

#include "engine/format/gguf/gguf_file.h"
#include "engine/model/family.h"
#include "engine/model/metadata_reader.h"

namespace hearth::model {

namespace {

// Upper ends of what is accepted: several times the largest published models, small enough that products of
// two of them stay far from 64 bits.
constexpr std::uint64_t kMaxLayers = 4096;
constexpr std::uint64_t kMaxWidth = 1 << 22;
constexpr std::uint64_t kMaxHeads = 1 << 14;
constexpr std::uint64_t kMaxHeadDim = 1 << 13;
constexpr std::uint64_t kMaxContext = 1 << 28;

Result<void> readAttention(const MetadataReader& keys, ModelConfig& config) {
    HEARTH_TRY(config.heads, keys.size("attention.head_count", 1, kMaxHeads));
    HEARTH_TRY(config.kvHeads, keys.sizeOr("attention.head_count_kv", config.heads, 1, config.heads));
    if (config.heads % config.kvHeads != 0)
        return keys.bad("attention.head_count_kv", std::to_string(config.kvHeads),
                        "does not divide the " + std::to_string(config.heads) + " heads");
    if (!keys.has("attention.key_length") && config.dim % config.heads != 0)
        return keys.bad("attention.head_count", std::to_string(config.heads),
                        "does not divide the width " + std::to_string(config.dim));
    HEARTH_TRY(config.headDim,
               keys.sizeOr("attention.key_length", config.dim / config.heads, 1, kMaxHeadDim));
    HEARTH_TRY(config.valueDim, keys.sizeOr("attention.value_length", config.headDim, 1, kMaxHeadDim));
    HEARTH_TRY(config.attentionSoftcap, keys.realOr("attn_logit_softcapping", 0, 0, 1e6));
    HEARTH_TRY(config.finalSoftcap, keys.realOr("final_logit_softcapping", 0, 0, 1e6));
    config.attentionScale = 1.0F / std::sqrt(static_cast<float>(config.headDim));
    return {};
}

Result<void> readRope(const MetadataReader& keys, ModelConfig& config) {
    RopeConfig& rope = config.rope;
    HEARTH_TRY(rope.dimensions, keys.sizeOr("rope.dimension_count", config.headDim, 2, config.headDim));
    if (rope.dimensions % 2 != 0 || rope.dimensions > config.headDim)
        return keys.bad("rope.dimension_count", std::to_string(rope.dimensions),
                        "an even number not above the head's " + std::to_string(config.headDim) +
                            " is expected");
    HEARTH_TRY(rope.base, keys.realOr("rope.freq_base", 10000, 1, 1e12));
    HEARTH_TRY(const std::string type, keys.textOr("rope.scaling.type", "none"));
    if (type == "linear")
        rope.scaling = RopeScaling::Linear;
    else if (type == "yarn")
        rope.scaling = RopeScaling::Yarn;
    else if (type == "longrope" || type == "su")
        rope.scaling = RopeScaling::LongRope;
    else if (type != "none")
        return keys.bad("rope.scaling.type", type, "known are none, linear, yarn and longrope");
    HEARTH_TRY(rope.factor, keys.realOr("rope.scaling.factor", 1, 1e-3, 1e6));
    HEARTH_TRY(rope.attentionFactor, keys.realOr("rope.scaling.attn_factor", 1, 1e-3, 1e3));
    HEARTH_TRY(rope.betaFast, keys.realOr("rope.scaling.yarn_beta_fast", 32, 1e-3, 1e6));
    HEARTH_TRY(rope.betaSlow, keys.realOr("rope.scaling.yarn_beta_slow", 1, 1e-3, 1e6));
    HEARTH_TRY(rope.originalContext,
               keys.sizeOr("rope.scaling.original_context_length", config.trainedContext, 1, kMaxContext));
    return {};
}

/// What the tensors themselves say: vocabulary, tied embeddings, number of parameters.
Result<void> readTensors(const format::GgufFile& file, const MetadataReader& keys, ModelConfig& config) {
    const format::GgufTensor* embedding = file.findTensor("token_embd.weight");
    if (!embedding)
        return tl::unexpected<Error>(
            Error{"model.missing_tensor", "the model file has no tensor token_embd.weight"}.with(
                "tensor", "token_embd.weight"));
    if (embedding->shape.size() != 2 || embedding->shape[1] == 0 || embedding->shape[1] > (1U << 24))
        return tl::unexpected<Error>(
            Error{"model.bad_shape", "token_embd.weight is no matrix of width × vocabulary"}.with(
                "tensor", "token_embd.weight"));
    config.vocabulary = static_cast<std::size_t>(embedding->shape[1]);
    if (keys.has("vocab_size")) {
        HEARTH_TRY(const std::size_t stated, keys.size("vocab_size", 1, 1U << 24));
        if (stated != config.vocabulary)
            return keys.bad("vocab_size", std::to_string(stated),
                            "the embedding has " + std::to_string(config.vocabulary) + " rows");
    }
    config.tiedEmbeddings = file.findTensor("output.weight") == nullptr;
    for (const auto& tensor : file.tensors())
        config.parameters += tensor.elements;
    return {};
}

} // namespace

Result<ModelConfig> ModelConfig::fromGguf(const format::GgufFile& file) {
    const auto architecture = file.getString("general.architecture");
    if (!architecture)
        return tl::unexpected<Error>(
            Error{"model.missing_key", "the model file has no general.architecture"}.with(
                "key", "general.architecture"));
    const Family* family = findFamily(*architecture);
    if (!family)
        return tl::unexpected<Error>(
            Error{"model.unsupported_family", "this engine does not run the architecture \"" +
                                                  std::string(*architecture) + "\"; it runs " + familyNames()}
                .with("family", std::string(*architecture))
                .with("supported", familyNames()));
    const MetadataReader keys(file, *architecture);
    ModelConfig config;
    config.family = *architecture;
    config.name = file.getString("general.name").value_or("");
    HEARTH_TRY(config.layers, keys.size("block_count", 1, kMaxLayers));
    HEARTH_TRY(config.dim, keys.size("embedding_length", 1, kMaxWidth));
    HEARTH_TRY(config.feedForward, keys.size("feed_forward_length", 1, kMaxWidth));
    HEARTH_TRY(config.trainedContext, keys.size("context_length", 1, kMaxContext));
    HEARTH_TRY(config.normEpsilon, keys.real("attention.layer_norm_rms_epsilon", 0, 0.1));
    HEARTH_CHECK(readAttention(keys, config));
    HEARTH_CHECK(readRope(keys, config));
    config.windowedLayer.assign(config.layers, false);
    if (family->configure)
        HEARTH_CHECK(family->configure(keys, config));
    if (config.slidingWindow >= config.trainedContext)
        config.slidingWindow = 0; // a window that never cuts anything off
    HEARTH_CHECK(readTensors(file, keys, config));
    return config;
}

} // namespace hearth::model
