#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.h"
#include "engine/cli/error_text.h"
#include "engine/cli/input.h"
#include "engine/cli/model_facts.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/workbench/model_facts.h"

namespace hearth::cli {

namespace {

using format::GgufArray;
using format::GgufFile;
using format::GgufTensor;
using format::GgufValue;

struct Options {
    std::filesystem::path model;
    bool json = false, full = false;
};

/// Arrays longer than this are cut, unless all is asked for: vocabularies have a hundred thousand entries.
constexpr std::size_t kShortArray = 8;
constexpr std::size_t kShortText = 120;

std::string shapeText(const GgufTensor& tensor) {
    std::string text;
    for (const auto extent : tensor.shape)
        text += (text.empty() ? "" : " x ") + std::to_string(extent);
    return text;
}

std::string numberText(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

std::string textOf(std::string_view value) {
    return "\"" + oneLine(value) + "\"";
}
std::string textOf(double value) {
    return numberText(value);
}
std::string textOf(bool value) {
    return value ? "true" : "false";
}
std::string textOf(std::uint64_t value) {
    return std::to_string(value);
}
std::string textOf(std::int64_t value) {
    return std::to_string(value);
}

struct ValueText {
    bool full;
    std::string operator()(const GgufArray& array) const {
        return std::visit(
            [this](const auto& values) {
                const std::size_t shown = full ? values.size() : std::min(values.size(), kShortArray);
                std::string text = "[";
                for (std::size_t i = 0; i < shown; ++i)
                    text.append(i ? ", " : "").append(textOf(values[i]));
                if (shown < values.size())
                    text.append(", ... ").append(std::to_string(values.size())).append(" in all");
                return text + "]";
            },
            array);
    }
    std::string operator()(std::string_view value) const {
        if (full || value.size() <= kShortText)
            return textOf(value);
        std::size_t cut = kShortText; // not inside a character
        while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0) == 0x80)
            --cut;
        return textOf(value.substr(0, cut)) + "... " + std::to_string(value.size()) + " bytes in all";
    }
    template <class T>
    std::string operator()(T value) const {
        return textOf(value);
    }
};

struct ValueJson {
    bool full;
    nlohmann::ordered_json operator()(const GgufArray& array) const {
        return std::visit(
            [this](const auto& values) -> nlohmann::ordered_json {
                auto list = nlohmann::ordered_json::array();
                const std::size_t shown = full ? values.size() : std::min(values.size(), kShortArray);
                for (std::size_t i = 0; i < shown; ++i)
                    list.push_back(nlohmann::ordered_json(values[i]));
                if (shown == values.size())
                    return list;
                return {{"count", values.size()}, {"first", std::move(list)}};
            },
            array);
    }
    template <class T>
    nlohmann::ordered_json operator()(T value) const {
        return value;
    }
};

void printText(const GgufFile& file, const workbench::ModelFacts& facts, bool full) {
    const auto line = [](const char* name, const std::string& value) {
        print(std::string(name) + std::string(16 - std::string_view(name).size(), ' ') + value + "\n");
    };
    line("file",
         file.paths().front().string() +
             (file.paths().size() > 1 ? " and " + std::to_string(file.paths().size() - 1) + " more" : ""));
    line("format", "GGUF version " + std::to_string(file.version()));
    line("size", bytesText(file.fileBytes()));
    line("name", oneLine(facts.name));
    line("architecture", oneLine(facts.family));
    line("quantisation", facts.quantisation);
    line("parameters", countText(facts.parameters));
    line("context", std::to_string(facts.trainedContext));
    line("vocabulary", std::to_string(vocabularySize(file)));
    const auto refusal = refusalOf(file);
    line("runs here", refusal ? "no: " + oneLine(refusal->message()) : "yes");

    print("\nMetadata (" + std::to_string(file.metadata().size()) + ")\n");
    for (const auto& [key, value] : file.metadata())
        if (key != "tokenizer.chat_template")
            print("  " + oneLine(key) + " = " + std::visit(ValueText{full}, value) + "\n");

    print("\nTensors (" + std::to_string(file.tensors().size()) + ")\n");
    std::size_t width = 0;
    for (const auto& tensor : file.tensors())
        width = std::max(width, tensor.name.size());
    for (const auto& tensor : file.tensors()) {
        std::array<char, 96> columns{};
        std::snprintf(columns.data(), columns.size(), "  %-7s %-22s %s\n",
                      std::string(traitsOf(tensor.type).name).c_str(), shapeText(tensor).c_str(),
                      bytesText(tensor.bytes).c_str());
        print("  " + oneLine(tensor.name) + std::string(width - tensor.name.size(), ' ') + columns.data());
    }
    if (const auto source = file.getString("tokenizer.chat_template"))
        print("\nChat template\n" + printable(*source) + "\n");
    else
        print("\nChat template\n  none; the default (ChatML) is used\n");
}

void printJson(const GgufFile& file, const workbench::ModelFacts& facts, bool full) {
    nlohmann::ordered_json out;
    out["files"] = nlohmann::ordered_json::array();
    for (const auto& path : file.paths())
        out["files"].push_back(path.string());
    out["gguf_version"] = file.version();
    out["bytes"] = file.fileBytes();
    out["name"] = facts.name;
    out["architecture"] = facts.family;
    out["quantisation"] = facts.quantisation;
    out["parameters"] = facts.parameters;
    out["context_length"] = facts.trainedContext;
    out["vocabulary"] = vocabularySize(file);
    const auto refusal = refusalOf(file);
    out["supported"] = !refusal;
    if (refusal)
        out["refusal"] = {{"code", refusal->code}, {"detail", refusal->detail}};
    out["metadata"] = nlohmann::ordered_json::object();
    for (const auto& [key, value] : file.metadata())
        out["metadata"][std::string(key)] = std::visit(ValueJson{full}, value);
    out["tensors"] = nlohmann::ordered_json::array();
    for (const auto& tensor : file.tensors())
        out["tensors"].push_back({{"name", tensor.name},
                                  {"type", traitsOf(tensor.type).name},
                                  {"shape", tensor.shape},
                                  {"bytes", tensor.bytes},
                                  {"file", tensor.shard},
                                  {"offset", tensor.offset}});
    const auto source = file.getString("tokenizer.chat_template");
    out["chat_template"] = source ? nlohmann::ordered_json(*source) : nlohmann::ordered_json();
    // Strings of a file need not be UTF-8; what is not becomes U+FFFD.
    print(out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

Result<void> inspect(const Options& options) {
    HEARTH_TRY(const auto file, GgufFile::open(options.model));
    const auto facts = workbench::modelFacts(file);
    if (options.json)
        printJson(file, facts, options.full);
    else
        printText(file, facts, options.full);
    return {};
}

} // namespace

void addInspect(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("inspect", "Show a model's metadata, tensors, sizes and chat template");
    command->add_option("model,-m,--model", options->model, "The GGUF file")->required();
    command->add_flag("--json", options->json, "Print JSON");
    command->add_flag("--full", options->full, "Print long arrays and texts whole");
    command->callback([options, &chosen] { chosen = [options](Environment&) { return inspect(*options); }; });
}

} // namespace hearth::cli
