#include "engine/text/tokenizer/vocabulary.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <limits>
#include <random>

#include "engine/format/gguf/gguf_file.h"
#include "engine/text/tokenizer/hash.h"
#include "engine/text/tokenizer/utf8.h"

namespace hearth::text {

namespace {

constexpr auto kTokensKey = "tokenizer.ggml.tokens";
constexpr auto kTypesKey = "tokenizer.ggml.token_type";
constexpr auto kScoresKey = "tokenizer.ggml.scores";

/// Largest published vocabularies have about 260 000 tokens; the rest is room. It bounds the tables' memory.
constexpr std::size_t kMostTokens = std::size_t{1} << 24;
/// Longest token texts in published files are runs of a few hundred spaces or dashes.
constexpr std::size_t kLongestToken = 65535;

tl::unexpected<Error> wrongKind(const char* key, const char* wanted) {
    return tl::unexpected<Error>(
        Error{"tokenizer.bad_metadata", std::string(key) + " is not " + wanted}.with("key", key));
}

tl::unexpected<Error> wrongSize(const char* key, std::size_t got, std::size_t want) {
    return tl::unexpected<Error>(Error{"tokenizer.size_mismatch", std::string(key) + " has " +
                                                                      std::to_string(got) + " entries for " +
                                                                      std::to_string(want) + " tokens"}
                                     .with("key", key)
                                     .with("entries", std::to_string(got))
                                     .with("tokens", std::to_string(want)));
}

Result<TokenType> typeOf(std::int64_t value, std::size_t id) {
    if (value < 0 || value > 6)
        return tl::unexpected<Error>(Error{
            "tokenizer.bad_token_type", "token " + std::to_string(id) + " has type " + std::to_string(value)}
                                         .with("token", std::to_string(id)));
    return static_cast<TokenType>(value);
}

} // namespace

std::uint64_t hashSeed() {
    static const std::uint64_t seed = []() -> std::uint64_t {
        try {
            std::random_device device;
            return std::uint64_t{device()} << 32 | device();
        } catch (const std::exception&) { // No source of randomness: the clock will do.
            return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        }
    }();
    return seed;
}

Result<Vocabulary> Vocabulary::fromGguf(const format::GgufFile& file) {
    if (!file.find(kTokensKey))
        return fail("tokenizer.absent", std::string("the file has no ") + kTokensKey);
    const format::GgufArray* array = file.getArray(kTokensKey);
    const auto* texts = array ? std::get_if<std::vector<std::string_view>>(array) : nullptr;
    if (!texts)
        return wrongKind(kTokensKey, "an array of strings");
    Vocabulary out;
    HEARTH_CHECK(out.takeTexts(*texts));
    HEARTH_CHECK(out.takeTypes(file));
    HEARTH_CHECK(out.takeScores(file));
    out.buildIndex();
    return out;
}

Result<void> Vocabulary::takeTexts(const std::vector<std::string_view>& tokens) {
    if (tokens.empty())
        return fail("tokenizer.absent", std::string(kTokensKey) + " is empty");
    if (tokens.size() > kMostTokens)
        return fail("tokenizer.too_large", std::to_string(tokens.size()) + " tokens");
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].size() > kLongestToken)
            return fail("tokenizer.too_large",
                        "token " + std::to_string(i) + " has " + std::to_string(tokens[i].size()) + " bytes");
        bytes += tokens[i].size(); // At most 2^24 * 2^16: no overflow.
    }
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        return fail("tokenizer.too_large", "token texts of " + std::to_string(bytes) + " bytes");
    m_arena.reserve(bytes);
    m_offsets.reserve(tokens.size() + 1);
    m_offsets.push_back(0);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!isUtf8(tokens[i]))
            return tl::unexpected<Error>(
                Error{"tokenizer.bad_utf8", "token " + std::to_string(i) + " is not UTF-8"}.with(
                    "token", std::to_string(i)));
        m_arena.append(tokens[i]);
        m_offsets.push_back(static_cast<std::uint32_t>(m_arena.size()));
        m_longest = std::max(m_longest, tokens[i].size());
    }
    m_types.assign(tokens.size(), TokenType::Normal);
    return {};
}

Result<void> Vocabulary::takeTypes(const format::GgufFile& file) {
    if (!file.find(kTypesKey))
        return {};
    const auto take = [this](const auto& values) -> Result<void> {
        if (values.size() != size())
            return wrongSize(kTypesKey, values.size(), size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            // An unsigned value above the signed range turns negative here, and so is refused too.
            HEARTH_TRY(m_types[i], typeOf(static_cast<std::int64_t>(values[i]), i));
        }
        return {};
    };
    const format::GgufArray* array = file.getArray(kTypesKey);
    if (const auto* values = array ? std::get_if<std::vector<std::int64_t>>(array) : nullptr)
        return take(*values);
    if (const auto* values = array ? std::get_if<std::vector<std::uint64_t>>(array) : nullptr)
        return take(*values);
    return wrongKind(kTypesKey, "an array of integers");
}

Result<void> Vocabulary::takeScores(const format::GgufFile& file) {
    if (!file.find(kScoresKey))
        return {};
    const format::GgufArray* array = file.getArray(kScoresKey);
    const auto* values = array ? std::get_if<std::vector<double>>(array) : nullptr;
    if (!values)
        return wrongKind(kScoresKey, "an array of floats");
    if (values->size() != size())
        return wrongSize(kScoresKey, values->size(), size());
    m_scores.reserve(values->size());
    for (std::size_t i = 0; i < values->size(); ++i) {
        // A NaN has no place in the order in which pieces are merged.
        if (std::isnan((*values)[i]))
            return tl::unexpected<Error>(
                Error{"tokenizer.bad_score", "the score of token " + std::to_string(i) + " is not a number"}
                    .with("token", std::to_string(i)));
        m_scores.push_back(static_cast<float>((*values)[i]));
    }
    return {};
}

void Vocabulary::buildIndex() {
    m_index.assign(hashCapacity(size()), Slot{});
    const std::size_t mask = m_index.size() - 1;
    const std::uint64_t seed = hashSeed();
    for (TokenId id = 0; contains(id); ++id) {
        const std::string_view wanted = text(id);
        if (wanted.empty())
            continue;
        const std::uint64_t hash = hashBytes(wanted, seed);
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        std::size_t slot = hash & mask;
        while (m_index[slot].id >= 0 && !(m_index[slot].hash == tag && text(m_index[slot].id) == wanted))
            slot = (slot + 1) & mask;
        if (m_index[slot].id < 0)
            m_index[slot] = {tag, id};
    }
}

std::string_view Vocabulary::text(TokenId id) const {
    if (!contains(id))
        return {};
    const auto i = static_cast<std::size_t>(id);
    return std::string_view(m_arena).substr(m_offsets[i], m_offsets[i + 1] - m_offsets[i]);
}

TokenType Vocabulary::type(TokenId id) const {
    return contains(id) ? m_types[static_cast<std::size_t>(id)] : TokenType::Undefined;
}

TokenId Vocabulary::find(std::string_view wanted) const {
    if (wanted.empty() || wanted.size() > m_longest)
        return -1;
    const std::size_t mask = m_index.size() - 1;
    const std::uint64_t hash = hashBytes(wanted, hashSeed());
    const auto tag = static_cast<std::uint32_t>(hash >> 32);
    for (std::size_t slot = hash & mask; m_index[slot].id >= 0; slot = (slot + 1) & mask)
        if (m_index[slot].hash == tag && text(m_index[slot].id) == wanted)
            return m_index[slot].id;
    return -1;
}

TokenId Vocabulary::findText(std::string_view wanted) const {
    const TokenId id = find(wanted);
    return id >= 0 && isText(id) ? id : -1;
}

bool Vocabulary::isText(TokenId id) const {
    const TokenType t = m_types[static_cast<std::size_t>(id)];
    return t == TokenType::Normal || t == TokenType::Undefined || t == TokenType::Unused;
}

std::optional<std::uint8_t> byteOfTokenText(std::string_view text) {
    if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>')
        return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(3, 2)) {
        if (c >= '0' && c <= '9')
            value = value * 16 + unsigned(c - '0');
        else if (c >= 'A' && c <= 'F')
            value = value * 16 + unsigned(c - 'A' + 10);
        else if (c >= 'a' && c <= 'f')
            value = value * 16 + unsigned(c - 'a' + 10);
        else
            return std::nullopt;
    }
    return static_cast<std::uint8_t>(value);
}

Result<std::array<TokenId, 256>> byteTokens(const Vocabulary& vocabulary) {
    std::array<TokenId, 256> out;
    out.fill(-1);
    for (TokenId id = 0; vocabulary.contains(id); ++id) {
        if (vocabulary.type(id) != TokenType::Byte)
            continue;
        const auto byte = byteOfTokenText(vocabulary.text(id));
        if (!byte)
            return tl::unexpected<Error>(Error{"tokenizer.bad_byte_token",
                                               "byte token " + std::to_string(id) + " is not written <0xNN>"}
                                             .with("token", std::to_string(id)));
        if (out[*byte] < 0)
            out[*byte] = id;
    }
    return out;
}

} // namespace hearth::text
