#include "engine/security/audit/audit_log.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/base/utc_time.h"
#include "engine/security/audit/audit_record.h"
#include "engine/security/crypto/kept_apart.h"
#include "engine/store/connection.h"
#include "engine/store/file_care.h"

namespace hearth::security {

namespace {

constexpr std::array<std::string_view, 4> kVersion1 = {
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
    "INSERT INTO meta (key, value) VALUES ('database_id', randomblob(16)), ('last_write', x'')",
    "CREATE TABLE entry (number INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, actor INTEGER NOT NULL, "
    "outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2), action BLOB NOT NULL, object BLOB NOT NULL, "
    "reason BLOB NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
    "CREATE INDEX entry_actor ON entry (actor)",
};
constexpr std::array<store::Migration, 1> kMigrations = {store::Migration{1, kVersion1}};

constexpr std::string_view kColumns =
    "SELECT number, time_ms, actor, outcome, action, object, reason, hash, signature FROM entry ";
// Empty conditions are NULL. Each parameter stands once: Qt counts them by their marks.
constexpr std::string_view kCondition =
    ", (SELECT ? AS a, ? AS o, ? AS f, ? AS u, ? AS p) WHERE (a IS NULL OR actor = a) AND "
    "(o IS NULL OR outcome = o) AND (f IS NULL OR time_ms >= f) AND (u IS NULL OR time_ms < u) AND "
    "substr(action, 1, length(p)) = p ";

struct StoredEntry {
    AuditEntry entry;
    std::string hash, signature;
};

StoredEntry readEntry(const store::Row& row) {
    StoredEntry out;
    AuditEntry& entry = out.entry;
    entry.number = row.integer(0);
    entry.timeMs = row.integer(1);
    entry.event.actor = row.integer(2);
    entry.event.outcome = static_cast<Outcome>(std::clamp<std::int64_t>(row.integer(3), 0, 2));
    entry.event.action = row.bytes(4);
    entry.event.object = row.bytes(5);
    entry.event.reason = row.bytes(6);
    out.hash = row.bytes(7);
    out.signature = row.bytes(8);
    entry.hash = toHex(viewOf(out.hash));
    return out;
}

template <class T>
store::Value valueOf(const std::optional<T>& number) {
    return number ? store::Value(static_cast<std::int64_t>(*number)) : store::Value(store::kNull);
}

bool isPlain(std::string_view text) {
    return text.size() <= 4096 && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

bool isSigned(const StoredEntry& stored, const PublicKey& key) {
    Signature signature{};
    if (stored.signature.size() != signature.size())
        return false;
    std::copy_n(viewOf(stored.signature).begin(), signature.size(), signature.begin());
    return verifySignature(key, viewOf(signedText(viewOf(stored.hash))), signature).has_value();
}

} // namespace

struct AuditLog::Impl {
    AuditFiles files;
    SigningKey key;
    std::function<std::int64_t()> clock;
    std::unique_ptr<store::Connection> connection;

    Result<void> eachEntry(std::string_view order, const AuditFilter& filter, std::int64_t limit,
                           std::int64_t offset, const std::function<Result<void>(StoredEntry)>& visit) {
        const std::string sql = std::string(kColumns) + std::string(kCondition) + std::string(order);
        return connection->each(sql,
                                {valueOf(filter.actor), valueOf(filter.outcome), valueOf(filter.fromMs),
                                 valueOf(filter.untilMs), filter.action, limit, offset},
                                [&](const store::Row& row) { return visit(readEntry(row)); });
    }
};

AuditLog::AuditLog() = default;
AuditLog::~AuditLog() = default;

Result<std::unique_ptr<AuditLog>> AuditLog::open(AuditFiles files, const SigningKey& installation,
                                                 std::function<std::int64_t()> clock) {
    HEARTH_TRY(auto connection, store::openShared(files.database, kMigrations));
    HEARTH_TRY(SigningKey key, SigningKey::fromSeed(installation.seed()));
    std::unique_ptr<AuditLog> out(new AuditLog);
    out->m_impl.reset(new Impl{std::move(files), std::move(key), std::move(clock), std::move(connection)});
    return out;
}

Result<std::int64_t> AuditLog::append(const AuditEvent& event) {
    Impl& impl = *m_impl;
    if (event.action.empty() || !isPlain(event.action) || !isPlain(event.object) || !isPlain(event.reason))
        return fail("audit.bad_event", "an entry is short text without control characters");
    // Until the head is written: heads must appear in the order of their entries.
    HEARTH_TRY(const HeldLock lock, HeldLock::wait(impl.files.head));
    AuditEntry entry;
    entry.event = event;
    AuditHead head;
    const auto work = [&]() -> Result<void> {
        std::string before(head.hash.size(), '\0');
        HEARTH_CHECK(impl.connection->each("SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1", {},
                                           [&](const store::Row& row) -> Result<void> {
                                               entry.number = row.integer(0);
                                               before = row.bytes(1);
                                               return {};
                                           }));
        // After a cut tail numbers go on where the head says, so that the hole stays visible for ever.
        HEARTH_TRY(const auto kept, readSmallFile(impl.files.head));
        if (kept)
            if (const auto known = parseHead(*kept, impl.key.publicKey());
                known && known->count > entry.number) {
                entry.number = known->count;
                before = textOf(known->hash);
            }
        entry.timeMs = impl.clock ? impl.clock() : unixMsNow();
        ++entry.number;
        HEARTH_TRY(head.hash, hashOf(entry, viewOf(before)));
        head.count = entry.number;
        HEARTH_TRY(const Signature signature, impl.key.sign(viewOf(signedText(head.hash))));
        return impl.connection->run(
            "INSERT INTO entry (number, time_ms, actor, outcome, action, object, reason, "
            "hash, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            {entry.number, entry.timeMs, event.actor, std::int64_t(event.outcome), event.action, event.object,
             event.reason, textOf(head.hash), textOf(signature)});
    };
    HEARTH_CHECK(impl.connection->transaction(work));
    HEARTH_TRY(const std::string text, headText(head, impl.key));
    HEARTH_CHECK(writeSmallFile(impl.files.head, text));
    return entry.number;
}

Result<std::vector<AuditEntry>> AuditLog::list(const AuditFilter& filter, std::size_t offset,
                                               std::size_t limit) {
    std::vector<AuditEntry> out;
    constexpr std::size_t kMost = std::size_t{1} << 40;
    HEARTH_CHECK(m_impl->eachEntry(
        "ORDER BY number DESC LIMIT ? OFFSET ?", filter, static_cast<std::int64_t>(std::min(limit, kMost)),
        static_cast<std::int64_t>(std::min(offset, kMost)), [&](StoredEntry stored) -> Result<void> {
            out.push_back(std::move(stored.entry));
            return {};
        }));
    return out;
}

Result<std::int64_t> AuditLog::count(const AuditFilter& filter) {
    const std::string sql = "SELECT count(*) FROM entry " + std::string(kCondition);
    return m_impl->connection
        ->integer(sql, {valueOf(filter.actor), valueOf(filter.outcome), valueOf(filter.fromMs),
                        valueOf(filter.untilMs), filter.action})
        .map([](const auto& n) { return n.value_or(0); });
}

Result<AuditReport> AuditLog::verify(std::stop_token stop, const ProgressSink& progress) {
    Impl& impl = *m_impl;
    HEARTH_TRY(const HeldLock lock, HeldLock::wait(impl.files.head));
    AuditReport report;
    const auto found = [&report](const char* code, std::int64_t number, std::string detail) {
        if (report.problems.size() < AuditReport::kMostProblems)
            report.problems.push_back({code, number, std::move(detail)});
    };
    HEARTH_TRY(const std::int64_t total, count({}));
    HEARTH_TRY(const auto kept, readSmallFile(impl.files.head));
    const auto head = kept ? parseHead(*kept, impl.key.publicKey()) : std::nullopt;
    std::string before(std::tuple_size_v<Digest>, '\0'), hashAtHead;
    std::int64_t number = 0;
    const auto visit = [&](const StoredEntry& stored) -> Result<void> {
        if (stop.stop_requested())
            return fail(kCancelled, "stopped");
        const AuditEntry& entry = stored.entry;
        if (entry.number != number + 1) {
            const std::int64_t last = entry.number - 1;
            found("audit.entry_missing", number + 1,
                  "entries " + std::to_string(number + 1) + " to " + std::to_string(last) + " are missing");
        }
        HEARTH_TRY(const Digest expected, hashOf(entry, viewOf(before)));
        // Behind a hole the hash before is gone; the signature still tells whether the entry is as it was
        // written.
        const bool whole = textOf(expected) == stored.hash || entry.number != number + 1;
        if (!whole)
            found("audit.entry_changed", entry.number,
                  "the entry does not fit its hash and the entry before it");
        else if (!isSigned(stored, impl.key.publicKey()))
            found("audit.entry_foreign", entry.number, "the entry was not signed by this installation");
        number = entry.number;
        before = stored.hash;
        if (head && number == head->count)
            hashAtHead = stored.hash;
        ++report.entries;
        if (progress && report.entries % 256 == 0)
            progress({"audit.verify", static_cast<std::uint64_t>(report.entries),
                      static_cast<std::uint64_t>(total)});
        return {};
    };
    HEARTH_CHECK(impl.eachEntry("ORDER BY number LIMIT ? OFFSET ?", {}, -1, 0, visit));
    report.lastHash = toHex(viewOf(before));
    if (!kept) {
        if (number > 0)
            found("audit.head_missing", 0, impl.files.head.string() + " is gone: a cut tail would not show");
    } else if (!head) {
        found("audit.head_changed", 0, impl.files.head.string() + " was not signed by this installation");
    } else if (number < head->count) {
        found("audit.tail_cut", number + 1,
              "entries " + std::to_string(number + 1) + " to " + std::to_string(head->count) +
                  " were cut off");
    } else if (hashAtHead != textOf(head->hash) && head->count > 0) {
        found("audit.entry_changed", head->count, "the entry is not the one that the head was signed for");
    } else if (number == head->count + 1) {
        report.headWasCatchingUp = true;
    } else if (number > head->count) {
        found("audit.head_behind", head->count + 1,
              "the head was signed for " + std::to_string(head->count) + " entries, there are " +
                  std::to_string(number));
    }
    return report;
}

Result<void> AuditLog::exportEntries(const AuditFilter& filter, AuditFormat format,
                                     const std::function<Result<void>(std::string_view)>& sink,
                                     std::stop_token stop) {
    const bool json = format == AuditFormat::Json;
    HEARTH_CHECK(sink(json ? "{\"format\":\"hearth-audit\",\"version\":1,\"public_key\":\"" +
                                 toHex(m_impl->key.publicKey()) + "\",\"entries\":["
                           : "number,time,actor,action,object,outcome,reason,hash\r\n"));
    bool first = true;
    HEARTH_CHECK(m_impl->eachEntry("ORDER BY number LIMIT ? OFFSET ?", filter, -1, 0,
                                   [&](const StoredEntry& stored) -> Result<void> {
                                       if (stop.stop_requested())
                                           return fail(kCancelled, "stopped");
                                       const char* between = json ? (first ? "\n" : ",\n") : "";
                                       first = false;
                                       return sink(between + auditLine(stored.entry, format));
                                   }));
    return json ? sink("\n]}\n") : Result<void>();
}

} // namespace hearth::security
