#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/compute.h"
#include "engine/model/config.h"
#include "engine/text/chat_template/chat_template.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::model {
class Model;
}

namespace hearth::runtime {

class PromptBuilder;

/// Rows of the largest forward pass: longer prompts are evaluated in passes of this many tokens at most.
inline constexpr std::size_t kMaxBatch = 512;

struct LoadOptions {
    /// Positions of a session; 0 = min(the model's, 8192), and never more than the model was trained for. The
    /// memory check counts one KV cache of this size.
    std::size_t contextTokens = 0;
    kernels::KvType kvType = kernels::KvType::F16;
    bool checkMemory = true;
    /// Chat template in place of the file's own; empty = that one. One that cannot be understood is treated
    /// as the file's would be (templateProblem()).
    std::string chatTemplate = {};
    /// Bytes to check against instead of what availableMemory() reads; for tests and what-if questions.
    std::optional<std::uint64_t> availableBytes = std::nullopt;
    /// The model file's bytes, where they are not what the path names (a sealed file that was opened into
    /// memory): kept alive as long as the model. Empty = the file itself is mapped.
    std::shared_ptr<const std::span<const std::byte>> bytes = {};
};

/// What loading needs and what there is, in bytes; the numbers in the error memory.not_enough. `available` is
/// 0 when the system does not say.
struct MemoryNeed {
    std::uint64_t weights = 0, kvCache = 0, buffers = 0, available = 0;
    [[nodiscard]] std::uint64_t total() const { return weights + kvCache + buffers; }
};

/// A model ready to run: weights, tokeniser and chat template. Shared by the sessions that use it; the
/// weights are immutable, the compute context inside is confined to the engine thread.
class LoadedModel {
public:
    /// Everything that can be refused is refused before weights are touched: gguf.*,
    /// model.unsupported_family, model.unsupported_type, model.missing_tensor, model.bad_shape, tokenizer.*,
    /// memory.not_enough (args needed_bytes, weights_bytes, kv_bytes, buffer_bytes, available_bytes),
    /// base.cancelled.
    [[nodiscard]] static Result<std::shared_ptr<LoadedModel>>
    load(const std::filesystem::path& path, ThreadPool& pool, const LoadOptions& options = {},
         std::stop_token stop = {}, const ProgressSink& progress = {});

    ~LoadedModel();

    [[nodiscard]] const model::ModelConfig& config() const;
    [[nodiscard]] const text::Tokenizer& tokenizer() const;
    [[nodiscard]] const text::ChatTemplate& chatTemplate() const;
    [[nodiscard]] bool hasOwnTemplate() const; ///< false: the stated default is in use
    /// Why the file's template is not used although there is one (template.*).
    [[nodiscard]] const std::optional<Error>& templateProblem() const;
    [[nodiscard]] model::Model& model();
    [[nodiscard]] kernels::Compute& compute();
    [[nodiscard]] const std::filesystem::path& path() const;
    [[nodiscard]] const LoadOptions& options() const; ///< with contextTokens resolved
    [[nodiscard]] MemoryNeed memory() const;
    /// Tokens of the vocabulary, and logits per row.
    [[nodiscard]] std::size_t vocabularySize() const;
    [[nodiscard]] const PromptBuilder& prompts() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit LoadedModel(std::unique_ptr<Impl> impl);
};

} // namespace hearth::runtime
