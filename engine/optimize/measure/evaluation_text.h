#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::runtime {
class LoadedModel;
}

namespace hearth::optimize {

struct TextOptions {
    std::size_t context = 512; ///< tokens of a chunk; less when the model was trained for less
    std::size_t maxChunks = 0; ///< 0 = the whole text
};

/// A text cut into chunks of `context` tokens, as the field measures perplexity: every chunk is evaluated on
/// its own, begins with the token that begins texts where the model wants one (in place of its first token),
/// and only its second half is scored, so that every scored token has at least half a chunk before it.
/// A text shorter than a chunk is one chunk. A value.
struct EvaluationText {
    std::vector<text::TokenId> tokens; ///< of all chunks
    std::size_t context = 0;           ///< tokens of a chunk
    std::size_t vocabulary = 0;

    /// Special tokens written in the text count as text. Errors: measure.bad_context (less than 4 tokens),
    /// measure.text_too_short (args needed_tokens, found_tokens), tokenizer.*.
    [[nodiscard]] static Result<EvaluationText>
    prepare(const runtime::LoadedModel& model, std::string_view utf8, const TextOptions& options = {});

    [[nodiscard]] std::size_t chunks() const { return context ? tokens.size() / context : 0; }
    [[nodiscard]] std::span<const text::TokenId> chunk(std::size_t index) const {
        return std::span(tokens).subspan(index * context, context);
    }
    /// Within a chunk, logits of positions [firstScored(), context − 1) predict the tokens after them.
    [[nodiscard]] std::size_t firstScored() const { return context / 2; }
    [[nodiscard]] std::size_t scoredOfChunk() const { return context - 1 - firstScored(); }
    [[nodiscard]] std::size_t scored() const { return chunks() * scoredOfChunk(); }
};

/// A neutral text of the project's own, Chinese and English, prose, code, dialogue, lists, numbers: what
/// calibration uses when the person gives none. Static storage.
[[nodiscard]] std::string_view defaultCalibrationText();

} // namespace hearth::optimize
