// hearthctl models, as a person runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using hearth::test::golden;
using testing::HasSubstr;
namespace fs = std::filesystem;

class Models : public testing::Test {
protected:
    std::string path(const std::string& name) const { return (m_folder.path() / name).string(); }
    std::string put(const std::string& model, const std::string& name) const {
        fs::create_directories(fs::path(path(name)).parent_path());
        fs::copy_file(golden(model), path(name));
        return path(name);
    }
    hearth::test::Finished run(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "models");
        return hearth::test::hearthctl(std::move(arguments), {},
                                       {{"HEARTH_DATA_DIR", path("data")},
                                        {"XDG_DATA_HOME", path("xdg")},
                                        {"HOME", path("home")},
                                        {"OLLAMA_MODELS", ""},
                                        {"HF_HOME", ""},
                                        {"HF_HUB_CACHE", ""},
                                        {"XDG_CACHE_HOME", ""}});
    }
    nlohmann::json json(std::vector<std::string> arguments, int exit = 0) const {
        arguments.emplace_back("--json");
        const auto done = run(std::move(arguments));
        EXPECT_EQ(done.exit, exit) << done.err;
        return nlohmann::json::parse(done.out, nullptr, false);
    }
    hearth::test::TemporaryFolder m_folder;
};

TEST_F(Models, ListsWhatWasTakenIn) {
    auto empty = run({"list"});
    EXPECT_EQ(empty.exit, 0) << empty.err;
    EXPECT_THAT(empty.err, HasSubstr("The library is empty"));
    const auto file = put("llama-Q8_0.gguf", "in/a.gguf");
    const auto added = json({"import", file, put("llama-F16.gguf", "in/b.gguf")});
    ASSERT_EQ(added["added"].size(), 2U);
    EXPECT_TRUE(added["problems"].empty());
    const auto all = json({"list"});
    ASSERT_EQ(all.size(), 1U) << "two versions of one model";
    EXPECT_EQ(all[0]["family"], "llama");
    ASSERT_EQ(all[0]["versions"].size(), 2U);
    const auto& version = all[0]["versions"][0];
    EXPECT_EQ(version["default"], true);
    EXPECT_EQ(version["files"][0]["path"], file);
    EXPECT_EQ(version["files"][0]["mode"], "referenced");
    EXPECT_EQ(version["sha256"].get<std::string>().size(), 64U);
    const auto shown = run({"list"});
    EXPECT_THAT(shown.out, HasSubstr("Q8_0"));
    EXPECT_EQ(json({"import", file})["added"][0]["already_there"], true);
}

TEST_F(Models, BadInputsAreNamedAndTheRestIsTakenIn) {
    std::ofstream(path("bad.gguf")) << "nonsense";
    const auto report =
        json({"import", path("bad.gguf"), path("nothing.gguf"), put("qwen2-F32.gguf", "q.gguf")}, 3);
    EXPECT_EQ(report["added"].size(), 1U);
    ASSERT_EQ(report["problems"].size(), 2U);
    EXPECT_EQ(report["problems"][0]["code"], "gguf.bad_magic");
    EXPECT_EQ(report["problems"][1]["code"], "file.not_found");
    EXPECT_EQ(run({"import"}).exit, 2);
    EXPECT_EQ(run({"import", "x", "--copy", "--link"}).exit, 2);
    EXPECT_EQ(run({"verify", "unknown"}).exit, 2);
    EXPECT_EQ(run({"versions", "unknown"}).exit, 2);
    EXPECT_EQ(run({"nonsense"}).exit, 2);
}

TEST_F(Models, VerifyReportsAChangedFile) {
    const auto file = put("llama-Q4_0.gguf", "a.gguf");
    json({"import", file});
    EXPECT_EQ(json({"verify"})[0]["files"][0]["verdict"], "same");
    std::fstream edit(file, std::ios::in | std::ios::out | std::ios::binary);
    edit.seekp(150'000);
    edit.put('\x55');
    edit.close();
    const auto result = json({"verify"}, 3);
    EXPECT_EQ(result[0]["good"], false);
    EXPECT_EQ(result[0]["files"][0]["verdict"], "changed");
    EXPECT_EQ(json({"list"})[0]["versions"][0]["state"], "altered");
    fs::remove(file);
    EXPECT_EQ(json({"verify", file}, 3)[0]["files"][0]["verdict"], "missing");
}

TEST_F(Models, RemoveAsksAndUsesTheTrash) {
    const auto file = put("llama-Q4_0.gguf", "a.gguf");
    const auto added = json({"import", file, "--copy", "--name", "mine"});
    const std::string copy = added["added"][0]["files"][0]["path"];
    EXPECT_TRUE(fs::exists(copy));
    const auto asked = run({"remove", "mine"});
    EXPECT_EQ(asked.exit, 2);
    EXPECT_THAT(asked.err, HasSubstr("--yes"));
    EXPECT_TRUE(fs::exists(copy));
    fs::create_directories(path("xdg"));
    const auto removed = json({"remove", "mine", "--yes"});
    EXPECT_FALSE(fs::exists(copy));
    EXPECT_TRUE(fs::exists(file));
    EXPECT_EQ(removed[0]["freed_bytes"], fs::file_size(file));
    EXPECT_TRUE(fs::exists(removed[0]["trashed"][0]["in_trash"].get<std::string>()));
    EXPECT_TRUE(json({"list"}).empty());
}

TEST_F(Models, VersionsDefaultAndRollback) {
    json({"import", put("llama-F16.gguf", "a.gguf"), put("llama-Q8_0.gguf", "b.gguf"), "--name", "m"});
    EXPECT_EQ(json({"versions", "m", "--set-default", "q8_0"})["versions"][0]["label"], "Q8_0");
    EXPECT_EQ(json({"versions", "M", "--rollback"})["versions"][0]["label"], "F16");
    EXPECT_EQ(run({"versions", "m", "--rollback"}).exit, 2);
    EXPECT_EQ(run({"versions", "m", "--set-default", "Q1"}).exit, 2);
    EXPECT_EQ(json({"versions", "1", "--note", "keep", "--version", "Q8_0"})["versions"][1]["note"], "keep");
}

TEST_F(Models, ScanFindsOtherProgramsModels) {
    put("llama-Q4_0.gguf", "home/.lmstudio/models/pub/repo/x.gguf");
    fs::create_directories(path("home/.ollama/models/manifests/r/library/bad"));
    std::ofstream(path("home/.ollama/models/manifests/r/library/bad/1")) << "{}";
    const auto dry = run({"import", "--scan", "--dry-run"});
    EXPECT_EQ(dry.exit, 3) << "a manifest could not be read";
    EXPECT_THAT(dry.out, HasSubstr("lm-studio"));
    EXPECT_TRUE(json({"list"}).empty());
    const auto report = json({"import", "--scan"}, 3);
    ASSERT_EQ(report["added"].size(), 1U);
    EXPECT_EQ(report["added"][0]["origin"], "lm-studio");
    EXPECT_EQ(report["problems"][0]["code"], "library.bad_manifest");
}

} // namespace
