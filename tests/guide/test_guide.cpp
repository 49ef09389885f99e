// The Guide in use: where it is found, what it is given, hearthctl chat without a model.

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/workbench/chat.h"
#include "engine/workbench/guide.h"
#include "tests/cli/process.h"
#include "tests/guide/tiny_guide.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

void touch(const fs::path& path) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
}

TEST(FindGuide, LooksInTheDataFolderThenBesideTheProgram) {
    const test::TemporaryFolder folder;
    DataPaths paths;
    paths.data = folder.path() / "data";
    const fs::path programs = folder.path() / "tree" / "bin";
    const auto none = findGuide(paths, programs);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, "guide.missing");
    const fs::path shipped = folder.path() / "tree/share/hearth/guide.gguf";
    EXPECT_EQ(none.error().arg("path"), shipped.string());
    touch(shipped);
    EXPECT_EQ(findGuide(paths, programs).value(), shipped);
    touch(paths.data / "guide.gguf");
    EXPECT_EQ(findGuide(paths, programs).value(), paths.data / "guide.gguf");
    fs::remove(paths.data / "guide.gguf");
    fs::create_directory(paths.data / "guide.gguf"); // a folder of that name is not it
    EXPECT_EQ(findGuide(paths, programs).value(), shipped);
}

TEST(IsGuide, TakesTheNameTheFamilyAndTheSize) {
    ModelFacts facts;
    facts.name = "Hearth Guide";
    facts.family = "llama";
    facts.parameters = 5'000'000;
    EXPECT_TRUE(isGuide(facts));
    ModelFacts other = facts;
    other.parameters = 1'000'000'000;
    EXPECT_FALSE(isGuide(other));
    other = facts;
    other.name = "hearth guide";
    EXPECT_FALSE(isGuide(other));
    other = facts;
    other.family = "qwen2";
    EXPECT_FALSE(isGuide(other));
    EXPECT_TRUE(isGuide(test::tinyGuide().model));
    EXPECT_FALSE(isGuide(test::golden("llama-F32.gguf")));
    EXPECT_FALSE(isGuide(fs::path("/absent/guide.gguf")));
}

TEST(AsGuideTurn, KeepsTheLastMessageAndTheLimits) {
    std::vector<runtime::ChatMessage> messages{
        {"system", "be rude"}, {"user", "one"}, {"assistant", "two"}, {"user", "Well, three?"}};
    runtime::GenerationParams params;
    params.maxTokens = 9;
    params.stopStrings = {"x"};
    params.sampling.temperature = 1.5F;
    params.sampling.repetitionPenalty = 1.3F;
    params.sampling.seed = 4;
    asGuideTurn(messages, params);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].content, "well three") << "small letters, no marks";
    EXPECT_EQ(params.sampling.temperature, 0);
    EXPECT_EQ(params.sampling.repetitionPenalty, 1);
    EXPECT_EQ(params.sampling.seed, 4U);
    EXPECT_EQ(params.maxTokens, 9);
    EXPECT_EQ(params.stopStrings.size(), 1U);
    messages.clear();
    asGuideTurn(messages, params);
    EXPECT_TRUE(messages.empty());
}

TEST(GuideInTheHost, AnswersEveryQuestionOnItsOwn) {
    ModelHost host(2);
    const auto summary = host.load(test::tinyGuide().model, {}, {}, {});
    ASSERT_TRUE(summary) << summary.error().message();
    EXPECT_TRUE(summary->isGuide);
    TurnRequest alone;
    alone.messages = {{"user", "how many legs has a cat"}};
    TurnRequest late = alone;
    late.messages = {{"system", "Say nothing."},
                     {"user", "what colour is the sky"},
                     {"assistant", "The sky is blue by day."},
                     {"user", "how many legs has a cat"}};
    late.params.sampling.temperature = 2;
    EXPECT_EQ(host.countTokens(late).value(), host.countTokens(alone).value());
    const auto first = host.answer(alone, {}, {}), second = host.answer(late, {}, {});
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->answer, "A cat has four legs and a tail.");
    EXPECT_EQ(second->answer, first->answer);
    EXPECT_EQ(second->stats.promptTokens, first->stats.promptTokens);

    ASSERT_TRUE(host.load(test::golden("llama-F32.gguf"), {}, {}, {}));
    EXPECT_FALSE(host.summary()->isGuide);
    EXPECT_GT(host.countTokens(late).value(), host.countTokens(alone).value());
}

/// hearthctl with the tiny model as this person's Guide.
class GuideInTheTerminal : public testing::Test {
protected:
    void SetUp() override { fs::copy_file(test::tinyGuide().model, m_data.path() / "guide.gguf"); }
    test::Finished run(std::vector<std::string> arguments, const std::string& input = {}) {
        arguments.insert(arguments.begin(), "chat");
        return test::hearthctl(std::move(arguments), input, {{"HEARTH_DATA_DIR", m_data.path().string()}});
    }
    test::TemporaryFolder m_data;
};

TEST_F(GuideInTheTerminal, OncePrintsTheAnswerAlone) {
    const auto english = run({"--once", "what colour is the sky"});
    EXPECT_EQ(english.exit, 0) << english.err;
    EXPECT_EQ(english.out, "The sky is blue by day.\n");
    EXPECT_THAT(english.err, IsEmpty());
    EXPECT_EQ(run({"--once", "天空是什么颜色"}).out, "白天的天空是蓝色的。\n");
    EXPECT_EQ(run({"--once", "-"}, "legs of a cat\n").out, "A cat has four legs and a tail.\n");
    EXPECT_EQ(run({"--once", "goodbye", "--stats"}).out, "Goodbye, see you soon.\n");
}

TEST_F(GuideInTheTerminal, OnceWithoutAQuestionIsAUsageError) {
    for (const auto& [question, input] : {std::pair{"-", ""}, {"  ", ""}, {"-", "\n\n"}}) {
        const auto empty = run({"--once", question}, input);
        EXPECT_EQ(empty.exit, 2) << empty.err;
        EXPECT_THAT(empty.out, IsEmpty());
        EXPECT_THAT(empty.err, HasSubstr("usage.empty_prompt"));
    }
    EXPECT_EQ(run({"--once", "hello", "--system", "be brief"}).exit, 2);
}

TEST_F(GuideInTheTerminal, EveryMessageIsAnsweredOnItsOwn) {
    const auto talk =
        run({}, "what colour is the sky\nhow many legs has a cat\n/system be brief\n/regenerate\n再见\n");
    EXPECT_EQ(talk.exit, 0) << talk.err;
    EXPECT_EQ(talk.out, "The sky is blue by day.\nA cat has four legs and a tail.\n"
                        "A cat has four legs and a tail.\n再见，祝您愉快。\n");
    EXPECT_THAT(talk.err, HasSubstr("takes no system prompt"));
}

TEST_F(GuideInTheTerminal, AnotherModelIsNotTreatedLikeIt) {
    const auto other = run({"--model", test::golden("llama-F32.gguf").string(), "--once", "hello", "-n", "4",
                            "--seed", "3", "--system", "be brief"});
    EXPECT_EQ(other.exit, 0) << other.err;
    EXPECT_THAT(other.out, Not(IsEmpty()));
}

TEST(GuideMissing, IsSaidWithItsPlace) {
    // The program on its own, without what belongs beside it.
    const test::TemporaryFolder folder;
    fs::create_directories(folder.path() / "bin");
    const fs::path alone = folder.path() / "bin" / "hearthctl";
    fs::copy_file(fs::path(HEARTH_BIN_DIR) / "hearthctl", alone);
    const std::string command = "HEARTH_DATA_DIR=" + folder.path().string() + " " + alone.string() +
                                " chat --once hello 2>&1 >" + (folder.path() / "out").string();
    FILE* pipe = ::popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string said(4096, '\0');
    said.resize(std::fread(said.data(), 1, said.size(), pipe));
    const int status = ::pclose(pipe);
    EXPECT_EQ(WEXITSTATUS(status), 3);
    EXPECT_THAT(said, testing::AllOf(HasSubstr("guide.missing"), HasSubstr("--model"),
                                     HasSubstr((folder.path() / "share/hearth/guide.gguf").string())));
    EXPECT_THAT(test::readText(folder.path() / "out"), IsEmpty());
}

} // namespace
} // namespace hearth::workbench
