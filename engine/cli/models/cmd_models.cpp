// hearthctl models: what is installed, taking in, verifying, removing, versions.

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/accounts/model_gate.h"
#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/models/model_choice.h"
#include "engine/cli/models/model_output.h"
#include "engine/cli/sizes.h"
#include "engine/cli/terminal.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/library/foreign_folders.h"
#include "engine/workbench/library/library.h"

namespace hearth::cli {

namespace {

using namespace workbench;
using nlohmann::ordered_json;

struct Options {
    std::vector<std::string> names;
    std::vector<std::filesystem::path> paths;
    std::string version, name, note, setDefault;
    bool json = false, copy = false, link = false, noHash = false, scan = false, dryRun = false;
    bool withFiles = false, yes = false, rollback = false;
    ModelCaller caller;
};

/// Every change goes through the gate; without profiles everybody may.
Result<std::unique_ptr<Library>> openLibrary(const Options& options) {
    HEARTH_TRY(const auto paths, DataPaths::prepare());
    const auto gate = std::make_shared<ModelGate>(options.caller);
    return Library::open(paths.libraryFile(),
                         {paths.modelsFolder(), [gate](security::Action action, const std::string& model,
                                                       const std::function<Result<void>()>& work) {
                              return gate->run(action, Target::modelAt(model), work);
                          }});
}

Result<void> list(const Options& options, Environment&) {
    HEARTH_TRY(const auto library, openLibrary(options));
    HEARTH_TRY(const auto models, library->models());
    if (options.json) {
        ordered_json out = ordered_json::array();
        for (const auto& model : models)
            out.push_back(toJson(model));
        printJson(out);
        return {};
    }
    for (const auto& model : models)
        printModel(model);
    if (models.empty())
        note("The library is empty. hearthctl models import FILE takes a model in; --scan finds those of "
             "other "
             "programs.");
    return {};
}

std::string textOf(const AddReport& report, const LibraryModel& model) {
    const auto& version = model.versions.front();
    const std::string what = model.name + " " + version.label + " (#" + std::to_string(version.id) + ")";
    if (report.alreadyThere)
        return what + " was in the library already";
    if (report.copyLeftOut)
        return what + " has the same bytes; nothing was copied";
    return "took in " + what +
           (report.duplicateOf ? ", the same bytes as #" + std::to_string(report.duplicateOf) : "");
}

std::string textOf(const ImportProblem& problem) {
    const std::string text = errorText(problem.problem), path = problem.path.string();
    return text.find(path) == std::string::npos ? path + ": " + text : text;
}

/// One report of files that were given and models that a scan found.
Result<void> tell(const Options& options, Library& library, const ImportReport& report) {
    ordered_json added = ordered_json::array(), problems = ordered_json::array(),
                 convertible = ordered_json::array();
    for (const auto& one : report.added) {
        HEARTH_TRY(const auto model, library.version(one.version));
        if (!options.json)
            note(textOf(one, model));
        ordered_json entry = toJson(model.versions.front());
        entry["model"] = model.name;
        entry["already_there"] = one.alreadyThere;
        if (one.duplicateOf)
            entry["duplicate_of"] = one.duplicateOf;
        added.push_back(std::move(entry));
    }
    for (const auto& path : report.convertible) {
        if (!options.json)
            note(path.string() + " has to be converted first: hearthctl convert \"" + path.string() +
                 "\" OUTPUT");
        convertible.push_back(path.string());
    }
    for (const auto& problem : report.problems) {
        if (!options.json && &problem != &report.problems.front()) // the first is this command's error
            note(textOf(problem));
        problems.push_back({{"path", problem.path.string()},
                            {"code", problem.problem.code},
                            {"detail", problem.problem.detail}});
    }
    if (options.json)
        printJson({{"added", added}, {"convertible", convertible}, {"problems", problems}});
    // What was taken in stays; the exit code says that not everything was.
    return report.problems.empty() ? Result<void>() : tl::unexpected<Error>(report.problems.front().problem);
}

Result<ImportReport> scan(const Options& options, Library& library, const AddRequest& how,
                          std::stop_token stop) {
    HEARTH_TRY(const auto found, scanForModels(options.paths, foreignFolders(), library, stop,
                                               timedProgressLine("looking for models")));
    clearProgressLine();
    ImportReport out;
    for (const auto& problem : found.folders)
        out.problems.push_back(problem);
    for (const auto& model : found.models) {
        if (model.problem)
            out.problems.push_back({model.path, *model.problem});
        else if (model.convertible)
            out.convertible.push_back(model.path);
        else if (options.dryRun)
            print(model.path.string() + "\t" + (model.program.empty() ? "-" : model.program) + "\t" +
                  model.facts.name + "\t" + model.facts.quantisation +
                  (model.inLibrary ? "\tin the library" : "") + "\n");
        else {
            AddRequest request = model.request();
            request.mode = how.mode;
            request.hash = how.hash;
            const auto added = library.add(request, stop, timedProgressLine("reading " + model.facts.name));
            clearProgressLine();
            if (added)
                out.added.push_back(*added);
            else if (added.error().code == kCancelled)
                return tl::unexpected<Error>(added.error());
            else
                out.problems.push_back({model.path, added.error()});
        }
    }
    return out;
}

Result<void> import(const Options& options, Environment& environment) {
    if (options.paths.empty() && !options.scan)
        return fail("usage.no_path", "give files or folders, or --scan");
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto library, openLibrary(options));
    AddRequest how;
    how.mode = options.copy ? FileMode::Copied : options.link ? FileMode::HardLinked : FileMode::Referenced;
    how.hash = !options.noHash;
    how.name = options.name;
    if (options.scan) {
        HEARTH_TRY(const auto report, scan(options, *library, how, work.token()));
        return tell(options, *library, report);
    }
    const auto report = library->import(options.paths, how, work.token(), timedProgressLine("reading"));
    clearProgressLine();
    HEARTH_CHECK(report);
    return tell(options, *library, *report);
}

Result<void> verify(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto library, openLibrary(options));
    std::vector<std::pair<LibraryModel, LibraryVersion>> chosen;
    if (options.names.empty()) {
        HEARTH_TRY(const auto models, library->models());
        for (const auto& model : models)
            for (const auto& version : model.versions)
                chosen.emplace_back(model, version);
    }
    for (const auto& name : options.names) {
        HEARTH_TRY(const auto model, chooseModel(*library, name));
        if (options.version.empty())
            for (const auto& version : model.versions)
                chosen.emplace_back(model, version);
        else {
            HEARTH_TRY(auto version, chooseVersion(model, options.version));
            chosen.emplace_back(model, std::move(version));
        }
    }
    ordered_json out = ordered_json::array();
    std::size_t bad = 0;
    for (const auto& [model, version] : chosen) {
        const std::string what = model.name + " " + version.label;
        const auto result = library->verify(version.id, work.token(), timedProgressLine("verifying " + what));
        clearProgressLine();
        HEARTH_CHECK(result);
        bad += result->good() ? 0 : 1;
        out.push_back({{"version", version.id},
                       {"model", model.name},
                       {"label", version.label},
                       {"good", result->good()},
                       {"files", toJson(*result)}});
        if (!options.json)
            for (const auto& file : out.back()["files"])
                print(what + ": " + file["verdict"].get<std::string>() + "\t" +
                      file["path"].get<std::string>() + "\n");
    }
    if (options.json)
        printJson(out);
    if (bad)
        return tl::unexpected<Error>(Error{"library.changed", std::to_string(bad) + " of " +
                                                                  std::to_string(chosen.size()) +
                                                                  " versions are changed or missing"}
                                         .with("count", std::to_string(bad)));
    return {};
}

Result<void> remove(const Options& options, Environment&) {
    HEARTH_TRY(const auto library, openLibrary(options));
    HEARTH_TRY(const auto model, chooseModel(*library, options.names.front()));
    std::vector<LibraryVersion> versions = model.versions;
    if (!options.version.empty()) {
        HEARTH_TRY(auto one, chooseVersion(model, options.version));
        versions = {std::move(one)};
    }
    std::uint64_t freed = 0;
    for (const auto& version : versions) {
        HEARTH_TRY(const auto bytes, library->wouldFree(version.id, options.withFiles));
        freed += bytes;
    }
    if (!options.yes)
        return fail("usage.not_confirmed", "this would take out " + std::to_string(versions.size()) +
                                               " version(s) of " + model.name + " and move " +
                                               bytesText(freed) + " to the trash; add --yes to do it");
    std::uint64_t done = 0;
    ordered_json out = ordered_json::array();
    for (const auto& version : versions) {
        HEARTH_TRY(const auto removed, library->remove(version.id, options.withFiles));
        done += removed.freedBytes;
        ordered_json trashed = ordered_json::array();
        for (const auto& file : removed.trashed)
            trashed.push_back({{"path", file.path.string()}, {"in_trash", file.inTrash.string()}});
        out.push_back({{"version", version.id}, {"freed_bytes", removed.freedBytes}, {"trashed", trashed}});
    }
    if (options.json)
        printJson(out);
    else
        note("took out " + std::to_string(versions.size()) + " version(s) of " + model.name + "; " +
             bytesText(done) + " went to the trash");
    return {};
}

Result<void> versions(const Options& options, Environment&) {
    HEARTH_TRY(const auto library, openLibrary(options));
    HEARTH_TRY(const auto model, chooseModel(*library, options.names.front()));
    if (!options.setDefault.empty()) {
        HEARTH_TRY(const auto version, chooseVersion(model, options.setDefault));
        HEARTH_CHECK(library->setDefault(version.id));
    }
    if (options.rollback)
        HEARTH_CHECK(library->rollBack(model.id));
    if (!options.note.empty()) {
        HEARTH_TRY(const auto version, chooseVersion(model, options.version));
        HEARTH_CHECK(library->setVersionNote(version.id, options.note));
    }
    HEARTH_TRY(const auto now, library->model(model.id));
    if (options.json)
        printJson(toJson(now));
    else
        printModel(now);
    return {};
}

} // namespace

void addModels(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* models =
        app.add_subcommand("models", "The installed models: list, take in, verify, remove, versions");
    models->require_subcommand(1);
    const auto add = [&](const char* name, const char* what,
                         Result<void> (*run)(const Options&, Environment&)) {
        auto* command = models->add_subcommand(name, what);
        command->add_flag("--json", options->json, "Report as JSON");
        options->caller.addTo(*command);
        command->callback([options, run, &chosen] {
            chosen = [options, run](Environment& environment) { return run(*options, environment); };
        });
        return command;
    };
    add("list", "Every model with its versions; * is what is opened", list);

    auto* take = add("import", "Take GGUF files, or everything in folders, into the library", import);
    take->add_option("path", options->paths, "Files and folders");
    auto* copy = take->add_flag("--copy", options->copy, "Copy into the library's folder");
    take->add_flag("--link", options->link, "Hard-link into the library's folder")->excludes(copy);
    take->add_flag("--no-hash", options->noHash, "Do not read the whole files now; verify does it later");
    take->add_option("--name", options->name, "Name of the model, instead of what the file says");
    auto* found =
        take->add_flag("--scan", options->scan,
                       "Also look where LM Studio, Jan, GPT4All, Ollama and Hugging Face keep models");
    take->add_flag("--dry-run", options->dryRun, "With --scan: only show what is found")->needs(found);

    auto* check = add("verify", "Read every byte and compare with what was recorded", verify);
    check->add_option("model", options->names, "Names, numbers or files; none = all");
    check->add_option("--version", options->version, "Only this version: a label, or #number");

    auto* out = add("remove", "Take a model or a version out; its own files go to the trash", remove);
    out->add_option("model", options->names, "Name, number or file")->required()->expected(1);
    out->add_option("--version", options->version, "Only this version: a label, or #number");
    out->add_flag("--with-files", options->withFiles,
                  "Move files that were only referenced to the trash too");
    out->add_flag("-y,--yes", options->yes, "Do it");

    auto* all = add("versions", "The versions of a model with their lineage", versions);
    all->add_option("model", options->names, "Name, number or file")->required()->expected(1);
    all->add_option("--set-default", options->setDefault, "Make this version the one that is opened");
    all->add_flag("--rollback", options->rollback, "Make the default before this one the default again");
    all->add_option("--note", options->note, "Write this note to a version (--version, or the default one)");
    all->add_option("--version", options->version, "The version that --note means");
}

} // namespace hearth::cli
