#include "engine/text/tokenizer/special_matcher.h"

#include <algorithm>
#include <string>

#include "engine/text/tokenizer/special_tokens.h"
#include "engine/text/tokenizer/utf8.h"

namespace hearth::text {

namespace {

/// Longer user-defined tokens are left to the model's own splitting. The bound keeps matching linear in the
/// text: no place is read further ahead than this.
constexpr std::size_t kLongestMatched = 256;

/// Whether [begin, end) shares a byte with one of the ranges.
bool touches(std::span<const ByteRange> ranges, std::size_t begin, std::size_t end) {
    const auto behind = std::partition_point(ranges.begin(), ranges.end(),
                                             [&](const ByteRange& range) { return range.end <= begin; });
    return behind != ranges.end() && behind->begin < end;
}

} // namespace

SpecialMatcher::SpecialMatcher(const Vocabulary& vocabulary, bool spaceMarks) : m_nodes(1) {
    struct Entry {
        std::string text;
        TokenId id;
        bool plain;
    };
    std::vector<Entry> entries;
    std::size_t bytes = 0;
    for (TokenId id = 0; vocabulary.contains(id); ++id) {
        const TokenType type = vocabulary.type(id);
        const std::string_view text = vocabulary.text(id);
        if (text.empty() || text.size() > kLongestMatched)
            continue;
        if (type == TokenType::Control || type == TokenType::Unknown)
            entries.push_back({std::string(text), id, false});
        else if (type == TokenType::UserDefined)
            entries.push_back(
                {spaceMarks ? markedToSpaces(text) : std::string(text), id, !looksLikeMarker(text)});
        else
            continue;
        bytes += entries.back().text.size();
    }
    m_children = FlatMap<std::uint32_t>(bytes);
    for (const Entry& entry : entries)
        add(entry.text, entry.id, entry.plain);
}

void SpecialMatcher::add(std::string_view text, TokenId id, bool plain) {
    m_canBegin[static_cast<unsigned char>(text[0])] = true;
    std::uint32_t node = 0;
    for (const char c : text) {
        const std::uint64_t key = std::uint64_t{node} << 8 | static_cast<unsigned char>(c);
        if (const std::uint32_t* child = m_children.find(key)) {
            node = *child;
            continue;
        }
        node = static_cast<std::uint32_t>(m_nodes.size());
        m_children.insert(key, node);
        m_nodes.emplace_back();
    }
    if (m_nodes[node].id < 0)
        m_nodes[node] = {id, plain};
}

SpecialMatcher::Match SpecialMatcher::longestAt(std::string_view text, std::size_t begin,
                                                Tokenizer::Specials specials,
                                                std::span<const ByteRange> data) const {
    Match best;
    std::uint32_t node = 0;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const std::uint32_t* child =
            m_children.find(std::uint64_t{node} << 8 | static_cast<unsigned char>(text[i]));
        if (!child)
            break;
        node = *child;
        const Node& here = m_nodes[node];
        if (here.id >= 0 &&
            (here.plain || (specials == Tokenizer::Specials::Parse && !touches(data, begin, i + 1))))
            best = {here.id, begin, i + 1 - begin};
    }
    return best;
}

SpecialMatcher::Match SpecialMatcher::next(std::string_view text, std::size_t from,
                                           Tokenizer::Specials specials,
                                           std::span<const ByteRange> data) const {
    for (std::size_t i = from; i < text.size(); ++i) {
        if (!m_canBegin[static_cast<unsigned char>(text[i])])
            continue;
        if (const Match match = longestAt(text, i, specials, data); match.id >= 0)
            return match;
    }
    return {-1, text.size(), 0};
}

} // namespace hearth::text
