#include <gtest/gtest.h>

#include "engine/workbench/answer_judge.h"

namespace hearth::workbench {
namespace {

TEST(TrigramScore, CountsCommonTrigramsWithMultiplicity) {
    // " ab " has the trigrams " ab", "ab "; " abab " has " ab", "aba", "bab", "ab ".
    EXPECT_DOUBLE_EQ(trigramScore("ab", "abab"), 2.0 * 2 / (2 + 4));
    EXPECT_DOUBLE_EQ(trigramScore("aaaa", "aa"), 2.0 * 2 / (4 + 2));
    EXPECT_DOUBLE_EQ(trigramScore("abc", "xyz"), 0);
    EXPECT_DOUBLE_EQ(trigramScore("", ""), 1);
    EXPECT_DOUBLE_EQ(trigramScore("", "abc"), 0);
    EXPECT_DOUBLE_EQ(trigramScore("abab", "ab"), trigramScore("ab", "abab"));
}

TEST(TrigramScore, CapitalsAndSpacesDoNotCount) {
    EXPECT_DOUBLE_EQ(trigramScore("The  Sky\nis blue ", "the sky is blue"), 1);
    EXPECT_DOUBLE_EQ(trigramScore("天空\u3000是蓝色的", " 天空 是蓝色的"), 1);
}

TEST(TrigramScore, ReadsCharactersAndSurvivesBytesThatAreNone) {
    // One of three characters differs: no trigram of three bytes may pretend otherwise.
    EXPECT_DOUBLE_EQ(trigramScore("猫狗鸟", "猫鱼鸟"), 0);
    EXPECT_GT(trigramScore("天空是蓝色的", "天空是灰色的"), 0.3);
    EXPECT_DOUBLE_EQ(trigramScore("\xff\xfe", "\xff\xfe"), 1);
    EXPECT_DOUBLE_EQ(trigramScore("\xe5\xa4", "天"), 0);
}

TEST(AnswerJudge, FindsTheNearestAnswer) {
    const std::vector<std::string> known{"Settings are on the Settings page of the window.",
                                         "Models are opened with the model picker at the top.",
                                         "Models are ejected with the eject button at the top."};
    const AnswerJudge judge(known);
    for (std::size_t i = 0; i < known.size(); ++i) {
        EXPECT_EQ(judge.judge(known[i]).index, i);
        EXPECT_DOUBLE_EQ(judge.judge(known[i]).score, 1);
    }
    EXPECT_EQ(judge.judge("Models are opened with the picker at the top of the window").index, 1U);
    EXPECT_EQ(judge.judge("Models are ejected with the eject button").index, 2U); // cut short
}

TEST(AnswerJudge, GivesNoTopicToWhatResemblesNone) {
    const std::vector<std::string> known{"The sky is blue by day.", "A cat has four legs."};
    const AnswerJudge judge(known);
    for (const char* text : {"", "Something else entirely, about neither.", "day"}) {
        const auto verdict = judge.judge(text);
        EXPECT_EQ(verdict.index, AnswerJudge::kNone) << text;
        EXPECT_LT(verdict.score, AnswerJudge::kLeastScore);
    }
    EXPECT_EQ(AnswerJudge({}).judge("x").index, AnswerJudge::kNone);
    const std::vector<std::string> twice{"the same", "the same"};
    EXPECT_EQ(AnswerJudge(twice).judge("the same").index, 0U);
}

} // namespace
} // namespace hearth::workbench
