#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/workbench/topic_evaluation.h"
#include "tests/cli/process.h"
#include "tests/guide/tiny_guide.h"

namespace hearth::workbench {
namespace {

using optimize::Topic;
using testing::HasSubstr;

class TopicEvaluation : public testing::Test {
protected:
    Evaluation evaluate(const std::vector<Topic>& topics, const EvaluationOptions& options = {}) {
        auto result = evaluateTopics(model(), topics, options);
        EXPECT_TRUE(result) << result.error().message();
        return std::move(result).value_or(Evaluation());
    }
    std::shared_ptr<runtime::LoadedModel> model() {
        if (!m_model)
            m_model = runtime::LoadedModel::load(test::tinyGuide().model, m_pool).value();
        return m_model;
    }
    ThreadPool m_pool{2};
    std::shared_ptr<runtime::LoadedModel> m_model;
};

TEST_F(TopicEvaluation, CountsRightAnswersInEachLanguage) {
    const auto all = evaluate(test::tinyGuide().topics);
    ASSERT_EQ(all.questions.size(), 8U);
    for (const AskedQuestion& question : all.questions)
        EXPECT_TRUE(question.isRight()) << question.question << " → " << question.answer;
    EXPECT_EQ(all.of("en").asked, 4U);
    EXPECT_EQ(all.of("zh").right, 4U);
    EXPECT_DOUBLE_EQ(all.of("zh").accuracy(), 1);
    EXPECT_EQ(all.of("fr").asked, 0U);
    EXPECT_DOUBLE_EQ(all.of("fr").accuracy(), 0);
    EXPECT_EQ(all.questions[0].language, "en");
    EXPECT_EQ(all.questions[1].language, "zh");
    ASSERT_EQ(all.firstTokenSeconds.size(), 8U);
    EXPECT_GT(all.medianFirstToken(), 0);
    EXPECT_GE(all.worstFirstToken(), all.medianFirstToken());
    EXPECT_GT(all.seconds, 0);
}

TEST_F(TopicEvaluation, NamesTheTopicThatAnAnswerBelongsTo) {
    // The answers of the first two topics change places: what was right is now the other's.
    auto topics = test::tinyGuide().topics;
    std::swap(topics[0].texts[0].answer, topics[1].texts[0].answer);
    topics[2].texts[1].answer = "这个答案模型没有学过，它与任何别的都不像。";
    const auto result = evaluate(topics);
    EXPECT_EQ(result.questions[0].given, topics[1].id);
    EXPECT_EQ(result.questions[2].given, topics[0].id);
    EXPECT_EQ(result.questions[5].given, "") << result.questions[5].answer;
    EXPECT_EQ(result.of("en").right, 2U);
    EXPECT_EQ(result.of("zh").right, 3U);
}

TEST_F(TopicEvaluation, TheNumberAskedTogetherChangesNothing) {
    const auto& topics = test::tinyGuide().topics;
    const auto one = evaluate(topics, {.together = 1, .timed = 0}), many = evaluate(topics, {.together = 5});
    ASSERT_EQ(one.questions.size(), many.questions.size());
    for (std::size_t i = 0; i < one.questions.size(); ++i)
        EXPECT_EQ(one.questions[i].answer, many.questions[i].answer);
    EXPECT_TRUE(one.firstTokenSeconds.empty());
    EXPECT_DOUBLE_EQ(one.worstFirstToken(), 0);
}

TEST_F(TopicEvaluation, SamplesTopicsByTheSeedAndKeepsToALanguage) {
    const auto& topics = test::tinyGuide().topics;
    const auto ids = [&](std::uint64_t seed) {
        std::string out;
        for (const auto& question : evaluate(topics, {.sample = 2, .seed = seed, .timed = 1}).questions)
            out += question.topic + question.language + " ";
        return out;
    };
    const std::string first = ids(1);
    EXPECT_EQ(ids(1), first);
    EXPECT_EQ(std::count(first.begin(), first.end(), ' '), 4);
    bool differs = false;
    for (std::uint64_t seed = 2; seed < 8; ++seed)
        differs |= ids(seed) != first;
    EXPECT_TRUE(differs);
    const auto chinese = evaluate(topics, {.sample = 9, .language = "zh", .timed = 3});
    EXPECT_EQ(chinese.questions.size(), 4U);
    EXPECT_EQ(chinese.of("en").asked, 0U);
    EXPECT_EQ(chinese.firstTokenSeconds.size(), 3U);
}

TEST_F(TopicEvaluation, CanBeStopped) {
    std::stop_source stop;
    stop.request_stop();
    const auto result = evaluateTopics(model(), test::tinyGuide().topics, {}, stop.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, kCancelled);
}

TEST_F(TopicEvaluation, InTheTerminal) {
    const auto& guide = test::tinyGuide();
    const std::vector<std::string> arguments{"evaluate", "--model", guide.model.string(), "--topics",
                                             (guide.folder / "topics.jsonl").string()};
    const auto text = test::hearthctl(arguments);
    EXPECT_EQ(text.exit, 0) << text.err;
    EXPECT_THAT(text.out, testing::AllOf(HasSubstr("en  "), HasSubstr("zh  "), HasSubstr("first token")));

    // The held-out phrasings of so few topics are not all understood; one topic in a false place shows how
    // that is told.
    const auto swapped = guide.folder / "swapped.jsonl";
    std::ofstream(swapped)
        << R"({"id":"test.sky","en":{"ask":["x","what colour is the sky"],"answer":"A cat has four legs and a tail."}}
{"id":"test.cat","en":{"ask":["x","how many legs has a cat"],"answer":"The sky is blue by day."}}
)";
    auto withJson = arguments;
    withJson.back() = swapped.string();
    withJson.insert(withJson.end(), {"--json", "--failures", "--language", "en"});
    const auto run = test::hearthctl(withJson);
    ASSERT_EQ(run.exit, 0) << run.err;
    const auto json = nlohmann::json::parse(run.out);
    EXPECT_EQ(json["languages"]["en"]["asked"], 2);
    EXPECT_EQ(json["languages"]["en"]["right"], 0);
    EXPECT_FALSE(json["languages"].contains("zh"));
    EXPECT_EQ(json["confusions"].size(), 2U);
    EXPECT_EQ(json["confusions"][0]["answered_as"], "test.sky");
    EXPECT_EQ(json["failures"][0]["question"], "what colour is the sky");
    EXPECT_EQ(json["failures"][0]["answer"], "The sky is blue by day.");
    EXPECT_GT(json["first_token_seconds"]["worst"], 0);

    auto nowhere = arguments;
    nowhere.back() = (guide.folder / "absent").string();
    const auto absent = test::hearthctl(nowhere);
    EXPECT_EQ(absent.exit, 3);
    EXPECT_THAT(absent.err, HasSubstr("dataset.unreadable"));
}

} // namespace
} // namespace hearth::workbench
