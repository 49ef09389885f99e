#include "engine/format/gguf/synthetic_model.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "engine/format/gguf/gguf_writer.h"
#include "engine/format/gguf/quant_mix.h"
#include "engine/format/gguf/random_weights.h"

namespace hearth::format {

namespace {

constexpr std::array kShapes{
    SyntheticShape{"tiny", 256, 2, 4, 2, 512, 512, 512},
    SyntheticShape{"0.5b", 1024, 24, 16, 8, 4096, 32000, 8192},
    SyntheticShape{"1b", 2048, 16, 32, 8, 8192, 32000, 8192},
    SyntheticShape{"3b", 3072, 28, 24, 8, 8192, 32000, 8192},
    SyntheticShape{"8b", 4096, 32, 32, 8, 14336, 32000, 8192},
};

// Token types of `tokenizer.ggml.token_type`.
constexpr std::int32_t kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6;
constexpr std::string_view kSpace = "\xE2\x96\x81"; // U+2581, SentencePiece's mark for a space

/// Pieces in order of merging: single characters, then pairs, then triples of letters, each also after a
/// space. Every piece of n letters is one of n − 1 and one more, so that all can be reached by merges.
std::vector<std::string> textPieces(std::size_t count) {
    std::vector<std::string> pieces;
    std::set<std::string, std::less<>> known;
    const auto add = [&](std::string piece) {
        if (pieces.size() < count && known.insert(piece).second)
            pieces.push_back(std::move(piece));
    };
    // Letters by their frequency in English, so that a small vocabulary holds the useful pieces.
    constexpr std::string_view kLetters = "etaoinshrdlcumwfgypbvkjxqz";
    add(std::string(kSpace));
    for (const char c : kLetters)
        add(std::string(1, c));
    for (char c = '!'; c <= '~'; ++c)
        add(std::string(1, c));
    std::vector<std::string> stems{""};
    for (int length = 1; length <= 4 && pieces.size() < count; ++length) {
        std::vector<std::string> longer;
        for (const auto& stem : stems)
            for (const char c : kLetters)
                longer.push_back(stem + c);
        for (const auto& stem : longer) {
            add(std::string(kSpace) + stem);
            add(stem);
        }
        stems = std::move(longer);
    }
    return pieces;
}

void setTokenizer(GgufWriter& writer, std::size_t vocabulary) {
    std::vector<std::string> tokens{"<unk>", "<s>", "</s>"};
    std::vector<std::int32_t> types{kUnknown, kControl, kControl};
    for (int byte = 0; byte < 256; ++byte) {
        constexpr std::string_view kHex = "0123456789ABCDEF";
        tokens.push_back(std::string("<0x") + kHex[static_cast<std::size_t>(byte / 16)] +
                         kHex[static_cast<std::size_t>(byte % 16)] + '>');
        types.push_back(kByte);
    }
    std::vector<float> scores(tokens.size(), 0.0F);
    for (auto& piece : textPieces(vocabulary - tokens.size())) {
        scores.push_back(-static_cast<float>(scores.size()));
        tokens.push_back(std::move(piece));
        types.push_back(kNormal);
    }
    const std::vector<std::string_view> views(tokens.begin(), tokens.end());
    writer.setString("tokenizer.ggml.model", "llama");
    writer.setString("tokenizer.ggml.pre", "default");
    writer.setStrings("tokenizer.ggml.tokens", views);
    writer.setFloats("tokenizer.ggml.scores", scores);
    writer.setInts("tokenizer.ggml.token_type", types);
    writer.setUint("tokenizer.ggml.unknown_token_id", 0);
    writer.setUint("tokenizer.ggml.bos_token_id", 1);
    writer.setUint("tokenizer.ggml.eos_token_id", 2);
    writer.setBool("tokenizer.ggml.add_bos_token", true);
    writer.setBool("tokenizer.ggml.add_eos_token", false);
}

void setArchitecture(GgufWriter& writer, const SyntheticShape& s, const QuantMix& mix) {
    writer.setString("general.architecture", "llama");
    writer.setString("general.name", std::string("synthetic-") + std::string(s.name));
    writer.setUint("general.file_type", mix.fileType);
    writer.setUint("general.quantization_version", 2);
    writer.setUint("llama.context_length", s.context);
    writer.setUint("llama.embedding_length", s.dim);
    writer.setUint("llama.block_count", s.layers);
    writer.setUint("llama.feed_forward_length", s.feedForward);
    writer.setUint("llama.attention.head_count", s.heads);
    writer.setUint("llama.attention.head_count_kv", s.kvHeads);
    writer.setFloat("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    writer.setFloat("llama.rope.freq_base", 10000.0F);
    writer.setUint("llama.rope.dimension_count", s.dim / s.heads);
    writer.setUint("llama.vocab_size", s.vocabulary);
}

struct PlannedTensor {
    std::string name;
    std::vector<std::uint64_t> shape;
    DType type = DType::F32;
};

std::vector<PlannedTensor> planTensors(const SyntheticShape& s, const QuantMix& mix) {
    std::vector<PlannedTensor> tensors;
    const auto add = [&](std::string name, std::vector<std::uint64_t> shape) {
        QuantTarget target;
        target.tensor = name;
        target.rowElements = shape[0];
        target.dimensions = shape.size();
        target.layers = s.layers;
        target.headsPerKvHead = s.heads / s.kvHeads;
        const DType type = mixType(mix, target);
        tensors.push_back({std::move(name), std::move(shape), type});
    };
    const std::uint64_t dim = s.dim, kvDim = std::uint64_t{s.dim} / s.heads * s.kvHeads, ff = s.feedForward;
    add("token_embd.weight", {dim, s.vocabulary});
    for (std::uint32_t i = 0; i < s.layers; ++i) {
        const std::string block = "blk." + std::to_string(i) + ".";
        add(block + "attn_norm.weight", {dim});
        add(block + "attn_q.weight", {dim, dim});
        add(block + "attn_k.weight", {dim, kvDim});
        add(block + "attn_v.weight", {dim, kvDim});
        add(block + "attn_output.weight", {dim, dim});
        add(block + "ffn_norm.weight", {dim});
        add(block + "ffn_gate.weight", {dim, ff});
        add(block + "ffn_up.weight", {dim, ff});
        add(block + "ffn_down.weight", {ff, dim});
    }
    add("output_norm.weight", {dim});
    add("output.weight", {dim, s.vocabulary});
    return tensors;
}

void fill(const PlannedTensor& tensor, std::uint64_t seed, std::span<std::byte> out) {
    if (tensor.shape.size() > 1)
        return fillRandomWeights(tensor.type, seed, out);
    constexpr float kOne = 1.0F; // a norm that leaves its input as it is
    for (std::size_t i = 0; i + sizeof kOne <= out.size(); i += sizeof kOne)
        std::memcpy(out.data() + i, &kOne, sizeof kOne);
}

} // namespace

std::span<const SyntheticShape> syntheticShapes() {
    return kShapes;
}

const SyntheticShape* findSyntheticShape(std::string_view name) {
    const auto it =
        std::find_if(kShapes.begin(), kShapes.end(), [&](const SyntheticShape& s) { return s.name == name; });
    return it == kShapes.end() ? nullptr : &*it;
}

Result<void> writeSyntheticModel(const SyntheticShape& shape, std::string_view mixName,
                                 const std::filesystem::path& target, std::uint64_t seed,
                                 std::stop_token stop, const ProgressSink& progress) {
    // A plain type name is a mix too: "Q4_K" means its small mix.
    const QuantMix* mix = findMix(mixName);
    if (!mix)
        mix = findMix(std::string(mixName) + "_S");
    if (!mix)
        return tl::unexpected<Error>(
            Error{"synthesize.unknown_type", "there is no weight type or mix named " + std::string(mixName)}
                .with("type", std::string(mixName)));

    GgufWriter writer;
    setArchitecture(writer, shape, *mix);
    setTokenizer(writer, shape.vocabulary);
    const auto tensors = planTensors(shape, *mix);
    for (const auto& tensor : tensors)
        HEARTH_CHECK(writer.addTensor(tensor.name, tensor.type, tensor.shape));
    HEARTH_CHECK(writer.begin(target));

    std::vector<std::byte> buffer;
    std::uint64_t done = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        std::uint64_t elements = 1;
        for (const std::uint64_t extent : tensors[i].shape)
            elements *= extent;
        const std::uint64_t bytes = bytesFor(tensors[i].type, elements).value_or(0);
        // Pieces of about 4 MiB stay in the cache between filling and writing.
        const std::uint64_t block = traitsOf(tensors[i].type).blockBytes;
        const std::uint64_t piece = std::max<std::uint64_t>(1, (4U << 20) / block) * block;
        for (std::uint64_t begin = 0; begin < bytes; begin += piece) {
            if (stop.stop_requested())
                return fail(kCancelled, "writing the model was cancelled");
            buffer.resize(static_cast<std::size_t>(std::min(piece, bytes - begin)));
            fill(tensors[i], seed * 0x9E3779B97F4A7C15U + (std::uint64_t{i} << 32) + begin / piece, buffer);
            HEARTH_CHECK(writer.append(buffer));
            done += buffer.size();
            if (progress)
                progress({"synthesize", done, writer.dataBytes()});
        }
    }
    return writer.commit();
}

} // namespace hearth::format
