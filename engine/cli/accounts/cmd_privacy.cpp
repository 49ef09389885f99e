#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/atomic_file.h"
#include "engine/base/utc_time.h"
#include "engine/cli/accounts/retention_rules.h"
#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/cli/version.h"
#include "engine/security/crypto/sealed_memory.h"
#include "engine/security/privacy/chat_files.h"
#include "engine/security/privacy/person_export.h"
#include "engine/workbench/library/usage_names.h"
#include "engine/workbench/privacy_office.h"

namespace hearth::cli {

namespace {

using security::Action;
using security::Resource;
using workbench::Target;

struct Options {
    WhoOptions who;
    std::string name;
    std::filesystem::path file, output;
    bool plain = false, yes = false, release = false;
    RetentionOptions retention;
    int weeks = 1;
    std::string format = "md", language = "en", purpose, answer;
};

Result<std::unique_ptr<workbench::PrivacyOffice>> officeOf(AccountsSession& session) {
    return workbench::PrivacyOffice::open(session.accounts(), workbench::DataPaths::locate());
}

security::RecordLanguage languageOf(const Options& options) {
    return options.language == "zh" ? security::RecordLanguage::Chinese : security::RecordLanguage::English;
}

Result<void> exportPerson(const Options& options, Environment& environment) {
    if (options.format != "json" && options.format != "md")
        return fail("usage.bad_format", "formats are json and md");
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const security::ProfileId id = session.session() ? session.session()->profile.id : 0;
    const Interrupt::Work guard(environment.interrupt);
    const auto work = [&]() -> Result<void> {
        HEARTH_TRY(const auto office, officeOf(session));
        HEARTH_TRY(auto sources, office->aboutPerson(session.actor(), session.session()));
        sources.audit = &session.accounts().audit();
        std::unique_ptr<store::History> history;
        HEARTH_TRY(const bool mayChat,
                   session.accounts().gate().allows(session.actor(), Action::View,
                                                    Target::of(Resource::Conversation, id)));
        if (mayChat) {
            HEARTH_TRY(history, session.openHistory());
        }
        sources.history = history.get();
        std::optional<security::SecureBytes> password;
        if (!options.plain) {
            HEARTH_TRY(password, session.secrets().readNew("password for the file"));
            HEARTH_CHECK(security::checkNewPassword(password->bytes()));
        }
        return security::writeFile(
            options.output, password ? &*password : nullptr, [&](const store::TextSink& sink) {
                return options.format == "md"
                           ? security::exportPersonDocument(sources, languageOf(options), sink, guard.token())
                           : security::exportPerson(sources, sink, guard.token());
            });
    };
    HEARTH_CHECK(session.accounts().gate().run(session.actor(), Action::Export,
                                               Target::of(Resource::PersonalData, id), work));
    note(options.plain ? "the file is readable by everybody who gets it"
                       : "the file is sealed with the password; read it with: hearthctl privacy open");
    return {};
}

Result<void> openExport(const Options& options, Environment& environment) {
    const SecretReader secrets(options.who.passwordStdin);
    HEARTH_TRY(const auto password, secrets.read("password of the file"));
    const Interrupt::Work guard(environment.interrupt);
    return security::openFile(options.file, options.output, security::FilePassword{password.bytes(), {}},
                              security::kExportContext, guard.token());
}

Result<void> importFile(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    std::optional<security::SecureBytes> password;
    if (security::isSealedFile(options.file)) {
        HEARTH_TRY(password, session.secrets().read("password of the file"));
    }
    const Interrupt::Work guard(environment.interrupt);
    std::size_t count = 0;
    const security::ProfileId id = session.session() ? session.session()->profile.id : 0;
    Target target = Target::of(Resource::Conversation, id);
    target.object = "import";
    HEARTH_CHECK(
        session.accounts().gate().run(session.actor(), Action::Create, target, [&]() -> Result<void> {
            HEARTH_TRY(const auto history, session.openHistory());
            HEARTH_TRY(const auto ids, security::importChats(*history, options.file,
                                                             password ? &*password : nullptr, guard.token()));
            count = ids.size();
            return {};
        }));
    print(std::to_string(count) + (count == 1 ? " conversation added\n" : " conversations added\n"));
    return {};
}

Result<void> erase(const Options& options) {
    if (!options.yes)
        return fail("usage.confirm",
                    "this destroys the person's keys, chats, backups and name for ever; say --yes");
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto profile, session.named(options.name));
    HEARTH_CHECK(session.accounts().erase(session.actor(), profile.id));
    print("Erased. The audit log keeps the number " + std::to_string(profile.id) + ", no name.\n");
    return {};
}

Result<void> retention(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto office, officeOf(session));
    return keepRules(session, *office, options.retention);
}

Result<void> consent(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto office, officeOf(session));
    if (!options.purpose.empty()) {
        const auto purpose = security::purposeNamed(options.purpose);
        if (!purpose || (options.answer != "yes" && options.answer != "no"))
            return fail("usage.bad_consent",
                        "say a purpose that the list shows and then yes or no, for example: statistics no");
        HEARTH_CHECK(office->setConsent(session.actor(), *purpose, options.answer == "yes"));
    }
    HEARTH_TRY(const auto all, office->consents(session.actor()));
    for (const security::Consent& each : all)
        print(std::string(nameOf(each.purpose)) + "\t" + (each.given ? "yes" : "no") + "\t" +
              (factsOf(each.purpose).optional ? "can be changed" : "needed") + "\t" +
              (each.sinceMs ? security::utcText(each.sinceMs) : std::string("-")) + "\n");
    return {};
}

Result<void> places(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto office, officeOf(session));
    HEARTH_TRY(const auto all, office->locations(session.actor()));
    for (const workbench::DataLocation& each : all)
        print(std::string(nameOf(each.kind)) + "\t" + (each.sealed ? "sealed" : "readable") + "\t" +
              bytesText(each.bytes) + "\t" + oneLine(each.path.string()) + "\n");
    return {};
}

Result<void> record(const Options& options) {
    if ((options.format != "md" && options.format != "html") ||
        (options.language != "en" && options.language != "zh"))
        return fail("usage.bad_format", "formats are md and html, languages en and zh");
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto office, officeOf(session));
    HEARTH_TRY(const std::string text,
               office->record(session.actor(),
                              options.format == "md" ? security::RecordFormat::Markdown
                                                     : security::RecordFormat::Html,
                              languageOf(options), std::string("Hearth ") + HEARTH_VERSION));
    if (options.output.empty() || options.output == "-") {
        print(text);
        return {};
    }
    HEARTH_TRY(AtomicFile out, AtomicFile::create(options.output));
    HEARTH_CHECK(out.write(text));
    return out.commit();
}

/// The standard deviation of the noise on a figure.
std::string noiseText(const security::ReleasedWeek& week, security::Measure measure) {
    char text[32];
    std::snprintf(text, sizeof text, "\t+/- %.0f\n", security::deviationOf(week, measure));
    return text;
}

std::string meanText(const std::optional<security::Mean>& mean) {
    if (!mean)
        return "hidden by the noise";
    char text[64];
    std::snprintf(text, sizeof text, "%.1f +/- %.1f", mean->value, mean->deviation);
    return text;
}

/// Shows the weeks that were released and what each of the others would cost; releases those only when asked
/// to.
Result<void> figures(const Options& options) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    HEARTH_TRY(const auto office, officeOf(session));
    HEARTH_TRY(auto weeks, office->weeks(session.actor(), options.weeks));
    for (workbench::UsageWeek& week : weeks) {
        if (options.release && !week.figures) {
            HEARTH_TRY(auto models, workbench::usageNames(workbench::DataPaths::locate().libraryFile()));
            HEARTH_TRY(week, office->releaseWeek(session.actor(), week.monday, std::move(models)));
        }
        if (!week.figures) {
            print(utcDay(week.monday) + "\tnot released\tcosts epsilon " + security::epsilonText(week.cost) +
                  "; " + security::epsilonText(week.spent) + " of " + security::epsilonText(week.budget) +
                  " of its month are spent\n");
            continue;
        }
        for (std::size_t day = 0; day < security::ReleasedWeek::kDays; ++day)
            for (std::size_t measure = 0; measure < security::kMeasures; ++measure)
                print(utcDay(week.monday + static_cast<std::int64_t>(day)) + "\t" +
                      std::string(nameOf(static_cast<security::Measure>(measure))) + "\t" +
                      std::to_string(week.figures->sums[measure][day]) +
                      noiseText(*week.figures, static_cast<security::Measure>(measure)));
        for (const security::ModelUse& each : week.figures->models)
            print(utcDay(week.monday) + "\tweek's loads of " + (each.model.empty() ? "others" : each.model) +
                  "\t" + std::to_string(each.loads) +
                  noiseText(*week.figures, security::Measure::ModelLoads));
        const auto means = security::meansOf(*week.figures);
        for (const auto& [name, mean] : {std::pair{"tokens", means.tokens}, {"seconds", means.seconds}})
            print(utcDay(week.monday) + "\tweek's " + name + " an answer\t" + meanText(mean) + "\n");
    }
    if (!weeks.empty() && options.release)
        note("epsilon " + security::epsilonText(weeks.front().spent) + " of " +
             security::epsilonText(weeks.front().budget) + " of the latest week's month are spent");
    return {};
}

} // namespace

void addPrivacy(CLI::App& app, Command& chosen) {
    auto* privacy =
        app.add_subcommand("privacy", "Rights over one's data: a copy of everything, erasure, retention");
    privacy->require_subcommand(1);
    const auto describe = [&](const char* name, const char* help, auto run) {
        auto options = std::make_shared<Options>();
        auto* command = privacy->add_subcommand(name, help);
        options->who.addTo(*command);
        command->callback([options, run, &chosen] {
            chosen = [options, run](Environment& environment) -> Result<void> {
                return run(*options, environment);
            };
        });
        return std::pair(command, options);
    };
    const auto [exportCommand, exportOptions] = describe(
        "export", "Everything that is stored about who asks, for programs or for reading", exportPerson);
    exportOptions->format = "json";
    exportCommand->add_option("--format", exportOptions->format, "json, or md for reading")
        ->capture_default_str();
    exportCommand->add_option("--language", exportOptions->language, "Of what is for reading: en or zh")
        ->check(CLI::IsMember({"en", "zh"}))
        ->capture_default_str();
    exportCommand->add_option("-o,--output", exportOptions->output, "File to write")->required();
    exportCommand->add_flag("--plain", exportOptions->plain, "Readable, instead of sealed with a password");
    const auto [openCommand, openOptions] = describe("open", "Open a sealed export", openExport);
    openCommand->add_option("file", openOptions->file, "The sealed file")->required();
    openCommand->add_option("-o,--output", openOptions->output, "File to write")->required();
    const auto [importCommand, importOptions] =
        describe("import", "Add the chats of an exported file, readable or sealed, all or none", importFile);
    importCommand
        ->add_option("file", importOptions->file,
                     "What the window exported as JSON, or what privacy export wrote")
        ->required();
    const auto [eraseCommand, eraseOptions] =
        describe("erase", "Erase a person: keys, chats, backups, name",
                 [](const Options& options, Environment&) { return erase(options); });
    eraseCommand->add_option("name", eraseOptions->name, "The profile's name")->required();
    eraseCommand->add_flag("--yes", eraseOptions->yes, "Do it");
    const auto [keepCommand, keepOptions] = describe(
        "retention",
        "The rules for how long things stay; show, and with --yes delete, what is older than so many "
        "days",
        [](const Options& options, Environment&) { return retention(options); });
    keepOptions->retention.addTo(*keepCommand);
    const auto [consentCommand, consentOptions] =
        describe("consent", "What data is used for; say no or yes to what can be refused",
                 [](const Options& options, Environment&) { return consent(options); });
    consentCommand->add_option("purpose", consentOptions->purpose, "For example statistics");
    consentCommand->add_option("answer", consentOptions->answer, "yes or no");
    describe("places", "Every file that Hearth writes",
             [](const Options& options, Environment&) { return places(options); });
    const auto [recordCommand, recordOptions] =
        describe("record", "The record of processing activities",
                 [](const Options& options, Environment&) { return record(options); });
    recordCommand->add_option("--format", recordOptions->format, "md or html")->capture_default_str();
    recordCommand->add_option("--language", recordOptions->language, "en or zh")->capture_default_str();
    recordCommand->add_option("-o,--output", recordOptions->output,
                              "File to write; - is the standard output");
    const auto [figuresCommand, figuresOptions] = describe(
        "figures", "Differentially private figures about use, week by week, and the budget that they spend",
        [](const Options& options, Environment&) { return figures(options); });
    figuresCommand->add_option("--weeks", figuresOptions->weeks, "How many weeks that are over")
        ->check(CLI::Range(1, 53))
        ->capture_default_str();
    figuresCommand->add_flag("--release", figuresOptions->release,
                             "Release those that were not, once for all; without it nothing is spent");
}

} // namespace hearth::cli
