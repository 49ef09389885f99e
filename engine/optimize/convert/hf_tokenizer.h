#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"

namespace hearth::format {
class GgufWriter;
}

namespace hearth::optimize {

/// The tables of a GGUF tokeniser.
struct TokenizerTables {
    std::string model, pre;          ///< "llama" or "gpt2"; the pre-tokeniser's name
    std::vector<std::string> tokens; ///< by id
    std::vector<std::int32_t> types; ///< tokenizer.ggml.token_type
    std::vector<float> scores;       ///< of "llama" models
    std::vector<std::string> merges; ///< of "gpt2" models: "left right"
    std::optional<std::uint32_t> bos, eos, unknown, padding;
    std::optional<bool> addBos, addEos, addSpacePrefix;
    std::string chatTemplate;

    /// The id of a token's text.
    [[nodiscard]] std::optional<std::uint32_t> find(std::string_view text) const;
    void writeTo(format::GgufWriter& writer) const;
};

/// Reads a folder's tokeniser: tokenizer.model (SentencePiece BPE) when it is there, else tokenizer.json;
/// added tokens, special ids, flags and the chat template from tokenizer_config.json and its companions.
/// `rows` is the number of rows of the embedding: tokens that the vocabulary lacks up to there become unused
/// ones. Errors: convert.no_tokenizer, convert.vocabulary_mismatch (args tokens, rows), convert.bad_config,
/// and those of the functions below.
[[nodiscard]] Result<TokenizerTables> readTokenizer(const std::filesystem::path& folder, std::size_t rows);

/// tokenizer.json. Errors, all "tokenizer_json.": those of parseJson (empty, bom, bad_json, bad_utf8,
/// too_deep, too_large, duplicate_key), no_model, unknown_model, bad_vocab (no object), bad_id (negative,
/// fractional or huge), duplicate_id, id_gap, empty_token, bad_merge (not two tokens of the vocabulary whose
/// sum is one, or too many), missing_bytes, bad_byte_token, bad_expression, unknown_pre_tokenizer,
/// unknown_normalizer, bad_added_token.
[[nodiscard]] Result<TokenizerTables> parseTokenizerJson(std::string_view text);

/// A SentencePiece model (its protobuf, read field by field). Errors, all "tokenizer_model.": truncated,
/// bad_field, no_pieces, bad_piece, not_bpe (another algorithm than byte pair encoding).
[[nodiscard]] Result<TokenizerTables> parseSentencePieceModel(std::string_view bytes);

/// The name that GGUF files use for the pre-tokeniser that a list of expressions makes; nullopt when it is
/// none of the known ones. `ignoreMerges` chooses between those that differ in nothing else.
[[nodiscard]] std::optional<std::string> preTokenizerName(const std::vector<std::string>& expressions,
                                                          bool ignoreMerges);

/// Token types of `tokenizer.ggml.token_type`.
inline constexpr std::int32_t kTokenNormal = 1, kTokenUnknown = 2, kTokenControl = 3, kTokenUserDefined = 4,
                              kTokenUnused = 5, kTokenByte = 6;

} // namespace hearth::optimize
