#include <algorithm>
#include <memory>
#include <string>

#include <sys/stat.h>

#include <CLI/CLI.hpp>

#include "engine/base/utc_time.h"
#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/security/crypto/file_sealing.h"
#include "engine/security/identity/history_codec.h"
#include "engine/store/shred.h"
#include "engine/workbench/privacy_office.h"

namespace hearth::cli {

namespace {

namespace fs = std::filesystem;
using security::Action;
using security::Resource;
using workbench::BackupFile;
using workbench::Target;

struct Options {
    WhoOptions who;
    fs::path file;
    bool yes = false, list = false;
};

/// A backup outside of the backups folder: a profile's opens with its own key, so that it dies with it; the
/// single person's with a password.
struct BackupSecret {
    security::SecureBytes bytes;
    bool isKey = false;
    [[nodiscard]] security::FileSecret secret() const {
        if (isKey)
            return security::FileKey{bytes.bytes()};
        return security::FilePassword{bytes.bytes(), {}};
    }
};

Result<BackupSecret> secretOf(AccountsSession& session, bool isNew) {
    BackupSecret out;
    if (session.session()) {
        out.isKey = true;
        HEARTH_TRY(out.bytes, session.accounts().identity().dataKey(*session.session(), "backup"));
        return out;
    }
    constexpr const char* kPrompt = "password of the backup";
    HEARTH_TRY(out.bytes, isNew ? session.secrets().readNew(kPrompt) : session.secrets().read(kPrompt));
    if (isNew)
        HEARTH_CHECK(security::checkNewPassword(out.bytes.bytes()));
    return out;
}

security::ProfileId idOf(AccountsSession& session) {
    return session.session() ? session.session()->profile.id : 0;
}

Result<std::unique_ptr<store::TextCodec>> codecOf(AccountsSession& session) {
    if (!session.session())
        return store::plainCodec();
    HEARTH_TRY(auto key, session.accounts().identity().dataKey(*session.session(), "history"));
    return security::sealedCodec(idOf(session), std::move(key));
}

Result<std::unique_ptr<workbench::PrivacyOffice>> officeOf(AccountsSession& session) {
    return workbench::PrivacyOffice::open(session.accounts(), workbench::DataPaths::locate());
}

std::string_view reasonName(workbench::BackupReason reason) {
    switch (reason) {
    case workbench::BackupReason::Automatic:
        return "automatic";
    case workbench::BackupReason::Manual:
        return "by hand";
    case workbench::BackupReason::BeforeRestore:
        return "before a restore";
    case workbench::BackupReason::BeforeMigration:
        return "before an update";
    case workbench::BackupReason::BeforeSealing:
        return "before sealing";
    }
    return "";
}

std::string lineOf(const BackupFile& backup) {
    return security::utcText(backup.madeMs) + "\t" + bytesText(backup.bytes) + "\t" +
           std::string(reasonName(backup.reason)) + "\t" + (backup.sealed ? "sealed" : "readable") + "\t" +
           backup.path.filename().string() + "\n";
}

std::string contentsText(const store::HistoryContents& contents) {
    std::string out = std::to_string(contents.conversations) + " conversations, " +
                      std::to_string(contents.trashed) + " in the trash, " +
                      std::to_string(contents.messages) + " messages, " + bytesText(contents.bytes);
    if (contents.firstMs && contents.lastMs)
        out += ", " + security::utcText(*contents.firstMs) + " to " + security::utcText(*contents.lastMs);
    return out;
}

Result<void> backup(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const auto id = idOf(session);
    const Interrupt::Work guard(environment.interrupt);
    if (options.file.empty()) {
        HEARTH_TRY(const auto office, officeOf(session));
        if (!options.list) {
            HEARTH_TRY(const auto made, office->backUp(session.actor(), session.session(), guard.token(),
                                                       progressLine("sealing")));
            clearProgressLine();
            print(lineOf(made));
            return {};
        }
        HEARTH_TRY(const auto all, office->backups(session.actor()));
        for (const BackupFile& each : all)
            print(lineOf(each));
        return {};
    }
    HEARTH_TRY(const BackupSecret secret, secretOf(session, true));
    const fs::path history = session.accounts().paths().historyOf(id);
    const auto work = [&]() -> Result<void> {
        const fs::path copy = history.string() + ".copying";
        HEARTH_CHECK(store::shred(copy));
        auto made = store::snapshot(history, copy).and_then([&] {
            return security::sealFile(copy, options.file, secret.secret(), workbench::kBackupContext,
                                      guard.token(), progressLine("sealing"));
        });
        const auto cleaned = store::shred(copy);
        return made ? cleaned : made;
    };
    HEARTH_CHECK(session.accounts().gate().run(session.actor(), Action::Create,
                                               Target::of(Resource::Backup, id), work));
    clearProgressLine();
    return {};
}

void show(const workbench::RestorePreview& preview) {
    print("The backup holds " + contentsText(preview.backup) + ".\n");
    for (const auto& conversation : preview.newest)
        print("  " + security::utcText(conversation.updatedMs) + "  " + oneLine(conversation.title) + "\n");
    if (preview.present)
        print("It would replace " + contentsText(*preview.present) + ".\n");
    else if (preview.presentProblem)
        print("The present chats cannot be read: " + preview.presentProblem->message() + "\n");
    else
        print("There are no chats now.\n");
}

/// One of the backups folder, by its name or its path.
std::optional<fs::path> known(const std::vector<BackupFile>& backups, const fs::path& wanted) {
    std::error_code ignored;
    for (const BackupFile& each : backups)
        if (each.path.filename() == wanted || fs::equivalent(each.path, wanted, ignored))
            return each.path;
    return std::nullopt;
}

/// From elsewhere: opened beside its place, so that what was readable before stays on the same disk, then an
/// ordinary history file that is put back like any other.
Result<void> restoreForeign(AccountsSession& session, const Options& options, std::stop_token stop) {
    const auto id = idOf(session);
    const fs::path target = session.accounts().paths().historyOf(id);
    const fs::path opened = target.string() + ".opened.db";
    HEARTH_TRY(const BackupSecret secret, secretOf(session, false));
    const auto work = [&]() -> Result<void> {
        // Somebody who never had a chat has no folder yet; where it cannot be made, opening says so.
        for (const fs::path& folder : {target.parent_path().parent_path(), target.parent_path()})
            static_cast<void>(::mkdir(folder.c_str(), 0700));
        HEARTH_CHECK(store::shred(opened));
        HEARTH_CHECK(security::openFile(options.file, opened, secret.secret(), workbench::kBackupContext,
                                        stop, progressLine("opening")));
        clearProgressLine();
        HEARTH_TRY(auto codec, codecOf(session));
        const workbench::BackupPlace place{target,
                                           secret.isKey ? secret.bytes.bytes() : security::ByteView()};
        HEARTH_TRY(const auto preview, workbench::previewRestore(place, opened, std::move(codec), stop));
        show(preview);
        if (!options.yes)
            return {};
        HEARTH_TRY(codec, codecOf(session));
        return workbench::restoreBackup(place, opened, std::move(codec), unixMsNow(), stop);
    };
    Target what = Target::of(Resource::Conversation, id);
    what.object = "put back from a backup";
    auto result = options.yes ? session.accounts().gate().run(session.actor(), Action::Change, what, work)
                              : session.accounts()
                                    .gate()
                                    .check(session.actor(), Action::View, Target::of(Resource::Backup, id))
                                    .and_then(work);
    const auto cleaned = store::shred(opened);
    return result ? cleaned : result;
}

Result<void> restore(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const Interrupt::Work guard(environment.interrupt);
    HEARTH_TRY(const auto office, officeOf(session));
    HEARTH_TRY(const auto all, office->backups(session.actor()));
    if (const auto path = known(all, options.file)) {
        HEARTH_TRY(const auto preview,
                   office->preview(session.actor(), session.session(), *path, guard.token()));
        show(preview);
        if (options.yes)
            HEARTH_CHECK(office->restore(session.actor(), session.session(), *path, guard.token()));
    } else {
        HEARTH_CHECK(restoreForeign(session, options, guard.token()));
    }
    if (options.yes)
        print("Restored. What was there is a backup now; if it was damaged, it was set aside.\n");
    else
        note("nothing was changed; say --yes to put it in the place of the present chats");
    return {};
}

Result<void> repair(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const auto opened = session.openHistory();
    if (opened) {
        print("The chats are whole; nothing was changed.\n");
        return {};
    }
    const workbench::RepairPlan plan =
        workbench::planRepair(session.accounts().paths().historyOf(idOf(session)), opened.error());
    if (!workbench::RepairPlan::helps(opened.error().code))
        return tl::unexpected<Error>(opened.error());
    print("The chats do not open: " + opened.error().message() + "\n");
    for (const BackupFile& each : plan.backups)
        print("  backup  " + lineOf(each));
    if (!options.yes) {
        note(plan.backups.empty()
                 ? "say --yes to save what can be read; the damaged file is set aside, not deleted"
                 : "put a backup back with hearthctl restore NAME --yes, or say --yes to save what can be "
                   "read");
        return {};
    }
    const Interrupt::Work guard(environment.interrupt);
    HEARTH_TRY(const auto office, officeOf(session));
    HEARTH_TRY(const auto done,
               office->repair(session.actor(), session.session(), guard.token(), progressLine("reading")));
    clearProgressLine();
    print("Saved " + std::to_string(done.conversations) + " conversations and " +
          std::to_string(done.messages) + " messages; " + std::to_string(done.lostRows) +
          " rows could not be read, " + std::to_string(done.damagedTexts) + " texts were damaged.\n" +
          "The damaged file is " + done.aside.string() + "\n");
    return {};
}

CLI::App* add(CLI::App& app, Command& chosen, const char* name, const char* help,
              Result<void> (*run)(const Options&, Environment&), const std::shared_ptr<Options>& options) {
    auto* command = app.add_subcommand(name, help);
    options->who.addTo(*command);
    command->callback([options, run, &chosen] {
        chosen = [options, run](Environment& environment) { return run(*options, environment); };
    });
    return command;
}

} // namespace

void addBackup(CLI::App& app, Command& chosen) {
    auto making = std::make_shared<Options>(), restoring = std::make_shared<Options>(),
         repairing = std::make_shared<Options>();
    auto* backupCommand = add(app, chosen, "backup", "A sealed copy of the chats", backup, making);
    auto* file = backupCommand->add_option("file", making->file, "Where to; without it, the backups folder");
    backupCommand->add_flag("--list", making->list, "Show the backups folder instead")->excludes(file);
    auto* restoreCommand =
        add(app, chosen, "restore", "What a backup holds; with --yes, put it back", restore, restoring);
    restoreCommand->add_option("file", restoring->file, "A name that backup --list shows, or a file")
        ->required();
    restoreCommand->add_flag("--yes", restoring->yes, "Put it in the place of the present chats");
    auto* repairCommand =
        add(app, chosen, "repair", "Whether the chats are whole; with --yes, save what can be read", repair,
            repairing);
    repairCommand->add_flag("--yes", repairing->yes, "Save what can be read, set the damaged file aside");
}

} // namespace hearth::cli
