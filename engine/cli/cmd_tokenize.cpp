#include <filesystem>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/cli/commands.h"
#include "engine/cli/input.h"
#include "engine/cli/terminal.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::cli {

namespace {

struct Options {
    std::filesystem::path model, textFile;
    std::string text;
    bool specials = false, json = false;
};

Result<void> tokenize(const Options& options) {
    HEARTH_TRY(const auto file, format::GgufFile::open(options.model));
    HEARTH_TRY(const auto tokenizer, text::Tokenizer::fromGguf(file));
    std::string input = options.text;
    if (!options.textFile.empty()) {
        HEARTH_TRY(input, readInput(options.textFile));
    }
    using Specials = text::Tokenizer::Specials;
    HEARTH_TRY(const auto ids,
               tokenizer->encode(input, options.specials ? Specials::Parse : Specials::Plain));
    if (!options.json) {
        for (const auto id : ids)
            print(std::to_string(id) + "\t" + oneLine(tokenizer->tokenText(id)) + "\n");
        return {};
    }
    std::string line = "[";
    for (std::size_t i = 0; i < ids.size(); ++i)
        line += (i ? "," : "") + std::to_string(ids[i]);
    print(line + "]\n");
    return {};
}

} // namespace

void addTokenize(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("tokenize", "Text to token ids, without BOS and EOS");
    command->add_option("-m,--model", options->model, "The GGUF file")->required();
    auto* source = command->add_option_group("text")->require_option(1);
    source->add_option("--text", options->text, "The text");
    source->add_option("--text-file", options->textFile, "A file with the text; - is the standard input");
    command->add_flag("--special", options->specials, "Recognise special tokens written in the text");
    command->add_flag("--json", options->json, "Print a JSON array of ids instead of a list with texts");
    command->callback(
        [options, &chosen] { chosen = [options](Environment&) { return tokenize(*options); }; });
}

} // namespace hearth::cli
