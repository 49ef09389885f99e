#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/privacy/retention.h"
#include "engine/workbench/accounts.h"
#include "engine/workbench/data_paths.h"

namespace hearth::workbench {

/// What rules for how long things stay delete, of every kind but the chats (see security::previewChats()):
/// backups of who asks; counts, log files, measurements and records of jobs of the machine. Files go by being
/// renamed first: a folder that cannot be written to loses nothing, and what a kill leaves is found and
/// removed the next time. Never: the newest backup, the log that is written to, the newest measurement and
/// run of each machine, jobs that are not over, and the audit log, which no rule can touch.
///
/// Confined to the thread of its Accounts, which outlives it. Errors of every call: permission.*, store.*,
/// those of the kind's store (measurement.malformed, runs.malformed, file.*), security::previewOf().
class Retention {
public:
    Retention(Accounts& accounts, DataPaths files, std::function<std::int64_t()> clock = {});

    [[nodiscard]] Result<security::KeptPreview> preview(const Actor& actor, security::Kept kept, int days);
    /// Deletes what was shown, as far as the rule still lets it go, and notes it; returns how much went.
    /// After an error the rest is as it was.
    [[nodiscard]] Result<std::size_t> apply(const Actor& actor, const security::KeptPreview& shown);
    /// What the rules in force let go, without asking again: the kinds of the machine whoever is signed in,
    /// their own as far as they may. A kind that fails keeps none of the others waiting; the first error is
    /// told in the end. Returns how much went of each kind.
    using Removed = security::PerKept<std::size_t>;
    [[nodiscard]] Result<Removed> dailyRound(const Actor& actor, const security::RetentionRules& rules);

private:
    [[nodiscard]] std::int64_t now() const;
    [[nodiscard]] Result<security::KeptPreview> look(const Actor& actor, security::Kept kept, int days);
    [[nodiscard]] Result<std::size_t> remove(const Actor& actor, const security::KeptPreview& shown);

    Accounts& m_accounts;
    const DataPaths m_files;
    const std::function<std::int64_t()> m_clock;
};

/// What the gate is asked before things of a kind are deleted.
[[nodiscard]] Target targetOf(const Actor& actor, security::Kept kept);

} // namespace hearth::workbench
