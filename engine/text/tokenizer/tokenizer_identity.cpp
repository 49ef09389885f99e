#include "engine/text/tokenizer/tokenizer_identity.h"

#include <algorithm>
#include <bit>
#include <string>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/hash.h"
#include "engine/text/tokenizer/pre_tokenizer.h"
#include "engine/text/tokenizer/vocabulary.h"

namespace hearth::text {

namespace {

/// Always the same: identities may be compared between runs of the program.
constexpr std::uint64_t kSeed = 0x2545F4914F6CDD1Du;

/// Folds values into one hash, in their order.
class Fold {
public:
    void add(std::string_view bytes) { m_hash = hashBytes(bytes, m_hash); }
    void add(std::uint64_t value) { m_hash = mixHash(m_hash ^ value, 0x9E3779B97F4A7C15u) + 1; }
    [[nodiscard]] std::uint64_t value() const { return m_hash; }

private:
    std::uint64_t m_hash = kSeed;
};

std::uint64_t hashOfScheme(const Tokenizer& tokenizer) {
    Fold fold;
    fold.add(tokenizer.model());
    if (tokenizer.model() == "gpt2")
        if (const auto rule = preTokenizerRule(tokenizer.pre())) {
            for (const char* expression : rule->expressions)
                fold.add(expression);
            fold.add(rule->ignoreMerges ? 1 : 0);
        }
    return fold.value();
}

Result<std::uint64_t> hashOfRules(const format::GgufFile& file, const Tokenizer& tokenizer) {
    Fold fold;
    if (tokenizer.model() == "gpt2") {
        const format::GgufArray* array = file.getArray("tokenizer.ggml.merges");
        if (const auto* merges = array ? std::get_if<std::vector<std::string_view>>(array) : nullptr)
            for (const std::string_view merge : *merges)
                fold.add(merge);
    } else if (tokenizer.model() == "llama") {
        HEARTH_TRY(const Vocabulary vocabulary, Vocabulary::fromGguf(file));
        for (TokenId id = 0; vocabulary.contains(id); ++id)
            fold.add(std::bit_cast<std::uint32_t>(vocabulary.score(id) + 0.0F)); // −0 becomes 0
    }
    return fold.value();
}

std::uint64_t hashOfSpecials(const SpecialTokens& specials) {
    Fold fold;
    const auto put = [&fold](const std::optional<TokenId>& id) {
        fold.add(static_cast<std::uint64_t>(id.value_or(-1)));
    };
    if (specials.addBos)
        put(specials.bos);
    put(specials.unknown);
    fold.add(specials.addSpacePrefix ? 1 : 0);
    return fold.value();
}

} // namespace

Result<TokenizerIdentity> TokenizerIdentity::of(const format::GgufFile& file) {
    HEARTH_TRY(const auto tokenizer, Tokenizer::fromGguf(file));
    TokenizerIdentity out;
    out.scheme = hashOfScheme(*tokenizer);
    HEARTH_TRY(out.rules, hashOfRules(file, *tokenizer));
    out.specials = hashOfSpecials(tokenizer->specials());
    out.pieces.reserve(tokenizer->vocabularySize());
    for (TokenId id = 0; static_cast<std::size_t>(id) < tokenizer->vocabularySize(); ++id)
        out.pieces.push_back(static_cast<std::uint32_t>(hashBytes(
            tokenizer->tokenText(id), kSeed + static_cast<std::uint64_t>(tokenizer->tokenType(id)))));
    return out;
}

std::optional<TokenizerDifference> differenceOf(const TokenizerIdentity& a, const TokenizerIdentity& b) {
    if (a.scheme != b.scheme)
        return TokenizerDifference{"pre-tokeniser", std::nullopt};
    const auto [at, other] =
        std::mismatch(a.pieces.begin(), a.pieces.end(), b.pieces.begin(), b.pieces.end());
    if (at != a.pieces.end() || other != b.pieces.end())
        return TokenizerDifference{"pieces", static_cast<TokenId>(at - a.pieces.begin())};
    if (a.rules != b.rules)
        return TokenizerDifference{"merges", std::nullopt};
    if (a.specials != b.specials)
        return TokenizerDifference{"special tokens", std::nullopt};
    return std::nullopt;
}

} // namespace hearth::text
