#include "tests/text/tokenizer/vocabulary_file.h"

#include <unistd.h>

#include <cstdio>

#include "engine/text/tokenizer/byte_alphabet.h"

namespace hearth::test {

Result<std::filesystem::path> VocabularyFile::write() const {
    format::GgufWriter writer;
    writer.setString("general.architecture", "llama");
    if (!model.empty())
        writer.setString("tokenizer.ggml.model", model);
    if (!pre.empty())
        writer.setString("tokenizer.ggml.pre", pre);
    std::vector<std::string_view> tokenTexts, mergeTexts(merges.begin(), merges.end());
    std::vector<std::int32_t> types;
    std::vector<float> scores;
    for (const Token& token : tokens) {
        tokenTexts.push_back(token.text);
        types.push_back(static_cast<std::int32_t>(token.type));
        scores.push_back(token.score);
    }
    if (!tokens.empty()) {
        writer.setStrings("tokenizer.ggml.tokens", tokenTexts);
        if (withTypes)
            writer.setInts("tokenizer.ggml.token_type", types);
        if (withScores)
            writer.setFloats("tokenizer.ggml.scores", scores);
    }
    if (!mergeTexts.empty())
        writer.setStrings("tokenizer.ggml.merges", mergeTexts);
    if (more)
        more(writer);
    const auto path = std::filesystem::temp_directory_path() /
                      ("hearth-vocabulary-" + std::to_string(::getpid()) + ".gguf");
    HEARTH_CHECK(writer.begin(path));
    HEARTH_CHECK(writer.commit());
    return path;
}

Result<std::unique_ptr<const text::Tokenizer>> VocabularyFile::open() const {
    HEARTH_TRY(const auto path, write());
    auto file = format::GgufFile::open(path);
    std::filesystem::remove(path);
    if (!file)
        return tl::unexpected<Error>(file.error());
    return text::Tokenizer::fromGguf(*file);
}

std::string VocabularyFile::errorCode() const {
    const auto tokenizer = open();
    return tokenizer ? "none" : tokenizer.error().code;
}

VocabularyFile sentencePieceFile(const std::vector<std::string>& pieces) {
    using enum text::TokenType;
    VocabularyFile file;
    file.tokens = {{"<unk>", Unknown}, {"<s>", Control}, {"</s>", Control}};
    for (unsigned byte = 0; byte < 256; ++byte) {
        char name[8];
        std::snprintf(name, sizeof name, "<0x%02X>", byte);
        file.tokens.push_back({name, Byte});
    }
    float score = 0;
    for (const std::string& piece : pieces)
        file.tokens.push_back({piece, Normal, score -= 1});
    return file;
}

VocabularyFile byteBpeFile(const std::vector<std::string>& merges, const std::string& pre) {
    VocabularyFile file;
    file.model = "gpt2";
    file.pre = pre;
    file.withScores = false;
    file.merges = merges;
    for (unsigned byte = 0; byte < 256; ++byte) {
        Token token;
        text::appendLetters(token.text, std::string(1, static_cast<char>(byte)));
        file.tokens.push_back(token);
    }
    for (std::string merge : merges) {
        merge.erase(merge.find(' ', 1), 1);
        file.tokens.push_back({merge});
    }
    file.tokens.push_back({"<|im_start|>", text::TokenType::Control});
    file.tokens.push_back({"<|im_end|>", text::TokenType::Control});
    return file;
}

std::vector<std::string> texts(const text::Tokenizer& tokenizer, const std::vector<text::TokenId>& ids) {
    std::vector<std::string> out;
    for (const text::TokenId id : ids)
        out.emplace_back(tokenizer.tokenText(id));
    return out;
}

} // namespace hearth::test
