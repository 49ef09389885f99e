// The subcommands that compute: logits, generate, chat, bench.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "engine/base/available_memory.h"
#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::golden;
using hearth::test::hearthctl;
using hearth::test::Process;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kLlama = golden("llama-F32.gguf").string();
const std::string kPrompt = "1,262,278,301,305,290,268,300,259,317,2,1,5,319,271,311";

TEST(Logits, AgreeWithTheReference) {
    const hearth::test::TemporaryFolder folder;
    const std::string out = (folder.path() / "logits.f32").string();
    for (const auto& [model, bound] :
         {std::pair{"llama-F32", 1e-6}, {"gemma2-F32", 1e-6}, {"llama-Q4_K", 1e-3}}) {
        const std::string path = golden(std::string(model) + ".gguf").string();
        const auto run = hearthctl({"logits", "--model", path, "--tokens", kPrompt, "--out", out});
        ASSERT_EQ(run.exit, 0) << run.err;
        EXPECT_THAT(run.out, IsEmpty());
        EXPECT_THAT(run.err, IsEmpty());
        const auto got = hearth::test::readFloats(out);
        const auto want = hearth::test::readFloats(golden(std::string(model) + ".logits.f32"));
        ASSERT_EQ(got.size(), 16U * 320U);
        EXPECT_LE(hearth::test::nmse(got, want), bound) << model;
    }
    const auto nowhere = hearthctl({"logits", "--model", kLlama, "--tokens", "1", "--out", "/absent/logits"});
    EXPECT_EQ(nowhere.exit, 8);
}

TEST(Generate, GreedyTextOfTheTrainedModel) {
    const auto model = hearth::test::shared("stories260K/stories260K.gguf");
    HEARTH_SKIP_WITHOUT(model);
    const std::string prompt = "Once upon a time";
    // The file holds the prompt (with SentencePiece's leading space), 120 tokens and two line ends.
    std::string expected =
        hearth::test::readText(hearth::test::shared("stories260K/greedy-once-upon-a-time.txt"));
    ASSERT_TRUE(expected.starts_with(" " + prompt) && expected.ends_with("\n\n"));
    expected = expected.substr(1 + prompt.size(), expected.size() - 3 - prompt.size());
    for (const char* threads : {"1", "2"}) {
        const auto run = hearthctl({"generate", "--model", model.string(), "--prompt", prompt, "--max-tokens",
                                    "120", "--temperature", "0", "--threads", threads});
        EXPECT_EQ(run.exit, 0) << run.err;
        EXPECT_EQ(run.out, expected);
        EXPECT_THAT(run.err, IsEmpty());
    }
}

TEST(Generate, SameSeedSameText) {
    const auto text = [](const char* seed) {
        const auto run =
            hearthctl({"generate", "--model", kLlama, "--prompt", "the", "-n", "12", "--seed", seed});
        EXPECT_EQ(run.exit, 0) << run.err;
        return run.out;
    };
    const std::string seven = text("7");
    EXPECT_FALSE(seven.empty());
    EXPECT_EQ(text("7"), seven);
    EXPECT_NE(text("8"), seven);
}

TEST(Generate, StatsAndOptions) {
    const auto run = hearthctl({"generate", "--model", kLlama, "--prompt-file", "-", "-n", "5",
                                "--temperature", "0", "--logit-bias", "300=100", "--logit-bias", "2=-100",
                                "--stats", "--kv", "q8_0", "--no-loop-detection"},
                               "the cat");
    EXPECT_EQ(run.exit, 0) << run.err;
    const auto piece = hearthctl({"detokenize", "--model", kLlama, "--tokens", "300,300,300,300,300"}).out;
    EXPECT_EQ(run.out, " " + piece); // of a whole text, the leading space would be left out
    EXPECT_THAT(run.err, AllOf(HasSubstr("5 tokens"), HasSubstr("tokens/s"), HasSubstr("seed")));
    // The bias forces one token; its text as a stop string ends the text before it.
    const auto stopped =
        hearthctl({"generate", "--model", kLlama, "--prompt", "the cat", "-n", "5", "--temperature", "0",
                   "--logit-bias", "300=100", "--stop", "unused", "--stop", piece.substr(0, 2)});
    EXPECT_EQ(stopped.exit, 0) << stopped.err;
    EXPECT_EQ(stopped.out, " ");
}

TEST(Generate, AKeptBeginningIsFoundByTheNextRun) {
    const hearth::test::TemporaryFolder folder;
    std::string document;
    for (int i = 0; i < 60; ++i)
        document += "the cat and the dog ";
    const auto run = [&](const std::string& size) {
        return hearthctl({"generate", "--model", kLlama, "--prompt", document, "-n", "8", "--temperature",
                          "0", "--context", "2048", "--stats", "--prefix-cache",
                          (folder.path() / "kept").string(), "--prefix-cache-size", size});
    };
    const auto first = run("1G"), second = run("1G");
    ASSERT_EQ(first.exit, 0) << first.err;
    EXPECT_THAT(first.err, Not(HasSubstr("from disk")));
    EXPECT_THAT(second.err, HasSubstr("from disk"));
    EXPECT_EQ(second.out, first.out);
    EXPECT_EQ(run("much").exit, 2) << "a size that is none";
}

TEST(Generate, APromptThatDoesNotFitExitsWithSeven) {
    std::string longPrompt;
    for (int i = 0; i < 200; ++i)
        longPrompt += "the cat and the dog ";
    const auto run = hearthctl({"generate", "--model", kLlama, "--prompt", longPrompt, "--context", "64"});
    EXPECT_EQ(run.exit, 7) << run.err;
    EXPECT_THAT(run.out, IsEmpty());
    EXPECT_THAT(run.err, AllOf(HasSubstr("64"), HasSubstr("context.full")));
}

TEST(Generate, TooLittleMemoryExitsWithFiveAndGivesNumbers) {
    const hearth::test::TemporaryFolder folder;
    if (hearth::availableMemory().value_or(0) > (std::uint64_t{80} << 30))
        GTEST_SKIP() << "this machine has the memory that the test asks for";
    // A model that claims a context whose cache few machines hold.
    std::string bytes = hearth::test::readText(kLlama);
    const auto field = bytes.find("llama.context_length") + 20 + 4;
    const std::uint32_t huge = 268'435'456U;
    bytes.replace(field, 4, std::string(reinterpret_cast<const char*>(&huge), 4));
    const auto path = (folder.path() / "long.gguf").string();
    std::ofstream(path, std::ios::binary) << bytes;
    const auto run = hearthctl({"generate", "--model", path, "--prompt", "a", "--context", "268435456"});
    EXPECT_EQ(run.exit, 5) << run.err;
    EXPECT_THAT(run.err,
                AllOf(HasSubstr("context 64.0 GiB"), HasSubstr("memory.not_enough"), HasSubstr("--context")));
}

/// Output that is not read makes the program wait in the middle of its text, where the signal finds it.
class Interrupted : public testing::Test {
protected:
    std::vector<std::string> endless(const std::string& command) {
        return {command,  "--model", kLlama, "--no-loop-detection", "--logit-bias",
                "2=-100", "--seed",  "1",    "--threads",           "1"};
    }
};

TEST_F(Interrupted, GenerateStopsInGoodOrder) {
    auto arguments = endless("generate");
    arguments.insert(arguments.end(), {"--prompt", "the"});
    Process process(arguments);
    process.limitOutputPipe(4096);
    ASSERT_TRUE(process.waitForOutput());
    process.signal(SIGINT);
    EXPECT_EQ(process.finish(), 6);
    EXPECT_FALSE(process.out.empty());
    EXPECT_THAT(process.err, HasSubstr("base.cancelled"));
}

TEST_F(Interrupted, ChatStopsTheAnswerAndGoesOn) {
    Process process(endless("chat"));
    process.limitOutputPipe(4096);
    process.write("hello\n");
    ASSERT_TRUE(process.waitForOutput());
    process.signal(SIGINT);
    process.write("/help\n/exit\n");
    process.closeInput();
    EXPECT_EQ(process.finish(), 0) << process.err;
    EXPECT_THAT(process.err, AllOf(HasSubstr("(stopped)"), HasSubstr("/regenerate")));
}

TEST_F(Interrupted, SynthesizeLeavesNoFile) {
    const hearth::test::TemporaryFolder folder;
    Process process(
        {"synthesize", "--shape", "8b", "--type", "F16", "--out", (folder.path() / "x.gguf").string()});
    while (std::filesystem::is_empty(folder.path()))
        ::usleep(1000);
    process.signal(SIGTERM);
    EXPECT_EQ(process.finish(), 6);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Chat, PipedMessagesAndCommands) {
    const auto run =
        hearthctl({"chat", "--model", kLlama, "-n", "6", "--temperature", "0", "--stats"},
                  "hello\r\n\n/system Be "
                  "brief.\n/regenerate\n/bogus\n//slash\none\\\ntwo\n/reset\nagain\n/exit\nignored\n");
    EXPECT_EQ(run.exit, 0) << run.err;
    const auto answers = [&](const char* text) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = run.err.find(text, at)) != std::string::npos; ++at)
            ++count;
        return count;
    };
    EXPECT_EQ(answers("tokens/s, first token"), 5U); // hello, again after /regenerate, /slash, one two, again
    EXPECT_THAT(run.err,
                AllOf(HasSubstr("The system prompt is set."), HasSubstr("There is no command /bogus"),
                      HasSubstr("The conversation starts anew."), HasSubstr("(reached --max-tokens)")));
    EXPECT_THAT(run.err, Not(HasSubstr("> "))); // no prompt in a pipe
}

TEST(Chat, TheSecondTurnReusesTheFirst) {
    const auto run =
        hearthctl({"chat", "--model", kLlama, "-n", "4", "--temperature", "0", "--stats"}, "hello\nmore\n");
    EXPECT_EQ(run.exit, 0) << run.err;
    const auto first = run.err.find("(0 reused)");
    ASSERT_NE(first, std::string::npos) << run.err;
    const auto second = run.err.find(" reused)", first + 10);
    ASSERT_NE(second, std::string::npos) << run.err;
    EXPECT_NE(run.err.substr(second - 2, 2), "(0") << run.err;
}

TEST(Chat, PipedErrorsEndWithTheirCode) {
    std::string longMessage;
    for (int i = 0; i < 200; ++i)
        longMessage += "the cat and the dog ";
    const auto run = hearthctl({"chat", "--model", kLlama, "--context", "64", "--context-policy", "stop"},
                               longMessage + "\nnext\n");
    EXPECT_EQ(run.exit, 7) << run.err;
    EXPECT_THAT(run.err, HasSubstr("context.full"));
}

TEST(Bench, TableAndJson) {
    const std::vector<std::string> arguments{"bench", "--model", kLlama, "--threads",     "2", "--pp",
                                             "16",    "--tg",    "4",    "--repetitions", "2"};
    const auto table = hearthctl(arguments);
    EXPECT_EQ(table.exit, 0) << table.err;
    EXPECT_THAT(table.out, AllOf(HasSubstr("| model"), HasSubstr("pp16"), HasSubstr("tg4"), HasSubstr("±"),
                                 HasSubstr("llama F32")));
    EXPECT_EQ(std::count(table.out.begin(), table.out.end(), '\n'), 4);

    auto withJson = arguments;
    withJson.insert(withJson.end(), {"--json", "--depth", "8", "--batch", "5"});
    const auto run = hearthctl(withJson);
    EXPECT_EQ(run.exit, 0) << run.err;
    const auto json = nlohmann::json::parse(run.out);
    for (const char* key : {"pp_tps", "tg_tps"}) {
        EXPECT_GT(json[key]["mean"].get<double>(), 0) << key;
        EXPECT_GE(json[key]["sd"].get<double>(), 0) << key;
    }
    EXPECT_EQ(json["threads"], 2);
    EXPECT_EQ(json["depth"], 8);
    EXPECT_EQ(json["size_bytes"], std::filesystem::file_size(kLlama));
    EXPECT_EQ(json["pp"], 16);
    EXPECT_GT(json["limits"]["read_gbps"].get<double>(), 0);
    EXPECT_GT(json["operations_per_token"].get<double>(), 0);
    EXPECT_GT(json["tg_gbps"].get<double>(), 0);
}

TEST(Bench, SequencesDecodeTogether) {
    const auto run = hearthctl({"bench", "--model", kLlama, "--threads", "2", "--pp", "0", "--tg", "4",
                                "--repetitions", "1", "--sequences", "3"});
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_THAT(run.out, AllOf(HasSubstr("tg4 x3"), HasSubstr("GB/s"), Not(HasSubstr("pp"))));
}

TEST(Bench, SweepsTypesOfASynthesisedModel) {
    const auto run = hearthctl({"bench", "--shape", "tiny", "--types", "Q4_0,Q8_0", "--threads", "2", "--pp",
                                "8", "--tg", "2", "--repetitions", "1", "--json"});
    ASSERT_EQ(run.exit, 0) << run.err;
    const auto json = nlohmann::json::parse(run.out);
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[0]["model"], "tiny Q4_0");
    EXPECT_EQ(json[1]["quantisation"], "Q8_0");
    EXPECT_LT(json[0]["bytes_per_token"].get<double>(), json[1]["bytes_per_token"].get<double>());
}

TEST(Bench, WantsOneModel) {
    EXPECT_EQ(hearthctl({"bench"}).exit, 2);
    EXPECT_EQ(hearthctl({"bench", "--model", kLlama, "--shape", "tiny", "--types", "Q4_0"}).exit, 2);
    EXPECT_EQ(hearthctl({"bench", "--shape", "tiny"}).exit, 2);
    EXPECT_EQ(hearthctl({"bench", "--shape", "none", "--types", "Q4_0"}).exit, 2);
    EXPECT_NE(hearthctl({"bench", "--shape", "tiny", "--types", "Q9"}).exit, 0);
}

} // namespace
