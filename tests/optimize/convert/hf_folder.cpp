#include "tests/optimize/convert/hf_folder.h"

#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include "engine/format/gguf/gguf_file.h"
#include "engine/tensor/half.h"

namespace hearth::test {

namespace {

using nlohmann::json;

struct HfTensor {
    std::string name;
    std::vector<std::uint64_t> shape;
    std::vector<float> values;
};

json configOf(const format::GgufFile& file) {
    const std::string arch(*file.getString("general.architecture"));
    const auto number = [&](const char* key) { return file.getUint(arch + "." + key); };
    const auto real = [&](const char* key) { return file.getFloat(arch + "." + key); };
    const bool moe = number("expert_count").has_value();
    const std::map<std::string, std::string> classes{
        {"llama", moe ? "MixtralForCausalLM" : "LlamaForCausalLM"},
        {"qwen2", "Qwen2ForCausalLM"},
        {"qwen3", "Qwen3ForCausalLM"},
        {"qwen3moe", "Qwen3MoeForCausalLM"},
        {"gemma2", "Gemma2ForCausalLM"},
        {"gemma3", "Gemma3ForCausalLM"},
        {"phi3", "Phi3ForCausalLM"}};
    json c;
    c["architectures"] = {classes.at(arch)};
    c["num_hidden_layers"] = *number("block_count");
    c["hidden_size"] = *number("embedding_length");
    c["intermediate_size"] = *number("feed_forward_length");
    c["num_attention_heads"] = *number("attention.head_count");
    c["num_key_value_heads"] = *number("attention.head_count_kv");
    c["max_position_embeddings"] = *number("context_length");
    c["vocab_size"] = *number("vocab_size");
    c["rms_norm_eps"] = *real("attention.layer_norm_rms_epsilon");
    c["rope_theta"] = *real("rope.freq_base");
    c["tie_word_embeddings"] = file.findTensor("output.weight") == nullptr;
    c["bos_token_id"] = 1;
    c["eos_token_id"] = {2, 0};
    if (const auto dim = number("attention.key_length"))
        c["head_dim"] = *dim;
    if (const auto window = number("attention.sliding_window"))
        c["sliding_window"] = *window;
    if (moe) {
        c[arch == "qwen3moe" ? "num_experts" : "num_local_experts"] = *number("expert_count");
        c["num_experts_per_tok"] = *number("expert_used_count");
        if (const auto width = number("expert_feed_forward_length"))
            c["moe_intermediate_size"] = *width;
    }
    if (const auto cap = real("attn_logit_softcapping"))
        c["attn_logit_softcapping"] = *cap;
    if (const auto cap = real("final_logit_softcapping"))
        c["final_logit_softcapping"] = *cap;
    if (const auto type = file.getString(arch + ".rope.scaling.type")) {
        c["rope_scaling"] = {{"rope_type", std::string(*type)}, {"factor", *real("rope.scaling.factor")}};
        if (const auto original = number("rope.scaling.original_context_length"))
            c["rope_scaling"]["original_max_position_embeddings"] = *original;
    }
    return c;
}

std::string hfName(const std::string& name, const std::string& arch, bool gemma) {
    const std::map<std::string, std::string> whole{{"token_embd.weight", "model.embed_tokens.weight"},
                                                   {"output_norm.weight", "model.norm.weight"},
                                                   {"output.weight", "lm_head.weight"}};
    if (whole.contains(name))
        return whole.at(name);
    const auto dot = name.find('.', 4);
    const std::string part = name.substr(dot + 1);
    const std::map<std::string, std::string> parts{
        {"attn_norm.weight", "input_layernorm.weight"},
        {"attn_q.weight", "self_attn.q_proj.weight"},
        {"attn_k.weight", "self_attn.k_proj.weight"},
        {"attn_v.weight", "self_attn.v_proj.weight"},
        {"attn_output.weight", "self_attn.o_proj.weight"},
        {"attn_q.bias", "self_attn.q_proj.bias"},
        {"attn_k.bias", "self_attn.k_proj.bias"},
        {"attn_v.bias", "self_attn.v_proj.bias"},
        {"attn_qkv.weight", "self_attn.qkv_proj.weight"},
        {"attn_q_norm.weight", "self_attn.q_norm.weight"},
        {"attn_k_norm.weight", "self_attn.k_norm.weight"},
        {"ffn_norm.weight", gemma ? "pre_feedforward_layernorm.weight" : "post_attention_layernorm.weight"},
        {"post_attention_norm.weight", "post_attention_layernorm.weight"},
        {"post_ffw_norm.weight", "post_feedforward_layernorm.weight"},
        {"ffn_gate.weight", "mlp.gate_proj.weight"},
        {"ffn_up.weight", arch == "phi3" ? "mlp.gate_up_proj.weight" : "mlp.up_proj.weight"},
        {"ffn_down.weight", "mlp.down_proj.weight"},
        {"ffn_gate_inp.weight", arch == "llama" ? "block_sparse_moe.gate.weight" : "mlp.gate.weight"}};
    return "model.layers." + name.substr(4, dot - 4) + "." + parts.at(part);
}

/// Neighbouring rotary pairs back to halves.
std::vector<float> toHalves(const std::vector<float>& values, std::size_t head, std::size_t cols) {
    std::vector<float> out(values.size());
    for (std::size_t row = 0; row < values.size() / cols; ++row) {
        const std::size_t within = row % head, base = row - within;
        const std::size_t source = within < head / 2 ? base + 2 * within : base + 2 * (within - head / 2) + 1;
        std::copy_n(values.begin() + std::ptrdiff_t(source * cols), cols,
                    out.begin() + std::ptrdiff_t(row * cols));
    }
    return out;
}

std::vector<HfTensor> tensorsOf(const format::GgufFile& file) {
    const std::string arch(*file.getString("general.architecture"));
    const bool gemma = arch.starts_with("gemma");
    const std::size_t heads = *file.getUint(arch + ".attention.head_count");
    const std::size_t head = file.getUint(arch + ".attention.key_length")
                                 .value_or(*file.getUint(arch + ".embedding_length") / heads);
    std::vector<HfTensor> out;
    for (const auto& tensor : file.tensors()) {
        const std::string name(tensor.name);
        std::vector<float> values(tensor.elements);
        const auto bytes = file.tensorData(tensor);
        if (tensor.type != DType::F32)
            throw std::runtime_error("golden model with a tensor that is not F32");
        std::memcpy(values.data(), bytes.data(), bytes.size());
        if (name.find("_exps.") != std::string::npos) {
            const std::map<std::string, std::string> mixtral{{"gate", "w1"}, {"up", "w3"}, {"down", "w2"}};
            const auto dot = name.find('.', 4);
            const std::string part = name.substr(dot + 5, name.find("_exps") - dot - 5);
            const std::string layer = "model.layers." + name.substr(4, dot - 4);
            const std::size_t each = tensor.shape[0] * tensor.shape[1];
            for (std::size_t e = 0; e < tensor.shape[2]; ++e)
                out.push_back({arch == "llama" ? layer + ".block_sparse_moe.experts." + std::to_string(e) +
                                                     "." + mixtral.at(part) + ".weight"
                                               : layer + ".mlp.experts." + std::to_string(e) + "." + part +
                                                     "_proj.weight",
                               {tensor.shape[1], tensor.shape[0]},
                               {values.begin() + std::ptrdiff_t(e * each),
                                values.begin() + std::ptrdiff_t((e + 1) * each)}});
            continue;
        }
        if (arch == "llama" &&
            (name.find(".attn_q.") != std::string::npos || name.find(".attn_k.") != std::string::npos))
            values = toHalves(values, head, tensor.shape.size() > 1 ? tensor.shape[0] : 1);
        if (gemma && tensor.shape.size() == 1)
            for (float& value : values)
                value -= 1;
        out.push_back(
            {hfName(name, arch, gemma), {tensor.shape.rbegin(), tensor.shape.rend()}, std::move(values)});
    }
    return out;
}

void writeSafetensors(const std::filesystem::path& path, std::span<const HfTensor> tensors, DType type) {
    const std::size_t each = type == DType::F32 ? sizeof(float) : sizeof(std::uint16_t);
    json header{{"__metadata__", {{"format", "pt"}}}};
    std::uint64_t at = 0;
    for (const auto& tensor : tensors) {
        const std::uint64_t bytes = tensor.values.size() * each;
        header[tensor.name] = {{"dtype", std::string(traitsOf(type).name)},
                               {"shape", tensor.shape},
                               {"data_offsets", {at, at + bytes}}};
        at += bytes;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::ofstream out(path, std::ios::binary);
    const std::uint64_t length = text.size();
    out.write(reinterpret_cast<const char*>(&length), sizeof length);
    out << text;
    for (const auto& tensor : tensors)
        for (const float value : tensor.values) {
            const std::uint16_t half = type == DType::F16 ? floatToHalf(value) : floatToBfloat16(value);
            out.write(type == DType::F32 ? reinterpret_cast<const char*>(&value)
                                         : reinterpret_cast<const char*>(&half),
                      std::streamsize(each));
        }
}

std::vector<std::string_view> tokensOf(const format::GgufFile& file) {
    return std::get<std::vector<std::string_view>>(*file.getArray("tokenizer.ggml.tokens"));
}

std::string varint(std::uint64_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7)
        out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
    return out;
}

std::string field(unsigned number, const std::string& bytes) {
    return varint(number << 3 | 2) + varint(bytes.size()) + bytes;
}

void writeSentencePiece(const std::filesystem::path& path, const format::GgufFile& file) {
    const auto tokens = tokensOf(file);
    const auto& scores = std::get<std::vector<double>>(*file.getArray("tokenizer.ggml.scores"));
    const auto& types = std::get<std::vector<std::int64_t>>(*file.getArray("tokenizer.ggml.token_type"));
    std::string out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto score = static_cast<float>(scores[i]);
        std::string bits(4, '\0');
        std::memcpy(bits.data(), &score, 4);
        out += field(1, field(1, std::string(tokens[i])) + varint(2 << 3 | 5) + bits + varint(3 << 3) +
                            varint(std::uint64_t(types[i])));
    }
    out += field(2, varint(3 << 3) + varint(2)); // trained with BPE
    out += field(3, varint(3 << 3) + varint(1)); // a space before the text
    std::ofstream(path, std::ios::binary) << out;
}

/// The same vocabulary as merges: of every text piece, the split into two pieces of best score.
void writeTokenizerJson(const std::filesystem::path& path, const format::GgufFile& file) {
    const auto tokens = tokensOf(file);
    const std::set<std::string> known(tokens.begin(), tokens.end());
    json vocab, merges = json::array(), added = json::array();
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string text(tokens[i]);
        vocab[text] = i;
        if (i < 3)
            added.push_back({{"id", i}, {"content", text}, {"special", true}});
        if (i >= 259)
            for (std::size_t cut = 1; cut < text.size(); ++cut)
                if (known.contains(text.substr(0, cut)) && known.contains(text.substr(cut)))
                    merges.push_back({text.substr(0, cut), text.substr(cut)});
    }
    const std::string mark = "\xE2\x96\x81";
    const json root{{"version", "1.0"},
                    {"added_tokens", added},
                    {"normalizer",
                     {{"type", "Sequence"},
                      {"normalizers",
                       {{{"type", "Prepend"}, {"prepend", mark}},
                        {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", mark}}}}}},
                    {"model",
                     {{"type", "BPE"},
                      {"byte_fallback", true},
                      {"unk_token", "<unk>"},
                      {"vocab", vocab},
                      {"merges", merges}}}};
    std::ofstream(path) << root.dump();
}

} // namespace

void writeHfFolder(const std::filesystem::path& gguf, const std::filesystem::path& folder,
                   const HfFolderOptions& options) {
    const auto file = format::GgufFile::open(gguf).value();
    std::filesystem::create_directories(folder);
    json config = configOf(file);
    if (options.editConfig)
        options.editConfig(config);
    std::ofstream(folder / "config.json") << config.dump(2);
    const auto tensors = tensorsOf(file);
    if (options.shards == 1) {
        writeSafetensors(folder / "model.safetensors", tensors, options.type);
    } else {
        json map;
        const std::size_t each = (tensors.size() + options.shards - 1) / options.shards;
        for (std::size_t i = 0; i < options.shards; ++i) {
            const std::string name = "model-0000" + std::to_string(i + 1) + "-of-0000" +
                                     std::to_string(options.shards) + ".safetensors";
            const auto part = std::span(tensors).subspan(i * each, std::min(each, tensors.size() - i * each));
            writeSafetensors(folder / name, part, options.type);
            for (const auto& tensor : part)
                map[tensor.name] = name;
        }
        std::ofstream(folder / "model.safetensors.index.json") << json{{"weight_map", map}}.dump();
    }
    if (options.tokenizerJson)
        writeTokenizerJson(folder / "tokenizer.json", file);
    else
        writeSentencePiece(folder / "tokenizer.model", file);
    std::ofstream(folder / "tokenizer_config.json") << json{
        {"bos_token", "<s>"},
        {"eos_token", {{"content", "</s>"}}},
        {"add_bos_token", true},
        {"chat_template", "{{ messages[0].content }}"}}.dump();
}

} // namespace hearth::test
