#include <algorithm>

#include "engine/base/utc_time.h"
#include "engine/store/conversations.h"
#include "engine/store/file_care.h"
#include "engine/store/file_lock.h"
#include "engine/store/history.h"
#include "engine/store/messages.h"
#include "engine/store/notes.h"
#include "engine/store/reseal.h"
#include "engine/store/sealed.h"
#include "engine/store/search_index.h"

namespace hearth::store {

namespace {

/// The façade: puts the repositories' steps together into transactions.
class SqliteHistory final : public History {
public:
    SqliteHistory(FileLock lock, std::unique_ptr<Connection> connection, std::unique_ptr<TextCodec> codec,
                  HistoryOptions options)
        : m_lock(std::move(lock)), m_codec(std::move(codec)), m_connection(std::move(connection)),
          m_options(std::move(options)), m_conversations(*m_connection, *m_codec),
          m_messages(*m_connection, *m_codec), m_notes(*m_connection, *m_codec) {}

    Result<void> transaction(const std::function<Result<void>()>& work) override {
        return m_connection->transaction(work);
    }

    Result<std::vector<Conversation>> conversations(bool trashed, const std::string& titleContains,
                                                    std::size_t offset, std::size_t limit) override {
        return m_conversations.list(trashed, titleContains, offset, limit);
    }
    Result<std::size_t> conversationCount(bool trashed, const std::string& titleContains) override {
        return m_conversations.count(trashed, titleContains);
    }
    Result<Conversation> conversation(RowId id) override { return m_conversations.get(id); }
    Result<RowId> createConversation(const std::string& title) override {
        return m_conversations.create(title, now());
    }
    Result<void> rename(RowId conversation, const std::string& title) override {
        return transaction([&] { return m_conversations.rename(conversation, title); });
    }
    Result<void> updateConversation(const Conversation& conversation) override {
        return transaction([&] { return m_conversations.update(conversation); });
    }
    Result<void> setTrashed(RowId conversation, bool trashed) override {
        return transaction([&] {
            return m_conversations.setTrashed(conversation, trashed ? std::optional(now()) : std::nullopt);
        });
    }
    Result<void> purge(RowId conversation) override { return m_conversations.purge(conversation); }
    Result<std::size_t> purgeTrashedBefore(std::int64_t timeMs) override {
        return m_conversations.purgeTrashedBefore(timeMs);
    }

    Result<RowId> appendMessage(const Message& message) override {
        RowId id = 0;
        const auto work = [&]() -> Result<void> {
            HEARTH_TRY(const Conversation before, m_conversations.get(message.conversation));
            const std::int64_t time = now();
            HEARTH_TRY(id, m_messages.insert(message, time));
            // At the end of the active branch, all ancestors but the parent know the way already.
            const bool atEnd = message.parent != 0 && before.activeLeaf == message.parent;
            HEARTH_CHECK(m_messages.rememberWay(id, atEnd));
            return m_conversations.touch(message.conversation, id, time);
        };
        HEARTH_CHECK(transaction(work));
        return id;
    }
    Result<void> updateMessage(const Message& message) override {
        return transaction([&] { return m_messages.update(message); });
    }
    Result<Message> message(RowId id) override { return m_messages.get(id); }
    Result<std::size_t> branchLength(RowId conversation) override {
        return m_conversations.get(conversation).map([](const Conversation& found) {
            return static_cast<std::size_t>(found.messageCount);
        });
    }
    Result<std::vector<Message>> branch(RowId conversation, std::size_t offset, std::size_t limit) override {
        HEARTH_TRY(const Conversation found, m_conversations.get(conversation));
        if (found.activeLeaf == 0)
            return std::vector<Message>();
        return m_messages.path(found.activeLeaf, offset, limit);
    }
    Result<std::vector<Message>> messages(RowId conversation, RowId after, std::size_t limit) override {
        return m_messages.all(conversation, after, limit);
    }
    Result<void> switchVersion(RowId message, int step) override {
        return transaction([&]() -> Result<void> {
            HEARTH_TRY(const auto place, m_messages.place(message));
            HEARTH_TRY(const RowId target, m_messages.sibling(place, step));
            return activate(target);
        });
    }
    Result<void> activate(RowId message) override {
        return transaction([&]() -> Result<void> {
            HEARTH_TRY(const auto place, m_messages.place(message));
            HEARTH_TRY(const RowId leaf, m_messages.lastActiveLeaf(message));
            HEARTH_CHECK(m_messages.rememberWay(leaf, false));
            return m_conversations.setActiveLeaf(place.conversation, leaf);
        });
    }
    Result<std::size_t> recoverInterrupted() override {
        std::size_t stopped = 0;
        const auto work = [&]() -> Result<void> {
            HEARTH_TRY(stopped, m_messages.stopStreaming());
            return {};
        };
        HEARTH_CHECK(transaction(work));
        return stopped;
    }

    Result<std::vector<SearchText>> messageTexts(RowId after, std::size_t limit) override {
        return texts(
            "SELECT conversation, id, content, reasoning FROM message WHERE id > ? ORDER BY id LIMIT ?",
            after, limit, [this](const Row& row) -> Result<std::string> {
                const Sealed sealed(*m_codec, "message", row.integer(1));
                HEARTH_TRY(const std::string content, sealed.open("content", row.bytes(2)));
                HEARTH_TRY(const std::string reasoning, sealed.open("reasoning", row.bytes(3)));
                return searchedText(content, reasoning);
            });
    }
    Result<std::vector<SearchText>> titleTexts(RowId after, std::size_t limit) override {
        return texts("SELECT id, 0, title FROM conversation WHERE id > ? ORDER BY id LIMIT ?", after, limit,
                     [this](const Row& row) {
                         return Sealed(*m_codec, "conversation", row.integer(0)).open("title", row.bytes(2));
                     });
    }

    Result<void> saveDraft(RowId conversation, const std::string& text) override {
        return transaction([&] { return m_notes.saveDraft(conversation, text); });
    }
    Result<std::string> draft(RowId conversation) override { return m_notes.draft(conversation); }
    Result<void> setSetting(const std::string& key, const std::string& value) override {
        return transaction([&] { return m_notes.setSetting(key, value); });
    }
    Result<std::optional<std::string>> setting(const std::string& key) override {
        return m_notes.setting(key);
    }

private:
    Result<std::vector<SearchText>> texts(std::string_view sql, RowId after, std::size_t limit,
                                          const std::function<Result<std::string>(const Row&)>& textOf) {
        std::vector<SearchText> out;
        const auto count = static_cast<std::int64_t>(std::min(limit, std::size_t{1} << 40));
        const auto onRow = [&](const Row& row) -> Result<void> {
            HEARTH_TRY(auto text, textOf(row));
            out.push_back({row.integer(0), row.integer(1), std::move(text)});
            return {};
        };
        HEARTH_CHECK(m_connection->each(sql, {after, count}, onRow));
        return out;
    }
    [[nodiscard]] std::int64_t now() const { return m_options.clock ? m_options.clock() : unixMsNow(); }

    FileLock m_lock; // given back last, when the connection has folded its log into the file
    std::unique_ptr<TextCodec> m_codec;
    std::unique_ptr<Connection> m_connection;
    HistoryOptions m_options;
    Conversations m_conversations;
    Messages m_messages;
    Notes m_notes;
};

} // namespace

Result<std::unique_ptr<History>> History::open(const std::filesystem::path& file,
                                               std::unique_ptr<TextCodec> codec, HistoryOptions options) {
    HEARTH_TRY(const auto real, resolve(file));
    HEARTH_TRY(FileLock lock, FileLock::acquire(real));
    HEARTH_TRY(auto connection, openDatabase(real, migrations(), options));
    HEARTH_CHECK(checkSealMark(*connection, codec->keyId()));
    return std::make_unique<SqliteHistory>(std::move(lock), std::move(connection), std::move(codec),
                                           std::move(options));
}

} // namespace hearth::store
