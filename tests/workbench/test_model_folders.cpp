#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QTemporaryDir>

#include "engine/workbench/model_folders.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

class ModelFoldersTest : public ::testing::Test {
protected:
    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path place(const std::string& name, const fs::path& source) const {
        const fs::path path = folder() / name;
        fs::create_directories(path.parent_path());
        fs::copy_file(source, path);
        return path;
    }
    static std::vector<std::string> names(const ModelListing& listing) {
        std::vector<std::string> out;
        for (const auto& entry : listing.models)
            out.push_back(entry.path.filename().string());
        return out;
    }

private:
    QTemporaryDir m_folder;
};

TEST_F(ModelFoldersTest, FactsComeFromTheMetadata) {
    place("deep/er/model.GGUF", test::golden("llama-Q4_K.gguf"));
    const auto listing = listModels(std::vector{folder()}, {});
    ASSERT_TRUE(listing);
    ASSERT_EQ(listing->models.size(), 1U);
    const ModelEntry& entry = listing->models[0];
    EXPECT_FALSE(entry.problem);
    EXPECT_EQ(entry.facts.family, "llama");
    EXPECT_EQ(entry.facts.quantisation, "Q4_K_S");
    EXPECT_FALSE(entry.facts.name.empty());
    EXPECT_EQ(entry.facts.fileBytes, fs::file_size(entry.path));
    EXPECT_GT(entry.facts.parameters, 100'000U);
    EXPECT_GT(entry.facts.trainedContext, 0U);
    EXPECT_TRUE(listing->folders.empty());
}

TEST_F(ModelFoldersTest, BadFilesAreListedWithTheirReason) {
    std::ofstream(folder() / "bad.gguf") << "GGUX not a model";
    std::ofstream(folder() / "empty.gguf");
    std::ofstream(folder() / "notes.txt") << "no model";
    place("good.gguf", test::golden("qwen3-F32.gguf"));
    const auto listing =
        listModels(std::vector{folder(), folder() / "missing"}, std::vector{folder() / "gone.gguf"});
    ASSERT_TRUE(listing);
    ASSERT_EQ(listing->models.size(), 4U);
    std::map<std::string, std::string> codes;
    for (const auto& entry : listing->models)
        codes[entry.path.filename().string()] = entry.problem ? entry.problem->code : "";
    EXPECT_EQ(codes["bad.gguf"], "gguf.bad_magic");
    EXPECT_EQ(codes["empty.gguf"], "file.empty");
    EXPECT_EQ(codes["gone.gguf"], "file.not_found");
    EXPECT_EQ(codes["good.gguf"], "");
    ASSERT_EQ(listing->folders.size(), 1U);
    EXPECT_EQ(listing->folders[0].problem.code, "folders.unreadable");
    EXPECT_EQ(listing->models[0].path.filename(), "gone.gguf");
    EXPECT_TRUE(listing->models[0].recent);
    EXPECT_EQ(listing->models[0].facts.name, "gone");
}

TEST_F(ModelFoldersTest, EachFileOnceAndOnlyFirstParts) {
    const auto a = place("a.gguf", test::golden("llama-F32.gguf"));
    place("split-00002-of-00002.gguf", test::golden("llama-F32.gguf"));
    place("odd-00002-of-0002.gguf", test::golden("llama-F32.gguf"));
    fs::create_symlink(a, folder() / "link.gguf");
    fs::create_directory_symlink(folder(), folder() / "circle");
    const auto listing = listModels(std::vector{folder(), folder()}, std::vector{a});
    ASSERT_TRUE(listing);
    EXPECT_THAT(names(*listing), ElementsAre("a.gguf", "odd-00002-of-0002.gguf"));
}

TEST_F(ModelFoldersTest, CanBeStopped) {
    for (int i = 0; i < 5; ++i)
        place("m" + std::to_string(i) + ".gguf", test::golden("llama-F32.gguf"));
    std::stop_source stop;
    int seen = 0;
    const auto listing = listModels(std::vector{folder()}, {}, stop.get_token(), [&](const ModelEntry&) {
        if (++seen == 2)
            stop.request_stop();
    });
    ASSERT_FALSE(listing);
    EXPECT_EQ(listing.error().code, kCancelled);
    EXPECT_EQ(seen, 2);
}

} // namespace
} // namespace hearth::workbench
