#include "engine/optimize/convert/architecture.h"

#include <array>
#include <cmath>
#include <numbers>

#include "engine/format/gguf/gguf_writer.h"
#include "engine/optimize/convert/json_file.h"

namespace hearth::optimize {

namespace {

using nlohmann::json;

constexpr const char* kFile = "config.json";

struct Known {
    std::string_view huggingFace, gguf;
};
constexpr std::array kKnown{
    Known{"LlamaForCausalLM", "llama"},
    Known{"MistralForCausalLM", "llama"},
    Known{"MixtralForCausalLM", "llama"},
    Known{"Qwen2ForCausalLM", "qwen2"},
    Known{"Qwen3ForCausalLM", "qwen3"},
    Known{"Qwen3MoeForCausalLM", "qwen3moe"},
    Known{"Gemma2ForCausalLM", "gemma2"},
    Known{"Gemma3ForCausalLM", "gemma3"},
    Known{"Gemma3ForConditionalGeneration", "gemma3"},
    Known{"Phi3ForCausalLM", "phi3"},
};

tl::unexpected<Error> unsupported(const std::string& key, const std::string& value) {
    return tl::unexpected<Error>(
        Error{"convert.unsupported_option", "config.json: " + key + " = " + value + " is not supported"}
            .with("key", key)
            .with("value", value));
}

Result<std::string> architectureName(const json& config) {
    std::string supported;
    for (const auto& known : kKnown)
        supported.append(supported.empty() ? "" : ", ").append(known.huggingFace);
    std::string found;
    if (const auto it = config.find("architectures");
        it != config.end() && it->is_array() && !it->empty() && it->front().is_string())
        found = it->front().get<std::string>();
    for (const auto& known : kKnown)
        if (known.huggingFace == found)
            return std::string(known.gguf);
    return tl::unexpected<Error>(
        Error{"convert.unsupported_architecture",
              "the architecture \"" + found.substr(0, 64) + "\" is not supported; there are " + supported}
            .with("architecture", found.substr(0, 64))
            .with("supported", supported));
}

Result<void> readSizes(const ConfigObject& c, Architecture& a) {
    HEARTH_TRY(a.layers, c.size("num_hidden_layers"));
    HEARTH_TRY(a.dim, c.size("hidden_size"));
    HEARTH_TRY(a.heads, c.size("num_attention_heads"));
    HEARTH_TRY(a.kvHeads, c.sizeOr("num_key_value_heads", a.heads));
    HEARTH_TRY(a.feedForward, c.size("intermediate_size"));
    HEARTH_TRY(a.context, c.size("max_position_embeddings"));
    HEARTH_TRY(a.vocabulary, c.size("vocab_size"));
    HEARTH_TRY(a.headDim, c.sizeOr("head_dim", a.dim / a.heads));
    HEARTH_TRY(a.epsilon, c.realOr("rms_norm_eps", 1e-5F));
    HEARTH_TRY(a.tied, c.flagOr("tie_word_embeddings", a.gemma));
    if (a.headDim < 2 || a.headDim % 2 != 0 || a.heads % a.kvHeads != 0)
        return c.bad("num_key_value_heads", "does not divide the heads, or a head is odd");
    HEARTH_TRY(const float share, c.realOr("partial_rotary_factor", 1));
    a.ropeDimensions = static_cast<std::uint32_t>(static_cast<float>(a.headDim) * share);
    if (a.ropeDimensions < 2 || a.ropeDimensions > a.headDim ||
        (a.interleavedRope && a.ropeDimensions != a.headDim))
        return unsupported("partial_rotary_factor", std::to_string(share));
    HEARTH_TRY(const std::string activation, c.textOr(a.gemma ? "hidden_activation" : "hidden_act",
                                                      a.gemma ? "gelu_pytorch_tanh" : "silu"));
    if (activation != (a.gemma ? "gelu_pytorch_tanh" : "silu"))
        return unsupported("hidden_act", activation);
    return {};
}

Result<void> readExperts(const ConfigObject& c, Architecture& a) {
    const char* count = a.name == "qwen3moe" ? "num_experts" : "num_local_experts";
    if (a.name != "qwen3moe" && !(a.name == "llama" && c.has(count)))
        return {};
    HEARTH_TRY(a.experts, c.size(count));
    HEARTH_TRY(a.expertsUsed, c.size("num_experts_per_tok"));
    HEARTH_TRY(a.expertFeedForward, c.sizeOr("moe_intermediate_size", a.feedForward));
    if (a.name != "qwen3moe")
        return {};
    HEARTH_TRY(const bool normalised, c.flagOr("norm_topk_prob", true));
    if (!normalised)
        return unsupported("norm_topk_prob", "false");
    if (const auto* plain = c.value("mlp_only_layers"); plain && !plain->empty())
        return unsupported("mlp_only_layers", plain->dump());
    HEARTH_TRY(const auto step, c.sizeOr("decoder_sparse_step", 1));
    return step == 1 ? Result<void>() : unsupported("decoder_sparse_step", std::to_string(step));
}

Result<void> readWindow(const ConfigObject& c, Architecture& a) {
    HEARTH_TRY(const bool used,
               c.flagOr("use_sliding_window", a.name == "llama" || a.gemma || a.name == "phi3"));
    // Zero means none in some files.
    const auto* window = c.value("sliding_window");
    if (!used || !window || *window == json(0))
        return {};
    HEARTH_TRY(a.window, c.size("sliding_window"));
    if (a.name.starts_with("qwen") && a.window < a.context)
        return unsupported("use_sliding_window", "true");
    if (a.name.starts_with("qwen"))
        a.window = 0;
    return {};
}

Result<void> readGemma(const ConfigObject& c, Architecture& a) {
    if (!a.gemma)
        return {};
    HEARTH_TRY(a.attentionSoftcap, c.realOr("attn_logit_softcapping", 0));
    HEARTH_TRY(a.finalSoftcap, c.realOr("final_logit_softcapping", 0));
    // The engine knows the two ways in which the published models scale queries.
    HEARTH_TRY(const float scalar, c.realOr("query_pre_attn_scalar", static_cast<float>(a.headDim)));
    const bool large = a.layers == (a.name == "gemma2" ? 46U : 62U);
    const float expected = static_cast<float>(large ? a.dim / a.heads : a.headDim);
    if (std::fabs(scalar - expected) > 0.5F)
        return unsupported("query_pre_attn_scalar", std::to_string(scalar));
    if (a.name == "gemma3") {
        HEARTH_TRY(a.windowPattern, c.sizeOr("sliding_window_pattern", 6));
        HEARTH_TRY(a.localRopeBase, c.realOr("rope_local_base_freq", 10000));
    }
    return {};
}

/// Llama 3.1: low frequencies divided by the factor, high ones kept, a ramp between (the published formula).
std::vector<float> llama3Divisors(const Architecture& a, float factor, float low, float high,
                                  float original) {
    std::vector<float> out;
    for (std::uint32_t i = 0; i < a.ropeDimensions; i += 2) {
        const double frequency = std::pow(double(a.ropeBase), -double(i) / double(a.ropeDimensions));
        const double wave = 2 * std::numbers::pi / frequency;
        double divisor = 1;
        if (wave > double(original) / double(low))
            divisor = double(factor);
        else if (wave >= double(original) / double(high)) {
            const double smooth = (double(original) / wave - double(low)) / (double(high) - double(low));
            divisor = 1 / ((1 - smooth) / double(factor) + smooth);
        }
        out.push_back(static_cast<float>(divisor));
    }
    return out;
}

Result<void> readRopeScaling(const ConfigObject& outer, const ConfigObject& r, Architecture& a) {
    HEARTH_TRY(std::string type, r.textOr("rope_type", ""));
    if (type.empty()) {
        HEARTH_TRY(type, r.textOr("type", "default"));
    }
    if (type == "default")
        return {};
    HEARTH_TRY(a.ropeFactor, r.realOr("factor", 1));
    HEARTH_TRY(const auto topOriginal, outer.sizeOr("original_max_position_embeddings", a.context));
    HEARTH_TRY(a.ropeOriginal, r.sizeOr("original_max_position_embeddings", topOriginal));
    if (type == "linear") {
        a.ropeScaling = "linear";
    } else if (type == "yarn") {
        a.ropeScaling = "yarn";
        HEARTH_TRY(a.ropeBetaFast, r.realOr("beta_fast", 32));
        HEARTH_TRY(a.ropeBetaSlow, r.realOr("beta_slow", 1));
        const float usual = 1 + 0.1F * std::log(a.ropeFactor);
        HEARTH_TRY(const float attention, r.realOr("attention_factor", usual));
        a.ropeAttention = attention / usual;
    } else if (type == "llama3" && a.name == "llama") {
        HEARTH_TRY(const float low, r.realOr("low_freq_factor", 1));
        HEARTH_TRY(const float high, r.realOr("high_freq_factor", 4));
        HEARTH_TRY(const auto original, r.sizeOr("original_max_position_embeddings", 8192));
        if (!(a.ropeFactor > 0) || !(low > 0) || !(high > low))
            return r.bad("factor", "and the frequency factors do not fit each other");
        a.extra.emplace_back("rope_freqs.weight",
                             llama3Divisors(a, a.ropeFactor, low, high, float(original)));
        a.ropeFactor = 1;
        a.ropeOriginal = 0;
    } else if ((type == "longrope" || type == "su") && a.name == "phi3") {
        a.ropeScaling = "longrope";
        for (const auto& [key, tensor] : {std::pair{"long_factor", "rope_factors_long.weight"},
                                          std::pair{"short_factor", "rope_factors_short.weight"}}) {
            HEARTH_TRY(auto factors, r.reals(key));
            if (factors.size() != a.ropeDimensions / 2)
                return r.bad(key, "has not one factor for every pair");
            a.extra.emplace_back(tensor, std::move(factors));
        }
        const float scale = float(a.context) / float(a.ropeOriginal);
        a.ropeFactor = 1;
        a.ropeAttention =
            scale <= 1 ? 1.0F : std::sqrt(1 + std::log(scale) / std::log(float(a.ropeOriginal)));
    } else {
        return unsupported("rope_scaling", type);
    }
    return {};
}

Result<void> readRope(const ConfigObject& c, Architecture& a) {
    static const json kNone = json::object();
    const json* parameters = c.value("rope_parameters");
    const json* scaling = c.value("rope_scaling");
    // Newer files keep the base and the scaling together.
    const ConfigObject together(parameters ? *parameters : kNone, kFile);
    HEARTH_TRY(const float base, together.realOr("rope_theta", a.name == "gemma3" ? 1e6F : 1e4F));
    HEARTH_TRY(a.ropeBase, c.realOr("rope_theta", base));
    return readRopeScaling(c, scaling ? ConfigObject(*scaling, kFile) : together, a);
}

} // namespace

Result<Architecture> Architecture::read(const json& config) {
    if (!config.is_object())
        return ConfigObject(config, kFile).bad("", "is no object");
    Architecture a;
    HEARTH_TRY(a.name, architectureName(config));
    a.gemma = a.name.starts_with("gemma");
    a.normPlusOne = a.gemma;
    a.interleavedRope = a.name == "llama";
    // Models that also see keep the text part apart.
    const auto text = config.find("text_config");
    const ConfigObject c(text != config.end() && text->is_object() ? *text : config, kFile);
    HEARTH_CHECK(readSizes(c, a));
    HEARTH_CHECK(readExperts(c, a));
    HEARTH_CHECK(readWindow(c, a));
    HEARTH_CHECK(readGemma(c, a));
    HEARTH_CHECK(readRope(c, a));
    return a;
}

void Architecture::writeTo(format::GgufWriter& writer) const {
    const auto number = [&](const char* key, std::uint32_t value) {
        writer.setUint(name + "." + key, value);
    };
    const auto real = [&](const char* key, float value) { writer.setFloat(name + "." + key, value); };
    number("context_length", context);
    number("embedding_length", dim);
    number("block_count", layers);
    number("feed_forward_length", feedForward);
    number("attention.head_count", heads);
    number("attention.head_count_kv", kvHeads);
    number("attention.key_length", headDim);
    number("attention.value_length", headDim);
    real("attention.layer_norm_rms_epsilon", epsilon);
    number("vocab_size", vocabulary);
    number("rope.dimension_count", ropeDimensions);
    real("rope.freq_base", ropeBase);
    if (localRopeBase > 0)
        real("rope.freq_base_swa", localRopeBase);
    if (experts) {
        number("expert_count", experts);
        number("expert_used_count", expertsUsed);
        number("expert_feed_forward_length", expertFeedForward);
    }
    if (window)
        number("attention.sliding_window", window);
    if (windowPattern)
        number("attention.sliding_window_pattern", windowPattern);
    if (attentionSoftcap > 0)
        real("attn_logit_softcapping", attentionSoftcap);
    if (finalSoftcap > 0)
        real("final_logit_softcapping", finalSoftcap);
    if (!ropeScaling.empty()) {
        writer.setString(name + ".rope.scaling.type", ropeScaling);
        real("rope.scaling.factor", ropeFactor);
        if (ropeAttention != 1)
            real("rope.scaling.attn_factor", ropeAttention);
        if (ropeBetaFast > 0) {
            real("rope.scaling.yarn_beta_fast", ropeBetaFast);
            real("rope.scaling.yarn_beta_slow", ropeBetaSlow);
        }
    }
    if (ropeOriginal)
        number("rope.scaling.original_context_length", ropeOriginal);
}

} // namespace hearth::optimize
