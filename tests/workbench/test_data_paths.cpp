#include <cstdlib>

#include <gtest/gtest.h>

#include <QtCore/QTemporaryDir>

#include "engine/workbench/data_paths.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;

class DataPathsTest : public ::testing::Test {
protected:
    ~DataPathsTest() override { ::unsetenv("HEARTH_DATA_DIR"); }
    fs::path folder() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

TEST_F(DataPathsTest, OneVariableMovesEverything) {
    const fs::path root = folder() / "deep" / "hearth";
    ::setenv("HEARTH_DATA_DIR", root.c_str(), 1);
    const auto paths = DataPaths::prepare();
    ASSERT_TRUE(paths) << paths.error().message();
    EXPECT_EQ(paths->historyFile(), root / "history.db");
    EXPECT_EQ(paths->settingsFile(), root / "settings.json");
    for (const fs::path& made : {paths->data, paths->config, paths->cache, paths->logs}) {
        EXPECT_TRUE(fs::is_directory(made)) << made;
        EXPECT_EQ(fs::status(made).permissions() & fs::perms::mask, fs::perms(0700)) << made;
    }
    EXPECT_TRUE(DataPaths::prepare()) << "a second time";
}

TEST_F(DataPathsTest, PlatformFoldersWithoutIt) {
    ::unsetenv("HEARTH_DATA_DIR");
    ::setenv("XDG_DATA_HOME", (folder() / "share").c_str(), 1);
    ::setenv("XDG_CONFIG_HOME", (folder() / "etc").c_str(), 1);
    ::setenv("XDG_CACHE_HOME", (folder() / "var").c_str(), 1);
    const DataPaths paths = DataPaths::locate();
    EXPECT_EQ(paths.data, folder() / "share" / "hearth");
    EXPECT_EQ(paths.config, folder() / "etc" / "hearth");
    EXPECT_EQ(paths.cache, folder() / "var" / "hearth");
    EXPECT_EQ(paths.logs, folder() / "share" / "hearth" / "logs");
    EXPECT_FALSE(fs::exists(folder() / "share")) << "locating touches nothing";
    for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
        ::unsetenv(name);
}

TEST_F(DataPathsTest, FileInTheWay) {
    std::ofstream(folder() / "file") << "x";
    ::setenv("HEARTH_DATA_DIR", (folder() / "file" / "below").c_str(), 1);
    const auto paths = DataPaths::prepare();
    ASSERT_FALSE(paths);
    EXPECT_EQ(paths.error().code, "paths.unwritable");
}

} // namespace
} // namespace hearth::workbench
