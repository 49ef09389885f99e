// hearthctl hub: what there is on a hub, and how well it can be reached.

#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/hub/hub_session.h"
#include "engine/cli/interrupt.h"
#include "engine/cli/terminal.h"
#include "engine/hub/endpoint_test.h"
#include "engine/hub/model_names.h"

namespace hearth::cli {

namespace {

using nlohmann::ordered_json;

struct Options {
    std::string text, author, family, licence, sort = "downloads", endpoint, repository, revision;
    double least = 0, most = 0;
    int count = 30;
    bool all = false, json = false;
};

/// Names from a hub are only ever letters and marks (they were checked); texts are cut down to that here.
std::string plain(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    return out;
}

void printJson(const ordered_json& json) {
    print(json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

Result<void> search(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto session, HubSession::open(options.endpoint));
    hub::SearchQuery query;
    query.text = options.text;
    query.author = options.author;
    query.onlyGguf = !options.all;
    query.family = options.family;
    query.licence = options.licence;
    query.leastParameters = options.least * 1e9;
    query.mostParameters = options.most * 1e9;
    query.sort = options.sort == "likes"     ? hub::SortBy::Likes
                 : options.sort == "updated" ? hub::SortBy::Updated
                                             : hub::SortBy::Downloads;
    ordered_json list = ordered_json::array();
    std::string page;
    constexpr int kMostPages = 20; // of a search whose filters leave little over
    for (int i = 0; i < kMostPages && list.size() < static_cast<std::size_t>(options.count); ++i) {
        HEARTH_TRY(auto found, session->wait<hub::SearchPage>(work.token(), [&](auto done) {
            return session->client().search(query, page, std::move(done));
        }));
        for (const auto& model : found.models) {
            if (list.size() == static_cast<std::size_t>(options.count))
                break;
            list.push_back({{"repository", model.repository},
                            {"downloads", model.downloads},
                            {"likes", model.likes},
                            {"licence", plain(model.licence)},
                            {"updated", plain(model.updated)},
                            {"gated", model.gated}});
        }
        page = std::move(found.next);
        if (page.empty())
            break;
    }
    if (options.json) {
        printJson(list);
        return {};
    }
    for (const auto& model : list)
        print(model["repository"].get<std::string>() + "\t" +
              std::to_string(model["downloads"].get<std::uint64_t>()) + "\t" +
              model["licence"].get<std::string>() + (model["gated"].get<bool>() ? "\tgated" : "") + "\n");
    if (list.empty())
        note("nothing was found on " + session->endpoint().name.toStdString());
    return {};
}

Result<void> files(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto session, HubSession::open(options.endpoint));
    HEARTH_TRY(const auto content, session->wait<hub::RepoContent>(work.token(), [&](auto done) {
        return session->client().content(options.repository, options.revision, std::move(done));
    }));
    ordered_json list = ordered_json::array();
    for (const auto& file : content.files) {
        const std::string type = hub::quantisationOf(file.path);
        list.push_back({{"file", file.path},
                        {"bytes", file.size.value_or(0)},
                        {"quantisation", type},
                        {"sha256", file.sha256}});
        if (!options.json)
            print((file.size ? bytesText(*file.size) : "?") + "\t" + (type.empty() ? "-" : type) + "\t" +
                  file.path + "\n");
    }
    if (options.json)
        printJson({{"repository", options.repository},
                   {"revision", content.revision},
                   {"licence", plain(content.model.licence)},
                   {"files", list}});
    if (content.leftOut > 0)
        note(std::to_string(content.leftOut) + " files are left out because their names are not safe");
    return {};
}

Result<void> test(const Options& options, Environment& environment) {
    const Interrupt::Work work(environment.interrupt);
    HEARTH_TRY(const auto session, HubSession::open(options.endpoint));
    for (const auto& endpoint : session->directory().endpoints()) {
        const auto speed = session->wait<hub::EndpointSpeed>(work.token(), [&](auto done) {
            return hub::testEndpoint(session->directory().client(endpoint), hub::systemClock(),
                                     std::move(done));
        });
        const std::string name = endpoint.url.toString().toStdString();
        if (speed)
            print(name + "\tanswers after " + std::to_string(speed->answer.count()) + " ms\t" +
                  (speed->bytesPerSecond > 0
                       ? bytesText(static_cast<std::uint64_t>(speed->bytesPerSecond)) + "/s"
                       : "-") +
                  "\n");
        else if (speed.error().code == kCancelled)
            return tl::unexpected<Error>(speed.error());
        else
            print(name + "\t" + errorText(speed.error()) + "\n");
    }
    return {};
}

} // namespace

void addHub(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("hub", "Look for models on a hub");
    command->require_subcommand(1);
    const auto choose = [&chosen, options](CLI::App* sub, auto run) {
        sub->add_option("--endpoint", options->endpoint, "The hub's address");
        sub->callback([options, run, &chosen] {
            chosen = [options, run](Environment& environment) { return run(*options, environment); };
        });
    };
    auto* searching = command->add_subcommand("search", "List models: name, downloads, licence");
    searching->add_option("text", options->text, "Words of the name");
    searching->add_option("--author", options->author, "Whose models");
    searching->add_option("--family", options->family, "For example qwen or llama");
    searching->add_option("--licence", options->licence, "For example apache-2.0");
    searching->add_option("--min-size", options->least, "Parameters in billions, at least")
        ->check(CLI::NonNegativeNumber);
    searching->add_option("--max-size", options->most, "Parameters in billions, at most")
        ->check(CLI::NonNegativeNumber);
    searching->add_option("--sort", options->sort, "Order")
        ->check(CLI::IsMember({"downloads", "likes", "updated"}))
        ->capture_default_str();
    searching->add_option("--count", options->count, "Models, at most")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    searching->add_flag("--all", options->all, "Also those without GGUF files");
    searching->add_flag("--json", options->json, "Print JSON");
    choose(searching, search);
    auto* listing =
        command->add_subcommand("files", "List the files of a repository with sizes and quantisations");
    listing->add_option("repository", options->repository, "OWNER/NAME")->required();
    listing->add_option("--revision", options->revision, "A branch, tag or commit");
    listing->add_flag("--json", options->json, "Print JSON");
    choose(listing, files);
    choose(command->add_subcommand("test", "Measure how well each endpoint can be reached"), test);
}

} // namespace hearth::cli
