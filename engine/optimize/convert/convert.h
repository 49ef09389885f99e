#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/base/thread_pool.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/tensor/dtype.h"

namespace hearth::optimize {

struct ConvertOptions {
    DType type = DType::F16; ///< of matrices: F32, F16, BF16 or Q8_0; vectors and routers become float32
    std::string name = {};   ///< general.name; empty = the folder's
    Unfinished unfinished = Unfinished::Discard;
};

struct ConvertReport {
    std::string architecture, tokenizer; ///< "llama"; "gpt2 (qwen2)"
    std::uint64_t tensors = 0, parameters = 0, bytes = 0;
    std::vector<std::string> leftOut; ///< tensors of other parts (a vision tower), by name
    bool hasTemplate = false;
    std::uint64_t resumedTensors = 0; ///< whole from an interrupted run
    double seconds = 0;
};

/// A Hugging Face folder (config.json, safetensors in one file or shards, tokenizer.model or tokenizer.json,
/// tokenizer_config.json, generation_config.json, chat_template.jinja) to one GGUF file. Architectures:
/// Llama, Mistral, Mixtral, Qwen2, Qwen3, Qwen3Moe, Gemma2, Gemma3 (its text part), Phi3.
///
/// Rows are converted as they are written: beside the page cache, memory holds the tokeniser and a few MiB.
/// The target appears whole or not at all; with Unfinished::Keep an interrupted run of the same folder, files
/// and options goes on at the tensor. Nothing in the folder is ever executed; pickles are refused. Progress
/// phase "convert", in bytes of the source.
///
/// Errors: convert.not_a_folder, convert.no_weights, convert.pickle (only pickled weights are there),
/// convert.bad_config (args file, key), convert.unsupported_architecture (args architecture, supported),
/// convert.unsupported_option (args key, value: something the engine does not compute),
/// convert.unsupported_type, convert.unknown_tensor, convert.missing_tensor, convert.duplicate_tensor,
/// convert.bad_shape (arg tensor), convert.vocabulary_mismatch (args tokens, rows), tokenizer_json.*,
/// tokenizer_model.* (see hf_tokenizer.h), safetensors.*, quantize.not_finite, quantize.out_of_range (arg
/// tensor), quantize.in_use (another process writes the target), file.*, base.cancelled.
[[nodiscard]] Result<ConvertReport> convertFolder(const std::filesystem::path& folder,
                                                  const std::filesystem::path& target,
                                                  const ConvertOptions& options, ThreadPool& pool,
                                                  std::stop_token stop = {},
                                                  const ProgressSink& progress = {});

} // namespace hearth::optimize
