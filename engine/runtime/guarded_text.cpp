#include "engine/runtime/guarded_text.h"

#include <algorithm>
#include <bitset>
#include <cctype>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/text/chat_template/chat_template.h"

namespace hearth::runtime {

namespace {

// The Basic Multilingual Plane's private-use area.
constexpr std::uint32_t kFirstPrivate = 0xE000, kPrivateCount = 6400;

std::string utf8Of(std::uint32_t codePoint) { // three bytes for all of the private-use area
    return {static_cast<char>(0xE0 | (codePoint >> 12)), static_cast<char>(0x80 | ((codePoint >> 6) & 0x3F)),
            static_cast<char>(0x80 | (codePoint & 0x3F))};
}

/// Bytes of the UTF-8 character that begins with `lead`.
std::size_t characterLength(char lead) {
    const auto byte = static_cast<unsigned char>(lead);
    return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::string firstCharacter(std::string_view text) {
    return std::string(text.substr(0, characterLength(text[0])));
}

std::string lastCharacter(std::string_view text) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80)
        --begin;
    return std::string(text.substr(begin));
}

bool isLetterOrSpace(const std::string& character) {
    return character.size() == 1 && (std::isalnum(static_cast<unsigned char>(character[0])) ||
                                     std::isspace(static_cast<unsigned char>(character[0])));
}

using PrivateSet = std::bitset<kPrivateCount>;

/// Marks the private-use characters that a text holds, as such or as a JSON escape.
void markUsed(std::string_view text, PrivateSet& used) {
    const auto mark = [&](std::uint32_t codePoint) {
        if (codePoint >= kFirstPrivate && codePoint < kFirstPrivate + kPrivateCount)
            used.set(codePoint - kFirstPrivate);
    };
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const auto byte = [&](std::size_t at) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
        };
        if (byte(i) == 0xEE || byte(i) == 0xEF) {
            mark((byte(i) & 0xF) << 12 | (byte(i + 1) & 0x3F) << 6 | (byte(i + 2) & 0x3F));
        } else if (text[i] == '\\' && text[i + 1] == 'u' && i + 5 < text.size()) {
            const std::string digits(text.substr(i + 2, 4));
            if (std::all_of(digits.begin(), digits.end(),
                            [](unsigned char c) { return std::isxdigit(c) != 0; }))
                mark(static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16)));
        }
    }
}

/// How the template language writes a string with tojson, without the quotes; empty if it cannot.
std::string jsonForm(const text::ChatTemplate& writer, const std::string& value) {
    const nlohmann::ordered_json messages =
        nlohmann::ordered_json::array({{{"role", "user"}, {"content", value}}});
    text::TemplateInput input;
    input.messages = &messages;
    const auto rendered = writer.render(input);
    return rendered && rendered->size() >= 2 ? rendered->substr(1, rendered->size() - 2) : std::string();
}

} // namespace

std::vector<std::string> GuardedText::watchedCharacters(const text::Tokenizer& tokenizer) {
    std::set<std::string> watched;
    const auto count = static_cast<text::TokenId>(tokenizer.vocabularySize());
    for (text::TokenId id = 0; id < count; ++id) {
        const text::TokenType type = tokenizer.tokenType(id);
        const std::string_view spelling = tokenizer.tokenText(id);
        if (spelling.empty() || (type != text::TokenType::Control && type != text::TokenType::UserDefined &&
                                 type != text::TokenType::Unknown))
            continue;
        if (type == text::TokenType::UserDefined) {
            // Plain text to the model: recognised in data as well, so nothing to guard.
            const auto plain = tokenizer.encode(spelling, text::Tokenizer::Specials::Plain);
            if (plain && *plain == std::vector<text::TokenId>{id})
                continue;
        }
        const std::string first = firstCharacter(spelling), last = lastCharacter(spelling);
        if (!isLetterOrSpace(first))
            watched.insert(first);
        if (!isLetterOrSpace(last))
            watched.insert(last);
        if (isLetterOrSpace(first) && isLetterOrSpace(last))
            watched.insert(first); // a marker without punctuation: its letter has to be followed then
    }
    return {watched.begin(), watched.end()};
}

Result<GuardedText> GuardedText::create(std::span<const std::string> watched,
                                        std::span<const std::string_view> sources) {
    PrivateSet used;
    for (const std::string_view source : sources)
        markUsed(source, used);
    HEARTH_TRY(const text::ChatTemplate writer,
               text::ChatTemplate::parse("{{ messages[0].content | tojson }}"));
    GuardedText guarded;
    std::uint32_t next = 0;
    for (const std::string& original : watched) {
        while (next < kPrivateCount && used[next])
            ++next;
        if (next == kPrivateCount)
            return fail("session.no_private_characters",
                        "the messages hold nearly all private-use characters that there are");
        Pair pair{original, utf8Of(kFirstPrivate + next++), {}, {}};
        pair.originalJson = jsonForm(writer, pair.original);
        pair.standInJson = jsonForm(writer, pair.standIn);
        guarded.m_begins[static_cast<unsigned char>(original[0])] = true;
        guarded.m_pairs.push_back(std::move(pair));
    }
    return guarded;
}

std::string GuardedText::guard(std::string_view data) const {
    std::string out;
    out.reserve(data.size());
    for (std::size_t i = 0; i < data.size();) {
        if (!m_begins[static_cast<unsigned char>(data[i])]) {
            out += data[i++];
            continue;
        }
        const std::string_view rest = data.substr(i);
        const auto pair = std::find_if(m_pairs.begin(), m_pairs.end(),
                                       [&](const Pair& p) { return rest.starts_with(p.original); });
        if (pair != m_pairs.end()) {
            out += pair->standIn;
            i += pair->original.size();
        } else {
            out += data[i++];
        }
    }
    return out;
}

nlohmann::ordered_json GuardedText::guard(const nlohmann::ordered_json& value) const {
    if (value.is_string())
        return guard(std::string_view(value.get_ref<const std::string&>()));
    if (value.is_array()) {
        auto out = nlohmann::ordered_json::array();
        for (const auto& element : value)
            out.push_back(guard(element));
        return out;
    }
    if (value.is_object()) {
        auto out = nlohmann::ordered_json::object();
        for (const auto& [key, element] : value.items())
            out[guard(std::string_view(key))] = guard(element);
        return out;
    }
    return value;
}

GuardedText::Restored GuardedText::restore(std::string_view rendered) const {
    Restored out;
    out.text.reserve(rendered.size());
    const auto put = [&](const std::string& original) {
        out.data.push_back({out.text.size(), out.text.size() + original.size()});
        out.text += original;
    };
    for (std::size_t i = 0; i < rendered.size();) {
        // Stand-ins begin with 0xEE or 0xEF, their escapes with a backslash.
        const char c = rendered[i];
        const Pair* found = nullptr;
        bool json = false;
        if (c == '\xEE' || c == '\xEF' || c == '\\') {
            const std::string_view rest = rendered.substr(i);
            for (const Pair& pair : m_pairs) {
                const bool plain = rest.starts_with(pair.standIn);
                if (!plain && !(c == '\\' && !pair.standInJson.empty() && rest.starts_with(pair.standInJson)))
                    continue;
                found = &pair;
                json = !plain;
                break;
            }
        }
        if (found) {
            put(json ? found->originalJson : found->original);
            i += json ? found->standInJson.size() : found->standIn.size();
        } else {
            out.text += c;
            ++i;
        }
    }
    return out;
}

} // namespace hearth::runtime
