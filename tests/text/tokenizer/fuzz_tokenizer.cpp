// Two halves, chosen by the first byte: any text through sound vocabularies, and any metadata through the
// loader.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/pre_tokenizer.h"
#include "engine/text/tokenizer/tokenizer.h"
#include "engine/text/tokenizer/utf8.h"
#include "tests/text/tokenizer/vocabulary_file.h"

namespace {

using hearth::text::TokenId;
using hearth::text::Tokenizer;
using hearth::text::TokenType;

/// A broken promise of the tokenizer, which the fuzzer reports as a crash.
void require(bool kept) {
    if (!kept)
        std::abort();
}

std::vector<std::unique_ptr<const Tokenizer>> soundTokenizers() {
    std::vector<std::unique_ptr<const Tokenizer>> out;
    auto pieces = hearth::test::sentencePieceFile({"▁", "a", "b", "ab", "▁a", "好", "aa", "bb"});
    pieces.tokens.push_back({"aab", TokenType::Unused, -20});
    pieces.tokens.push_back({"▁▁", TokenType::UserDefined});
    pieces.tokens.push_back({"<|user|>", TokenType::UserDefined});
    out.push_back(std::move(*pieces.open()));
    for (const std::string_view pre : hearth::text::preTokenizerNames())
        out.push_back(std::move(
            *hearth::test::byteBpeFile({"a b", "ab a", "Ġ a", "Ġ Ġ", "å ¥"}, std::string(pre)).open()));
    hearth::test::VocabularyFile words;
    words.model = "bert";
    words.tokens = {
        {"[UNK]", TokenType::Control}, {"[CLS]", TokenType::Control}, {"a"}, {"##a"}, {"##b"}, {"好"}};
    out.push_back(std::move(*words.open()));
    return out;
}

void checkText(const Tokenizer& tokenizer, std::string_view bytes) {
    const auto plain = tokenizer.encode(bytes, Tokenizer::Specials::Plain);
    require(plain.has_value());
    for (const TokenId id : *plain)
        require(id >= 0 && std::size_t(id) < tokenizer.vocabularySize() &&
                (tokenizer.tokenType(id) != TokenType::Control || tokenizer.specials().unknown == id));
    const std::string decoded = tokenizer.decode(*plain);
    const std::string text = hearth::text::replaceIllFormed(bytes);
    if (tokenizer.model() == "gpt2" ||
        (tokenizer.model() == "llama" && text.find(hearth::text::kSpaceMark) == std::string::npos))
        require(decoded == text);
    const auto parsed = tokenizer.encode(bytes, Tokenizer::Specials::Parse);
    require(parsed.has_value());
    hearth::text::StreamDetokenizer stream(tokenizer, true);
    std::string all;
    for (const TokenId id : *parsed)
        all += stream.push(id);
    all += stream.finish();
    require(hearth::text::isUtf8(all) && all == tokenizer.decode(*parsed));
}

/// Reads a vocabulary out of the fuzzer's bytes: lines of "type score text", merges after an empty line.
void checkMetadata(std::string_view bytes) {
    hearth::test::VocabularyFile file;
    const auto take = [&bytes]() -> unsigned {
        if (bytes.empty())
            return 0;
        const unsigned value = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        return value;
    };
    const auto line = [&bytes] {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        std::string out(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 1, bytes.size()));
        return out;
    };
    static const char* const kModels[] = {"llama", "gpt2", "bert", "other"};
    const unsigned flags = take();
    file.model = kModels[flags % 4];
    if (file.model == "gpt2" && flags & 4)
        file = hearth::test::byteBpeFile({});
    file.withTypes = flags & 8;
    file.withScores = flags & 16;
    const unsigned eos = take(), unknown = take();
    file.more = [&](hearth::format::GgufWriter& writer) {
        if (flags & 32)
            writer.setInt("tokenizer.ggml.eos_token_id", std::int32_t(eos) - 2);
        if (flags & 64)
            writer.setUint("tokenizer.ggml.unknown_token_id", unknown);
        if (flags & 128)
            writer.setBool("tokenizer.ggml.add_space_prefix", eos & 1);
    };
    for (unsigned count = take(); count > 0 && !bytes.empty(); --count) {
        const auto type = static_cast<TokenType>(take() % 8);
        const float score = float(take()) - 128.0F;
        file.tokens.push_back({line(), type, score});
    }
    for (unsigned count = take(); count > 0 && !bytes.empty(); --count)
        file.merges.push_back(line());
    const auto tokenizer = file.open();
    if (!tokenizer)
        return;
    for (const auto mode : {Tokenizer::Specials::Plain, Tokenizer::Specials::Parse})
        if (const auto ids = (*tokenizer)->encode(bytes, mode))
            require(hearth::text::isUtf8((*tokenizer)->decode(*ids, true)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto tokenizers = soundTokenizers();
    if (size < 1)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (data[0] < 128)
        checkText(*tokenizers[data[0] % tokenizers.size()], bytes);
    else
        checkMetadata(bytes);
    return 0;
}
