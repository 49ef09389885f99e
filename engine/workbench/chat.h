#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/base/thread_pool.h"
#include "engine/runtime/session.h"
#include "engine/store/history.h"

namespace hearth::workbench {

/// What the window and the terminal show about the model in memory.
struct ModelSummary {
    std::filesystem::path path;
    std::string name, family, quantisation; ///< "Qwen3-4B-Instruct", "qwen3", "Q4_K_M"
    std::uint64_t parameters = 0, fileBytes = 0;
    runtime::MemoryNeed memory;
    std::size_t contextTokens = 0, trainedContext = 0;
    bool hasOwnTemplate = true;
};

/// A chat turn for the engine: the branch so far, the last entry being the user's.
struct TurnRequest {
    store::RowId conversation = 0;
    std::vector<runtime::ChatMessage> messages; ///< system prompt first, when there is one
    runtime::GenerationParams params;
};

/// The model in memory and its sessions: load, eject, count, answer. Confined to the engine thread; only the
/// stop tokens come from elsewhere. Keeps the KV cache of the last conversation for prefix reuse.
class ModelHost {
public:
    explicit ModelHost(std::size_t threads = 0);
    ~ModelHost();

    /// Replaces the loaded model once the new one is ready to load; errors as runtime::LoadedModel::load.
    [[nodiscard]] Result<ModelSummary> load(const std::filesystem::path& path, const runtime::LoadOptions& options,
                                            std::stop_token stop, const ProgressSink& progress);
    void eject();
    [[nodiscard]] const ModelSummary* summary() const; ///< nullptr when nothing is loaded
    /// Exact prompt tokens of a turn as it would be sent. Errors: workbench.no_model, template.*, tokenizer.*.
    [[nodiscard]] Result<std::size_t> countTokens(const TurnRequest& request);
    [[nodiscard]] Result<runtime::GenerationResult> answer(const TurnRequest& request, std::stop_token stop,
                                                           const runtime::PieceSink& sink,
                                                           const ProgressSink& progress = {});
    void setThreads(std::size_t threads);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The chat use cases over the history: what is written when. Confined to the store thread.
///
/// A turn: beginTurn() writes the user's message and an empty Streaming answer and returns the request for the
/// engine; checkpoint() saves the streamed text now and then; finishTurn() writes the end. Each is on disk
/// when it returns.
class ChatHistory {
public:
    explicit ChatHistory(std::unique_ptr<store::History> history);
    ~ChatHistory();
    [[nodiscard]] store::History& store();

    struct Turn {
        store::RowId userMessage = 0, answer = 0;
        TurnRequest request;
    };
    /// Sends `text` at the end of the active branch.
    [[nodiscard]] Result<Turn> beginTurn(store::RowId conversation, const std::string& text);
    /// A further version of an answer (its user message stays).
    [[nodiscard]] Result<Turn> beginRegenerate(store::RowId answer);
    /// A new version of a user message with other text; its answer follows.
    [[nodiscard]] Result<Turn> beginEdit(store::RowId userMessage, const std::string& text);
    /// What beginTurn would send, without writing; for the token meter.
    [[nodiscard]] Result<TurnRequest> previewTurn(store::RowId conversation, const std::string& text);
    [[nodiscard]] Result<void> checkpoint(store::RowId answer, const std::string& content, const std::string& reasoning);
    [[nodiscard]] Result<void> finishTurn(store::RowId answer, const runtime::GenerationResult& result,
                                          const std::string& modelName);
    /// The answer ended with an error: what was streamed is kept, the code is stored.
    [[nodiscard]] Result<void> failTurn(store::RowId answer, const std::string& content, const std::string& reasoning,
                                        const Error& error);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// GenerationParams as stored per conversation. Unknown keys are kept out; a bad value is an error
/// (parameters.bad_value naming the key).
[[nodiscard]] std::string toJson(const runtime::GenerationParams& params);
[[nodiscard]] Result<runtime::GenerationParams> paramsFromJson(const std::string& json);

} // namespace hearth::workbench
