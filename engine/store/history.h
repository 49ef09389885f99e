#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
    [[nodiscard]] virtual Result<std::string> open(std::string_view sealed,
                                                   std::string_view context) const = 0;
    /// Names the key without giving it away; a history file remembers it and opens with no other. "" = texts
    /// are stored as they are.
    [[nodiscard]] virtual std::string keyId() const { return {}; }
};
[[nodiscard]] std::unique_ptr<TextCodec> plainCodec();

struct Conversation {
    RowId id = 0;
    std::string title;                         ///< "" = none yet
    std::int64_t createdMs = 0, updatedMs = 0; ///< Unix time, milliseconds UTC
    std::optional<std::int64_t> trashedMs;
    std::string modelPath; ///< last model used; may be missing on disk
    std::string systemPrompt;
    std::string parametersJson;    ///< sampling and generation parameters, "" = defaults
    RowId activeLeaf = 0;          ///< last message of the branch on screen; 0 = empty
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
    std::int64_t createdMs = 0;                  ///< 0 when appended = now
    std::string modelName, errorCode, statsJson; ///< stats: tokens, tokens/s, time to first token …
    int siblingIndex = 0, siblingCount = 1;      ///< filled when read
};

/// A text longer than this is refused (store.text_too_large): no chat message comes near it.
inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

/// One text for the search index; message 0 = the title of the conversation.
struct SearchText {
    RowId conversation = 0, message = 0;
    std::string text;
};

struct HistoryOptions {
    /// Unix time in milliseconds; empty = the system clock. Order in lists never depends on it, so that a
    /// clock that goes backwards shuffles nothing.
    std::function<std::int64_t()> clock;
    /// How long to wait for another program that holds the database.
    std::chrono::milliseconds busyTimeout{3000};
    /// Largest size of the database file; 0 = no limit. Beyond it writing fails with store.disk_full.
    std::uint64_t maxBytes = 0;
};

/// Conversations, message trees, drafts and settings in SQLite (WAL, foreign keys, full sync). Confined to
/// the thread that opened it; needs a QCoreApplication (Qt loads its driver through it). A call that returned
/// without error is on disk; one that returned an error changed nothing.
///
/// Errors of every call: store.not_found, store.text_too_large, store.locked, store.disk_full, store.io,
/// store.corrupt, store.read_only, store.constraint, and what the codec reports.
class History {
public:
    /// Opens or creates; migrates with a backup before each step (folder "backups" beside the file, the
    /// newest kBackupsKept stay). One History per file at a time, over all processes. The file is checked
    /// before the first byte of it is written; a damaged one is never changed, moved or deleted here. Errors:
    /// store.empty (a file of 0 bytes), store.not_database, store.foreign_database (SQLite, but not ours),
    /// store.corrupt, store.foreign_wal (the write-ahead log belongs to another database),
    /// store.foreign_journal, store.unexpected_schema (a table, view, index or trigger that is not ours),
    /// store.newer_schema (args found, known), store.locked, store.read_only, store.disk_full, store.io,
    /// store.not_regular, store.dangling_link, store.open_failed, store.backup_failed,
    /// store.migration_failed; vault.sealed (its texts are sealed and the codec is plain), vault.not_sealed
    /// (the other way round: see resealHistory()), vault.other_key (sealed with another key).
    [[nodiscard]] static Result<std::unique_ptr<History>>
    open(const std::filesystem::path& file, std::unique_ptr<TextCodec> codec = plainCodec(),
         HistoryOptions options = {});
    static constexpr std::size_t kBackupsKept = 3;

    /// For a file that open() refuses: renames it, with its log files, to NAME.damaged-<UTC time>, so that
    /// the next open() starts a new history; returns the new name. Errors: store.locked, store.io.
    [[nodiscard]] static Result<std::filesystem::path> setAside(const std::filesystem::path& file);
    /// The backups of a history file, newest first.
    [[nodiscard]] static std::vector<std::filesystem::path> backups(const std::filesystem::path& file);
    /// Sets `file` aside when it exists and puts a copy of `backup` in its place. Errors as open() and
    /// setAside().
    [[nodiscard]] static Result<void> restoreBackup(const std::filesystem::path& file,
                                                    const std::filesystem::path& backup);

    virtual ~History() = default;

    /// Everything that `work` writes through this History becomes durable together or, when it returns an
    /// error, not at all. May be nested; the outermost decides.
    [[nodiscard]] virtual Result<void> transaction(const std::function<Result<void>()>& work) = 0;

    // Conversations: most recently used first, lazily in pages. titleContains ignores case and character
    // width.
    [[nodiscard]] virtual Result<std::vector<Conversation>>
    conversations(bool trashed, const std::string& titleContains, std::size_t offset, std::size_t limit) = 0;
    [[nodiscard]] virtual Result<std::size_t> conversationCount(bool trashed,
                                                                const std::string& titleContains) = 0;
    [[nodiscard]] virtual Result<Conversation> conversation(RowId id) = 0;
    [[nodiscard]] virtual Result<RowId> createConversation(const std::string& title) = 0;
    [[nodiscard]] virtual Result<void> rename(RowId conversation, const std::string& title) = 0;
    /// Writes title, modelPath, systemPrompt and parametersJson; the rest follows from the other calls.
    [[nodiscard]] virtual Result<void> updateConversation(const Conversation& conversation) = 0;
    [[nodiscard]] virtual Result<void> setTrashed(RowId conversation, bool trashed) = 0;
    /// Deletes for good, overwriting the place on disk (older backups still hold it until they are rotated
    /// out).
    [[nodiscard]] virtual Result<void> purge(RowId conversation) = 0;
    /// Purges what was put in the trash before `timeMs`; returns how many conversations.
    [[nodiscard]] virtual Result<std::size_t> purgeTrashedBefore(std::int64_t timeMs) = 0;

    // The message tree.
    /// Below message.parent (which must be of the same conversation: store.bad_parent); becomes the active
    /// leaf and its conversation the most recently used. Returns the id; message.id is ignored.
    [[nodiscard]] virtual Result<RowId> appendMessage(const Message& message) = 0;
    /// Writes everything but the place in the tree, the role and createdMs.
    [[nodiscard]] virtual Result<void> updateMessage(const Message& message) = 0;
    [[nodiscard]] virtual Result<Message> message(RowId id) = 0;
    [[nodiscard]] virtual Result<std::size_t> branchLength(RowId conversation) = 0;
    /// Messages [offset, offset+limit) of the active branch, from the root.
    [[nodiscard]] virtual Result<std::vector<Message>> branch(RowId conversation, std::size_t offset,
                                                              std::size_t limit) = 0;
    /// Messages of all branches with id > `after`, in order of id (parents before children).
    [[nodiscard]] virtual Result<std::vector<Message>> messages(RowId conversation, RowId after,
                                                                std::size_t limit) = 0;
    /// Makes the sibling `step` away from `message` (−1, +1) active, down to the leaf that was last active
    /// below it. store.no_such_version when there is none.
    [[nodiscard]] virtual Result<void> switchVersion(RowId message, int step) = 0;
    /// Makes `message` part of the active branch, down to the leaf that was last active below it.
    [[nodiscard]] virtual Result<void> activate(RowId message) = 0;
    /// Messages left Streaming by a crash become Stopped; returns how many.
    [[nodiscard]] virtual Result<std::size_t> recoverInterrupted() = 0;

    // For building a search index (see search_index.h) while other calls go on in between.
    /// searchedText() of all messages with id > `after`, in order of id, also of those in the trash.
    [[nodiscard]] virtual Result<std::vector<SearchText>> messageTexts(RowId after, std::size_t limit) = 0;
    /// Titles of all conversations with id > `after`, in order of id, also of those in the trash.
    [[nodiscard]] virtual Result<std::vector<SearchText>> titleTexts(RowId after, std::size_t limit) = 0;

    [[nodiscard]] virtual Result<void> saveDraft(RowId conversation,
                                                 const std::string& text) = 0; ///< 0 = new chat
    [[nodiscard]] virtual Result<std::string> draft(RowId conversation) = 0;
    [[nodiscard]] virtual Result<void> setSetting(const std::string& key, const std::string& value) = 0;
    [[nodiscard]] virtual Result<std::optional<std::string>> setting(const std::string& key) = 0;
};

} // namespace hearth::store
