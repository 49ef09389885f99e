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
    std::filesystem::path model, tokensFile;
    std::string tokens;
    bool specials = false;
};

Result<void> detokenize(const Options& options) {
    HEARTH_TRY(const auto file, format::GgufFile::open(options.model));
    HEARTH_TRY(const auto tokenizer, text::Tokenizer::fromGguf(file));
    std::string list = options.tokens;
    if (!options.tokensFile.empty()) {
        HEARTH_TRY(list, readInput(options.tokensFile));
        // The output of `tokenize --json` is accepted as it is.
        for (char& c : list)
            if (c == '[' || c == ']')
                c = ' ';
    }
    HEARTH_TRY(const auto ids, parseTokens(list));
    HEARTH_CHECK(checkTokens(ids, tokenizer->vocabularySize()));
    const std::string text = tokenizer->decode(ids, options.specials);
    print(stdoutIsTerminal() ? printable(text) + "\n" : text);
    return {};
}

} // namespace

void addDetokenize(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("detokenize", "Token ids to text");
    command->add_option("-m,--model", options->model, "The GGUF file")->required();
    auto* source = command->add_option_group("tokens")->require_option(1);
    source->add_option("--tokens", options->tokens, "The ids, as 1,2,3");
    source->add_option("--tokens-file", options->tokensFile, "A file with the ids; - is the standard input");
    command->add_flag("--special", options->specials, "Show special tokens too");
    command->callback(
        [options, &chosen] { chosen = [options](Environment&) { return detokenize(*options); }; });
}

} // namespace hearth::cli
