// What can happen to a long run: killed, interrupted, no room on the disk, a loss that is no number.

#include <cmath>
#include <csignal>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include "engine/optimize/train/checkpoint.h"
#include "engine/optimize/train/trainer.h"
#include "tests/cli/process.h"
#include "tests/optimize/train/tiny_run.h"
#include "tests/support/test_data.h"

namespace hearth::optimize {
namespace {

using test::Process;
using test::readText;
using testing::HasSubstr;

std::vector<std::string> trainArguments(const std::filesystem::path& recipe) {
    return {"train", "--recipe", recipe.string(), "--resume", "--threads", "1"};
}

TEST(TrainingSurvives, KillNineAtAnyMomentAndEndsInTheSameFile) {
    const test::TinyRun tiny;
    const std::string often = R"(,"checkpoint_every":3)";
    const auto whole = tiny.writeRecipe("whole", 120, often), killed = tiny.writeRecipe("killed", 120, often);
    ASSERT_EQ(test::hearthctl(trainArguments(whole)).exit, 0);

    std::mt19937 random(11);
    int kills = 0;
    for (int round = 0; round < 12; ++round) {
        Process process(trainArguments(killed));
        ::usleep(20'000 + static_cast<useconds_t>(random() % 200'000));
        process.signal(SIGKILL);
        kills += process.finish() == -1;
        if (std::filesystem::exists(tiny.folder() / "killed.gguf"))
            break;
    }
    EXPECT_GE(kills, 3);
    const auto last = test::hearthctl(trainArguments(killed));
    ASSERT_EQ(last.exit, 0) << last.err;
    EXPECT_EQ(readText(tiny.folder() / "killed.gguf"), readText(tiny.folder() / "whole.gguf"));
}

TEST(TrainingSurvives, AnInterruptWithACheckpointOfTheMoment) {
    const test::TinyRun tiny;
    const auto whole = tiny.writeRecipe("whole", 60), stopped = tiny.writeRecipe("stopped", 60);
    ASSERT_EQ(test::hearthctl(trainArguments(whole)).exit, 0);
    {
        // A run that takes hours: the signal comes long before its end.
        Process process(
            {"train", "--recipe", tiny.writeRecipe("long", 1'000'000).string(), "--threads", "1"});
        while (!std::filesystem::exists(tiny.folder() / "long.tokenizer.gguf"))
            ::usleep(1000);
        ::usleep(50'000);
        process.signal(SIGINT);
        EXPECT_EQ(process.finish(), 6);
        EXPECT_THAT(process.err, HasSubstr("--resume goes on"));
        EXPECT_TRUE(std::filesystem::exists(tiny.folder() / "long.checkpoint"));
        EXPECT_FALSE(std::filesystem::exists(tiny.folder() / "long.gguf"));
    }
    const Recipe recipe = Recipe::read(stopped).value();
    ThreadPool pool(1);
    std::stop_source stop;
    const auto cut = train(recipe, false, pool, stop.get_token(), [&](const TrainEvent& event) {
        if (event.kind == TrainEvent::Kind::Step && event.step == 23)
            stop.request_stop();
    });
    ASSERT_FALSE(cut);
    ASSERT_EQ(test::hearthctl(trainArguments(stopped)).exit, 0);
    EXPECT_EQ(readText(tiny.folder() / "stopped.gguf"), readText(tiny.folder() / "whole.gguf"));
}

/// Limits the size of files that this process writes, which is how a disk without room looks to write().
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &m_old);
        const rlimit small{bytes, m_old.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &m_old);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_old{};
    void (*m_handler)(int);
};

TEST(TrainingSurvives, NoRoomForACheckpointAndKeepsTheLastGoodOne) {
    const test::TinyRun tiny;
    ThreadPool pool(2);
    ASSERT_TRUE(train(tiny.recipe("whole", 20, R"(,"checkpoint_every":4)"), false, pool));
    const Recipe recipe = tiny.recipe("full", 20, R"(,"checkpoint_every":4)");
    std::stop_source stop;
    ASSERT_FALSE(train(recipe, false, pool, stop.get_token(), [&](const TrainEvent& event) {
        if (event.kind == TrainEvent::Kind::Checkpoint && event.step == 8)
            stop.request_stop();
    }));
    const std::string good = readText(checkpointPath(recipe));
    ASSERT_FALSE(good.empty());
    {
        const FileSizeLimit limit(good.size() / 2);
        const auto refused = train(recipe, true, pool);
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().code, testing::AnyOf("file.write_failed", "file.disk_full"));
        EXPECT_THAT(refused.error().arg("path"), HasSubstr("full.checkpoint"));
    }
    EXPECT_EQ(readText(checkpointPath(recipe)), good);
    const auto resumed = train(recipe, true, pool);
    ASSERT_TRUE(resumed) << resumed.error().message();
    EXPECT_EQ(readText(tiny.folder() / "full.gguf"), readText(tiny.folder() / "whole.gguf"));
}

TEST(TrainingSurvives, AMissingModelIsWrittenAgainWithoutTraining) {
    const test::TinyRun tiny;
    ThreadPool pool(2);
    const Recipe recipe = tiny.recipe("again", 6);
    ASSERT_TRUE(train(recipe, false, pool));
    const std::string model = readText(recipe.output);
    std::filesystem::remove(recipe.output);
    int steps = 0;
    const auto again = train(recipe, true, pool, {},
                             [&](const TrainEvent& event) { steps += event.kind == TrainEvent::Kind::Step; });
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(steps, 0);
    EXPECT_EQ(readText(recipe.output), model);
}

TEST(TrainingSurvives, ALossThatIsNoNumberWithAFiniteCheckpoint) {
    const test::TinyRun tiny;
    ThreadPool pool(2);
    Recipe recipe = tiny.recipe("wild", 60, R"(,"clip_norm":0,"weight_decay":10)");
    recipe.optimiser.learningRate = 1e20F;
    recipe.optimiser.warmupSteps = 0;
    recipe.checkpointEvery = 1;
    std::vector<std::uint64_t> kept;
    const auto outcome = train(recipe, false, pool, {}, [&](const TrainEvent& event) {
        if (event.kind == TrainEvent::Kind::Checkpoint)
            kept.push_back(event.step);
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "train.loss_not_finite");
    ASSERT_FALSE(kept.empty());
    EXPECT_EQ(outcome.error().arg("step"), std::to_string(kept.back() + 1));
    TrainShape shape = recipe.shape;
    shape.vocabulary = 360;
    const auto checkpoint =
        Checkpoint::read(checkpointPath(recipe), recipe.hash, ParameterLayout(shape).size());
    ASSERT_TRUE(checkpoint) << checkpoint.error().message();
    EXPECT_EQ(checkpoint->step, kept.back());
    for (const float value : checkpoint->lossCurve)
        EXPECT_TRUE(std::isfinite(value));
}

TEST(TrainingSamples, ComeWhenTheRecipeSaysAndShowWhatWasLearnt) {
    const test::TinyRun tiny;
    ThreadPool pool(2);
    const Recipe recipe = tiny.recipe(
        "samples", 150, R"(,"sample_every":50,"sample_prompts":["what colour is the sky","再见"])");
    std::vector<std::pair<std::uint64_t, std::string>> samples;
    const auto outcome = train(recipe, false, pool, {}, [&](const TrainEvent& event) {
        if (event.kind == TrainEvent::Kind::Sample)
            samples.emplace_back(event.step, event.text);
    });
    ASSERT_TRUE(outcome) << outcome.error().message();
    ASSERT_EQ(samples.size(), 6U);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        EXPECT_EQ(samples[i].first, 50 * (i / 2 + 1));
        EXPECT_THAT(samples[i].second,
                    testing::StartsWith(i % 2 == 0 ? "what colour is the sky → " : "再见 → "));
    }
    EXPECT_EQ(samples[4].second, "what colour is the sky → the sky is blue");
    EXPECT_EQ(samples[5].second, "再见 → 再见，祝您愉快");
}

} // namespace
} // namespace hearth::optimize
