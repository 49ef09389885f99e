#include <gtest/gtest.h>

#include "engine/runtime/reasoning_parser.h"

namespace {

using hearth::runtime::PieceKind;
using hearth::runtime::ReasoningParser;

using Parts = ReasoningParser::Parts;

/// Gives what each call adds.
struct Reader : ReasoningParser {
    using ReasoningParser::ReasoningParser;
    Parts push(std::string_view text) {
        Parts out;
        ReasoningParser::push(text, out);
        return out;
    }
    Parts pushControl(std::string_view spelling) {
        Parts out;
        ReasoningParser::pushControl(spelling, out);
        return out;
    }
    Parts finish() {
        Parts out;
        ReasoningParser::finish(out);
        return out;
    }
};

struct Divided {
    std::string answer, reasoning;
    bool operator==(const Divided&) const = default;
};

void PrintTo(const Divided& d, std::ostream* out) {
    *out << "answer \"" << d.answer << "\", reasoning \"" << d.reasoning << '"';
}

void collect(Divided& out, const Parts& parts) {
    for (const auto& part : parts)
        (part.kind == PieceKind::Answer ? out.answer : out.reasoning) += part.text;
}

Divided divide(const std::vector<std::string>& pieces, const std::string& prompt = {}) {
    Reader parser(prompt);
    Divided out;
    for (const std::string& piece : pieces)
        collect(out, parser.push(piece));
    collect(out, parser.finish());
    return out;
}

struct Case {
    const char *text, *answer, *reasoning;
    const char* prompt = "";
};

const Case kCases[] = {
    {"Hello.", "Hello.", ""},
    {"", "", ""},
    {"  Hello.", "  Hello.", ""},
    {"<think>\nBecause.\n</think>\n\nHello.", "Hello.", "Because."},
    {"\n<think>a</think><think>b</think> c", "c", "ab"},
    {"<thinking>x</thinking>y", "y", "x"},
    {"<thought> x </thought> y ", "y ", "x"},
    {"<reasoning>x < y and </ z</reasoning>y", "y", "x < y and </ z"},
    {"<think>a b\n\n c</think>d", "d", "a b\n\n c"},
    {"<think>never closed", "", "never closed"},
    {"<think></think>answer", "answer", ""},
    {"<think>\n\n</think>\n\nanswer", "answer", ""},
    {"I write <think>like this</think>.", "I write <think>like this</think>.", ""},
    {"<thin", "<thin", ""},
    {"<thinkers>", "<thinkers>", ""},
    {"<think>a</thin", "", "a</thin"},
    {"reasons\n</think>\n\nanswer", "answer", "reasons", "<|Assistant|><think>\n"},
    {"\nreasons</think>answer", "answer", "reasons", "<|Assistant|><think>"},
    {"answer", "answer", "", "<think>\n\n</think>\n\n"},
    {"<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>that", "that",
     "why"},
    {"<|channel|>final<|message|>that", "that", ""},
    {"<|channel>thought\nwhy\n<channel|>that", "that", "why"},
    {"<|channel>analysis\nwhy<channel|>that", "that", "why"},
    {"<think>为什么</think>因为", "因为", "为什么"},
};

TEST(ReasoningParser, DividesWhereverThePiecesBreak) {
    for (const Case& c : kCases) {
        const std::string text = c.text;
        const Divided want{c.answer, c.reasoning};
        EXPECT_EQ(divide({text}, c.prompt), want) << text;
        std::vector<std::string> single;
        for (const char byte : text)
            single.emplace_back(1, byte);
        EXPECT_EQ(divide(single, c.prompt), want) << "byte by byte: " << text;
        for (std::size_t cut = 0; cut <= text.size(); ++cut)
            EXPECT_EQ(divide({text.substr(0, cut), text.substr(cut)}, c.prompt), want)
                << "cut at " << cut << ": " << text;
    }
}

TEST(ReasoningParser, AnswersAreStreamedAtOnce) {
    Reader parser;
    EXPECT_EQ(parser.push("Hel"), (Parts{{PieceKind::Answer, "Hel"}}));
    EXPECT_EQ(parser.push("lo <think>"), (Parts{{PieceKind::Answer, "lo <think>"}}));
    EXPECT_FALSE(parser.inReasoning());
}

TEST(ReasoningParser, ReasoningIsStreamedUpToWhatMayBeItsEnd) {
    Reader parser;
    EXPECT_TRUE(parser.push("<think>").empty());
    EXPECT_TRUE(parser.inReasoning());
    EXPECT_EQ(parser.push("so "), (Parts{{PieceKind::Reasoning, "so"}}));
    EXPECT_EQ(parser.push("it is<"), (Parts{{PieceKind::Reasoning, " it is"}}));
    EXPECT_EQ(parser.push("b>"), (Parts{{PieceKind::Reasoning, "<b>"}}));
}

TEST(ReasoningParser, ControlTokensCountAsMarkersAndAreNeverShown) {
    Reader parser;
    Divided out;
    collect(out, parser.pushControl("<|channel|>"));
    collect(out, parser.push("analysis"));
    collect(out, parser.pushControl("<|message|>"));
    collect(out, parser.push("why"));
    EXPECT_TRUE(parser.closesReasoning("<|end|>"));
    EXPECT_FALSE(parser.closesReasoning("<|return|>"));
    collect(out, parser.pushControl("<|end|>"));
    EXPECT_FALSE(parser.closesReasoning("<|end|>")) << "the next one ends the turn";
    collect(out, parser.pushControl("<|start|>"));
    collect(out, parser.push("assistant"));
    collect(out, parser.pushControl("<|channel|>"));
    collect(out, parser.push("final"));
    collect(out, parser.pushControl("<|message|>"));
    collect(out, parser.push("that"));
    collect(out, parser.pushControl("<|channel|>"));
    collect(out, parser.push("!"));
    collect(out, parser.finish());
    EXPECT_EQ(out, (Divided{"that!", "why"}));
}

TEST(ReasoningParser, AnUnfinishedMarkerOfControlTokensIsDropped) {
    Reader parser;
    Divided out;
    collect(out, parser.pushControl("<|channel|>"));
    collect(out, parser.push("unheard of"));
    collect(out, parser.finish());
    EXPECT_EQ(out, (Divided{"unheard of", ""}));
}

TEST(ReasoningParser, PartsOfOneKindComeTogether) {
    ReasoningParser parser;
    Parts parts;
    parser.push("<think>why</think>th", parts);
    parser.push("at", parts);
    parser.finish(parts);
    EXPECT_EQ(parts, (Parts{{PieceKind::Reasoning, "why"}, {PieceKind::Answer, "that"}}));
}

TEST(ReasoningParser, SplitsStoredTexts) {
    EXPECT_EQ(ReasoningParser::split("<think>a</think>b"), (std::pair<std::string, std::string>{"b", "a"}));
    EXPECT_EQ(ReasoningParser::split("b"), (std::pair<std::string, std::string>{"b", ""}));
}

} // namespace
