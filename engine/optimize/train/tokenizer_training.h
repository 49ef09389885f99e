#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::optimize {

/// A SentencePiece BPE vocabulary as GGUF stores it. Index = token id.
struct TrainedVocabulary {
    std::vector<std::string> pieces;
    std::vector<float> scores;
    std::vector<std::int32_t>
        types; ///< GGUF token types: 1 normal, 2 unknown, 3 control, 4 user defined, 6 byte
    std::int32_t bos = 1, eos = 2, unknown = 0, endOfTurn = 0;
};

/// Trains on the texts with byte fallback and the chat markers <|im_start|>, <|im_end|> as control tokens; a
/// line break is a token of its own. Errors: tokenizer.training_failed (with SentencePiece's reason).
[[nodiscard]] Result<TrainedVocabulary> trainTokenizer(std::span<const std::string> texts,
                                                       std::size_t vocabulary, double characterCoverage);

} // namespace hearth::optimize
