#pragma once

#include <memory>

#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::text {

/// The model "gpt2": byte-level byte-pair encoding. The text is cut into words by the pre-tokenizer that the
/// file names, the bytes of each word merge in the order of `tokenizer.ggml.merges`.
/// Errors: as fromGguf(), among them tokenizer.unknown_pre, tokenizer.bad_merge, tokenizer.missing_byte.
[[nodiscard]] Result<std::unique_ptr<const Tokenizer>> makeByteBpe(const format::GgufFile& file);

} // namespace hearth::text
