#include "engine/optimize/train/export_model.h"

#include <array>
#include <span>

#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/tensor/dtype.h"

namespace hearth::optimize {

namespace {

Result<std::vector<std::byte>> encode(DType type, std::span<const float> values, std::size_t cols) {
    std::vector<std::byte> out(bytesFor(type, values.size()).value_or(0));
    HEARTH_CHECK(quantizeRows(type, values, cols, {}, out));
    return out;
}

} // namespace

Result<void> writeTokenizer(const std::filesystem::path& path, const TrainedVocabulary& vocabulary,
                            const ModelDescription& description) {
    format::GgufWriter writer;
    std::vector<std::string_view> pieces(vocabulary.pieces.begin(), vocabulary.pieces.end());
    writer.setString("general.architecture", "llama");
    writer.setString("tokenizer.ggml.model", "llama");
    writer.setStrings("tokenizer.ggml.tokens", pieces);
    writer.setFloats("tokenizer.ggml.scores", vocabulary.scores);
    writer.setInts("tokenizer.ggml.token_type", vocabulary.types);
    writer.setUint("tokenizer.ggml.bos_token_id", static_cast<std::uint32_t>(vocabulary.bos));
    writer.setUint("tokenizer.ggml.eos_token_id", static_cast<std::uint32_t>(vocabulary.eos));
    writer.setUint("tokenizer.ggml.eot_token_id", static_cast<std::uint32_t>(vocabulary.endOfTurn));
    writer.setUint("tokenizer.ggml.unknown_token_id", static_cast<std::uint32_t>(vocabulary.unknown));
    writer.setBool("tokenizer.ggml.add_bos_token", false);
    writer.setBool("tokenizer.ggml.add_space_prefix", false);
    writer.setString("tokenizer.chat_template", description.chatTemplate);
    HEARTH_CHECK(writer.begin(path));
    return writer.commit();
}

Result<void> writeModel(const std::filesystem::path& path, const std::filesystem::path& tokenizerFile,
                        const ParameterLayout& layout, const float* parameters, DType type,
                        const ModelDescription& description) {
    HEARTH_TRY(const auto tokenizer, format::GgufFile::open(tokenizerFile));
    const TrainShape& s = layout.shape();
    const auto u32 = [](std::size_t value) { return static_cast<std::uint32_t>(value); };
    format::GgufWriter writer;
    writer.setString("general.architecture", "llama");
    writer.setString("general.name", description.name);
    writer.setUint("general.file_type", type == DType::F32 ? 0 : type == DType::F16 ? 1 : 7);
    writer.setUint("general.quantization_version", 2);
    writer.setUint("llama.context_length", u32(s.context));
    writer.setUint("llama.embedding_length", u32(s.dim));
    writer.setUint("llama.block_count", u32(s.layers));
    writer.setUint("llama.feed_forward_length", u32(s.feedForward));
    writer.setUint("llama.attention.head_count", u32(s.heads));
    writer.setUint("llama.attention.head_count_kv", u32(s.kvHeads));
    writer.setFloat("llama.attention.layer_norm_rms_epsilon", s.normEpsilon);
    writer.setFloat("llama.rope.freq_base", s.ropeBase);
    writer.setUint("llama.rope.dimension_count", u32(s.headDim));
    writer.setUint("llama.vocab_size", u32(s.vocabulary));
    writer.copyMetadata(tokenizer);
    const auto typeOf = [&](const ParameterView& view) {
        return !view.decays || view.cols % traitsOf(type).blockSize != 0 ? DType::F32 : type;
    };
    for (const ParameterView& view : layout.views()) {
        const std::array<std::uint64_t, 2> shape{view.cols, view.rows};
        HEARTH_CHECK(writer.addTensor(view.name, typeOf(view), std::span(shape).first(view.decays ? 2 : 1)));
    }
    HEARTH_CHECK(writer.begin(path));
    for (const ParameterView& view : layout.views()) {
        HEARTH_TRY(const auto bytes,
                   encode(typeOf(view), std::span(parameters + view.offset, view.size()), view.cols));
        HEARTH_CHECK(writer.append(bytes));
    }
    return writer.commit();
}

} // namespace hearth::optimize
