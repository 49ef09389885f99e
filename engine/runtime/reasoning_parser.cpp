#include "engine/runtime/reasoning_parser.h"

#include <algorithm>

namespace hearth::runtime {

namespace {

/// A marker at the beginning of an answer: with a closer it opens a reasoning block, without it is skipped.
struct Opener {
    std::string_view open, close;
};
constexpr Opener kOpeners[] = {
    {"<think>", "</think>"},
    {"<thinking>", "</thinking>"},
    {"<thought>", "</thought>"},
    {"<reasoning>", "</reasoning>"},
    {"<|channel|>analysis<|message|>", "<|end|>"},
    {"<|channel>thought", "<channel|>"},
    {"<|channel>analysis", "<channel|>"},
    {"<|start|>assistant", ""},
    {"<|channel|>final<|message|>", ""},
    {"<|channel|>commentary<|message|>", ""},
};

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// Where a suffix of `text` that is a proper beginning of `word` starts; text.size() when there is none.
std::size_t partialAt(std::string_view text, std::string_view word) {
    const std::size_t longest = std::min(text.size(), word.size() - 1);
    for (std::size_t length = longest; length > 0; --length)
        if (text.substr(text.size() - length) == word.substr(0, length))
            return text.size() - length;
    return text.size();
}

bool mayBePartOfMarker(std::string_view spelling) {
    return std::any_of(std::begin(kOpeners), std::end(kOpeners), [&](const Opener& opener) {
        return opener.open.find(spelling) != std::string_view::npos ||
               opener.close.find(spelling) != std::string_view::npos;
    });
}

void append(ReasoningParser::Parts& out, PieceKind kind, std::string text) {
    if (text.empty())
        return;
    if (!out.empty() && out.back().kind == kind)
        out.back().text += text;
    else
        out.push_back({kind, std::move(text)});
}

} // namespace

ReasoningParser::ReasoningParser(std::string_view prompt) {
    const std::size_t last = prompt.find_last_not_of(kWhiteSpace);
    const std::string_view end = prompt.substr(0, last == std::string_view::npos ? 0 : last + 1);
    for (const Opener& opener : kOpeners)
        if (!opener.close.empty() && end.ends_with(opener.open)) {
            m_state = State::Reasoning;
            m_closer = opener.close;
            m_atBlockStart = m_afterBlock = true;
        }
}

/// Removes the first bytes of what is held and returns them without control tokens.
std::string ReasoningParser::take(std::size_t bytes) {
    std::string text;
    std::size_t next = 0;
    for (const auto& [begin, end] : m_hidden) {
        if (begin >= bytes)
            break;
        text += m_held.substr(next, begin - next);
        next = end;
    }
    if (next < bytes)
        text += m_held.substr(next, bytes - next);
    m_held.erase(0, bytes);
    std::erase_if(m_hidden, [&](const auto& range) { return range.first < bytes; });
    for (auto& [begin, end] : m_hidden) {
        begin -= bytes;
        end -= bytes;
    }
    return text;
}

/// Looks for a marker at the beginning. True when the state may have changed and there is more to look at.
bool ReasoningParser::advanceStart() {
    const std::size_t first = m_held.find_first_not_of(kWhiteSpace);
    if (first == std::string::npos)
        return false;
    const std::string_view text = std::string_view(m_held).substr(first);
    const Opener* found = nullptr;
    bool undecided = false;
    for (const Opener& opener : kOpeners) {
        if (text.starts_with(opener.open)) {
            if (!found || opener.open.size() > found->open.size())
                found = &opener;
        } else if (opener.open.starts_with(text)) {
            undecided = true;
        }
    }
    if (undecided && !found && !m_finishing)
        return false;
    if (!found) {
        if (m_afterBlock)
            (void)take(first);
        m_state = State::Answer;
        return true;
    }
    (void)take(first + found->open.size());
    m_afterBlock = true;
    if (!found->close.empty()) {
        m_state = State::Reasoning;
        m_closer = found->close;
        m_atBlockStart = true;
    }
    return true;
}

void ReasoningParser::advanceReasoning(Parts& out, bool& again) {
    if (m_atBlockStart) {
        const std::size_t first = m_held.find_first_not_of(kWhiteSpace);
        (void)take(first == std::string::npos ? m_held.size() : first);
        if (m_held.empty())
            return;
    }
    const std::size_t closer = m_held.find(m_closer);
    std::size_t safe = closer;
    if (closer == std::string::npos)
        safe = m_finishing ? m_held.size() : partialAt(m_held, m_closer);
    // White space before the end of a block is dropped, so it waits for what follows.
    const std::size_t last = m_held.find_last_not_of(kWhiteSpace, safe ? safe - 1 : 0);
    const std::size_t shown = safe == 0 || last == std::string::npos ? 0 : last + 1;
    if (shown > 0) {
        append(out, PieceKind::Reasoning, take(shown));
        m_atBlockStart = false;
    }
    if (closer != std::string::npos) {
        (void)take(closer - shown + m_closer.size());
        m_state = State::Start;
        again = true;
    }
}

void ReasoningParser::advance(Parts& out) {
    for (bool again = true; again && !m_held.empty();) {
        again = false;
        switch (m_state) {
        case State::Start:
            again = advanceStart();
            break;
        case State::Reasoning:
            advanceReasoning(out, again);
            break;
        case State::Answer:
            append(out, PieceKind::Answer, take(m_held.size()));
            break;
        }
    }
}

void ReasoningParser::push(std::string_view text, Parts& out) {
    m_held += text;
    advance(out);
}

void ReasoningParser::pushControl(std::string_view spelling, Parts& out) {
    if (m_state == State::Answer || !mayBePartOfMarker(spelling))
        return;
    m_hidden.emplace_back(m_held.size(), m_held.size() + spelling.size());
    m_held += spelling;
    advance(out);
}

void ReasoningParser::finish(Parts& out) {
    m_finishing = true;
    advance(out);
    m_held.clear();
    m_hidden.clear();
}

bool ReasoningParser::closesReasoning(std::string_view spelling) const {
    return m_state == State::Reasoning && spelling == m_closer;
}

std::pair<std::string, std::string> ReasoningParser::split(std::string_view text) {
    ReasoningParser parser;
    Parts parts;
    parser.push(text, parts);
    parser.finish(parts);
    std::pair<std::string, std::string> out;
    for (const Part& part : parts)
        (part.kind == PieceKind::Answer ? out.first : out.second) += part.text;
    return out;
}

} // namespace hearth::runtime
