// hearthctl profile, fit and report, as a person runs them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::Finished;
using hearth::test::golden;
using testing::HasSubstr;
using Json = nlohmann::json;

class Hardware : public testing::Test {
protected:
    std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }
    Finished run(std::vector<std::string> arguments) const {
        return hearth::test::hearthctl(std::move(arguments), {}, {{"HEARTH_DATA_DIR", path("data")}});
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
    }
    /// Parts of one test, because measuring takes seconds.
    void checkContract(const Finished& profile) const;
    void checkSignatures() const;
    void checkComparison() const;
    void checkFit() const;
    void checkRuns() const;

    hearth::test::TemporaryFolder m_folder;
};

TEST_F(Hardware, ProfileThenVerifyCompareAndFit) {
    const Finished profile =
        run({"profile", "--quick", "--json", path("report.json"), "--html", path("report.html"), "--pdf",
             path("report.pdf"), "--markdown", path("report.md")});
    ASSERT_EQ(profile.exit, 0) << profile.err;
    checkContract(profile);
    checkSignatures();
    checkComparison();
    checkFit();
    checkRuns();
}

void Hardware::checkContract(const Finished& profile) const {
    EXPECT_THAT(profile.out, HasSubstr("GB/s"));
    const Json report = Json::parse(hearth::test::readText(path("report.json")));
    EXPECT_EQ(report["schema"], "hearth.hardware-report");
    EXPECT_TRUE(report["cpu"]["model"].is_string() || report["cpu"]["model"].is_null());
    EXPECT_GE(report["cpu"]["cores"].get<int>(), 1);
    EXPECT_GT(report["memory"]["total_bytes"].get<std::uint64_t>(), std::uint64_t{1} << 28);
    EXPECT_GT(report["memory"]["available_bytes"].get<std::uint64_t>(), 0U);
    EXPECT_GT(report["measured"]["read_bandwidth_gbps"].get<double>(), 0.5);
    EXPECT_TRUE(report["disks"].is_array());
    EXPECT_TRUE(report["gpus"].is_array());
    EXPECT_TRUE(report["os"]["name"].is_string());
    ASSERT_GE(report["environment"].size(), 15U);
    for (const Json& item : report["environment"])
        for (const char* member : {"name", "version", "verdict", "advice"})
            EXPECT_TRUE(item.contains(member)) << item << member;
    EXPECT_GE(report["fit"].size(), 60U * 6);
    // While other programs take most of the processor no model may seem fast enough, which is said.
    if (report["recommendations"].empty())
        EXPECT_THAT(profile.out, HasSubstr("other programs used"));
    else
        EXPECT_THAT(profile.out, HasSubstr("recommended"));
    // Nothing that identifies a person or a machine.
    EXPECT_FALSE(report["os"].value("host_name", Json()).is_string());
    EXPECT_FALSE(report["os"].value("user_name", Json()).is_string());
}

void Hardware::checkSignatures() const {
    for (const char* name : {"report.json", "report.html", "report.md", "report.pdf"}) {
        const Finished good = run({"report", "verify", path(name)});
        EXPECT_EQ(good.exit, 0) << name << good.err;
        EXPECT_THAT(good.out, HasSubstr("this installation")) << name;
        std::string text = hearth::test::readText(path(name));
        text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
        write("changed", text);
        const Finished changed = run({"report", "verify", path("changed")});
        EXPECT_EQ(changed.exit, 3) << name;
        EXPECT_THAT(changed.err, HasSubstr("crypto.bad_signature")) << name;
    }
    write("unsigned.json", R"({"schema": "hearth.hardware-report", "schema_version": 1})");
    EXPECT_THAT(run({"report", "verify", path("unsigned.json")}).err, HasSubstr("report.unsigned"));
    EXPECT_EQ(run({"report", "verify", path("absent.json")}).exit, 3);
}

void Hardware::checkComparison() const {
    const Finished same = run({"report", "compare", path("report.json"), path("report.json"), "--json"});
    ASSERT_EQ(same.exit, 0) << same.err;
    const Json list = Json::parse(same.out);
    ASSERT_FALSE(list.empty());
    for (const Json& item : list) {
        EXPECT_EQ(item["a"], item["b"]);
        if (item.contains("ratio")) {
            EXPECT_DOUBLE_EQ(item["ratio"].get<double>(), 1);
        }
    }
    EXPECT_THAT(run({"report", "compare", path("report.json"), path("report.json")}).out,
                HasSubstr("measured.read_bandwidth_gbps"));
    write("other.json", "[1, 2]");
    EXPECT_EQ(run({"report", "compare", path("report.json"), path("other.json")}).exit, 3);
    write("newer.json", R"({"schema": "hearth.hardware-report", "schema_version": 99})");
    EXPECT_THAT(run({"report", "compare", path("newer.json"), path("report.json")}).err,
                HasSubstr("report.unsupported_version"));
}

void Hardware::checkFit() const {
    const Finished fit =
        run({"fit", "--catalogue", "qwen3-0.6b", "--type", "Q8_0", "--context", "4096", "--json"});
    ASSERT_EQ(fit.exit, 0) << fit.err;
    const Json p = Json::parse(fit.out);
    EXPECT_GT(p["memory_bytes"].get<std::uint64_t>(), 600'000'000U);
    EXPECT_GT(p["decode_tps"].get<double>(), 0);
    EXPECT_GT(p["prefill_tps"].get<double>(), 0);
    EXPECT_TRUE(p["verdict"] == "comfortable" || p["verdict"] == "tight" || p["verdict"] == "does_not_fit");
    EXPECT_FALSE(p["reason"].get<std::string>().empty());
    EXPECT_EQ(p["context"], 4096);
    double sum = 0;
    for (const Json& term : p["memory_terms"])
        sum += term["bytes"].get<double>();
    EXPECT_NEAR(sum, p["memory_bytes"].get<double>(), 8);
    // The file's own type, and another one.
    const Finished file = run({"fit", "--model", golden("llama-Q4_0.gguf").string(), "--json"});
    ASSERT_EQ(file.exit, 0) << file.err;
    EXPECT_EQ(Json::parse(file.out)["quantisation"], "Q4_0");
    EXPECT_THAT(run({"fit", "--model", golden("llama-Q4_0.gguf").string(), "--type", "Q8_0"}).out,
                HasSubstr("Q8_0"));
    EXPECT_THAT(run({"fit", "--list"}).out, HasSubstr("Qwen/Qwen3-8B"));
}

void Hardware::checkRuns() const {
    const auto chat = [&](const char* tokens) {
        const Finished done = run({"chat", "--model", golden("llama-Q4_0.gguf").string(), "--once", "hello",
                                   "--max-tokens", tokens, "--temperature", "0"});
        ASSERT_EQ(done.exit, 0) << done.err;
    };
    chat("4"); // too short to tell anything
    EXPECT_FALSE(std::filesystem::exists(path("data/runs.json")));
    chat("40");
    const Json runs = Json::parse(hearth::test::readText(path("data/runs.json")))["runs"];
    ASSERT_EQ(runs.size(), 1U);
    EXPECT_GE(runs[0]["generated_tokens"].get<int>(), 16);
    EXPECT_GT(runs[0]["actual_decode_tps"].get<double>(), 0);
    EXPECT_GT(runs[0]["predicted_decode_tps"].get<double>(), 0);
    EXPECT_EQ(runs[0]["quantisation"], "Q4_0");
    EXPECT_EQ(runs.dump().find("hello"), std::string::npos); // nothing of the conversation

    const Finished continued = run({"generate", "--model", golden("llama-Q4_0.gguf").string(), "--prompt",
                                    "hello", "--max-tokens", "40", "--temperature", "0"});
    ASSERT_EQ(continued.exit, 0) << continued.err;
    const Json more = Json::parse(hearth::test::readText(path("data/runs.json")))["runs"];
    ASSERT_EQ(more.size(), 2U);
    EXPECT_GT(more[1]["actual_decode_tps"].get<double>(), 0);
    EXPECT_GT(more[1]["predicted_decode_tps"].get<double>(), 0);
    EXPECT_EQ(more.dump().find("hello"), std::string::npos);
}

TEST_F(Hardware, AChatBeforeTheMachineWasMeasuredRecordsNothing) {
    const Finished done = run({"chat", "--model", golden("llama-Q4_0.gguf").string(), "--once", "hello",
                               "--max-tokens", "40", "--temperature", "0"});
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_FALSE(std::filesystem::exists(path("data/runs.json")));
}

TEST_F(Hardware, FitRefusesWhatItCannotJudge) {
    write("text.gguf", "no model");
    struct Case {
        std::vector<std::string> arguments;
        int exit;
        const char* code;
    };
    for (const Case& c : std::vector<Case>{
             {{"fit"}, 2, "usage.no_model"},
             {{"fit", "--catalogue", "no-such-model"}, 2, "usage.unknown_model"},
             {{"fit", "--catalogue", "qwen3-0.6b", "--type", "Q9"}, 2, "predict.unknown_type"},
             {{"fit", "--catalogue", "qwen3-0.6b", "--kv", "q1"}, 2, "--kv"},
             {{"fit", "--model", path("absent.gguf")}, 3, "file.not_found"},
             {{"fit", "--model", path("text.gguf")}, 3, "gguf."},
             {{"fit", "--model", "https://huggingface.co/just-a-name"}, 2, "predict.bad_address"},
             {{"fit", "--model", "https://huggingface.co/a/b/blob/main/readme.md"}, 2, "predict.bad_address"},
             {{"fit", "--model", "http://example.org/a/b/resolve/main/x.gguf"}, 2, "hub.insecure_endpoint"},
         }) {
        const Finished done = run(c.arguments);
        EXPECT_EQ(done.exit, c.exit) << done.err;
        EXPECT_THAT(done.err, HasSubstr(c.code));
    }
}

TEST_F(Hardware, TheCatalogueIsUpdatedFromAFile) {
    const std::string entry =
        R"({"id": "house-1b", "name": "House 1B", "publisher": "us", "licence": "MIT", "hub": "us/house-1b",
            "released": "2026-10", "family": "llama", "layers": 16, "dim": 2048, "heads": 32, "kv_heads": 8,
            "head_dim": 64, "feed_forward": 8192, "vocabulary": 32000, "context": 8192, "parameters": 1104000000,
            "purposes": ["chat"], "languages": ["en"]})";
    write("more.json",
          R"({"schema": "hearth.catalogue", "version": 1, "date": "2026-11-27", "models": [)" + entry + "]}");
    const Finished updated = run({"fit", "--update-catalogue", path("more.json"), "--list"});
    ASSERT_EQ(updated.exit, 0) << updated.err;
    EXPECT_THAT(updated.out, HasSubstr("us/house-1b"));
    // What is no catalogue changes nothing.
    write("bad.json", R"({"schema": "hearth.catalogue", "version": 1, "models": [{"id": "x"}]})");
    const Finished bad = run({"fit", "--update-catalogue", path("bad.json")});
    EXPECT_EQ(bad.exit, 3);
    EXPECT_THAT(bad.err, HasSubstr("catalogue.malformed"));
    write("future.json", R"({"schema": "hearth.catalogue", "version": 7, "models": []})");
    EXPECT_EQ(run({"fit", "--update-catalogue", path("future.json")}).exit, 4);
    EXPECT_EQ(run({"fit", "--update-catalogue", path("absent.json")}).exit, 3);
    EXPECT_THAT(run({"fit", "--list"}).out, HasSubstr("us/house-1b"));
}

TEST_F(Hardware, ProfileRefusesBeforeItMeasures) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(run({"profile", "--language", "xx"}).exit, 2);
    const Finished download = run({"profile", "--quick", "--download", "http://example.org/file"});
    EXPECT_EQ(download.exit, 2);
    EXPECT_THAT(download.err, HasSubstr("hub.insecure_endpoint"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
}

TEST_F(Hardware, ProfileStopsOnCtrlC) {
    hearth::test::Process process({"profile", "--no-environment"}, {{"HEARTH_DATA_DIR", path("data")}});
    process.closeInput();
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    process.signal(SIGINT);
    EXPECT_EQ(process.finish(), 6) << process.err;
}

TEST_F(Hardware, AReportThatCannotBeWrittenIsAnError) {
    const Finished done = run({"profile", "--quick", "--no-environment", "--json", "/proc/no/such.json"});
    EXPECT_EQ(done.exit, 8);
    EXPECT_THAT(done.err, HasSubstr("file.unwritable"));
}

} // namespace
