#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/format/gguf/gguf_writer.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::test {

struct Token {
    std::string text;
    text::TokenType type = text::TokenType::Normal;
    float score = 0;
};

/// A made-up vocabulary, written as a GGUF file without tensors and read back. Empty members are left out of
/// the file; `more` adds or changes what else it holds.
struct VocabularyFile {
    std::string model = "llama";
    std::string pre = {};
    std::vector<Token> tokens = {};
    std::vector<std::string> merges = {};
    bool withTypes = true, withScores = true;
    std::function<void(format::GgufWriter&)> more = {};

    /// Where the file was written; overwritten by the next one of this process.
    [[nodiscard]] Result<std::filesystem::path> write() const;
    [[nodiscard]] Result<std::unique_ptr<const text::Tokenizer>> open() const;
    /// The code of the error that open() gives, or "none".
    [[nodiscard]] std::string errorCode() const;
};

/// Control tokens <unk> <s> </s> (ids 0, 1, 2), the 256 byte tokens (ids 3…258), then pieces with falling
/// scores.
[[nodiscard]] VocabularyFile sentencePieceFile(const std::vector<std::string>& pieces);
/// The 256 letters (ids 0…255), the results of the merges in order, then <|im_start|> and <|im_end|> as
/// control tokens.
[[nodiscard]] VocabularyFile byteBpeFile(const std::vector<std::string>& merges,
                                         const std::string& pre = "gpt-2");

/// The text of a token id that open() gave, for messages.
[[nodiscard]] std::vector<std::string> texts(const text::Tokenizer& tokenizer,
                                             const std::vector<text::TokenId>& ids);

} // namespace hearth::test
