#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/security/crypto/sealed_memory.h"

namespace hearth::cli {

namespace {

using security::Action;
using workbench::Target;

struct Options {
    WhoOptions who;
    std::filesystem::path file, output;
};

/// Seals or opens a model file with the key of who asks: only they can load it then. Without profiles, with a
/// password.
Result<void> run(const Options& options, Environment& environment, bool seal) {
    HEARTH_TRY(auto session, AccountsSession::open(options.who));
    if (seal) // what is not a model is not hidden among models
        HEARTH_CHECK(format::GgufFile::open(options.file).map([](const auto&) {}));
    security::SecureBytes secret;
    if (session.session()) {
        HEARTH_TRY(secret, session.accounts().identity().dataKey(*session.session(), "models"));
    } else {
        constexpr const char* kPrompt = "password of the model";
        HEARTH_TRY(secret, seal ? session.secrets().readNew(kPrompt) : session.secrets().read(kPrompt));
        if (seal)
            HEARTH_CHECK(security::checkNewPassword(secret.bytes()));
    }
    const security::FileSecret with = session.session()
                                          ? security::FileSecret(security::FileKey{secret.bytes()})
                                          : security::FilePassword{secret.bytes(), {}};
    const Interrupt::Work guard(environment.interrupt);
    std::error_code ignored;
    const Target target =
        Target::modelAt(std::filesystem::absolute(options.file, ignored).lexically_normal().string());
    const auto work = [&] {
        return seal ? security::sealFile(options.file, options.output, with, security::kModelContext,
                                         guard.token(), progressLine("sealing"))
                    : security::openFile(options.file, options.output, with, security::kModelContext,
                                         guard.token(), progressLine("opening"));
    };
    // Sealing needs the right to use the model; a readable copy is an export of it.
    HEARTH_CHECK(
        session.accounts().gate().run(session.actor(), seal ? Action::Use : Action::Export, target, work));
    clearProgressLine();
    if (seal)
        note("the readable file is still there: delete it when the sealed one was tried");
    return {};
}

void add(CLI::App& app, Command& chosen, const char* name, const char* help, bool seal) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(name, help);
    command->add_option("file", options->file, seal ? "The model (GGUF)" : "The sealed model")->required();
    command->add_option("-o,--output", options->output, "File to write")->required();
    options->who.addTo(*command);
    command->callback([options, seal, &chosen] {
        chosen = [options, seal](Environment& environment) { return run(*options, environment, seal); };
    });
}

} // namespace

void addSeal(CLI::App& app, Command& chosen) {
    add(app, chosen, "seal", "A copy of a model that opens only with one's own key, into memory", true);
    add(app, chosen, "unseal", "A readable copy of a sealed model", false);
}

} // namespace hearth::cli
