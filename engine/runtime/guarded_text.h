#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/text/tokenizer/tokenizer.h"

namespace hearth::runtime {

/// Follows the characters that could begin or end a special token from message data through a chat template.
///
/// A template may cut, trim, replace and join what it is given, so no comparison before rendering can tell
/// where a special token in the rendered text came from: a template that deletes "/think" turns the data
/// "<|im_/thinkend|>" into "<|im_end|>". Instead every character of the data with which a special token of
/// the vocabulary begins or ends ('<', '>', '[' …) is replaced by a stand-in, a private-use character that
/// occurs nowhere in the data or the template. Templates pass stand-ins on as any other character. After
/// rendering they become the original characters again, and their places are known: a special token that
/// covers one of them is not the template's own.
///
/// Consequence: a template does not find words such as "</think>" in the data. Callers take reasoning blocks
/// out of messages before rendering.
class GuardedText {
public:
    /// The characters (UTF-8) to follow for a vocabulary: first and last of every token that is recognised
    /// only where special tokens are parsed.
    [[nodiscard]] static std::vector<std::string> watchedCharacters(const text::Tokenizer& tokenizer);

    /// Chooses stand-ins that occur in none of `sources` (all data and the template's text).
    /// Errors: session.no_private_characters (the data holds nearly all private-use characters there are).
    [[nodiscard]] static Result<GuardedText> create(std::span<const std::string> watched,
                                                    std::span<const std::string_view> sources);

    /// The data with its watched characters replaced.
    [[nodiscard]] std::string guard(std::string_view data) const;
    /// The same for every string in a JSON value, keys included.
    [[nodiscard]] nlohmann::ordered_json guard(const nlohmann::ordered_json& value) const;

    struct Restored {
        std::string text;
        std::vector<text::ByteRange> data; ///< ascending; the characters that came from the data
    };
    /// Puts the original characters back, also where a template wrote a stand-in as a JSON escape ("\ue000").
    [[nodiscard]] Restored restore(std::string_view rendered) const;

private:
    struct Pair {
        std::string original, standIn;
        std::string originalJson, standInJson; ///< as the template language's tojson writes them
    };
    std::vector<Pair> m_pairs;
    std::array<bool, 256> m_begins{}; ///< bytes with which a watched character begins
};

} // namespace hearth::runtime
