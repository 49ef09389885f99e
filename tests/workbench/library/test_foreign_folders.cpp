// Models that other programs brought are found where those keep them.

#include "engine/workbench/library/foreign_folders.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "engine/workbench/library/file_hash.h"
#include "tests/workbench/library/library_fixture.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;
namespace fs = std::filesystem;

class Foreign : public test::LibraryTest {
protected:
    ForeignOptions options(std::map<std::string, std::string> variables = {}) const {
        ForeignOptions out;
        out.home = path("home");
        out.root = path("root");
        out.variable = [variables = std::move(variables)](const char* name) {
            const auto it = variables.find(name);
            return it == variables.end() ? std::string() : it->second;
        };
        return out;
    }
    void write(const std::string& name, const std::string& text) const {
        fs::create_directories(path(name).parent_path());
        std::ofstream(path(name), std::ios::binary) << text;
    }
    /// As `ollama pull` leaves it.
    void ollama(const std::string& store, const std::string& name, const std::string& tag,
                const std::string& model) const {
        const std::string digest = hashFile(test::golden(model)).value();
        put(model, store + "/blobs/sha256-" + digest);
        write(store + "/manifests/registry.ollama.ai/library/" + name + "/" + tag,
              nlohmann::json{
                  {"schemaVersion", 2},
                  {"layers",
                   {{{"mediaType", "application/vnd.ollama.image.license"}, {"digest", "sha256:00"}},
                    {{"mediaType", "application/vnd.ollama.image.model"}, {"digest", "sha256:" + digest}}}}}
                  .dump());
    }
    ScanReport scan(const std::vector<fs::path>& folders = {}, const ForeignOptions* own = nullptr) {
        const auto usual = options();
        auto report = scanForModels(folders, foreignFolders(own ? *own : usual), *library);
        EXPECT_TRUE(report) << report.error().message();
        return report.value_or(ScanReport{});
    }
};

TEST_F(Foreign, EveryProgramIsFound) {
    put("llama-Q4_0.gguf", "home/.lmstudio/models/publisher/repo/a.gguf");
    put("qwen2-F32.gguf", "home/.local/share/Jan/data/llamacpp/models/q/model.gguf");
    put("qwen3-F32.gguf", "home/.local/share/nomic.ai/GPT4All/q3.gguf");
    ollama("home/.ollama/models", "gemma", "2b", "gemma2-F32.gguf");
    const std::string cache = "home/.cache/huggingface/hub/models--team--phi/";
    put("phi3-F32.gguf", cache + "blobs/0123");
    fs::create_directories(path(cache + "snapshots/abc"));
    fs::create_symlink("../../blobs/0123", path(cache + "snapshots/abc/phi.gguf"));
    const auto report = scan();
    std::map<std::string, FoundModel> found;
    for (const auto& model : report.models) {
        EXPECT_FALSE(model.problem) << model.problem->message();
        EXPECT_FALSE(model.inLibrary);
        found[model.program] = model;
    }
    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found["ollama"].source, "ollama gemma:2b");
    EXPECT_EQ(found["ollama"].facts.family, "gemma2");
    EXPECT_EQ(found["huggingface-cache"].source, "hf team/phi");
    EXPECT_EQ(found["huggingface-cache"].facts.family, "phi3");
    for (const auto& [program, model] : found)
        ASSERT_TRUE(library->add(model.request())) << program;
    EXPECT_EQ(models(), 5U);
    for (const auto& model : scan().models)
        EXPECT_TRUE(model.inLibrary) << model.path;
    const auto added = library->findPath(found["ollama"].path).value();
    ASSERT_TRUE(added);
    EXPECT_EQ(added->versions.front().origin, "ollama");
}

TEST_F(Foreign, VariablesAndTheServicesStore) {
    ollama("mine", "llama", "1b", "llama-Q4_0.gguf");
    ollama("root/usr/share/ollama/.ollama/models", "llama", "q8", "llama-Q8_0.gguf");
    put("qwen2-F32.gguf", "cache/models--a--b/snapshots/1/x.gguf");
    const auto own =
        options({{"OLLAMA_MODELS", path("mine").string()}, {"HF_HUB_CACHE", path("cache").string()}});
    const auto report = scan({}, &own);
    EXPECT_EQ(report.models.size(), 3U);
    EXPECT_TRUE(report.folders.empty());
}

TEST_F(Foreign, HostileManifestsAreRefused) {
    const std::string store = "home/.ollama/models";
    put("llama-Q4_0.gguf", "secret.gguf");
    const auto manifest = [&](const std::string& name, const std::string& text) {
        write(store + "/manifests/r/library/" + name + "/1", text);
    };
    const auto layer = [](const std::string& digest) {
        return nlohmann::json{
            {"layers", {{{"mediaType", "application/vnd.ollama.image.model"}, {"digest", digest}}}}}
            .dump();
    };
    fs::create_directories(path(store + "/blobs"));
    manifest("empty", "");
    manifest("text", "hello");
    manifest("deep", std::string(10'000, '['));
    manifest("array", "[]");
    manifest("no-layers", "{\"layers\": 3}");
    manifest("numbers", "{\"layers\": [1, {\"mediaType\": 1, \"digest\": 2}]}");
    manifest("climbs", layer("sha256:../../../../secret.gguf"));
    manifest("short", layer("sha256:abcd"));
    manifest("capital", layer("sha256:" + std::string(64, 'A')));
    manifest("other", layer("md5:" + std::string(64, 'a')));
    manifest("huge", std::string(2 << 20, ' '));
    const auto report = scan();
    EXPECT_TRUE(report.models.empty());
    EXPECT_EQ(report.folders.size(), 11U);
    for (const auto& problem : report.folders)
        EXPECT_EQ(problem.problem.code, "library.bad_manifest") << problem.path;
    manifest("gone", layer("sha256:" + std::string(64, 'a')));
    const auto with = scan();
    ASSERT_EQ(with.models.size(), 1U);
    EXPECT_EQ(with.models.front().problem->code, "file.not_found");
}

TEST_F(Foreign, FoldersToConvertAndFilesThatFail) {
    write("mine/hf/config.json", "{}");
    write("mine/hf/model.safetensors", "12345");
    write("mine/bad.gguf", "GGUFxxxx");
    put("llama-Q4_0.gguf", "mine/a-Q4_0.gguf");
    const auto report = scan({path("mine"), path("mine/hf"), path("nowhere")});
    ASSERT_EQ(report.models.size(), 3U);
    std::size_t convertible = 0, problems = 0;
    for (const auto& model : report.models) {
        convertible += model.convertible ? 1 : 0;
        problems += model.problem ? 1 : 0;
        if (model.convertible) {
            EXPECT_EQ(model.facts.fileBytes, 5U);
        }
    }
    EXPECT_EQ(convertible, 1U);
    EXPECT_EQ(problems, 1U);
    ASSERT_EQ(report.folders.size(), 1U);
    EXPECT_EQ(report.folders.front().problem.code, "folders.unreadable");
}

TEST_F(Foreign, ScanningStops) {
    put("llama-Q4_0.gguf", "home/.lmstudio/models/a.gguf");
    std::stop_source stop;
    stop.request_stop();
    const auto report = scanForModels({}, foreignFolders(options()), *library, stop.get_token());
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, kCancelled);
}

} // namespace
