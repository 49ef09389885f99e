#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/crypto/signature.h"
#include "engine/security/identity/roles.h"

namespace hearth::security {

enum class Outcome {
    Done,
    Refused, ///< not allowed, a wrong password …
    Failed   ///< allowed, but it did not work
};
/// "done", "refused", "failed".
[[nodiscard]] std::string_view nameOf(Outcome outcome);

/// Who did what, and how it ended; never content. People are numbers here, so that erasing a person need not
/// touch the log.
struct AuditEvent {
    ProfileId actor = 0; ///< 0 = the single person, or nobody (a failed sign-in)
    std::string action;  ///< "sign-in", "model.use", "profile.change": words and dots
    std::string object;  ///< "profile 3", "model /path/x.gguf"; "" = none
    Outcome outcome = Outcome::Done;
    std::string reason; ///< an error's code where it did not end well
};

struct AuditEntry {
    std::int64_t number = 0; ///< 1, 2, 3 … without gaps
    std::int64_t timeMs = 0; ///< Unix time, UTC
    AuditEvent event;
    std::string hash; ///< 64 hex digits
};

struct AuditFilter {
    std::optional<ProfileId> actor;
    std::optional<Outcome> outcome;
    std::string action; ///< entries whose action begins with it; "" = all
    std::optional<std::int64_t> fromMs, untilMs;
};

/// One thing that is wrong with the log. Codes: audit.entry_changed, audit.entry_missing, audit.entry_foreign
/// (not signed by this installation), audit.tail_cut (args from, to), audit.head_missing, audit.head_changed,
/// audit.head_behind.
struct AuditProblem {
    std::string code;
    std::int64_t number = 0; ///< the entry, where one can be named
    std::string detail;
};

struct AuditReport {
    std::int64_t entries = 0;
    std::string lastHash;
    std::vector<AuditProblem> problems; ///< at most kMostProblems
    /// The last entry was written but not yet signed as the head when the program ended; not a problem.
    bool headWasCatchingUp = false;
    static constexpr std::size_t kMostProblems = 100;
    [[nodiscard]] bool intact() const { return problems.empty(); }
};

enum class AuditFormat { Csv, Json };

struct AuditFiles {
    std::filesystem::path database; ///< audit.db
    std::filesystem::path head;     ///< kept apart
};

/// The audit log: entries chained by SHA-256 and each signed (Ed25519), in SQLite; the head (how many, the
/// last hash) is signed in a file of its own. An edited, deleted, inserted or moved entry breaks the chain
/// there; a cut tail disagrees with the head. Whoever has the installation's signing key can write another
/// log; an exported head or log kept elsewhere shows that too.
///
/// Several processes may append. Confined to the thread that opened it; needs a QCoreApplication.
class AuditLog {
public:
    /// Opening checks nothing but the file itself: a damaged chain must not stop the program from noting what
    /// happens next. Errors: those of History::open() for the file.
    [[nodiscard]] static Result<std::unique_ptr<AuditLog>>
    open(AuditFiles files, const SigningKey& installation, std::function<std::int64_t()> clock = {});
    ~AuditLog();

    /// On disk, head included, when it returns. Errors: audit.bad_event (longer than 4096 bytes, control
    /// characters), store.*, file.*.
    [[nodiscard]] Result<std::int64_t> append(const AuditEvent& event);
    /// Newest first.
    [[nodiscard]] Result<std::vector<AuditEntry>> list(const AuditFilter& filter, std::size_t offset,
                                                       std::size_t limit);
    [[nodiscard]] Result<std::int64_t> count(const AuditFilter& filter);
    /// Reads everything. Errors: base.cancelled, store.*, file.*; what is wrong with the log is in the
    /// report.
    [[nodiscard]] Result<AuditReport> verify(std::stop_token stop = {}, const ProgressSink& progress = {});
    /// Oldest first. CSV: RFC 4180 with a header line; cells that a spreadsheet would take for a formula
    /// begin with an apostrophe. JSON: an object with "format": "hearth-audit", "version": 1, "public_key",
    /// "entries". Errors: store.*, base.cancelled, those of the sink.
    [[nodiscard]] Result<void> exportEntries(const AuditFilter& filter, AuditFormat format,
                                             const std::function<Result<void>(std::string_view)>& sink,
                                             std::stop_token stop = {});

private:
    AuditLog();
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// "2026-01-31T18:45:00.123Z".
[[nodiscard]] std::string utcText(std::int64_t unixMs);

} // namespace hearth::security
