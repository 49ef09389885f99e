#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/base/atomic_file.h"
#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/security/crypto/file_sealing.h"
#include "engine/security/identity/history_codec.h"
#include "engine/store/shred.h"

namespace hearth::cli {

namespace {

using security::Action;
using security::Resource;
using workbench::Target;

constexpr std::string_view kBackupContext = "hearth history backup 1";

struct Options {
    WhoOptions who;
    std::filesystem::path file;
    bool yes = false;
};

/// A profile's backup opens with its own key, so that it dies with it; the single person's with a password.
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

Result<void> backup(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const auto id = idOf(session);
    HEARTH_TRY(const BackupSecret secret, secretOf(session, true));
    const Interrupt::Work guard(environment.interrupt);
    const auto work = [&]() -> Result<void> {
        // Opening and closing folds the write-ahead log into the file, and says whether it is whole.
        HEARTH_CHECK(session.openHistory().map([](const auto&) {}));
        return security::sealFile(session.accounts().paths().historyOf(id), options.file, secret.secret(),
                                  kBackupContext, guard.token(), progressLine("sealing"));
    };
    HEARTH_CHECK(session.accounts().gate().run(session.actor(), Action::Create,
                                               Target::of(Resource::Backup, id), work));
    clearProgressLine();
    return {};
}

Result<void> restore(const Options& options, Environment& environment) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    const auto id = idOf(session);
    const auto target = session.accounts().paths().historyOf(id);
    HEARTH_TRY(const BackupSecret secret, secretOf(session, false));
    // Opened beside its place, so that what was readable before stays on the same disk; and gone afterwards.
    const std::filesystem::path opened = target.string() + ".restoring";
    const Interrupt::Work guard(environment.interrupt);
    const auto work = [&]() -> Result<void> {
        HEARTH_CHECK(security::openFile(options.file, opened, secret.secret(), kBackupContext, guard.token(),
                                        progressLine("opening")));
        clearProgressLine();
        {
            HEARTH_TRY(auto codec, codecOf(session));
            HEARTH_TRY(const auto history, store::History::open(opened, std::move(codec)));
            HEARTH_TRY(const auto kept, history->conversationCount(false, ""));
            HEARTH_TRY(const auto trashed, history->conversationCount(true, ""));
            print("The backup holds " + std::to_string(kept) + " conversations and " +
                  std::to_string(trashed) + " in the trash.\n");
            HEARTH_TRY(const auto newest, history->conversations(false, "", 0, 5));
            for (const auto& conversation : newest)
                print("  " + security::utcText(conversation.updatedMs) + "  " + oneLine(conversation.title) +
                      "\n");
        }
        if (!options.yes) {
            note("nothing was changed; say --yes to put it in the place of the present chats");
            return {};
        }
        HEARTH_CHECK(store::History::restoreBackup(target, opened));
        print("Restored. The former file was set aside beside it.\n");
        return {};
    };
    const Target what = Target::of(Resource::Backup, id);
    auto result = options.yes
                      ? session.accounts().gate().run(session.actor(), Action::View, what, work)
                      : session.accounts().gate().check(session.actor(), Action::View, what).and_then(work);
    auto cleaned = store::shred(opened);
    return result ? cleaned : result;
}

void add(CLI::App& app, Command& chosen, const char* name, const char* help,
         Result<void> (*run)(const Options&, Environment&), bool confirms) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(name, help);
    command->add_option("file", options->file, "The backup")->required();
    options->who.addTo(*command);
    if (confirms)
        command->add_flag("--yes", options->yes, "Put it in the place of the present chats");
    command->callback([options, run, &chosen] {
        chosen = [options, run](Environment& environment) { return run(*options, environment); };
    });
}

} // namespace

void addBackup(CLI::App& app, Command& chosen) {
    add(app, chosen, "backup", "A sealed copy of the chats", backup, false);
    add(app, chosen, "restore", "What a backup holds; with --yes, put it back", restore, true);
}

} // namespace hearth::cli
