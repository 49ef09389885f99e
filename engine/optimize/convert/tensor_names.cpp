// Names of tensors: Hugging Face's to GGUF's.

#include <array>
#include <charconv>

#include "engine/optimize/convert/architecture.h"

namespace hearth::optimize {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// Parts of a layer that every family names alike.
constexpr std::array kCommon{
    Pair{"input_layernorm.weight", "attn_norm.weight"},
    Pair{"self_attn.q_proj.weight", "attn_q.weight"},
    Pair{"self_attn.k_proj.weight", "attn_k.weight"},
    Pair{"self_attn.v_proj.weight", "attn_v.weight"},
    Pair{"self_attn.o_proj.weight", "attn_output.weight"},
    Pair{"self_attn.q_proj.bias", "attn_q.bias"},
    Pair{"self_attn.k_proj.bias", "attn_k.bias"},
    Pair{"self_attn.v_proj.bias", "attn_v.bias"},
    Pair{"self_attn.qkv_proj.weight", "attn_qkv.weight"},
    Pair{"self_attn.q_norm.weight", "attn_q_norm.weight"},
    Pair{"self_attn.k_norm.weight", "attn_k_norm.weight"},
    Pair{"mlp.gate_proj.weight", "ffn_gate.weight"},
    Pair{"mlp.up_proj.weight", "ffn_up.weight"},
    Pair{"mlp.down_proj.weight", "ffn_down.weight"},
    Pair{"mlp.gate_up_proj.weight", "ffn_up.weight"},
    Pair{"mlp.gate.weight", "ffn_gate_inp.weight"},
    Pair{"block_sparse_moe.gate.weight", "ffn_gate_inp.weight"},
};
constexpr std::array kExpertParts{
    Pair{"gate_proj.weight", "ffn_gate_exps.weight"}, Pair{"up_proj.weight", "ffn_up_exps.weight"},
    Pair{"down_proj.weight", "ffn_down_exps.weight"}, Pair{"w1.weight", "ffn_gate_exps.weight"},
    Pair{"w3.weight", "ffn_up_exps.weight"},          Pair{"w2.weight", "ffn_down_exps.weight"},
};

bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// A number and the dot behind it.
std::optional<std::uint32_t> takeIndex(std::string_view& text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end == text.data() + text.size() || *end != '.')
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return value;
}

std::optional<std::string_view> layerPart(std::string_view name, const Architecture& a) {
    if (name == "post_attention_layernorm.weight")
        return a.gemma ? "post_attention_norm.weight" : "ffn_norm.weight";
    if (a.gemma && name == "pre_feedforward_layernorm.weight")
        return "ffn_norm.weight";
    if (a.gemma && name == "post_feedforward_layernorm.weight")
        return "post_ffw_norm.weight";
    for (const auto& [from, to] : kCommon)
        if (from == name)
            return to;
    return std::nullopt;
}

} // namespace

std::optional<TensorPlace> placeOf(std::string_view name, const Architecture& a) {
    TensorPlace place;
    for (const std::string_view other :
         {"vision_tower.", "multi_modal_projector.", "model.vision_tower.", "model.multi_modal_projector."})
        if (name.starts_with(other)) {
            place.otherPart = true;
            return place;
        }
    if (!take(name, "model.language_model."))
        take(name, "language_model.");
    take(name, "model.");
    if (name == "lm_head.weight") {
        place.name = "output.weight";
        place.ignored = a.tied;
        return place;
    }
    if (name == "embed_tokens.weight" || name == "norm.weight") {
        place.name = name == "norm.weight" ? "output_norm.weight" : "token_embd.weight";
        return place;
    }
    const auto layer = take(name, "layers.") ? takeIndex(name) : std::nullopt;
    if (!layer || *layer >= a.layers)
        return std::nullopt;
    if (name.ends_with("rotary_emb.inv_freq")) {
        place.ignored = true;
        return place;
    }
    const std::string prefix = "blk." + std::to_string(*layer) + ".";
    if (take(name, "mlp.experts.") || take(name, "block_sparse_moe.experts.")) {
        const auto expert = takeIndex(name);
        if (!expert || *expert >= a.experts)
            return std::nullopt;
        for (const auto& [from, to] : kExpertParts)
            if (from == name) {
                place.name = prefix + std::string(to);
                place.expert = *expert;
                place.stacked = true;
                return place;
            }
        return std::nullopt;
    }
    const auto part = layerPart(name, a);
    if (!part)
        return std::nullopt;
    place.name = prefix + std::string(*part);
    return place;
}

std::vector<std::string> requiredTensors(const Architecture& a) {
    std::vector<std::string> out{"token_embd.weight"};
    for (std::uint32_t i = 0; i < a.layers; ++i) {
        const auto add = [&](const char* part) { out.push_back("blk." + std::to_string(i) + "." + part); };
        add("attn_norm.weight");
        if (a.name == "phi3") {
            add("attn_qkv.weight");
        } else {
            add("attn_q.weight");
            add("attn_k.weight");
            add("attn_v.weight");
        }
        if (a.name == "qwen2") {
            add("attn_q.bias");
            add("attn_k.bias");
            add("attn_v.bias");
        }
        if (a.name == "qwen3" || a.name == "qwen3moe" || a.name == "gemma3") {
            add("attn_q_norm.weight");
            add("attn_k_norm.weight");
        }
        add("attn_output.weight");
        if (a.gemma)
            add("post_attention_norm.weight");
        add("ffn_norm.weight");
        if (a.experts) {
            add("ffn_gate_inp.weight");
            add("ffn_gate_exps.weight");
            add("ffn_up_exps.weight");
            add("ffn_down_exps.weight");
        } else {
            if (a.name != "phi3")
                add("ffn_gate.weight");
            add("ffn_up.weight");
            add("ffn_down.weight");
        }
        if (a.gemma)
            add("post_ffw_norm.weight");
    }
    out.emplace_back("output_norm.weight");
    if (!a.tied)
        out.emplace_back("output.weight");
    return out;
}

} // namespace hearth::optimize
