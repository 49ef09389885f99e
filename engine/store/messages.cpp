#include "engine/store/messages.h"

#include <algorithm>

#include "engine/store/sealed.h"

namespace hearth::store {

namespace {

constexpr const char* kTable = "message";
constexpr std::size_t kMost = std::size_t{1} << 40; // fits SQLite's signed numbers

// Siblings share parent and conversation; IS also joins the roots, whose parent is NULL.
#define HEARTH_MESSAGE_COLUMNS                                                                               \
    "m.id, m.conversation, m.parent, m.role, m.state, m.created_ms, "                                        \
    "(SELECT count(*) FROM message s WHERE s.parent IS m.parent AND s.conversation = m.conversation "        \
    "AND s.id < m.id), "                                                                                     \
    "(SELECT count(*) FROM message s WHERE s.parent IS m.parent AND s.conversation = m.conversation), "      \
    "m.model_name, m.error_code, m.stats, m.reasoning, m.content "

// Walks end even in a damaged tree: depth falls (or rises) by one with every step.
constexpr std::string_view kPath =
    "WITH RECURSIVE up (id, parent, depth) AS ("
    "SELECT id, parent, depth FROM message WHERE id = ? UNION ALL "
    "SELECT m.id, m.parent, m.depth FROM up JOIN message m ON m.id = up.parent "
    "WHERE up.depth > ? AND m.depth = up.depth - 1) "
    "SELECT " HEARTH_MESSAGE_COLUMNS "FROM up JOIN message m ON m.id = up.id "
    "WHERE up.depth >= ? AND up.depth < ? ORDER BY up.depth";
constexpr std::string_view kLastActiveLeaf =
    "WITH RECURSIVE down (id, depth, next) AS ("
    "SELECT id, depth, active_child FROM message WHERE id = ? UNION ALL "
    "SELECT m.id, m.depth, m.active_child FROM down JOIN message m ON m.id = down.next "
    "WHERE m.parent = down.id AND m.depth = down.depth + 1) "
    "SELECT id FROM down ORDER BY depth DESC LIMIT 1";
constexpr std::string_view kRememberWay =
    "WITH RECURSIVE up (id, parent, depth) AS ("
    "SELECT id, parent, depth FROM message WHERE id = ? UNION ALL "
    "SELECT m.id, m.parent, m.depth FROM up JOIN message m ON m.id = up.parent WHERE m.depth = up.depth - 1) "
    "UPDATE message SET active_child = up.id FROM up WHERE message.id = up.parent "
    "AND message.active_child IS NOT up.id";

} // namespace

Result<Message> Messages::read(const Row& row) const {
    Message out;
    out.id = row.integer(0);
    const Sealed sealed(m_codec, kTable, out.id);
    out.conversation = row.integer(1);
    out.parent = row.integer(2);
    out.role = static_cast<Role>(row.integer(3));
    out.state = static_cast<MessageState>(row.integer(4));
    out.createdMs = row.integer(5);
    out.siblingIndex = static_cast<int>(row.integer(6));
    out.siblingCount = static_cast<int>(row.integer(7));
    HEARTH_TRY(out.modelName, sealed.open("model_name", row.bytes(8)));
    HEARTH_TRY(out.errorCode, sealed.open("error_code", row.bytes(9)));
    HEARTH_TRY(out.statsJson, sealed.open("stats", row.bytes(10)));
    HEARTH_TRY(out.reasoning, sealed.open("reasoning", row.bytes(11)));
    HEARTH_TRY(out.content, sealed.open("content", row.bytes(12)));
    return out;
}

Result<Messages::Place> Messages::place(RowId id) {
    std::optional<Place> out;
    HEARTH_CHECK(
        m_connection.each("SELECT id, conversation, parent, depth FROM message WHERE id = ?", {id},
                          [&](const Row& row) -> Result<void> {
                              out = Place{row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
                              return {};
                          }));
    if (!out)
        return notFound("message", id);
    return *out;
}

Result<RowId> Messages::insert(const Message& message, std::int64_t nowMs) {
    std::int64_t depth = 0;
    if (message.parent != 0) {
        const auto parent = place(message.parent);
        if (!parent && parent.error().code != "store.not_found")
            return tl::unexpected<Error>(parent.error());
        if (!parent || parent->conversation != message.conversation)
            return fail("store.bad_parent", "message " + std::to_string(message.parent) +
                                                " is not in conversation " +
                                                std::to_string(message.conversation));
        depth = parent->depth + 1;
    }
    // The id is part of what the texts are sealed under, so it is known before the row is.
    HEARTH_TRY(const auto last,
               m_connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'message'"));
    const RowId id = last.value_or(0) + 1;
    const Sealed sealed(m_codec, kTable, id);
    HEARTH_TRY(const std::string model, sealed.seal("model_name", message.modelName));
    HEARTH_TRY(const std::string error, sealed.seal("error_code", message.errorCode));
    HEARTH_TRY(const std::string stats, sealed.seal("stats", message.statsJson));
    HEARTH_TRY(const std::string reasoning, sealed.seal("reasoning", message.reasoning));
    HEARTH_TRY(const std::string content, sealed.seal("content", message.content));
    const Value parent = message.parent != 0 ? Value(message.parent) : Value(kNull);
    HEARTH_CHECK(m_connection.run(
        "INSERT INTO message (id, conversation, parent, depth, role, state, created_ms, model_name, "
        "error_code, "
        "stats, reasoning, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {id, message.conversation, parent, depth, std::int64_t(message.role), std::int64_t(message.state),
         message.createdMs != 0 ? message.createdMs : nowMs, model, error, stats, reasoning, content}));
    return id;
}

Result<void> Messages::update(const Message& message) {
    const Sealed sealed(m_codec, kTable, message.id);
    HEARTH_TRY(const std::string model, sealed.seal("model_name", message.modelName));
    HEARTH_TRY(const std::string error, sealed.seal("error_code", message.errorCode));
    HEARTH_TRY(const std::string stats, sealed.seal("stats", message.statsJson));
    HEARTH_TRY(const std::string reasoning, sealed.seal("reasoning", message.reasoning));
    HEARTH_TRY(const std::string content, sealed.seal("content", message.content));
    HEARTH_CHECK(
        m_connection.run("UPDATE message SET state = ?, model_name = ?, error_code = ?, stats = ?, "
                         "reasoning = ?, content = ? WHERE id = ?",
                         {std::int64_t(message.state), model, error, stats, reasoning, content, message.id}));
    if (m_connection.changes() < 1)
        return notFound("message", message.id);
    return {};
}

Result<Message> Messages::get(RowId id) {
    std::optional<Message> out;
    const auto onRow = [&](const Row& row) -> Result<void> {
        HEARTH_TRY(out, read(row));
        return {};
    };
    HEARTH_CHECK(
        m_connection.each("SELECT " HEARTH_MESSAGE_COLUMNS "FROM message m WHERE m.id = ?", {id}, onRow));
    if (!out)
        return notFound("message", id);
    return std::move(*out);
}

Result<std::vector<Message>> Messages::path(RowId leaf, std::size_t offset, std::size_t limit) {
    std::vector<Message> out;
    const auto from = static_cast<std::int64_t>(std::min(offset, kMost));
    const auto count = static_cast<std::int64_t>(std::min(limit, kMost));
    const auto onRow = [&](const Row& row) -> Result<void> {
        HEARTH_TRY(auto message, read(row));
        out.push_back(std::move(message));
        return {};
    };
    HEARTH_CHECK(m_connection.each(kPath, {leaf, from, from, from + count}, onRow));
    return out;
}

Result<std::vector<Message>> Messages::all(RowId conversation, RowId after, std::size_t limit) {
    std::vector<Message> out;
    const auto onRow = [&](const Row& row) -> Result<void> {
        HEARTH_TRY(auto message, read(row));
        out.push_back(std::move(message));
        return {};
    };
    HEARTH_CHECK(
        m_connection.each("SELECT " HEARTH_MESSAGE_COLUMNS
                          "FROM message m WHERE m.conversation = ? AND m.id > ? ORDER BY m.id LIMIT ?",
                          {conversation, after, static_cast<std::int64_t>(std::min(limit, kMost))}, onRow));
    return out;
}

Result<RowId> Messages::sibling(const Place& from, int step) {
    if (step == 0)
        return from.id;
    const Value parent = from.parent != 0 ? Value(from.parent) : Value(kNull);
    const std::int64_t skip = (step > 0 ? std::int64_t(step) : -std::int64_t(step)) - 1;
    HEARTH_TRY(const auto found,
               m_connection.integer(step > 0
                                        ? "SELECT id FROM message WHERE parent IS ? AND conversation = ? "
                                          "AND id > ? ORDER BY id LIMIT 1 OFFSET ?"
                                        : "SELECT id FROM message WHERE parent IS ? AND conversation = ? "
                                          "AND id < ? ORDER BY id DESC LIMIT 1 OFFSET ?",
                                    {parent, from.conversation, from.id, skip}));
    if (!found)
        return fail("store.no_such_version", "message " + std::to_string(from.id) + " has no version " +
                                                 std::to_string(step) + " away");
    return *found;
}

Result<RowId> Messages::lastActiveLeaf(RowId id) {
    HEARTH_TRY(const auto leaf, m_connection.integer(kLastActiveLeaf, {id}));
    if (!leaf)
        return notFound("message", id);
    return *leaf;
}

Result<void> Messages::rememberWay(RowId leaf, bool onlyParent) {
    if (onlyParent)
        return m_connection.run("UPDATE message SET active_child = ? "
                                "WHERE id = (SELECT parent FROM message WHERE id = ?)",
                                {leaf, leaf});
    return m_connection.run(kRememberWay, {leaf});
}

Result<std::size_t> Messages::stopStreaming() {
    static_assert(int(MessageState::Streaming) == 1 && int(MessageState::Stopped) == 2);
    HEARTH_CHECK(m_connection.run("UPDATE message SET state = 2 WHERE state = 1"));
    return static_cast<std::size_t>(std::max<std::int64_t>(0, m_connection.changes()));
}

} // namespace hearth::store
