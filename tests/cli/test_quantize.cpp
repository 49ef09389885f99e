// hearthctl quantize, imatrix and perplexity, as a person runs them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "engine/cli/sizes.h"
#include "tests/cli/process.h"
#include "tests/model/edited_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::golden;
using hearth::test::hearthctl;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSource = golden("llama-F16.gguf").string();

class Quantize : public testing::Test {
protected:
    std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }
    std::string textFile() const {
        const auto file = path("text.txt");
        std::ofstream out(file);
        for (int i = 0; i < 40; ++i)
            out << "the rain was in the town and the water ran to the sea of " << i << "\n";
        return file;
    }
    hearth::test::TemporaryFolder m_folder;
};

TEST_F(Quantize, WritesMeasuresAndCompares) {
    const auto imatrix = hearthctl({"imatrix", "--model", kSource, path("m.gguf"), "--chunks", "4"});
    ASSERT_EQ(imatrix.exit, 0) << imatrix.err;
    EXPECT_THAT(imatrix.out, IsEmpty());
    EXPECT_THAT(imatrix.err, HasSubstr("tensors from 2048 tokens"));
    const auto done =
        hearthctl({"quantize", kSource, path("q.gguf"), "--type", "Q4_K_M", "--imatrix", path("m.gguf"),
                   "--tensor-type", "attn_v=Q8_0", "--name", "my model", "--json"});
    ASSERT_EQ(done.exit, 0) << done.err;
    const auto report = nlohmann::json::parse(done.out);
    EXPECT_EQ(report["bytes_after"], std::filesystem::file_size(path("q.gguf")));
    EXPECT_LT(report["bits_per_weight"], 8.0);
    EXPECT_GT(report["read_bytes"], report["written_bytes"]);
    EXPECT_GT(report["processor_seconds"], 0.0);
    EXPECT_GE(report["threads"], 1);
    for (const auto& tensor : report["tensors"])
        if (tensor["name"].get<std::string>().find("attn_v") != std::string::npos) {
            EXPECT_EQ(tensor["to"], "Q8_0");
        }
    const auto inspected = hearthctl({"inspect", path("q.gguf"), "--json"});
    EXPECT_EQ(inspected.exit, 0) << inspected.err;
    EXPECT_THAT(inspected.out, HasSubstr("my model"));

    const auto compared =
        hearthctl({"perplexity", "--model", path("q.gguf"), "--text-file", textFile(), "--context", "128",
                   "--reference", kSource, "--json", "--temp-folder", m_folder.path().string()});
    ASSERT_EQ(compared.exit, 0) << compared.err;
    const auto measured = nlohmann::json::parse(compared.out);
    for (const char* key :
         {"ppl", "kld_mean", "kld_median", "kld_p99", "kld_max", "same_top", "reference_ppl"})
        EXPECT_TRUE(measured[key].is_number()) << key;
    EXPECT_GT(measured["kld_mean"], 0.0);
    EXPECT_LE(measured["same_top"], 1.0);
    const auto alone =
        hearthctl({"perplexity", "--model", kSource, "--text-file", textFile(), "--context", "128"});
    ASSERT_EQ(alone.exit, 0) << alone.err;
    EXPECT_THAT(alone.out, HasSubstr("perplexity"));
    EXPECT_THAT(alone.out, testing::Not(HasSubstr("divergence")));
    const auto itself = hearthctl({"perplexity", "--model", kSource, "--text-file", "-", "--context", "128",
                                   "--reference", kSource, "--json"},
                                  hearth::test::readText(textFile()));
    ASSERT_EQ(itself.exit, 0) << itself.err;
    EXPECT_LT(nlohmann::json::parse(itself.out)["kld_max"], 1e-6);
}

TEST_F(Quantize, VersionsThatReadTextDifferentlyAreNotCompared) {
    ASSERT_TRUE(hearth::test::writeWithPiece(kSource, path("other.gguf"), 300, "another"));
    const std::vector<std::string> alone{
        "perplexity", "--model", path("other.gguf"), "--text-file", textFile(), "--context", "128"};
    auto compared = alone;
    compared.insert(compared.end(), {"--reference", kSource});
    const auto refused = hearthctl(compared);
    EXPECT_EQ(refused.exit, 3) << refused.err;
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_THAT(refused.err, testing::AllOf(HasSubstr("measure.different_tokenizer"), HasSubstr("token 300"),
                                            HasSubstr("without --reference")));
    EXPECT_EQ(hearthctl(alone).exit, 0);
}

TEST_F(Quantize, AKilledCalibrationGoesOn) {
    ASSERT_EQ(hearthctl({"synthesize", "--out", path("tiny.gguf"), "--shape", "tiny", "--type", "F16"}).exit,
              0);
    const std::vector<std::string> command{"imatrix",  "--model", path("tiny.gguf"), path("m.gguf"),
                                           "--chunks", "16",      "--resume"};
    {
        hearth::test::Process first(command);
        for (int i = 0; i < 60'000 && !std::filesystem::exists(path("m.gguf.part")); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        first.signal(SIGKILL);
        EXPECT_EQ(first.finish(), -1);
    }
    ASSERT_TRUE(std::filesystem::exists(path("m.gguf.part")));
    EXPECT_FALSE(std::filesystem::exists(path("m.gguf")));
    const auto second = hearthctl(command);
    ASSERT_EQ(second.exit, 0) << second.err;
    EXPECT_THAT(second.err, HasSubstr("chunks of an interrupted run"));
    EXPECT_FALSE(std::filesystem::exists(path("m.gguf.part")));
    const auto fresh = hearthctl({"imatrix", "--model", path("tiny.gguf"), path("f.gguf"), "--chunks", "16"});
    ASSERT_EQ(fresh.exit, 0) << fresh.err;
    EXPECT_THAT(fresh.err, testing::Not(HasSubstr("interrupted")));
    EXPECT_TRUE(hearth::test::readText(path("m.gguf")) == hearth::test::readText(path("f.gguf")))
        << "the same matrix as in one go";
}

TEST_F(Quantize, BudgetAndDryRun) {
    const auto half = std::filesystem::file_size(kSource) / 2;
    const auto done = hearthctl({"quantize", kSource, path("b.gguf"), "--budget", std::to_string(half)});
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_LE(std::filesystem::file_size(path("b.gguf")), half);
    EXPECT_THAT(done.err, HasSubstr("bits a weight"));
    EXPECT_THAT(done.err, testing::ContainsRegex("speed: read [0-9]+ MB/s, wrote [0-9]+ MB/s; [0-9]+ threads "
                                                 "[0-9]+ % busy"));
    const auto dry = hearthctl({"quantize", kSource, path("d.gguf"), "--type", "Q4_0", "--dry-run"});
    ASSERT_EQ(dry.exit, 0) << dry.err;
    EXPECT_THAT(dry.out, HasSubstr("blk.0.attn_q.weight\tF16\tQ4_0\t"));
    EXPECT_FALSE(std::filesystem::exists(path("d.gguf")));
    const auto small = hearthctl({"quantize", kSource, path("s.gguf"), "--budget", "1KB"});
    EXPECT_EQ(small.exit, 2);
    EXPECT_THAT(small.err, HasSubstr("quantize.budget_too_small"));
}

TEST_F(Quantize, RefusalsNameTheReason) {
    struct Case {
        std::vector<std::string> arguments;
        int exit;
        const char* code;
    };
    const std::string q4 = golden("llama-Q4_0.gguf").string();
    const Case cases[] = {
        {{"quantize", kSource, kSource, "--type", "Q8_0"}, 2, "quantize.same_file"},
        {{"quantize", kSource, path("x"), "--type", "Q9_K"}, 2, "quantize.unknown_mix"},
        {{"quantize", q4, path("x"), "--type", "Q2_K"}, 2, "quantize.lossy_source"},
        {{"quantize", kSource, path("x"), "--type", "Q8_0", "--tensor-type", "attn"},
         2,
         "usage.bad_tensor_type"},
        {{"quantize", kSource, path("x"), "--type", "Q8_0", "--tensor-type", "(=Q8_0"},
         2,
         "quantize.bad_expression"},
        {{"quantize", kSource, path("x"), "--type", "Q8_0", "--imatrix", kSource},
         3,
         "importance.not_a_matrix"},
        {{"quantize", kSource, path("x"), "--budget", "much"}, 2, "usage.bad_size"},
        {{"quantize", path("none"), path("x"), "--type", "Q8_0"}, 3, "file.not_found"},
        {{"quantize", kSource, path("no/x"), "--type", "Q8_0"}, 8, "file.unwritable"},
        {{"perplexity", "--model", kSource, "--text-file", path("none")}, 3, "file.not_found"},
    };
    for (const auto& [arguments, exit, code] : cases) {
        const auto run = hearthctl(arguments);
        EXPECT_EQ(run.exit, exit) << testing::PrintToString(arguments) << run.err;
        EXPECT_THAT(run.err, HasSubstr(code)) << testing::PrintToString(arguments);
    }
    EXPECT_TRUE(std::filesystem::is_empty(m_folder.path()));
    EXPECT_EQ(hearthctl({"quantize", kSource, path("x")}).exit, 2) << "neither type nor budget";
    const auto again = hearthctl({"quantize", q4, path("q2.gguf"), "--type", "Q2_K", "--requantize"});
    EXPECT_EQ(again.exit, 0) << again.err;
    EXPECT_THAT(again.err, HasSubstr("warning"));
}

TEST(Sizes, AreReadAsPeopleWriteThem) {
    using hearth::cli::parseSize;
    const auto bytes = [](const char* text) { return parseSize(text).value_or(0); };
    EXPECT_EQ(bytes("1000"), 1000U);
    EXPECT_EQ(bytes("1000B"), 1000U);
    EXPECT_EQ(bytes("4.5GiB"), 4831838208U);
    EXPECT_EQ(bytes("4 GB"), 4000000000U);
    EXPECT_EQ(bytes("800m"), 800000000U);
    EXPECT_EQ(bytes("2kib"), 2048U);
    for (const char* wrong : {"", "x", "-5", "1e99", "0", "5 XB", "5GG", "nan", "inf"})
        EXPECT_FALSE(parseSize(wrong)) << wrong;
    EXPECT_EQ(hearth::cli::durationText(7.2), "0:07");
    EXPECT_EQ(hearth::cli::durationText(11100), "3:05:00");
}

} // namespace
