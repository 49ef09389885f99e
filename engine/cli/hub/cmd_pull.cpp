// hearthctl pull: a model from a hub, verified, into the models folder.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/accounts/hub_secrets.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/hub/hub_session.h"
#include "engine/cli/hub/pull_progress.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/hub/download_queue.h"
#include "engine/hub/model_names.h"
#include "engine/workbench/hub/download_intake.h"
#include "engine/workbench/settings.h"

namespace hearth::cli {

namespace {

constexpr const char* kUsualType = "Q4_K_M";

struct Options {
    std::string repository, file, quantisation, endpoint, revision, limit;
    std::filesystem::path folder;
    int connections = 4;
    ModelCaller caller;
    bool json = false, noLibrary = false;
};

std::size_t columnsOfTerminal() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// The file that was named, or the one of the quantisation, or the only one, or the usual one.
Result<hub::RepoFile> choose(const hub::RepoContent& content, const Options& options) {
    if (!options.file.empty()) {
        for (const auto& file : content.files)
            if (file.path == options.file)
                return file;
        return tl::unexpected<Error>(
            Error{"hub.file_not_found", options.file + " is not in the repository"}.with("file",
                                                                                         options.file));
    }
    if (!options.quantisation.empty())
        return hub::fileOfQuantisation(content.files, options.quantisation);
    const hub::RepoFile* only = nullptr;
    std::size_t count = 0;
    for (const auto& file : content.files) {
        if (hub::opensModel(file.path)) {
            only = &file;
            ++count;
        }
    }
    if (count == 1)
        return *only;
    return hub::fileOfQuantisation(content.files, kUsualType);
}

Result<std::filesystem::path> folderFor(const Options& options, const workbench::DataPaths& paths) {
    std::error_code ignored;
    if (!options.folder.empty())
        return std::filesystem::absolute(options.folder, ignored);
    const auto settings = workbench::SettingsFile(paths.settingsFile()).load().settings;
    return settings.modelFolders.empty() ? paths.data / "models" : settings.modelFolders.front();
}

/// Runs the queue to its end. The first error counts; what came of the others stays.
Result<void> runQueue(hub::DownloadQueue& queue, const std::stop_token& stop) {
    QEventLoop loop;
    std::optional<Error> failed;
    std::string told;
    const bool shown = stderrIsTerminal();
    queue.onChanged = [&](std::uint64_t id) {
        const auto view = queue.find(id);
        if (!view || !view->transfer)
            return;
        if (shown) {
            const std::size_t columns = columnsOfTerminal();
            const std::string line = progressText(*view, columns);
            std::fprintf(stderr, "\r\x1b[K%s", line.substr(0, columns - 1).c_str());
        } else if (view->transfer->phase == hub::TransferPhase::Waiting && view->transfer->problem &&
                   view->transfer->problem->code != told) {
            told = view->transfer->problem->code; // once for each kind of trouble
            note(waitingText(*view->transfer) + " [" + told + "]");
        }
    };
    queue.onFinished = [&](const hub::Download& download) {
        clearProgressLine();
        if (download.state == hub::DownloadState::Failed && !failed)
            failed = download.problem;
        if (queue.isIdle())
            loop.quit();
    };
    if (!queue.isIdle())
        HubSession::run(loop, stop);
    clearProgressLine();
    queue.onChanged = nullptr;
    queue.onFinished = nullptr;
    if (failed)
        return tl::unexpected<Error>(std::move(*failed));
    if (!queue.isIdle()) {
        queue.shutdown();
        note("what came so far is kept; the same command goes on with it");
        return fail(kCancelled, "stopped");
    }
    return {};
}

/// What became of a file that arrived.
struct Arrived {
    hub::ArrivedFile file;
    std::optional<workbench::AddReport> entered; ///< the version in the library
    std::optional<Error> refused;                ///< … and why there is none
};

Result<void> tell(const std::vector<Arrived>& arrived, bool asJson) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    Result<void> result;
    for (const auto& [file, entered, refused] : arrived) {
        if (!asJson)
            print(file.path.string() + "\n");
        list.push_back({{"path", file.path.string()},
                        {"repository", file.repository},
                        {"revision", file.revision},
                        {"file", file.file},
                        {"sha256", file.sha256},
                        {"bytes", file.bytes},
                        {"licence", file.licence}});
        if (entered)
            list.back()["version"] = entered->version;
        // A projector or an importance matrix is no model, and who fetches one knows it.
        if (refused && refused->code == "library.not_a_model")
            note(errorText(*refused));
        else if (refused && result)
            result = tl::unexpected<Error>(*refused);
    }
    if (asJson)
        print(list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return result;
}

Result<void> pull(const Options& options, workbench::SecretHolder holder, const std::stop_token& stop) {
    std::uint64_t limit = 0;
    if (!options.limit.empty()) {
        HEARTH_TRY(limit, parseSize(options.limit));
    }
    HEARTH_TRY(const auto session, HubSession::open(options.endpoint, std::move(holder)));
    HEARTH_TRY(auto content, session->wait<hub::RepoContent>(stop, [&](auto done) {
        return session->client().content(options.repository, options.revision, std::move(done));
    }));
    content.model.repository = options.repository;
    HEARTH_TRY(const auto chosen, choose(content, options));
    HEARTH_TRY(const auto files, hub::withItsParts(content.files, chosen));
    HEARTH_TRY(const auto folder, folderFor(options, session->paths()));

    std::vector<Arrived> arrived;
    hub::QueueOptions queueOptions;
    queueOptions.active = 1;
    queueOptions.transfer.connections = options.connections;
    const auto& paths = session->paths();
    hub::DownloadQueue queue(
        session->directory(), queueOptions, [&](const hub::ArrivedFile& file) -> Result<void> {
            Arrived& one = arrived.emplace_back(Arrived{file, {}, {}});
            if (options.noLibrary)
                return {};
            auto entered = workbench::enterLibrary(file, paths.libraryFile(), {paths.modelsFolder(), {}});
            if (entered)
                one.entered = std::move(*entered);
            else
                one.refused = std::move(entered).error();
            return {};
        });
    queue.setSpeedLimit(limit > 0 ? limit : session->settings().bytesPerSecond);
    for (const auto& request : hub::requestsFor(session->endpoint(), content, files, folder))
        HEARTH_CHECK(queue.add(request));
    HEARTH_CHECK(runQueue(queue, stop));
    return tell(arrived, options.json);
}

/// Through the gate before anything is fetched.
Result<void> pullAllowed(const Options& options, Environment& environment) {
    if (!options.file.empty() && !options.quantisation.empty())
        return fail("usage.file_or_quant", "give either --file or --quant");
    const Interrupt::Work work(environment.interrupt);
    ModelGate gate(options.caller);
    auto target = workbench::Target::of(security::Resource::Model);
    target.object = options.repository;
    return gate.run(security::Action::Create, target, [&]() -> Result<void> {
        HEARTH_TRY(auto holder, hubSecretsOf(gate));
        return pull(options, std::move(holder), work.token());
    });
}

} // namespace

void addPull(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "pull", "Fetch a model from a hub, verify it, take it into the library and print its path");
    command->add_option("repository", options->repository, "OWNER/NAME on the hub")->required();
    command->add_option("--file", options->file, "The file's name in the repository");
    command->add_option("--quant", options->quantisation,
                        "The quantisation, for example Q4_K_M (the default, where there are several)");
    command->add_option("--endpoint", options->endpoint,
                        "The hub's address; otherwise the one of the settings or of HF_ENDPOINT");
    command->add_option("--revision", options->revision, "A branch, tag or commit");
    command->add_option("--folder", options->folder, "Where to put it; otherwise the models folder");
    command->add_option("--connections", options->connections, "At a time, for one file")
        ->check(CLI::Range(1, 16))
        ->capture_default_str();
    command->add_option("--limit", options->limit, "Bytes per second, for example 5MB");
    command->add_flag("--no-library", options->noLibrary, "Leave the library as it is");
    command->add_flag("--json", options->json, "Report as JSON");
    options->caller.addTo(*command);
    command->callback([options, &chosen] {
        chosen = [options](Environment& environment) { return pullAllowed(*options, environment); };
    });
}

} // namespace hearth::cli
