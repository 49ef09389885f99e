#pragma once

#include <memory>

#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// The model "llama": SentencePiece's byte-pair encoding. Spaces are written U+2581, neighbouring pieces
/// merge in the order of their scores, characters that no piece covers become byte tokens, or the unknown
/// token. Errors: as fromGguf().
[[nodiscard]] Result<std::unique_ptr<const Tokenizer>> makeSentencePiece(const format::GgufFile& file);

} // namespace hearth::text
