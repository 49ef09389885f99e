#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "engine/optimize/train/dataset.h"
#include "engine/optimize/train/recipe.h"

namespace hearth::optimize {
namespace {

class TrainingData : public testing::Test {
protected:
    void SetUp() override {
        m_folder =
            std::filesystem::temp_directory_path() /
            ("hearth-data-" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(m_folder / name, std::ios::binary) << text;
        return m_folder / name;
    }
    std::filesystem::path m_folder;
};

constexpr const char* kGood =
    R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]})";

TEST_F(TrainingData, ReportsBadLinesWithTheirNumbers) {
    const auto read =
        readChatJsonl(write("d.jsonl", std::string(kGood) + "\n{broken\n\n" + kGood + "\n" + kGood +
                                           "\n{\"messages\":[]}\n" + kGood + "\n\xff\xfe\n" + kGood +
                                           R"(
{"messages":[{"role":"user","content":"only a question"}]}
)" + kGood + R"(
{"messages":[{"role":"wizard","content":"x"},{"role":"assistant","content":"a"}]})"));
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->examples.size(), 6U);
    ASSERT_EQ(read->badLines.size(), 5U);
    EXPECT_EQ(read->badLines[0].line, 2U);
    EXPECT_EQ(read->badLines[0].reason, "not valid JSON");
    EXPECT_EQ(read->badLines[1].line, 6U);
    EXPECT_EQ(read->badLines[2].line, 8U);
    EXPECT_EQ(read->badLines[2].reason, "not valid UTF-8");
    EXPECT_EQ(read->badLines[3].reason, "no assistant message to learn from");
    EXPECT_EQ(read->badLines[4].reason, "unknown role \"wizard\"");
}

TEST_F(TrainingData, RefusesEmptyAndMostlyBadSets) {
    EXPECT_EQ(readChatJsonl(write("empty.jsonl", "")).error().code, "dataset.empty");
    EXPECT_EQ(readChatJsonl(write("csv.jsonl", "a,b\nc,d\n")).error().code, "dataset.empty");
    EXPECT_EQ(readChatJsonl(write("bad.jsonl", std::string(kGood) + "\nx\ny\n")).error().code,
              "dataset.too_many_bad");
    EXPECT_EQ(readChatJsonl(m_folder / "absent.jsonl").error().code, "dataset.unreadable");
    EXPECT_EQ(readPlainText(write("blank.txt", "\n \n\n")).error().code, "dataset.empty");
    EXPECT_EQ(readPlainText(write("latin.txt", "caf\xe9")).error().code, "dataset.encoding");
}

TEST_F(TrainingData, ReadsPlainTextAsDocumentsAndKeepsTheValidationMark) {
    const auto text = readPlainText(write("t.txt", "\xEF\xBB\xBFone\nline\n\ntwo\n"));
    ASSERT_TRUE(text);
    ASSERT_EQ(text->examples.size(), 2U);
    EXPECT_EQ(text->examples[0].text, "one\nline");
    const auto chat =
        readChatJsonl(write("v.jsonl", std::string(kGood).insert(1, R"("split":"validation",)")));
    ASSERT_TRUE(chat);
    EXPECT_TRUE(chat->examples[0].validation);
}

TEST_F(TrainingData, RecipeErrorsNameTheKey) {
    const auto error = [&](const std::string& text) { return Recipe::read(write("r.json", text)).error(); };
    EXPECT_EQ(error("{").code, "recipe.bad_json");
    EXPECT_EQ(Recipe::read(m_folder / "absent.json").error().code, "recipe.unreadable");
    EXPECT_EQ(error("{}").arg("key"), "name");
    const std::string head = R"({"name":"n","output":"o.gguf","data":[{"type":"chat","path":"d"}],)";
    EXPECT_EQ(
        error(
            head +
            R"("model":{"dim":16,"layers":1,"heads":2,"kv_heads":1,"feed_forward":16,"context":16},"speed":1})")
            .code,
        "recipe.unknown_key");
    EXPECT_EQ(error(head + R"("model":{"dim":16,"layers":1,"heads":2,"kv_heads":1,"depth":3}})").arg("key"),
              "model.depth");
    EXPECT_EQ(error(head + R"("model":{"dim":16,"layers":-1}})").arg("key"), "model.layers");
    EXPECT_EQ(error(head + R"("model":{"dim":16,"layers":1.5}})").code, "recipe.bad_value");
    EXPECT_EQ(error(head + R"("model":{"dim":18,"layers":1,"heads":4,"kv_heads":2}})").arg("key"),
              "model.heads");
    EXPECT_EQ(
        error(
            head +
            R"("model":{"dim":16,"layers":1,"heads":2,"kv_heads":1,"feed_forward":16,"context":64},"train":{"shard_tokens":32}})")
            .arg("key"),
        "train.shard_tokens");
    EXPECT_EQ(
        error(
            head +
            R"("model":{"dim":16,"layers":1,"heads":2,"kv_heads":1,"feed_forward":16,"context":16},"export":["Q9"]})")
            .arg("key"),
        "export");
}

TEST(TrainPacker, KeepsTargetsInsideTheirExampleAndDependsOnSeedAndIndexOnly) {
    std::vector<TokenisedExample> examples;
    for (std::int32_t i = 0; i < 9; ++i)
        examples.push_back({{i, i + 100, i + 200}, {false, false, true}});
    Packer packer(examples, 8, 42);
    std::multiset<std::int32_t> seen;
    for (std::uint64_t i = 0; i < packer.batchesPerEpoch(); ++i) {
        const Batch& batch = packer.batch(i);
        ASSERT_LE(batch.tokens.size(), 8U);
        for (std::size_t t = 0; t < batch.tokens.size(); ++t) {
            if (batch.targets[t] < 0)
                continue;
            EXPECT_EQ(batch.targets[t], batch.tokens[t] + 100);
            seen.insert(batch.targets[t]);
        }
    }
    EXPECT_EQ(seen.size(), 9U);
    Packer again(examples, 8, 42);
    const Batch later = again.batch(10); // straight to a later epoch
    for (std::uint64_t i = 0; i < 10; ++i)
        (void)packer.batch(i);
    EXPECT_EQ(packer.batch(10).tokens, later.tokens);
}

} // namespace
} // namespace hearth::optimize
