#include <array>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "engine/format/gguf/gguf_file.h"
#include "engine/optimize/train/checkpoint.h"
#include "engine/optimize/train/trainer.h"
#include "tests/support/test_data.h"

namespace hearth::optimize {
namespace {

/// A recipe over eight question-and-answer pairs, small enough to learn them by heart in seconds.
class TrainingRun : public testing::Test {
protected:
    void SetUp() override {
        m_folder =
            std::filesystem::temp_directory_path() /
            ("hearth-train-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
        std::ofstream data(m_folder / "data.jsonl");
        const char* pairs[][2] = {{"hello there", "good day to you"},
                                  {"what colour is the sky", "the sky is blue"},
                                  {"how many legs has a cat", "a cat has four legs"},
                                  {"你好", "您好，很高兴见到您"},
                                  {"天空是什么颜色", "天空是蓝色的"},
                                  {"who are you", "i am a very small model"},
                                  {"再见", "再见，祝您愉快"},
                                  {"goodbye", "see you soon"}};
        for (int copy = 0; copy < 30; ++copy)
            for (const auto& pair : pairs)
                data << R"({"messages":[{"role":"user","content":")" << pair[0]
                     << R"("},{"role":"assistant","content":")" << pair[1] << R"("}])"
                     << (copy == 29 ? R"(,"split":"validation")" : "") << "}\n";
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    Recipe recipe(const std::string& name, std::uint64_t steps, const std::string& more = "") {
        const auto path = m_folder / (name + ".json");
        std::ofstream(path)
            << R"({"name":"Tiny","output":")" << name << R"(.gguf","export":["Q8_0","F16","Q4_0","q6_k"],
            "tokenizer":{"vocabulary":360,"character_coverage":1.0},
            "model":{"dim":64,"layers":2,"heads":4,"kv_heads":2,"feed_forward":96,"context":64},
            "data":[{"type":"chat","path":"data.jsonl"}],
            "train":{"steps":)"
            << steps << R"(,"seed":7,"shards":2,"shard_tokens":192,"learning_rate":0.004,"warmup_steps":10,
            "checkpoint_every":5,"evaluate_every":1000)"
            << more << "}}";
        return Recipe::read(path).value();
    }
    std::filesystem::path m_folder;
};

TEST_F(TrainingRun, LearnsItsDataAndWritesModelsThatOpen) {
    ThreadPool pool(2);
    const Recipe r = recipe("learn", 150);
    const auto outcome = train(r, false, pool);
    ASSERT_TRUE(outcome) << outcome.error().message();
    EXPECT_GT(outcome->lossCurve.front(), 4.0F);
    EXPECT_LT(outcome->validationLoss, 0.25);
    ASSERT_EQ(outcome->files.size(), 5U);
    // Rows of 64 values are no whole blocks of Q6_K: the nearest type that fits them stands in.
    const std::array types{DType::F32, DType::Q8_0, DType::F16, DType::Q4_0, DType::Q8_0};
    const std::array names{"learn.gguf", "learn-Q8_0.gguf", "learn-F16.gguf", "learn-Q4_0.gguf",
                           "learn-Q6_K.gguf"};
    for (std::size_t i = 0; i < types.size(); ++i) {
        EXPECT_EQ(outcome->files[i].filename(), names[i]);
        const auto file = format::GgufFile::open(outcome->files[i]);
        ASSERT_TRUE(file) << file.error().message();
        EXPECT_EQ(file->getUint("llama.block_count"), 2U);
        EXPECT_EQ(file->getString("general.name"), "Tiny");
        ASSERT_NE(file->findTensor("blk.1.attn_q.weight"), nullptr);
        EXPECT_EQ(file->findTensor("blk.1.attn_q.weight")->type, types[i]) << names[i];
        EXPECT_EQ(file->findTensor("blk.1.attn_norm.weight")->type, DType::F32);
    }
}

TEST_F(TrainingRun, IsTheSameWhateverTheNumberOfThreads) {
    ThreadPool one(1), three(3);
    const auto a = train(recipe("one", 6), false, one);
    const auto b = train(recipe("three", 6), false, three);
    ASSERT_TRUE(a && b);
    EXPECT_EQ(a->lossCurve, b->lossCurve);
    EXPECT_EQ(test::readText(m_folder / "one-F16.gguf"), test::readText(m_folder / "three-F16.gguf"));
}

TEST_F(TrainingRun, ContinuesIdenticallyAfterBeingCutOff) {
    ThreadPool pool(2);
    const auto whole = train(recipe("whole", 14), false, pool);
    ASSERT_TRUE(whole);
    // Cut off between two checkpoints: what came after the last one is computed again.
    const Recipe r = recipe("cut", 14);
    std::stop_source stop;
    const auto cut = train(r, false, pool, stop.get_token(), [&](const TrainEvent& event) {
        if (event.kind == TrainEvent::Kind::Step && event.step == 8)
            stop.request_stop();
    });
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, kCancelled);
    EXPECT_FALSE(std::filesystem::exists(r.output)) << "nothing half-trained may stand at the target";
    const auto resumed = train(r, true, pool);
    ASSERT_TRUE(resumed) << resumed.error().message();
    EXPECT_EQ(resumed->lossCurve, whole->lossCurve);
    EXPECT_EQ(test::readText(m_folder / "cut.gguf"), test::readText(m_folder / "whole.gguf"));
}

TEST_F(TrainingRun, StopsAtAnInfiniteLossAndKeepsTheLastGoodCheckpoint) {
    ThreadPool pool(2);
    const Recipe r = recipe("nan", 60, R"(,"clip_norm":0,"weight_decay":10)");
    Recipe wild = r;
    wild.optimiser.learningRate = 1e20F;
    wild.optimiser.warmupSteps = 0;
    wild.checkpointEvery = 1;
    const auto outcome = train(wild, false, pool);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "train.loss_not_finite");
    EXPECT_FALSE(outcome.error().arg("step").empty());
    EXPECT_TRUE(std::filesystem::exists(checkpointPath(wild)));
}

TEST_F(TrainingRun, RefusesADamagedOrForeignCheckpoint) {
    ThreadPool pool(1);
    const Recipe r = recipe("damaged", 3);
    ASSERT_TRUE(train(r, false, pool));
    auto bytes = test::readText(checkpointPath(r));
    bytes[bytes.size() / 2] ^= 1;
    std::ofstream(checkpointPath(r), std::ios::binary) << bytes;
    EXPECT_EQ(train(r, true, pool).error().code, "checkpoint.corrupt");
    std::ofstream(checkpointPath(r), std::ios::binary) << bytes.substr(0, 100);
    EXPECT_EQ(train(r, true, pool).error().code, "checkpoint.corrupt");
    Recipe other = r;
    other.hash = "12345678901";
    EXPECT_EQ(train(other, true, pool).error().code, "checkpoint.other_recipe");
}

TEST_F(TrainingRun, NamesTheMemoryThatIsMissingBeforeItStarts) {
    ThreadPool pool(1);
    Recipe huge = recipe("huge", 3);
    huge.shardTokens = std::size_t{1} << 34;
    const auto outcome = train(huge, false, pool);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, "memory.not_enough");
    EXPECT_FALSE(outcome.error().arg("needed_bytes").empty());
}

} // namespace
} // namespace hearth::optimize
