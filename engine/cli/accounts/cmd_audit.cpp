#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/atomic_file.h"
#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"

namespace hearth::cli {

namespace {

using security::Action;
using security::Resource;
using workbench::Target;

struct Options {
    WhoOptions who;
    std::size_t count = 50;
    std::string action, outcome, format = "csv";
    std::filesystem::path file;
};

Result<security::AuditFilter> filterOf(const Options& options) {
    security::AuditFilter filter;
    filter.action = options.action;
    for (const auto outcome :
         {security::Outcome::Done, security::Outcome::Refused, security::Outcome::Failed})
        if (options.outcome == nameOf(outcome))
            filter.outcome = outcome;
    if (!options.outcome.empty() && !filter.outcome)
        return fail("usage.bad_outcome", "outcomes are done, refused and failed");
    return filter;
}

Result<void> verify(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_CHECK(
        session.accounts().gate().check(session.actor(), Action::View, Target::of(Resource::AuditLog)));
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto report, session.accounts().audit().verify(work.token(), progressLine("checking")));
    clearProgressLine();
    for (const auto& problem : report.problems)
        print(problem.code + (problem.number ? " at entry " + std::to_string(problem.number) : "") + ": " +
              problem.detail + "\n");
    if (!report.intact())
        return fail("audit.damaged", std::to_string(report.problems.size()) + " problems in " +
                                         std::to_string(report.entries) + " entries");
    HEARTH_TRY(const std::string key, security::fingerprint(session.accounts().installation().publicKey()));
    print(std::to_string(report.entries) + " entries, none changed, none missing\nlast hash  " +
          report.lastHash + "\nsigned by  " + key + "\n");
    if (report.headWasCatchingUp)
        note("the last entry was written when the program was cut off; the next one signs it");
    return {};
}

Result<void> list(const Options& options) {
    HEARTH_TRY(const auto filter, filterOf(options));
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_CHECK(
        session.accounts().gate().check(session.actor(), Action::View, Target::of(Resource::AuditLog)));
    HEARTH_TRY(const auto entries, session.accounts().audit().list(filter, 0, options.count));
    for (auto it = entries.rbegin(); it != entries.rend(); ++it)
        print(std::to_string(it->number) + "\t" + security::utcText(it->timeMs) + "\tprofile " +
              std::to_string(it->event.actor) + "\t" + oneLine(it->event.action) + "\t" +
              oneLine(it->event.object) + "\t" + std::string(nameOf(it->event.outcome)) +
              (it->event.reason.empty() ? "" : "\t" + oneLine(it->event.reason)) + "\n");
    return {};
}

Result<void> exportLog(const Options& options, Environment& environment) {
    if (options.format != "csv" && options.format != "json")
        return fail("usage.bad_format", "formats are csv and json");
    HEARTH_TRY(const auto filter, filterOf(options));
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const auto format = options.format == "csv" ? security::AuditFormat::Csv : security::AuditFormat::Json;
    const Interrupt::Work guard(environment.interrupt);
    const auto work = [&]() -> Result<void> {
        if (options.file.empty() || options.file == "-")
            return session.accounts().audit().exportEntries(
                filter, format,
                [](std::string_view text) -> Result<void> {
                    print(text);
                    return {};
                },
                guard.token());
        HEARTH_TRY(AtomicFile out, AtomicFile::create(options.file));
        HEARTH_CHECK(session.accounts().audit().exportEntries(
            filter, format, [&out](std::string_view text) { return out.write(security::viewOf(text)); },
            guard.token()));
        return out.commit();
    };
    return session.accounts().gate().run(session.actor(), Action::Export, Target::of(Resource::AuditLog),
                                         work);
}

} // namespace

void addAudit(CLI::App& app, Command& chosen) {
    auto* audit = app.add_subcommand("audit", "The log of who did what");
    audit->require_subcommand(1);
    const auto describe = [&](const char* name, const char* help, auto run) {
        auto options = std::make_shared<Options>();
        auto* command = audit->add_subcommand(name, help);
        options->who.addTo(*command);
        command->callback([options, run, &chosen] {
            chosen = [options, run](Environment& environment) -> Result<void> {
                return run(*options, environment);
            };
        });
        return std::pair(command, options);
    };
    const auto filters = [](CLI::App* command, Options& options) {
        command->add_option("--action", options.action, "Only actions that begin so, for example sign-in");
        command->add_option("--outcome", options.outcome, "Only done, refused or failed");
    };
    describe("verify", "Find every edited, deleted, moved or cut-off entry", verify);
    const auto [listCommand, listOptions] = describe(
        "list", "The newest entries", [](const Options& options, Environment&) { return list(options); });
    filters(listCommand, *listOptions);
    listCommand->add_option("-n,--count", listOptions->count, "How many")->capture_default_str();
    const auto [exportCommand, exportOptions] = describe("export", "All entries as CSV or JSON", exportLog);
    filters(exportCommand, *exportOptions);
    exportCommand->add_option("--format", exportOptions->format, "csv or json")->capture_default_str();
    exportCommand->add_option("-o,--output", exportOptions->file, "File to write; - is the standard output");
}

} // namespace hearth::cli
