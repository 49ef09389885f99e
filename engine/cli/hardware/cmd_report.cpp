#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/base/mapped_file.h"
#include "engine/cli/commands.h"
#include "engine/cli/terminal.h"
#include "engine/hardware/report/report.h"
#include "engine/hardware/report/signed_report.h"
#include "engine/security/crypto/signature.h"
#include "engine/workbench/data_paths.h"

namespace hearth::cli {

namespace {

struct Options {
    std::filesystem::path a, b;
    bool json = false;
};

std::string_view textOf(const MappedFile& file) {
    return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

/// Whether the key is the one of this installation, which need not have one yet.
bool isOwnKey(const std::string& publicKey) {
    const auto file = workbench::DataPaths::locate().reportKeyFile();
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return false;
    const auto key = security::SigningKey::loadOrCreate(file);
    return key && toHex(key->publicKey()) == publicKey;
}

Result<void> verify(const Options& options) {
    HEARTH_TRY(const auto file, MappedFile::open(options.a));
    HEARTH_TRY(const auto signature, hardware::verifyReport(textOf(file)));
    const bool own = isOwnKey(signature.publicKey);
    if (options.json)
        print(nlohmann::ordered_json{{"valid", true},
                                     {"public_key", signature.publicKey},
                                     {"fingerprint", signature.fingerprint},
                                     {"this_installation", own}}
                  .dump(2) +
              "\n");
    else
        print("unchanged since it was signed by " +
              std::string(own ? "this installation" : "another installation") + ", key " +
              signature.fingerprint + "\n");
    return {};
}

Result<nlohmann::ordered_json> readReport(const std::filesystem::path& path) {
    HEARTH_TRY(const auto file, MappedFile::open(path));
    return hardware::parseReport(textOf(file));
}

Result<void> compare(const Options& options) {
    HEARTH_TRY(const auto a, readReport(options.a));
    HEARTH_TRY(const auto b, readReport(options.b));
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& difference : hardware::compareReports(a, b)) {
        std::array<char, 32> ratio{};
        if (difference.ratio)
            std::snprintf(ratio.data(), ratio.size(), "x %.2f", *difference.ratio);
        if (!options.json)
            print(difference.figure + ":  " + difference.a + "  |  " + difference.b + "  " + ratio.data() +
                  "\n");
        nlohmann::ordered_json item{{"figure", difference.figure}, {"a", difference.a}, {"b", difference.b}};
        if (difference.ratio)
            item["ratio"] = *difference.ratio;
        list.push_back(std::move(item));
    }
    if (options.json)
        print(list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    return {};
}

} // namespace

void addReport(CLI::App& app, Command& chosen) {
    auto* command = app.add_subcommand("report", "Verify and compare hardware reports");
    command->require_subcommand(1);
    auto first = std::make_shared<Options>();
    auto* check = command->add_subcommand("verify", "Tell whether a report is as it was signed, and by whom");
    check->add_option("file", first->a, "A report in JSON, HTML, Markdown or PDF")->required();
    check->add_flag("--json", first->json, "Print JSON");
    check->callback([first, &chosen] { chosen = [first](Environment&) { return verify(*first); }; });
    auto second = std::make_shared<Options>();
    auto* beside = command->add_subcommand("compare", "Show the figures of two reports beside each other");
    beside->add_option("a", second->a, "A report in JSON")->required();
    beside->add_option("b", second->b, "Another one")->required();
    beside->add_flag("--json", second->json, "Print JSON");
    beside->callback([second, &chosen] { chosen = [second](Environment&) { return compare(*second); }; });
}

} // namespace hearth::cli
