#pragma once

#include <memory>

#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// The model "bert": WordPiece (Devlin et al., BERT, 2018). The text is cleaned, cut at white space, at
/// punctuation and around Chinese characters; accents and case go where the vocabulary has no capitals. Each
/// word is covered from the left by the longest pieces, or is unknown. Pieces inside a word are written "##x"
/// with plain first pieces, or plain with first pieces written "▁x"; the file's own style is found by
/// looking. Errors: as fromGguf(), and tokenizer.no_token when there is no unknown token.
[[nodiscard]] Result<std::unique_ptr<const Tokenizer>> makeWordPiece(const format::GgufFile& file);

} // namespace hearth::text
