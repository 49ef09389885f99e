#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::store {

using RowId = std::int64_t;

/// Seals and opens every text that the history writes; the one place where a later encryption plugs in.
/// `context` names table, row and column ("message/42/content").
class TextCodec {
public:
    virtual ~TextCodec() = default;
    [[nodiscard]] virtual Result<std::string> seal(std::string_view text, std::string_view context) const = 0;
    [[nodiscard]] virtual Result<std::string> open(std::string_view sealed, std::string_view context) const = 0;
};
[[nodiscard]] std::unique_ptr<TextCodec> plainCodec();

struct Conversation {
    RowId id = 0;
    std::string title;
    std::int64_t createdMs = 0, updatedMs = 0; ///< Unix time, milliseconds UTC
    std::optional<std::int64_t> trashedMs;
    std::string modelPath;      ///< last model used; may be missing on disk
    std::string systemPrompt;
    std::string parametersJson; ///< sampling and generation parameters, "" = defaults
    RowId activeLeaf = 0;       ///< last message of the branch on screen; 0 = empty
    std::int64_t messageCount = 0; ///< of the active branch
};

enum class Role { System, User, Assistant };
enum class MessageState { Complete, Streaming, Stopped, Failed }; ///< Streaming found at start = interrupted

/// A node of the message tree: its siblings (same parent) are the versions that the switcher walks.
struct Message {
    RowId id = 0, conversation = 0, parent = 0; ///< parent 0 = first of the conversation
    Role role = Role::User;
    std::string content, reasoning;
    MessageState state = MessageState::Complete;
    std::int64_t createdMs = 0;
    std::string modelName, errorCode, statsJson; ///< stats: tokens, tokens/s, time to first token …
    int siblingIndex = 0, siblingCount = 1;      ///< filled when a branch is read
};

/// Conversations, message trees, drafts and settings in SQLite (WAL, foreign keys, full sync). Confined to the
/// thread that opened it. A call that returned without error is on disk.
class History {
public:
    /// Opens or creates; migrates with a backup before each step. Errors: store.not_database, store.corrupt,
    /// store.newer_schema, store.locked, store.read_only, store.disk_full, store.io, store.open_failed.
    [[nodiscard]] static Result<std::unique_ptr<History>> open(const std::filesystem::path& file,
                                                               std::unique_ptr<TextCodec> codec = plainCodec());
    virtual ~History() = default;

    // Conversations: newest first, lazily in pages.
    [[nodiscard]] virtual Result<std::vector<Conversation>> conversations(bool trashed, const std::string& titleContains,
                                                                          std::size_t offset, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::size_t> conversationCount(bool trashed, const std::string& titleContains) = 0;
    [[nodiscard]] virtual Result<Conversation> conversation(RowId id) = 0;
    [[nodiscard]] virtual Result<RowId> createConversation(const std::string& title) = 0;
    [[nodiscard]] virtual Result<void> updateConversation(const Conversation& conversation) = 0;
    [[nodiscard]] virtual Result<void> setTrashed(RowId conversation, bool trashed) = 0;
    [[nodiscard]] virtual Result<void> purge(RowId conversation) = 0;

    // The message tree.
    [[nodiscard]] virtual Result<RowId> appendMessage(const Message& message) = 0; ///< becomes the active leaf
    [[nodiscard]] virtual Result<void> updateMessage(const Message& message) = 0;
    [[nodiscard]] virtual Result<std::size_t> branchLength(RowId conversation) = 0;
    /// Messages [offset, offset+limit) of the active branch, from the root.
    [[nodiscard]] virtual Result<std::vector<Message>> branch(RowId conversation, std::size_t offset,
                                                              std::size_t limit) = 0;
    /// Makes the sibling `step` away from `message` (−1, +1) active, down to its newest leaf.
    [[nodiscard]] virtual Result<void> switchVersion(RowId message, int step) = 0;
    /// Messages left Streaming by a crash become Stopped; returns how many.
    [[nodiscard]] virtual Result<std::size_t> recoverInterrupted() = 0;

    [[nodiscard]] virtual Result<void> saveDraft(RowId conversation, const std::string& text) = 0; ///< 0 = new chat
    [[nodiscard]] virtual Result<std::string> draft(RowId conversation) = 0;
    [[nodiscard]] virtual Result<void> setSetting(const std::string& key, const std::string& value) = 0;
    [[nodiscard]] virtual Result<std::optional<std::string>> setting(const std::string& key) = 0;
};

} // namespace hearth::store
