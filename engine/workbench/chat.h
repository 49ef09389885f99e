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
    bool isGuide = false; ///< the small model that comes with the program (see guide.h)
};

/// A chat turn for the engine: the branch so far, the last entry being the user's.
struct TurnRequest {
    store::RowId conversation = 0;
    /// System prompt first, when there is one. Answers that stayed empty (stopped or failed at once) are left
    /// out and the user's messages around them joined, so that roles alternate as templates demand.
    std::vector<runtime::ChatMessage> messages;
    /// Which stored message each entry of `messages` begins with; 0 for the system prompt and a preview's
    /// text.
    std::vector<store::RowId> sources;
    runtime::GenerationParams params;
};

/// A token of the model in memory.
struct TokenInfo {
    runtime::TokenId id = 0;
    std::string text; ///< what it stands for in running text, or its name where that is nothing; UTF-8
    bool operator==(const TokenInfo&) const = default;
};

/// Sees what a ModelHost does, in its thread: for keeping real speeds (run_recorder.h). Nothing of what is
/// written reaches it.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void loaded(const std::filesystem::path& model, const runtime::LoadOptions& options,
                        std::size_t threads) = 0;
    virtual void ejected() = 0;
    virtual void answered(const runtime::GenerationStats& stats) = 0;
};

/// The model in memory and its sessions: load, eject, count, answer. Confined to the engine thread; only the
/// stop tokens come from elsewhere. Keeps the KV cache of the last conversation for prefix reuse.
class ModelHost {
public:
    explicit ModelHost(std::size_t threads = 0, std::unique_ptr<RunObserver> observer = {});
    ~ModelHost();

    /// Replaces the loaded model once the new one is ready to load; errors as runtime::LoadedModel::load.
    [[nodiscard]] Result<ModelSummary> load(const std::filesystem::path& path,
                                            const runtime::LoadOptions& options, std::stop_token stop,
                                            const ProgressSink& progress);
    void eject();
    /// Keeps the model and drops what it remembers of conversations (KV cache, tokens). Where there is no
    /// memory for a new cache, the model goes too.
    void forget();
    [[nodiscard]] const ModelSummary* summary() const; ///< nullptr when nothing is loaded
    /// Exact prompt tokens of a turn as it would be sent; to the Guide, only its last message is. Errors:
    /// workbench.no_model, template.*, tokenizer.*.
    [[nodiscard]] Result<std::size_t> countTokens(const TurnRequest& request);
    [[nodiscard]] Result<runtime::GenerationResult> answer(const TurnRequest& request, std::stop_token stop,
                                                           const runtime::PieceSink& sink,
                                                           const ProgressSink& progress = {});
    /// What the model reads a text as, which never becomes a special token. Errors: workbench.no_model,
    /// tokenizer.*.
    [[nodiscard]] Result<std::vector<TokenInfo>> tokensOf(const std::string& text) const;
    /// Those of `ids` that the model has. Errors: workbench.no_model.
    [[nodiscard]] Result<std::vector<TokenInfo>> tokensWith(std::span<const runtime::TokenId> ids) const;
    void setThreads(std::size_t threads);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The chat use cases over the history: what is written when. Confined to the store thread.
///
/// A turn: beginTurn() writes the user's message and an empty Streaming answer and returns the request for
/// the engine; checkpoint() saves the streamed text now and then; finishTurn() writes the end. Each is on
/// disk when it returns, wholly or, on an error, not at all.
///
/// Errors: store.*, parameters.*, and workbench.not_an_answer, workbench.not_a_user_message for a message of
/// the wrong role.
class ChatHistory {
public:
    explicit ChatHistory(std::unique_ptr<store::History> history);
    ~ChatHistory();
    [[nodiscard]] store::History& store();

    struct Turn {
        store::RowId userMessage = 0, answer = 0;
        TurnRequest request;
    };
    /// Sends `text` at the end of the active branch. Clears the conversation's draft, and names a
    /// conversation without a title after its first message (titleFrom).
    [[nodiscard]] Result<Turn> beginTurn(store::RowId conversation, const std::string& text);
    /// A further version of an answer (its user message stays).
    [[nodiscard]] Result<Turn> beginRegenerate(store::RowId answer);
    /// A new version of a user message with other text; its answer follows.
    [[nodiscard]] Result<Turn> beginEdit(store::RowId userMessage, const std::string& text);
    /// What beginTurn would send, without writing; for the token meter.
    [[nodiscard]] Result<TurnRequest> previewTurn(store::RowId conversation, const std::string& text);
    [[nodiscard]] Result<void> checkpoint(store::RowId answer, const std::string& content,
                                          const std::string& reasoning);
    /// state Complete, or Stopped when the person stopped it; statsJson as statsToJson().
    [[nodiscard]] Result<void> finishTurn(store::RowId answer, const runtime::GenerationResult& result,
                                          const std::string& modelName);
    /// The answer ended with an error: what was streamed is kept, the code is stored.
    [[nodiscard]] Result<void> failTurn(store::RowId answer, const std::string& content,
                                        const std::string& reasoning, const Error& error);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// A title for a conversation that begins with `text`: its first line of substance without Markdown marks,
/// cut at a word or, in Chinese, a character, to at most 40 columns (a Chinese character takes two).
[[nodiscard]] std::string titleFrom(const std::string& text);

/// Message::statsJson of a finished answer, one object:
///   prompt_tokens, reused_tokens (of them from the KV cache), generated_tokens, reasoning_tokens: counts;
///   prompt_seconds, first_token_seconds, generate_seconds: seconds; tokens_per_second;
///   stop_reason: "end_of_turn" | "max_tokens" | "stop_string" | "context" | "cancelled" | "loop";
///   seed: decimal digits as a string (64 bits do not fit a JSON number everywhere);
///   dropped_messages: how many of the oldest messages were left out for want of context.
[[nodiscard]] std::string statsToJson(const runtime::GenerationResult& result);

/// GenerationParams as stored per conversation. Unknown keys are kept out; a bad value is an error
/// (parameters.bad_value naming the key).
[[nodiscard]] std::string toJson(const runtime::GenerationParams& params);
[[nodiscard]] Result<runtime::GenerationParams> paramsFromJson(const std::string& json);

} // namespace hearth::workbench
