#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/thread_pool.h"
#include "engine/runtime/loaded_model.h"
#include "tests/model/edited_model.h"

namespace hearth::test {

/// The markers of all published chat templates, as they are added to the 320 tokens of a golden model: id
/// 320 + index. All but the last four are control tokens; those are user-defined.
[[nodiscard]] const std::vector<std::string>& chatMarkers();
[[nodiscard]] text::TokenId markerId(const std::string& marker);

/// Writes a copy of a golden model whose vocabulary also holds chatMarkers(), with a template of its own when
/// `chatTemplate` is not empty. The markers' embeddings are zero.
void writeChatModel(const std::filesystem::path& target, const std::string& chatTemplate,
                    const std::string& source = "llama-F32.gguf");

/// A loaded model with markers, on two threads.
struct ChatModel {
    explicit ChatModel(const std::string& chatTemplate, runtime::LoadOptions options = {},
                       const std::string& source = "llama-F32.gguf");
    TemporaryFile file;
    ThreadPool pool{2};
    std::shared_ptr<runtime::LoadedModel> model;
};

/// A ChatML template that puts BOS first and opens the assistant's turn.
[[nodiscard]] std::string chatMlTemplate();

} // namespace hearth::test
