#include "engine/store/conversations.h"

#include <algorithm>

#include "engine/store/fold.h"
#include "engine/store/sealed.h"

namespace hearth::store {

namespace {

// There is one profile until people can have accounts; every statement names it already.
#define HEARTH_CONVERSATION_COLUMNS                                                                          \
    "SELECT c.id, c.created_ms, c.updated_ms, c.trashed_ms, c.active_leaf, l.depth + 1, c.title, "           \
    "c.model_path, c.system_prompt, c.parameters FROM conversation c LEFT JOIN message l ON l.id = "         \
    "c.active_leaf "

constexpr std::string_view kGet = HEARTH_CONVERSATION_COLUMNS "WHERE c.id = ?";
constexpr std::string_view kListKept = HEARTH_CONVERSATION_COLUMNS
    "WHERE c.profile = 1 AND c.trashed_ms IS NULL ORDER BY c.activity DESC LIMIT ? OFFSET ?";
constexpr std::string_view kListTrashed = HEARTH_CONVERSATION_COLUMNS
    "WHERE c.profile = 1 AND c.trashed_ms IS NOT NULL ORDER BY c.activity DESC LIMIT ? OFFSET ?";
constexpr std::string_view kTitlesKept =
    "SELECT id, title FROM conversation WHERE profile = 1 AND trashed_ms IS NULL ORDER BY activity DESC";
constexpr std::string_view kTitlesTrashed =
    "SELECT id, title FROM conversation WHERE profile = 1 AND trashed_ms IS NOT NULL ORDER BY activity DESC";
constexpr std::string_view kCountKept =
    "SELECT count(*) FROM conversation WHERE profile = 1 AND trashed_ms IS NULL";
constexpr std::string_view kCountTrashed =
    "SELECT count(*) FROM conversation WHERE profile = 1 AND trashed_ms IS NOT NULL";
constexpr std::string_view kNextActivity = "(SELECT coalesce(max(activity), 0) + 1 FROM conversation)";

constexpr const char* kTable = "conversation";

} // namespace

Result<Conversation> Conversations::read(const Row& row) const {
    Conversation out;
    out.id = row.integer(0);
    const Sealed sealed(m_codec, kTable, out.id);
    out.createdMs = row.integer(1);
    out.updatedMs = row.integer(2);
    out.trashedMs = row.maybe(3);
    out.activeLeaf = row.integer(4);
    out.messageCount = row.integer(5);
    HEARTH_TRY(out.title, sealed.open("title", row.bytes(6)));
    HEARTH_TRY(out.modelPath, sealed.open("model_path", row.bytes(7)));
    HEARTH_TRY(out.systemPrompt, sealed.open("system_prompt", row.bytes(8)));
    HEARTH_TRY(out.parametersJson, sealed.open("parameters", row.bytes(9)));
    return out;
}

Result<std::vector<RowId>> Conversations::matching(bool trashed, const std::string& titleContains) {
    const std::string needle = foldForSearch(titleContains);
    std::vector<RowId> out;
    const auto onRow = [&](const Row& row) -> Result<void> {
        const RowId id = row.integer(0);
        HEARTH_TRY(const std::string title, Sealed(m_codec, kTable, id).open("title", row.bytes(1)));
        if (foldForSearch(title).find(needle) != std::string::npos)
            out.push_back(id);
        return {};
    };
    HEARTH_CHECK(m_connection.each(trashed ? kTitlesTrashed : kTitlesKept, {}, onRow));
    return out;
}

Result<std::vector<Conversation>> Conversations::list(bool trashed, const std::string& titleContains,
                                                      std::size_t offset, std::size_t limit) {
    std::vector<Conversation> out;
    const auto add = [&](const Row& row) -> Result<void> {
        HEARTH_TRY(auto conversation, read(row));
        out.push_back(std::move(conversation));
        return {};
    };
    constexpr std::size_t kMost = std::size_t{1} << 40; // fits SQLite's signed numbers
    if (titleContains.empty()) {
        HEARTH_CHECK(m_connection.each(trashed ? kListTrashed : kListKept,
                                       {static_cast<std::int64_t>(std::min(limit, kMost)),
                                        static_cast<std::int64_t>(std::min(offset, kMost))},
                                       add));
        return out;
    }
    HEARTH_TRY(const auto ids, matching(trashed, titleContains));
    for (std::size_t i = offset; i < ids.size() && i - offset < limit; ++i)
        HEARTH_CHECK(m_connection.each(kGet, {ids[i]}, add));
    return out;
}

Result<std::size_t> Conversations::count(bool trashed, const std::string& titleContains) {
    if (!titleContains.empty())
        return matching(trashed, titleContains).map([](const auto& ids) { return ids.size(); });
    return m_connection.integer(trashed ? kCountTrashed : kCountKept).map([](const auto& n) {
        return static_cast<std::size_t>(n.value_or(0));
    });
}

Result<Conversation> Conversations::get(RowId id) {
    std::optional<Conversation> out;
    const auto onRow = [&](const Row& row) -> Result<void> {
        HEARTH_TRY(out, read(row));
        return {};
    };
    HEARTH_CHECK(m_connection.each(kGet, {id}, onRow));
    if (!out)
        return notFound("conversation", id);
    return std::move(*out);
}

Result<RowId> Conversations::create(const std::string& title, std::int64_t nowMs) {
    RowId id = 0;
    const auto work = [&]() -> Result<void> {
        // The id is part of what the texts are sealed under, so it is known before the row is.
        HEARTH_TRY(const auto last,
                   m_connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'conversation'"));
        id = last.value_or(0) + 1;
        const Sealed sealed(m_codec, kTable, id);
        HEARTH_TRY(const std::string name, sealed.seal("title", title));
        HEARTH_TRY(const std::string model, sealed.seal("model_path", ""));
        HEARTH_TRY(const std::string prompt, sealed.seal("system_prompt", ""));
        HEARTH_TRY(const std::string parameters, sealed.seal("parameters", ""));
        static const std::string insert =
            "INSERT INTO conversation (id, profile, activity, created_ms, updated_ms, title, model_path, "
            "system_prompt, parameters) VALUES (?, 1, " +
            std::string(kNextActivity) + ", ?, ?, ?, ?, ?, ?)";
        return m_connection.run(insert, {id, nowMs, nowMs, name, model, prompt, parameters});
    };
    HEARTH_CHECK(m_connection.transaction(work));
    return id;
}

Result<void> Conversations::expectOne(RowId id) const {
    if (m_connection.changes() < 1)
        return notFound("conversation", id);
    return {};
}

Result<void> Conversations::rename(RowId id, const std::string& title) {
    HEARTH_TRY(const std::string sealed, Sealed(m_codec, kTable, id).seal("title", title));
    HEARTH_CHECK(m_connection.run("UPDATE conversation SET title = ? WHERE id = ?", {sealed, id}));
    return expectOne(id);
}

Result<void> Conversations::update(const Conversation& conversation) {
    const Sealed sealed(m_codec, kTable, conversation.id);
    HEARTH_TRY(const std::string title, sealed.seal("title", conversation.title));
    HEARTH_TRY(const std::string model, sealed.seal("model_path", conversation.modelPath));
    HEARTH_TRY(const std::string prompt, sealed.seal("system_prompt", conversation.systemPrompt));
    HEARTH_TRY(const std::string parameters, sealed.seal("parameters", conversation.parametersJson));
    HEARTH_CHECK(m_connection.run(
        "UPDATE conversation SET title = ?, model_path = ?, system_prompt = ?, parameters = ? WHERE id = ?",
        {title, model, prompt, parameters, conversation.id}));
    return expectOne(conversation.id);
}

Result<void> Conversations::setTrashed(RowId id, std::optional<std::int64_t> trashedMs) {
    const Value when = trashedMs ? Value(*trashedMs) : Value(kNull);
    HEARTH_CHECK(m_connection.run("UPDATE conversation SET trashed_ms = ? WHERE id = ?", {when, id}));
    return expectOne(id);
}

Result<void> Conversations::purge(RowId id) {
    return m_connection.transaction([&]() -> Result<void> {
        HEARTH_CHECK(m_connection.run("DELETE FROM draft WHERE profile = 1 AND conversation = ?", {id}));
        HEARTH_CHECK(m_connection.run("DELETE FROM message WHERE conversation = ?", {id}));
        HEARTH_CHECK(m_connection.run("DELETE FROM conversation WHERE id = ?", {id}));
        return expectOne(id);
    });
}

Result<std::size_t> Conversations::purgeTrashedBefore(std::int64_t timeMs) {
    std::vector<RowId> ids;
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(m_connection.each(
            "SELECT id FROM conversation WHERE profile = 1 AND trashed_ms IS NOT NULL AND trashed_ms < ?",
            {timeMs}, [&](const Row& row) -> Result<void> {
                ids.push_back(row.integer(0));
                return {};
            }));
        for (const RowId id : ids)
            HEARTH_CHECK(purge(id));
        return {};
    };
    HEARTH_CHECK(m_connection.transaction(work));
    return ids.size();
}

Result<void> Conversations::touch(RowId id, RowId activeLeaf, std::int64_t nowMs) {
    static const std::string sql =
        "UPDATE conversation SET active_leaf = ?, updated_ms = ?, activity = " + std::string(kNextActivity) +
        " WHERE id = ?";
    HEARTH_CHECK(m_connection.run(sql, {activeLeaf, nowMs, id}));
    return expectOne(id);
}

Result<void> Conversations::setActiveLeaf(RowId id, RowId activeLeaf) {
    HEARTH_CHECK(m_connection.run("UPDATE conversation SET active_leaf = ? WHERE id = ?", {activeLeaf, id}));
    return expectOne(id);
}

} // namespace hearth::store
