// hearthctl serve: the models of this machine for other programs.

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/accounts/session.h"
#include "engine/cli/commands.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/server/serve_options.h"
#include "engine/cli/terminal.h"
#include "engine/security/crypto/sealed_memory.h"
#include "engine/server/server.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/model_facts.h"
#include "engine/workbench/serving/serving_desk.h"
#include "engine/workbench/serving/serving_engine.h"

namespace hearth::cli {

namespace {

using workbench::Actor;

/// The settings of this person. A value of the server's that the file has wrong is an error here: what was
/// meant to be closed must not be open.
Result<workbench::Settings> readSettings(workbench::SettingsFile& file) {
    auto loaded = file.load();
    for (Error& problem : loaded.problems)
        if (problem.arg("key").starts_with("server") && problem.code != "settings.unknown_key") {
            problem.detail = file.path().string() + ": " + problem.detail;
            return tl::unexpected<Error>(std::move(problem));
        }
    return std::move(loaded.settings);
}

/// Whoever starts the server: the single person, somebody with a password, or a program with a key.
Result<Actor> starterOf(AccountsSession& session, const ModelCaller& caller) {
    HEARTH_TRY(const bool single, session.accounts().identity().singlePerson());
    if (single)
        return Actor::singlePerson();
    if (!caller.tokenFile.empty()) {
        HEARTH_TRY(const auto key, readKeyFile(caller.tokenFile));
        HEARTH_TRY(const auto grant, session.accounts().identity().checkToken(key.bytes()));
        return Actor::program(grant);
    }
    HEARTH_CHECK(session.signIn(caller.as));
    return session.actor();
}

/// What can be known of a file before anybody asks for it.
Result<void> checkModel(const std::filesystem::path& model) {
    if (model.empty())
        return {};
    if (security::sealedBy(model))
        return fail("server.sealed_model", model.string() + " is sealed");
    return workbench::readModelFacts(model).map([](const auto&) {});
}

Result<void> announce(const server::Server& server, workbench::ServingDesk& desk,
                      const workbench::ServerSettings& settings) {
    print("Serving at " + server.url() + "/v1\n");
    if (const auto* key = desk.runKey())
        print("Key of this run, shown only now: " + std::string(key->text()) + "\n");
    printNow("");
    if (!settings.keyRequired)
        note("Without a key: every program on this machine can use the models.");
    else if (desk.withProfiles())
        note("Programs need a key: hearthctl user token-add");
    HEARTH_TRY(const auto models, desk.offered());
    if (models.empty())
        note("There is no model to serve yet: take one in with hearthctl models import or pull.");
    else
        note(std::to_string(models.size()) + (models.size() == 1 ? " model: " : " models, the first: ") +
             models.front().id);
    return {};
}

Result<void> serve(const ServeOptions& options, Environment& environment) {
    WhoOptions who;
    who.as = options.caller.as;
    who.passwordStdin = options.caller.passwordStdin;
    HEARTH_TRY(auto session, AccountsSession::openUnsigned(who));
    HEARTH_TRY(const auto paths, workbench::DataPaths::prepare());
    workbench::SettingsFile file(paths.settingsFile());
    HEARTH_TRY(const workbench::Settings stored, readSettings(file));
    const workbench::Settings settings = options.over(stored);
    HEARTH_CHECK(server::checkServer(settings.server));
    HEARTH_CHECK(checkModel(options.model));
    HEARTH_TRY(const Actor starter, starterOf(session, options.caller));
    HEARTH_TRY(const auto library, workbench::Library::open(paths.libraryFile(), {paths.modelsFolder(), {}}));
    HEARTH_TRY(const auto desk, workbench::ServingDesk::open(session.accounts(), *library, starter,
                                                             {options.model, settings.server.keyRequired}));
    if (options.save)
        HEARTH_CHECK(session.accounts().gate().run(starter, security::Action::Change,
                                                   workbench::Target::of(security::Resource::Settings),
                                                   [&] { return file.save(settings); }));
    workbench::ServingOptions serving;
    serving.threads = settings.threads;
    serving.sequences = settings.server.sequences;
    serving.kvType = settings.kvType;
    workbench::ServingEngine engine(serving);
    server::Server::Options wanted;
    wanted.settings = settings.server;
    if (settings.server.logRequests)
        wanted.requestLog = [](const std::string& line) { note(line); };
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto server, server::Server::open(std::move(wanted), *desk, engine));
    HEARTH_CHECK(announce(*server, *desk, settings.server));
    return server->run(work.token());
}

} // namespace

void addServe(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ServeOptions>();
    auto* command =
        app.add_subcommand("serve", "Offer models to other programs, as OpenAI's interface has it");
    options->addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return serve(*options, environment); };
    });
}

} // namespace hearth::cli
