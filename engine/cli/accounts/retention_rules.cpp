#include "engine/cli/accounts/retention_rules.h"

#include <array>
#include <memory>
#include <string>

#include "engine/base/utc_time.h"
#include "engine/cli/error_text.h"
#include "engine/cli/input.h"
#include "engine/cli/terminal.h"
#include "engine/security/privacy/retention.h"
#include "engine/workbench/retention.h"

namespace hearth::cli {

namespace {

using security::Kept;

// The order of Kept.
constexpr security::PerKept<const char*> kHelp = {
    "Days for conversations in the trash",
    "Days for conversations that nobody used",
    "Days for the counts behind usage figures; of the machine",
    "Days for backups; the newest one always stays",
    "Days for log files that are not written to any more; of the machine",
    "Days for measurements and run records; the newest of each stays; of the machine",
    "Days for records of jobs that are over; of the machine"};

std::string timeText(std::int64_t unixMs) {
    return utcText(unixMs / 1000);
}

/// The rules that hold, one a line.
Result<void> listRules(AccountsSession& session, workbench::PrivacyOffice& office) {
    HEARTH_TRY(const auto rules, office.retention(session.actor()));
    for (const Kept kept : security::kAllKept) {
        const auto& facts = factsOf(kept);
        const auto& days = rules[kept];
        print(std::string(facts.name) + "\t" + (facts.machine ? "of the machine" : "your own") + "\t" +
              (days ? std::to_string(*days) + " days" : std::string("without limit")) + "\n");
    }
    print("audit-log\tof the machine\tno rule removes entries\n");
    return {};
}

/// What of a kind is older than the days given; with `remove` deletes it.
Result<void> retain(AccountsSession& session, Kept kept, int days, bool remove) {
    const auto& facts = factsOf(kept);
    workbench::Retention others(session.accounts(), workbench::DataPaths::locate());
    std::unique_ptr<store::History> history;
    if (facts.chats) {
        HEARTH_TRY(history, session.openHistory());
    }
    HEARTH_TRY(const auto due, facts.chats ? security::previewChats(*history, kept, days, unixMsNow())
                                           : others.preview(session.actor(), kept, days));
    const std::string name(facts.name);
    for (const security::KeptItem& each : due.items)
        print(name + "\t" + timeText(each.timeMs) + "\t" +
              (each.bytes > 0 ? bytesText(each.bytes) : std::string("-")) + "\t" + oneLine(each.name) + "\n");
    note(name + ": " + std::to_string(due.items.size()) + " older than " + std::to_string(days) + " days" +
         (due.bytes() > 0 ? ", " + bytesText(due.bytes()) : std::string()) +
         (due.items.empty() ? std::string() : ", the oldest of " + timeText(due.items.front().timeMs)));
    if (due.ahead > 0)
        note(name + ": " + std::to_string(due.ahead) + " dated after now stay, the newest of " +
             timeText(due.newestMs));
    if (!remove || due.items.empty())
        return {};
    std::size_t count = 0;
    if (facts.chats) {
        const auto purge = [&]() -> Result<void> {
            HEARTH_TRY(count, security::applyToChats(*history, due, unixMsNow()));
            return {};
        };
        HEARTH_CHECK(session.accounts().gate().run(session.actor(), facts.action,
                                                   workbench::targetOf(session.actor(), kept), purge));
    } else {
        HEARTH_TRY(count, others.apply(session.actor(), due));
    }
    print(std::to_string(count) + " of " + name + " deleted\n");
    return {};
}

} // namespace

void RetentionOptions::addTo(CLI::App& command) {
    for (const Kept kept : security::kAllKept)
        command.add_option("--" + std::string(nameOf(kept)) + "-days", days[kept], kHelp[kept])
            ->check(CLI::Range(0, 36500));
    command.add_flag("--keep", keep, "Make these days the rules, which hold from now on; 0 = without limit");
    command.add_flag("--yes", yes, "Delete what is shown");
}

Result<void> keepRules(AccountsSession& session, workbench::PrivacyOffice& office,
                       const RetentionOptions& options) {
    bool any = false;
    for (const auto& days : options.days) {
        any = any || days;
        if (days == 0 && !options.keep)
            return fail("usage.bad_days", "0 days are \"without limit\", which is a rule: say --keep too");
    }
    if (!any)
        return listRules(session, office);
    for (const Kept kept : security::kAllKept)
        if (const auto& days = options.days[kept]; days && *days > 0)
            HEARTH_CHECK(retain(session, kept, *days, options.yes));
    if (!options.yes)
        note("nothing was deleted; say --yes to delete what is shown");
    if (!options.keep)
        return {};
    for (const Kept kept : security::kAllKept)
        if (const auto& days = options.days[kept])
            HEARTH_CHECK(office.setRetention(session.actor(), kept, *days > 0 ? days : std::nullopt));
    return listRules(session, office);
}

} // namespace hearth::cli
