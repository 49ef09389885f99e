#include "engine/workbench/answer_judge.h"

#include <algorithm>

#include "engine/text/tokenizer/utf8.h"

namespace hearth::workbench {

namespace {

constexpr int kBitsPerCharacter = 21; // of a code point; three fit into 64

bool isSpace(char32_t c) {
    return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || c == U'\u3000';
}

std::u32string normalised(std::string_view text) {
    std::u32string out = U" ";
    while (!text.empty()) {
        const text::Utf8Step step = text::utf8Step(text);
        const bool whole = step.kind == text::Utf8Step::Kind::Character;
        char32_t c = whole ? step.codePoint : static_cast<unsigned char>(text.front());
        text.remove_prefix(whole ? step.length : 1);
        if (c >= U'A' && c <= U'Z')
            c += U'a' - U'A';
        if (!isSpace(c))
            out += c;
        else if (out.back() != U' ')
            out += U' ';
    }
    if (out.back() != U' ')
        out += U' ';
    return out;
}

std::vector<std::uint64_t> trigrams(std::string_view text) {
    const std::u32string characters = normalised(text);
    std::vector<std::uint64_t> out;
    for (std::size_t i = 0; i + 2 < characters.size(); ++i)
        out.push_back((std::uint64_t{characters[i]} << 2 * kBitsPerCharacter) |
                      (std::uint64_t{characters[i + 1]} << kBitsPerCharacter) |
                      std::uint64_t{characters[i + 2]});
    std::sort(out.begin(), out.end());
    return out;
}

double score(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) {
    if (a.empty() && b.empty())
        return 1;
    std::size_t common = 0;
    for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
        if (*i == *j)
            ++common;
        const bool forward = *i <= *j, alsoOther = *j <= *i;
        i += forward;
        j += alsoOther;
    }
    return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

} // namespace

double trigramScore(std::string_view a, std::string_view b) {
    return score(trigrams(a), trigrams(b));
}

AnswerJudge::AnswerJudge(std::span<const std::string> known) {
    m_known.reserve(known.size());
    for (const std::string& answer : known)
        m_known.push_back(trigrams(answer));
}

AnswerJudge::Verdict AnswerJudge::judge(std::string_view answer) const {
    const auto asked = trigrams(answer);
    Verdict out;
    for (std::size_t i = 0; i < m_known.size(); ++i)
        if (const double s = score(asked, m_known[i]); s > out.score) {
            out.score = s;
            out.index = i;
        }
    if (out.score < kLeastScore)
        out.index = kNone;
    return out;
}

} // namespace hearth::workbench
