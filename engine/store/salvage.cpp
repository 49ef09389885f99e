#include "engine/store/salvage.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "engine/store/connection.h"
#include "engine/store/file_care.h"
#include "engine/store/inspect.h"
#include "engine/store/reseal.h"
#include "engine/store/schema.h"
#include "engine/store/sealed.h"

namespace hearth::store {

namespace {

namespace fs = std::filesystem;

/// Ids that were never given are asked for too when the counter is lost: this many in a row end the search.
constexpr RowId kMostAbsent = 20'000;

class Salvage {
public:
    Salvage(Connection& in, Connection& out, const TextCodec& codec, std::stop_token stop,
            const ProgressSink& progress)
        : m_in(in), m_out(out), m_codec(codec), m_stop(std::move(stop)), m_progress(progress) {}

    Result<Salvaged> run() {
        HEARTH_CHECK(profiles());
        HEARTH_CHECK(eachId("conversation", [this](RowId id) { return conversation(id); }));
        HEARTH_CHECK(eachId("message", [this](RowId id) { return message(id); }));
        HEARTH_CHECK(repairTree());
        HEARTH_CHECK(notes());
        if (m_count.conversations + m_count.messages == 0)
            return fail("store.nothing_salvaged", "no conversation and no message can be read");
        return m_count;
    }

private:
    /// Point queries: a page that cannot be read costs its own rows and no others.
    Result<void> eachId(const char* table, const std::function<Result<bool>(RowId)>& take) {
        const std::string name(table);
        const auto counter = m_in.integer("SELECT seq FROM sqlite_sequence WHERE name = CAST(? AS TEXT)",
                                          {std::string_view(name)});
        const RowId last = counter ? counter->value_or(0) : 0;
        RowId absent = 0;
        for (RowId id = 1; id <= last || (!counter && absent < kMostAbsent); ++id) {
            if (m_stop.stop_requested())
                return fail(kCancelled, "stopped");
            HEARTH_TRY(const bool found, take(id));
            absent = found ? 0 : absent + 1;
            if (m_progress && id % 256 == 0)
                m_progress(
                    {"store.salvage", static_cast<std::uint64_t>(id), static_cast<std::uint64_t>(last)});
        }
        return {};
    }

    Result<void> profiles() {
        std::vector<std::pair<RowId, std::string>> found;
        const auto read = m_in.each("SELECT id, name FROM profile WHERE id > 1", {}, [&](const Row& row) {
            found.emplace_back(row.integer(0), row.bytes(1));
            return Result<void>();
        });
        if (!read)
            ++m_count.lostRows;
        for (const auto& [id, name] : found)
            HEARTH_CHECK(
                m_out.run("INSERT INTO profile (id, created_ms, name) VALUES (?, 0, ?)", {id, name}));
        return {};
    }

    /// A sealed text that still opens, or an empty one sealed for its place.
    Result<std::string> text(const Sealed& sealed, const char* column, std::string bytes) {
        if (sealed.open(column, bytes))
            return bytes;
        ++m_count.damagedTexts;
        return sealed.seal(column, "");
    }

    Result<void> putConversation(RowId id, std::array<std::int64_t, 4> numbers,
                                 std::optional<std::int64_t> trashed, std::optional<std::int64_t> leaf,
                                 std::array<std::string, 4> texts) {
        HEARTH_CHECK(m_out.run(
            "INSERT INTO conversation (id, profile, activity, created_ms, updated_ms, trashed_ms, "
            "active_leaf, title, model_path, system_prompt, parameters) VALUES (?, "
            "coalesce((SELECT id FROM profile WHERE id = ?), 1), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {id, numbers[0], numbers[1], numbers[2], numbers[3], trashed ? Value(*trashed) : Value(kNull),
             leaf ? Value(*leaf) : Value(kNull), texts[0], texts[1], texts[2], texts[3]}));
        ++m_count.conversations;
        m_conversations.insert_or_assign(id, 0);
        return {};
    }

    Result<bool> conversation(RowId id) {
        static constexpr std::array<const char*, 4> kColumns = {"title", "model_path", "system_prompt",
                                                                "parameters"};
        std::array<std::int64_t, 4> numbers{};
        std::array<std::string, 4> texts;
        std::optional<std::int64_t> trashed, leaf;
        bool found = false;
        const auto read = m_in.each(
            "SELECT profile, activity, created_ms, updated_ms, trashed_ms, active_leaf, title, model_path, "
            "system_prompt, parameters FROM conversation WHERE id = ?",
            {id}, [&](const Row& row) -> Result<void> {
                found = true;
                for (int i = 0; i < 4; ++i)
                    numbers[static_cast<std::size_t>(i)] = row.integer(i);
                trashed = row.maybe(4);
                leaf = row.maybe(5);
                for (int i = 0; i < 4; ++i)
                    texts[static_cast<std::size_t>(i)] = row.bytes(6 + i);
                return {};
            });
        if (!read || !found) {
            m_count.lostRows += !read;
            return false;
        }
        const Sealed sealed(m_codec, "conversation", id);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            HEARTH_TRY(texts[i], text(sealed, kColumns[i], std::move(texts[i])));
        }
        HEARTH_CHECK(putConversation(id, numbers, trashed, leaf, std::move(texts)));
        return true;
    }

    Result<void> makeUp(RowId id, std::int64_t createdMs) {
        const Sealed sealed(m_codec, "conversation", id);
        std::array<std::string, 4> texts;
        HEARTH_TRY(texts[0], sealed.seal("title", ""));
        HEARTH_TRY(texts[1], sealed.seal("model_path", ""));
        HEARTH_TRY(texts[2], sealed.seal("system_prompt", ""));
        HEARTH_TRY(texts[3], sealed.seal("parameters", ""));
        ++m_count.madeUp;
        return putConversation(id, {1, id, createdMs, createdMs}, std::nullopt, std::nullopt,
                               std::move(texts));
    }

    Result<bool> message(RowId id) {
        static constexpr std::array<const char*, 5> kColumns = {"model_name", "error_code", "stats",
                                                                "reasoning", "content"};
        std::array<std::int64_t, 4> numbers{}; // conversation, role, state, created_ms
        std::array<std::string, 5> texts;
        RowId parent = 0;
        std::optional<std::int64_t> child;
        bool found = false;
        const auto read = m_in.each(
            "SELECT conversation, role, state, created_ms, parent, active_child, model_name, error_code, "
            "stats, reasoning, content FROM message WHERE id = ?",
            {id}, [&](const Row& row) -> Result<void> {
                found = true;
                for (int i = 0; i < 4; ++i)
                    numbers[static_cast<std::size_t>(i)] = row.integer(i);
                parent = row.integer(4);
                child = row.maybe(5);
                for (int i = 0; i < 5; ++i)
                    texts[static_cast<std::size_t>(i)] = row.bytes(6 + i);
                return {};
            });
        if (!read || !found) {
            m_count.lostRows += !read;
            return false;
        }
        if (numbers[0] < 1 || numbers[1] < 0 || numbers[1] > 2 || numbers[2] < 0 || numbers[2] > 3) {
            ++m_count.lostRows; // the row itself is garbage
            return true;
        }
        const RowId conversation = numbers[0];
        if (!m_conversations.contains(conversation))
            HEARTH_CHECK(makeUp(conversation, numbers[3]));
        const auto above = m_messages.find(parent);
        const bool hasParent = above != m_messages.end() && above->second.conversation == conversation;
        const std::int64_t depth = hasParent ? above->second.depth + 1 : 0;
        const Sealed sealed(m_codec, "message", id);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            HEARTH_TRY(texts[i], text(sealed, kColumns[i], std::move(texts[i])));
        }
        HEARTH_CHECK(m_out.run("INSERT INTO message (id, conversation, parent, depth, active_child, role, "
                               "state, created_ms, model_name, error_code, stats, reasoning, content) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                               {id, conversation, hasParent ? Value(parent) : Value(kNull), depth,
                                child ? Value(*child) : Value(kNull), numbers[1], numbers[2], numbers[3],
                                texts[0], texts[1], texts[2], texts[3], texts[4]}));
        ++m_count.messages;
        m_messages[id] = {conversation, depth};
        m_conversations[conversation] = id;
        return true;
    }

    /// What pointed at rows that are lost points at the newest message that is there.
    Result<void> repairTree() {
        HEARTH_CHECK(m_out.run("UPDATE message SET active_child = NULL WHERE active_child IS NOT NULL AND "
                               "NOT EXISTS (SELECT 1 FROM message c WHERE c.id = message.active_child AND "
                               "c.parent = message.id)"));
        return m_out.run(
            "UPDATE conversation SET active_leaf = (SELECT max(m.id) FROM message m WHERE m.conversation = "
            "conversation.id) WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.id = "
            "conversation.active_leaf AND m.conversation = conversation.id)");
    }

    /// Drafts and settings: as far as they can be read in order.
    Result<void> notes() {
        struct Note {
            RowId profile, conversation;
            std::string key, bytes;
        };
        std::vector<Note> drafts, settings;
        const auto draftsRead =
            m_in.each("SELECT profile, conversation, content FROM draft", {}, [&](const Row& row) {
                drafts.push_back({row.integer(0), row.integer(1), {}, row.bytes(2)});
                return Result<void>();
            });
        const auto settingsRead =
            m_in.each("SELECT profile, key, value FROM setting", {}, [&](const Row& row) {
                settings.push_back({row.integer(0), 0, row.bytes(1), row.bytes(2)});
                return Result<void>();
            });
        m_count.lostRows += !draftsRead + !settingsRead;
        for (const Note& note : drafts)
            if (Sealed(m_codec, "draft", note.conversation).open("content", note.bytes))
                HEARTH_CHECK(m_out.run("INSERT OR IGNORE INTO draft (profile, conversation, content) SELECT "
                                       "id, ?, ? FROM profile WHERE id = ?",
                                       {note.conversation, note.bytes, note.profile}));
        for (const Note& note : settings)
            if (Sealed(m_codec, "setting", note.profile).open(note.key, note.bytes))
                HEARTH_CHECK(m_out.run("INSERT OR IGNORE INTO setting (profile, key, value) SELECT id, "
                                       "CAST(? AS TEXT), ? FROM profile WHERE id = ?",
                                       {std::string_view(note.key), note.bytes, note.profile}));
        return {};
    }

    struct Kept {
        RowId conversation = 0;
        std::int64_t depth = 0;
    };
    Connection &m_in, &m_out;
    const TextCodec& m_codec;
    std::stop_token m_stop;
    const ProgressSink& m_progress;
    Salvaged m_count;
    std::map<RowId, RowId> m_conversations; ///< id → newest message
    std::map<RowId, Kept> m_messages;
};

/// With its log where that can be read, without it otherwise.
Result<std::unique_ptr<Connection>> openDamaged(const fs::path& file) {
    for (const auto mode : {Connection::Mode::ReadOnly, Connection::Mode::Immutable}) {
        auto connection = Connection::open(file, mode);
        if (connection && (*connection)->integer("SELECT count(*) FROM sqlite_schema"))
            return connection;
        if (mode == Connection::Mode::Immutable && !connection)
            return connection;
    }
    return fail("store.nothing_salvaged", file.string() + ": its first page cannot be read");
}

} // namespace

Result<Salvaged> salvage(const fs::path& from, const TextCodec& codec, const fs::path& to,
                         std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const fs::path source, resolve(from));
    HEARTH_TRY(const fs::path target, resolve(to));
    return makeDatabase(target, ".salvaging", [&](const fs::path& made) -> Result<Salvaged> {
        HEARTH_TRY(const auto in, openDamaged(source));
        HEARTH_TRY(const auto out, openDatabase(made, migrations(), {}));
        HEARTH_CHECK(checkSealMark(*out, codec.keyId()));
        Salvaged found;
        HEARTH_CHECK(out->transaction([&]() -> Result<void> {
            HEARTH_TRY(found, Salvage(*in, *out, codec, stop, progress).run());
            return {};
        }));
        HEARTH_CHECK(out->run("PRAGMA wal_checkpoint(TRUNCATE)"));
        return found;
    });
}

} // namespace hearth::store
