#pragma once

#include <filesystem>
#include <string>

#include "engine/base/error.h"
#include "engine/optimize/train/shape.h"
#include "engine/optimize/train/tokenizer_training.h"
#include "engine/tensor/dtype.h"

namespace hearth::optimize {

/// What goes into the metadata of a trained model.
struct ModelDescription {
    std::string name, chatTemplate;
};

/// A GGUF with the tokeniser and no tensors; kept beside a run so that resuming uses the same ids.
[[nodiscard]] Result<void> writeTokenizer(const std::filesystem::path& path,
                                          const TrainedVocabulary& vocabulary,
                                          const ModelDescription& description);

/// The whole model as llama architecture. `type` is one that canQuantize() and applies to matrices whose rows
/// it fits; norms stay F32. `tokenizerFile` is what writeTokenizer wrote. Errors: gguf.*, file.*.
[[nodiscard]] Result<void> writeModel(const std::filesystem::path& path,
                                      const std::filesystem::path& tokenizerFile,
                                      const ParameterLayout& layout, const float* parameters, DType type,
                                      const ModelDescription& description);

} // namespace hearth::optimize
