#include "engine/store/reseal.h"

#include <array>
#include <span>
#include <string>
#include <vector>

#include "engine/base/content_hash.h"
#include "engine/store/file_lock.h"
#include "engine/store/inspect.h"
#include "engine/store/schema.h"
#include "engine/store/sealed.h"

namespace hearth::store {

namespace {

namespace fs = std::filesystem;

/// A table with texts: its plain columns first. What a text is sealed under: table, row, column; a setting's
/// column is its key (see notes.cpp).
struct Table {
    const char* name;
    const char* select; ///< row of the context, plain columns, texts; parents before children
    int plain;          ///< columns copied as they are, the first being part of the key
    std::array<const char*, 5> texts;
    int textCount;
    const char* insert;
};
constexpr std::array<Table, 4> kTables = {
    Table{"conversation",
          "SELECT id, id, profile, activity, created_ms, updated_ms, trashed_ms, active_leaf, title, "
          "model_path, "
          "system_prompt, parameters FROM conversation ORDER BY id",
          7,
          {"title", "model_path", "system_prompt", "parameters"},
          4,
          "INSERT INTO conversation (id, profile, activity, created_ms, updated_ms, trashed_ms, active_leaf, "
          "title, "
          "model_path, system_prompt, parameters) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    Table{"message",
          "SELECT id, id, conversation, parent, depth, active_child, role, state, created_ms, model_name, "
          "error_code, "
          "stats, reasoning, content FROM message ORDER BY id",
          8,
          {"model_name", "error_code", "stats", "reasoning", "content"},
          5,
          "INSERT INTO message (id, conversation, parent, depth, active_child, role, state, created_ms, "
          "model_name, "
          "error_code, stats, reasoning, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    Table{"draft",
          "SELECT conversation, profile, conversation, content FROM draft ORDER BY profile, conversation",
          2,
          {"content"},
          1,
          "INSERT INTO draft (profile, conversation, content) VALUES (?, ?, ?)"},
    Table{"setting",
          "SELECT profile, profile, key, value FROM setting ORDER BY profile, key",
          1,
          {},
          1,
          "INSERT INTO setting (profile, key, value) VALUES (?, CAST(? AS TEXT), ?)"},
};

/// SHA-256 over texts, each behind its length.
class Fingerprint {
public:
    void add(std::string_view text) {
        std::array<unsigned char, 8> size{};
        for (std::size_t i = 0; i < size.size(); ++i)
            size[i] = static_cast<unsigned char>(std::uint64_t{text.size()} >> (8 * i));
        m_hash.add(std::as_bytes(std::span(size)));
        m_hash.add(std::as_bytes(std::span(text)));
    }
    [[nodiscard]] std::string hex() { return m_hash.hex(); } ///< ends it

private:
    ContentHash m_hash;
};

/// Under which the fingerprint of what a history was made from is kept, and sealed.
constexpr const char* kOrigin = "resealed_from";

struct Walk {
    const std::stop_token& stop;
    const ProgressSink& progress;
    std::string_view phase;
    std::uint64_t total = 0;
    Resealed count = {};
    Fingerprint fingerprint = {};
};

using Visit =
    std::function<Result<void>(const Table&, const Row&, const Sealed&, const std::vector<std::string>&)>;

std::string columnName(const Table& table, const Row& row, int text) {
    return table.textCount == 1 && std::string_view(table.name) == "setting"
               ? row.bytes(2)
               : std::string(table.texts[static_cast<std::size_t>(text)]);
}

int firstText(const Table& table) {
    return std::string_view(table.name) == "setting" ? 3 : 1 + table.plain;
}

/// Every row of every table with its texts opened.
Result<void> walk(Connection& connection, const TextCodec& codec, Walk& state, const Visit& visit) {
    for (const Table& table : kTables) {
        const auto onRow = [&](const Row& row) -> Result<void> {
            if (state.stop.stop_requested())
                return fail(kCancelled, "stopped");
            const Sealed sealed(codec, table.name, row.integer(0));
            std::vector<std::string> texts;
            for (int i = 0; i < table.textCount; ++i) {
                HEARTH_TRY(auto text,
                           sealed.open(columnName(table, row, i), row.bytes(firstText(table) + i)));
                state.fingerprint.add(text);
                texts.push_back(std::move(text));
                ++state.count.texts;
            }
            for (int i = 1; i < firstText(table); ++i)
                state.fingerprint.add(row.isNull(i) ? std::string("null") : row.bytes(i));
            const std::string_view name(table.name);
            state.count.conversations += name == "conversation";
            state.count.messages += name == "message";
            if (state.progress && state.count.texts % 512 == 0)
                state.progress({state.phase, state.count.messages, state.total});
            return visit(table, row, sealed, texts);
        };
        HEARTH_CHECK(connection.each(table.select, {}, onRow));
    }
    return {};
}

Result<void> insertRow(Connection& to, const Table& table, const Row& row,
                       const std::vector<std::string>& texts) {
    const auto number = [&row](int column) {
        const auto value = row.maybe(column);
        return value ? Value(*value) : Value(kNull);
    };
    const std::string_view name(table.name);
    if (name == "conversation")
        return to.run(table.insert, {number(1), number(2), number(3), number(4), number(5), number(6),
                                     number(7), texts[0], texts[1], texts[2], texts[3]});
    if (name == "message")
        return to.run(table.insert, {number(1), number(2), number(3), number(4), number(5), number(6),
                                     number(7), number(8), texts[0], texts[1], texts[2], texts[3], texts[4]});
    if (name == "draft")
        return to.run(table.insert, {number(1), number(2), texts[0]});
    const std::string key = row.bytes(2);
    return to.run(table.insert, {number(1), key, texts[0]});
}

/// Ids are never used twice, also not those of rows that are gone: texts are sealed under them.
Result<void> copyRest(Connection& from, Connection& to) {
    HEARTH_CHECK(from.each("SELECT id, created_ms, name FROM profile WHERE id > 1 ORDER BY id", {},
                           [&](const Row& row) {
                               const std::string name = row.bytes(2);
                               return to.run("INSERT INTO profile (id, created_ms, name) VALUES (?, ?, ?)",
                                             {row.integer(0), row.integer(1), name});
                           }));
    return {};
}

Result<void> copySequences(Connection& from, Connection& to) {
    for (const char* table : {"conversation", "message", "profile"}) {
        HEARTH_TRY(const auto last,
                   from.integer("SELECT seq FROM sqlite_sequence WHERE name = CAST(? AS TEXT)",
                                {std::string_view(table)}));
        if (!last)
            continue;
        HEARTH_CHECK(
            to.run("DELETE FROM sqlite_sequence WHERE name = CAST(? AS TEXT)", {std::string_view(table)}));
        HEARTH_CHECK(to.run("INSERT INTO sqlite_sequence (name, seq) VALUES (CAST(? AS TEXT), ?)",
                            {std::string_view(table), *last}));
    }
    return {};
}

Result<void> noVisit(const Table&, const Row&, const Sealed&, const std::vector<std::string>&) {
    return {};
}

} // namespace

Result<void> checkSealMark(Connection& connection, std::string_view keyId) {
    HEARTH_TRY(const auto mark, connection.bytes("SELECT value FROM meta WHERE key = 'sealed_by'"));
    if (mark.value_or("") == keyId)
        return {};
    if (mark)
        return keyId.empty()
                   ? fail("vault.sealed", "the texts of this history are sealed; sign in to open it")
                   : fail("vault.other_key", "this history was sealed with another key");
    HEARTH_TRY(const auto rows,
               connection.integer("SELECT EXISTS (SELECT 1 FROM conversation) + "
                                  "EXISTS (SELECT 1 FROM draft) + EXISTS (SELECT 1 FROM setting)"));
    if (rows.value_or(0) != 0)
        return fail("vault.not_sealed", "the texts of this history are not sealed yet");
    return connection.transaction(
        [&] { return connection.run("INSERT INTO meta (key, value) VALUES ('sealed_by', ?)", {keyId}); });
}

Result<Resealed> resealHistory(const fs::path& from, const TextCodec& fromCodec, const fs::path& to,
                               const TextCodec& toCodec, std::stop_token stop, const ProgressSink& progress,
                               Existing existing) {
    HEARTH_TRY(const fs::path source, resolve(from));
    HEARTH_TRY(const fs::path target, resolve(to));
    HEARTH_TRY(const FileLock sourceLock, FileLock::acquire(source));
    HEARTH_TRY(const FileLock targetLock, FileLock::acquire(target));
    const auto fill = [&](const fs::path& made) -> Result<Resealed> {
        HEARTH_TRY(const auto in, openDatabase(source, migrations(), {}));
        HEARTH_CHECK(checkSealMark(*in, fromCodec.keyId()));
        HEARTH_TRY(const auto out, openDatabase(made, migrations(), {}));
        HEARTH_CHECK(checkSealMark(*out, toCodec.keyId()));
        HEARTH_TRY(const auto messages, in->integer("SELECT count(*) FROM message"));
        const auto total = static_cast<std::uint64_t>(messages.value_or(0));
        Walk reading{stop, progress, "vault.seal", total};
        const auto sealRow = [&](const Table& table, const Row& row, const Sealed&,
                                 const std::vector<std::string>& texts) -> Result<void> {
            const Sealed sealed(toCodec, table.name, row.integer(0));
            std::vector<std::string> out2;
            for (int i = 0; i < table.textCount; ++i) {
                HEARTH_TRY(auto text,
                           sealed.seal(columnName(table, row, i), texts[static_cast<std::size_t>(i)]));
                out2.push_back(std::move(text));
            }
            return insertRow(*out, table, row, out2);
        };
        std::string origin;
        const auto work = [&]() -> Result<void> {
            HEARTH_CHECK(copyRest(*in, *out));
            HEARTH_CHECK(walk(*in, fromCodec, reading, sealRow));
            HEARTH_CHECK(copySequences(*in, *out));
            origin = reading.fingerprint.hex();
            HEARTH_TRY(const std::string sealed, Sealed(toCodec, "meta", 0).seal(kOrigin, origin));
            return out->run("INSERT INTO meta (key, value) VALUES (CAST(? AS TEXT), ?)",
                            {std::string_view(kOrigin), sealed});
        };
        HEARTH_CHECK(out->transaction(work));
        Walk checking{stop, progress, "vault.check", total};
        HEARTH_CHECK(walk(*out, toCodec, checking, noVisit));
        if (checking.fingerprint.hex() != origin || checking.count.texts != reading.count.texts)
            return fail("vault.copy_differs", "the sealed copy does not read like the original");
        HEARTH_CHECK(out->run("PRAGMA wal_checkpoint(TRUNCATE)"));
        return reading.count;
    };
    return makeDatabase(target, ".resealing", fill, existing);
}

namespace {

/// The file, its lock and its connection, opened as it is sealed.
struct Opened {
    FileLock lock;
    std::unique_ptr<Connection> connection;
};
Result<Opened> openSealed(const fs::path& file, const TextCodec& codec) {
    HEARTH_TRY(const fs::path real, resolve(file));
    HEARTH_TRY(auto lock, FileLock::acquire(real));
    HEARTH_TRY(auto connection, openDatabase(real, migrations(), {}));
    HEARTH_CHECK(checkSealMark(*connection, codec.keyId()));
    return Opened{std::move(lock), std::move(connection)};
}

Result<std::optional<std::string>> sealedOrigin(Connection& connection) {
    return connection.bytes("SELECT value FROM meta WHERE key = CAST(? AS TEXT)",
                            {std::string_view(kOrigin)});
}

} // namespace

Result<bool> isResealedFrom(const fs::path& to, const TextCodec& toCodec, const fs::path& from,
                            const TextCodec& fromCodec, std::stop_token stop) {
    HEARTH_TRY(const auto made, openSealed(to, toCodec));
    HEARTH_TRY(const auto sealed, sealedOrigin(*made.connection));
    if (!sealed)
        return false;
    HEARTH_TRY(const std::string origin, Sealed(toCodec, "meta", 0).open(kOrigin, *sealed));
    HEARTH_TRY(const auto source, openSealed(from, fromCodec));
    const ProgressSink nobody;
    Walk reading{stop, nobody, {}};
    HEARTH_CHECK(walk(*source.connection, fromCodec, reading, noVisit));
    return reading.fingerprint.hex() == origin;
}

Result<void> forgetResealedFrom(const fs::path& to, const TextCodec& toCodec) {
    HEARTH_TRY(const auto made, openSealed(to, toCodec));
    HEARTH_TRY(const auto sealed, sealedOrigin(*made.connection));
    if (!sealed)
        return {};
    return made.connection->transaction([&] {
        return made.connection->run("DELETE FROM meta WHERE key = CAST(? AS TEXT)",
                                    {std::string_view(kOrigin)});
    });
}

} // namespace hearth::store
