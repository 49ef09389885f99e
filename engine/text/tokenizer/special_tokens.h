#pragma once

#include <string_view>

#include "engine/text/tokenizer/vocabulary.h"

namespace hearth::text {

/// What a tokenizer model assumes where the file is silent.
struct SpecialDefaults {
    bool addBos = false, addEos = false, addSpacePrefix = false;
    /// Texts that name a token for which the file gives no id; empty for none.
    std::string_view bos, eos, unknown, padding, separator, classification, mask;
};

/// Reads `tokenizer.ggml.{bos,eos,eot,eom,unknown,padding,seperator,cls,mask}_token_id` and
/// `add_{bos_token,eos_token,space_prefix}`, and collects every token that ends a turn. An id of −1 (also
/// written 4294967295) means "none". Tokens that turn out to be markers although the file calls them normal
/// or user-defined become control tokens in `vocabulary`. Errors: tokenizer.bad_special_id,
/// tokenizer.bad_metadata.
[[nodiscard]] Result<SpecialTokens>
readSpecialTokens(const format::GgufFile& file, const SpecialDefaults& defaults, Vocabulary& vocabulary);

/// Whether a user-defined token with this text marks a role, a turn, a tool call or reasoning, so that text
/// written by a person must not turn into it. Files often call such tokens user-defined.
[[nodiscard]] bool looksLikeMarker(std::string_view text);

} // namespace hearth::text
