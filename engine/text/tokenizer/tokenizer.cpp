#include "engine/text/tokenizer/tokenizer.h"

#include <algorithm>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/byte_bpe.h"
#include "engine/text/tokenizer/sentencepiece.h"
#include "engine/text/tokenizer/wordpiece.h"

namespace hearth::text {

namespace {

/// Every row of the embedding table is a token and every token has a row.
Result<void> checkEmbedding(const format::GgufFile& file, std::size_t tokens) {
    const format::GgufTensor* table = file.findTensor("token_embd.weight");
    if (!table || table->shape.size() < 2 || table->shape[1] == tokens)
        return {};
    const std::string rows = std::to_string(table->shape[1]);
    return tl::unexpected<Error>(
        Error{"tokenizer.size_mismatch",
              "token_embd.weight has " + rows + " rows for " + std::to_string(tokens) + " tokens"}
            .with("key", "token_embd.weight")
            .with("entries", rows)
            .with("tokens", std::to_string(tokens)));
}

Result<std::unique_ptr<const Tokenizer>> make(const format::GgufFile& file, std::string_view model) {
    if (model == "llama")
        return makeSentencePiece(file);
    if (model == "gpt2")
        return makeByteBpe(file);
    if (model == "bert")
        return makeWordPiece(file);
    std::string shown(model.substr(0, 64));
    return tl::unexpected<Error>(
        Error{"tokenizer.unknown_model",
              "the tokenizer model \"" + shown + "\" is not known; known are llama, gpt2, bert"}
            .with("model", shown));
}

} // namespace

Result<std::unique_ptr<const Tokenizer>> Tokenizer::fromGguf(const format::GgufFile& file) {
    constexpr auto kModelKey = "tokenizer.ggml.model";
    if (!file.find(kModelKey))
        return fail("tokenizer.absent", std::string("the file has no ") + kModelKey);
    const auto model = file.getString(kModelKey);
    if (!model)
        return tl::unexpected<Error>(
            Error{"tokenizer.bad_metadata", std::string(kModelKey) + " is not a string"}.with("key",
                                                                                              kModelKey));
    HEARTH_TRY(auto tokenizer, make(file, *model));
    HEARTH_CHECK(checkEmbedding(file, tokenizer->vocabularySize()));
    return tokenizer;
}

bool Tokenizer::endsGeneration(TokenId id) const {
    const auto& ends = specials().endOfGeneration;
    return std::binary_search(ends.begin(), ends.end(), id);
}

} // namespace hearth::text
