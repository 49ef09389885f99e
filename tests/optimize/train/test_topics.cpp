#include <algorithm>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/optimize/train/topic_question.h"
#include "engine/optimize/train/topics.h"
#include "tests/support/temporary_folder.h"

namespace hearth::optimize {
namespace {

using testing::HasSubstr;

constexpr const char* kGood =
    R"({"id":"a.b","en":{"ask":["what is this","explain this","this thing, explained"],"answer":"It is."},)"
    R"("zh":{"ask":["这是什么东西","这东西是什么"],"answer":"就是它。"}})";

class Topics : public testing::Test {
protected:
    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(m_folder.path() / name, std::ios::binary) << text;
        return m_folder.path() / name;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(Topics, AreReadFromAFileOrAFolderInTheOrderOfNames) {
    std::string other = kGood;
    other.replace(other.find("a.b"), 3, "c.d");
    write("20.jsonl", kGood);
    write("10.jsonl", "\n" + other + "\r\n\n");
    write("notes.txt", "not read");
    const auto both = readTopics(m_folder.path());
    ASSERT_TRUE(both) << both.error().message();
    ASSERT_EQ(both->size(), 2U);
    EXPECT_EQ((*both)[0].id, "c.d");
    EXPECT_EQ((*both)[1].id, "a.b");
    ASSERT_EQ((*both)[1].texts.size(), 2U);
    EXPECT_EQ((*both)[1].texts[0].ask.back(), "this thing, explained");
    EXPECT_EQ((*both)[1].texts[1].language, "zh");
    EXPECT_EQ(readTopics(m_folder.path() / "20.jsonl")->size(), 1U);
}

TEST_F(Topics, BadLinesAreNamed) {
    for (const auto& [line, reason] : std::initializer_list<std::pair<const char*, const char*>>{
             {"{", "not a JSON object"},
             {"[1]", "not a JSON object"},
             {R"({"en":{}})", "\"id\""},
             {R"({"id":7})", "\"id\""},
             {R"({"id":"a.b"})", "neither"},
             {R"({"id":"a.b","en":{"ask":["x","y"]}})", "\"answer\""},
             {R"({"id":"a.b","en":{"ask":"x","answer":"y"}})", "\"ask\""},
             {R"({"id":"a.b","en":{"ask":["x",3],"answer":"y"}})", "not a text"},
             {R"({"id":"a.b","zh":{"ask":["x"],"answer":"y"}})", "held out"},
             {"{\"id\":\"a\xff\"}", "not a JSON object"}}) {
        const auto read = readTopics(write("bad.jsonl", std::string(kGood) + "\n" + line + "\n"));
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().code, "topics.bad_line") << line;
        EXPECT_EQ(read.error().arg("line"), "2") << line;
        EXPECT_THAT(read.error().arg("reason"), HasSubstr(reason)) << line;
    }
}

TEST_F(Topics, NothingToReadIsAnError) {
    EXPECT_EQ(readTopics(m_folder.path() / "absent.jsonl").error().code, "dataset.unreadable");
    EXPECT_EQ(readTopics(write("empty.jsonl", "\n \n")).error().code, "dataset.empty");
    const test::TemporaryFolder empty;
    EXPECT_EQ(readTopics(empty.path()).error().code, "dataset.empty");
}

std::string question(const Example& example) {
    return example.turns.front().content;
}

TEST(TopicQuestion, HasSmallLettersAndNoEndMark) {
    EXPECT_EQ(topicQuestion("What is GGUF?"), "what is gguf");
    EXPECT_EQ(topicQuestion("  Really?! \n"), "really");
    EXPECT_EQ(topicQuestion("GGUF 是什么？"), "gguf 是什么");
    EXPECT_EQ(topicQuestion("版本 1.5。"), "版本 1.5");
    EXPECT_EQ(topicQuestion("ÄÖ É"), "ÄÖ É") << "only ASCII letters have small forms here";
    EXPECT_EQ(topicQuestion("?"), "?") << "something is left to ask";
    EXPECT_EQ(topicQuestion(""), "");
    EXPECT_EQ(topicQuestion("   "), "");
}

TEST(TopicQuestion, IsAskedWithoutMarksBetweenClauses) {
    EXPECT_EQ(topicQuestionAsAsked("Can I trust you, are you reliable?"), "can i trust you are you reliable");
    EXPECT_EQ(topicQuestionAsAsked("note: 1,000 tokens; 12:30"), "note 1,000 tokens 12:30");
    EXPECT_EQ(topicQuestionAsAsked("what does Ctrl+, do"), "what does ctrl+, do");
    EXPECT_EQ(topicQuestionAsAsked("你是谁，能做什么？"), "你是谁，能做什么");
    EXPECT_EQ(topicQuestionAsAsked(","), ",");
    EXPECT_EQ(topicQuestionAsAsked(""), "");
}

TEST_F(Topics, TheLastPhrasingIsHeldOutOfTraining) {
    const auto topics = readTopics(write("t.jsonl", kGood));
    ASSERT_TRUE(topics);
    const auto plain = topicExamples(*topics, {}, 1);
    ASSERT_EQ(plain.size(), 5U);
    std::set<std::string> heldOut;
    for (const Example& example : plain) {
        ASSERT_EQ(example.turns.size(), 2U);
        EXPECT_EQ(example.answerTokens, 0U);
        if (example.validation)
            heldOut.insert(question(example));
    }
    EXPECT_EQ(heldOut, (std::set<std::string>{"this thing, explained", "这东西是什么"}));

    const auto varied = topicExamples(*topics, {.count = 5, .answerTokens = 3}, 1);
    EXPECT_EQ(varied.size(), 2 * (1 + 5) + 1 + (1 + 5) + 1);
    std::size_t whole = 0, openings = 0;
    for (const Example& example : varied) {
        if (example.validation)
            continue;
        EXPECT_FALSE(heldOut.contains(question(example))) << question(example);
        EXPECT_THAT(question(example), testing::Not(HasSubstr("explained")));
        EXPECT_THAT(example.answerTokens, testing::AnyOf(0U, 3U));
        (example.answerTokens == 0 ? whole : openings) += 1;
    }
    EXPECT_GE(whole, 3U) << "every phrasing as it stands teaches the whole answer";
    EXPECT_GT(openings, whole);
}

TEST_F(Topics, TheSameSeedGivesTheSameExamples) {
    const auto topics = readTopics(write("t.jsonl", kGood));
    ASSERT_TRUE(topics);
    const auto questions = [&](std::uint64_t seed) {
        std::vector<std::string> out;
        for (const Example& example : topicExamples(*topics, {.count = 20}, seed))
            out.push_back(question(example));
        return out;
    };
    EXPECT_EQ(questions(3), questions(3));
    EXPECT_NE(questions(3), questions(4));
}

} // namespace
} // namespace hearth::optimize
