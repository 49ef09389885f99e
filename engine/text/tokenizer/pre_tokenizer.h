#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::text {

/// How the texts of a vocabulary were cut into words before merging: one regular expression, or several
/// applied one after the other, each to the pieces that the one before left.
struct PreTokenizerRule {
    std::vector<const char*> expressions; ///< PCRE2 with UTF and UCP
    bool ignoreMerges = false;            ///< a word that is itself a token is taken whole
    bool addBos = false;                  ///< a text begins with BOS where the file does not say
};

/// The rule that a file's `tokenizer.ggml.pre` names.
/// Errors: tokenizer.unknown_pre, with the name and the known ones.
[[nodiscard]] Result<PreTokenizerRule> preTokenizerRule(std::string_view name);

/// All names that preTokenizerRule() knows.
[[nodiscard]] std::vector<std::string_view> preTokenizerNames();

/// Cuts text into words. Immutable and thread-safe.
class PreTokenizer {
public:
    /// Errors: tokenizer.bad_expression.
    [[nodiscard]] static Result<PreTokenizer> compile(const PreTokenizerRule& rule);
    PreTokenizer(PreTokenizer&&) noexcept;
    PreTokenizer& operator=(PreTokenizer&&) noexcept;
    ~PreTokenizer();

    /// Ends of the words of `text`, which must be UTF-8: ascending, the last is text.size().
    /// Errors: tokenizer.match_limit when an expression takes more steps or memory than any sensible text
    /// needs.
    [[nodiscard]] Result<std::vector<std::uint32_t>> split(std::string_view text) const;

private:
    struct State;
    explicit PreTokenizer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace hearth::text
