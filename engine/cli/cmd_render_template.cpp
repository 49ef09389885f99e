#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/text/chat_template/chat_template.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::cli {

namespace {

using nlohmann::ordered_json;

struct Options {
    std::filesystem::path model, templateFile, messages, tools, variables;
    std::string bos, eos;
    bool noGenerationPrompt = false;
};

struct Source {
    std::string text, bos, eos;
};

/// The template that a model file carries, with the texts of its first and last token.
Result<Source> fromModel(const std::filesystem::path& path) {
    HEARTH_TRY(const auto file, format::GgufFile::open(path));
    HEARTH_TRY(const auto tokenizer, text::Tokenizer::fromGguf(file));
    const auto textOf = [&](const std::optional<text::TokenId>& id) {
        return id ? std::string(tokenizer->tokenText(*id)) : std::string();
    };
    const auto source = file.getString("tokenizer.chat_template");
    if (!source)
        note("hearthctl: the model has no chat template; this is the default (ChatML)");
    return Source{std::string(source.value_or(text::defaultChatTemplate())),
                  textOf(tokenizer->specials().bos), textOf(tokenizer->specials().eos)};
}

Result<void> renderTemplate(const Options& options) {
    Source source;
    if (!options.model.empty()) {
        HEARTH_TRY(source, fromModel(options.model));
    } else {
        HEARTH_TRY(source.text, readInput(options.templateFile));
    }
    if (!options.bos.empty())
        source.bos = options.bos;
    if (!options.eos.empty())
        source.eos = options.eos;

    HEARTH_TRY(const auto messages, readJson(options.messages));
    const auto optional = [](const std::filesystem::path& path) -> Result<std::optional<ordered_json>> {
        if (path.empty())
            return std::optional<ordered_json>();
        HEARTH_TRY(auto json, readJson(path));
        return std::optional<ordered_json>(std::move(json));
    };
    HEARTH_TRY(const auto tools, optional(options.tools));
    HEARTH_TRY(const auto variables, optional(options.variables));

    HEARTH_TRY(const auto chatTemplate, text::ChatTemplate::parse(source.text));
    text::TemplateInput input;
    input.messages = &messages;
    input.tools = tools ? &*tools : nullptr;
    input.extra = variables ? &*variables : nullptr;
    input.addGenerationPrompt = !options.noGenerationPrompt;
    input.bosToken = source.bos;
    input.eosToken = source.eos;
    HEARTH_TRY(const std::string text, chatTemplate.render(input));
    print(stdoutIsTerminal() ? printable(text) + "\n" : text);
    return {};
}

} // namespace

void addRenderTemplate(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("render-template", "Show what a chat template makes of messages");
    auto* source = command->add_option_group("template")->require_option(1);
    source->add_option("-m,--model", options->model, "Take the template and its tokens from this GGUF file");
    source->add_option("--template", options->templateFile, "A file with a Jinja template");
    command->add_option("--messages", options->messages, "A JSON file: an array of {role, content}")
        ->required();
    command->add_option("--tools", options->tools, "A JSON file: an array of tools");
    command->add_option("--variables", options->variables, "A JSON file: an object of further variables");
    command->add_option("--bos", options->bos, "Text of the beginning-of-text token");
    command->add_option("--eos", options->eos, "Text of the end-of-text token");
    command->add_flag("--no-generation-prompt", options->noGenerationPrompt,
                      "Do not open the assistant's turn");
    command->callback(
        [options, &chosen] { chosen = [options](Environment&) { return renderTemplate(*options); }; });
}

} // namespace hearth::cli
