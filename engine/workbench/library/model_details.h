#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/tensor/dtype.h"

namespace hearth::workbench {

struct TensorFacts {
    std::string name;
    std::vector<std::uint64_t> shape; ///< shape[0] is contiguous
    DType type = DType::F32;
    std::uint64_t bytes = 0;
};

/// Tensors of the same part in all layers: "blk.*.attn_q.weight".
struct TensorGroup {
    std::string name;
    DType type = DType::F32; ///< that most of its bytes have
    bool mixed = false;      ///< its tensors have more than one type
    std::uint64_t bytes = 0, elements = 0;
    std::size_t count = 0;
};

/// What a model file holds, without its weights. A value.
struct ModelDetails {
    std::vector<std::pair<std::string, std::string>> metadata; ///< in file order; long values are cut
    std::vector<TensorFacts> tensors;                          ///< in file order
    std::vector<TensorGroup> groups;                           ///< largest first
    std::string chatTemplate;                                  ///< "" = the file has none
    std::string bos, eos;                                      ///< texts of those tokens
    std::uint64_t tensorBytes = 0;
};

/// Up to a tenth of a second for large vocabularies. Errors: gguf.*, file.*. A tokeniser that cannot be read
/// leaves bos and eos empty.
[[nodiscard]] Result<ModelDetails> readModelDetails(const std::filesystem::path& path);

/// "attn_q" of "blk.7.attn_q.weight", "token_embd" of "token_embd.weight".
[[nodiscard]] std::string tensorPart(const std::string& name);

} // namespace hearth::workbench
