#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <QtCore/QTemporaryDir>

#include "engine/workbench/settings.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SettingsTest : public ::testing::Test {
protected:
    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path path() const { return folder() / "settings.json"; }
    void write(const std::string& bytes) const { std::ofstream(path(), std::ios::binary) << bytes; }
    nlohmann::json onDisk() const { return nlohmann::json::parse(test::readText(path())); }

    static std::vector<std::string> codes(const SettingsFile::Loaded& loaded) {
        std::vector<std::string> out;
        for (const Error& error : loaded.problems)
            out.push_back(error.code);
        return out;
    }
    std::vector<fs::path> keptCopies() const {
        std::vector<fs::path> out;
        for (const auto& entry : fs::directory_iterator(folder()))
            if (entry.path().filename().string().starts_with("settings.json.bad-"))
                out.push_back(entry.path());
        return out;
    }
    /// Loading names `code`; everything is usable; saving keeps the bytes beside the new file.
    void expectBad(const std::string& bytes, const std::string& code, const std::string& key = {}) {
        SCOPED_TRACE(code + " " + key);
        for (const auto& old : keptCopies())
            fs::remove(old);
        write(bytes);
        SettingsFile file(path());
        const auto loaded = file.load();
        ASSERT_THAT(codes(loaded), ElementsAre(code));
        EXPECT_EQ(loaded.problems[0].arg("key"), key);
        EXPECT_EQ(test::readText(path()), bytes) << "loading changes nothing";
        Settings changed = loaded.settings;
        changed.theme = Theme::Dark;
        const auto saved = file.save(changed);
        ASSERT_TRUE(saved) << saved.error().message();
        ASSERT_EQ(keptCopies().size(), 1U);
        EXPECT_EQ(file.keptCopy(), keptCopies()[0]);
        EXPECT_EQ(test::readText(keptCopies()[0]), bytes);
        const auto again = SettingsFile(path()).load();
        EXPECT_THAT(codes(again), IsEmpty());
        EXPECT_EQ(again.settings, changed);
    }

private:
    QTemporaryDir m_folder;
};

TEST_F(SettingsTest, EverythingSurvivesARoundTrip) {
    Settings settings;
    settings.language = Language::SimplifiedChinese;
    settings.theme = Theme::Light;
    settings.fontScale = 1.25;
    settings.threads = 3;
    settings.defaultContext = 16384;
    settings.kvType = kernels::KvType::Q8_0;
    settings.contextPolicy = runtime::ContextPolicy::DropOldest;
    settings.loadLastModelAtStart = false;
    settings.lockAfterMinutes = 0;
    settings.lockWithSession = false;
    settings.offerProtection = false;
    settings.notifications = false;
    settings.modelFolders = {"/models", "/模型", std::string("/not-utf8-\xff")};
    settings.noteModelUsed("/models/a.gguf");
    settings.noteModelUsed("/models/b.gguf");
    settings.windowGeometry = std::string("\0\xff\x01 bytes", 9);
    settings.modelColumns = "state";
    settings.server.address = "::1";
    settings.server.port = 8080;
    settings.server.keyRequired = false;
    settings.server.allowNetwork = true;
    settings.server.allowedHosts = {"a.example", "b.example"};
    settings.server.allowedOrigins = {"https://a.example"};
    settings.server.certificate = "/server.pem";
    settings.server.privateKey = std::string("/not-utf8-\xff");
    settings.server.sequences = 7;
    settings.server.contextTokens = 2048;
    settings.server.maxBodyKiB = 99;
    settings.server.maxConnections = 5;
    settings.server.headerSeconds = 1;
    settings.server.bodySeconds = 2;
    settings.server.idleSeconds = 3;
    settings.server.logRequests = true;
    ASSERT_TRUE(SettingsFile(path()).save(settings));
    const auto loaded = SettingsFile(path()).load();
    EXPECT_THAT(codes(loaded), IsEmpty());
    EXPECT_EQ(loaded.settings, settings);
    EXPECT_EQ(onDisk()["version"], SettingsFile::kVersion);
    EXPECT_EQ(onDisk()["language"], "zh_CN");
    EXPECT_THAT(keptCopies(), IsEmpty());
}

TEST_F(SettingsTest, MissingFileIsAllDefaults) {
    const auto loaded = SettingsFile(path()).load();
    EXPECT_THAT(codes(loaded), IsEmpty());
    EXPECT_EQ(loaded.settings, Settings{});
}

TEST_F(SettingsTest, RecentModelsAreNewestFirstOnceAndBounded) {
    Settings settings;
    for (int i = 0; i < 30; ++i)
        settings.noteModelUsed("/m" + std::to_string(i));
    settings.noteModelUsed("/m25");
    EXPECT_EQ(settings.recentModels.size(), Settings::kMaxRecentModels);
    EXPECT_EQ(settings.recentModels[0], "/m25");
    EXPECT_EQ(settings.recentModels[1], "/m29");
    EXPECT_EQ(settings.lastModel, "/m25");
    EXPECT_EQ(std::count(settings.recentModels.begin(), settings.recentModels.end(), "/m25"), 1);
}

TEST_F(SettingsTest, WholeFileIsBad) {
    expectBad("", "settings.empty");
    expectBad(std::string(400, '\0'), "settings.zero_filled");
    expectBad(R"({"version":1,"theme":"li)", "settings.truncated");
    expectBad(std::string("\x7f"
                          "ELF\x02\0\0\0\xff\xfe",
                          10),
              "settings.binary");
    expectBad("\xff\xfe{\0}\0", "settings.binary");
    expectBad(R"({"version":1,,})", "settings.bad_json");
    expectBad(R"({"version":1,"fontScale":NaN})", "settings.bad_json");
    expectBad(R"({"version":1,"fontScale":1e999})", "settings.bad_json");
    expectBad("[1,2,3]", "settings.not_object");
    expectBad("\"text\"", "settings.not_object");
    expectBad(R"({"version":1,"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
              "settings.too_deep");
}

TEST_F(SettingsTest, TruncatedAtEveryByteIsNamed) {
    Settings settings;
    settings.modelFolders = {"/models/一"};
    ASSERT_TRUE(SettingsFile(path()).save(settings));
    const std::string whole = test::readText(path());
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) { // the last two: "}" and the line's end
        write(whole.substr(0, size));
        const auto loaded = SettingsFile(path()).load();
        ASSERT_EQ(loaded.problems.size(), 1U) << size;
        EXPECT_THAT(loaded.problems[0].code,
                    ::testing::AnyOf("settings.empty", "settings.truncated", "settings.binary"))
            << size;
        EXPECT_EQ(loaded.settings, Settings{});
    }
}

TEST_F(SettingsTest, OneFieldIsBadAndTheOthersCount) {
    const auto with = [](const std::string& field) {
        return R"({"version":1,"language":"en","loadLastModelAtStart":false,)" + field + "}";
    };
    const std::vector<std::pair<std::string, std::string>> outOfRange = {
        {"threads", "-1"},
        {"threads", "9223372036854775808"},
        {"threads", "100000"},
        {"fontScale", "0"},
        {"fontScale", "-1"},
        {"fontScale", "1e300"},
        {"defaultContext", "-5"},
        {"defaultContext", "9223372036854775807"},
        {"defaultContext", "1"},
        {"lockAfterMinutes", "-1"},
        {"lockAfterMinutes", "1441"},
        {"serverPort", "0"},
        {"serverPort", "65536"},
        {"serverPort", "-1"},
        {"serverSequences", "65"},
        {"serverContext", "1"},
        {"serverMaxBodyKiB", "0"},
    };
    for (const auto& [key, value] : outOfRange)
        expectBad(with("\"" + key + "\":" + value), "settings.out_of_range", key);
    const std::vector<std::pair<std::string, std::string>> wrongType = {
        {"threads", "\"two\""},
        {"threads", "2.5"},
        {"threads", "null"},
        {"lockWithSession", "1"},
        {"notifications", "\"off\""},
        {"fontScale", "\"big\""},
        {"theme", "3"},
        {"modelFolders", "7"},
        {"modelFolders", "[\"/a\",5]"},
        {"lastModel", "{}"},
        {"lastModel", "true"},
        {"windowGeometry", "\"not base64!\""},
        {"modelColumns", "[1]"},
        {"serverAddress", "1"},
        {"serverAddress", "\"" + std::string(600, 'a') + "\""},
        {"serverKeyRequired", "0"},
        {"serverAllowedHosts", "\"a\""},
        {"serverAllowedOrigins", "[1]"},
        {"serverCertificate", "3"},
        {"recentModels", "{}"},
        {"modelFolders", "[\"" + std::string(5000, 'x') + "\"]"},
    };
    for (const auto& [key, value] : wrongType)
        expectBad(with("\"" + key + "\":" + value), "settings.wrong_type", key);
    expectBad(with(R"("theme":"sepia")"), "settings.unknown_value", "theme");
    expectBad(with(R"("kvType":"f64")"), "settings.unknown_value", "kvType");
    expectBad(R"({"version":1,"language":"tlh","loadLastModelAtStart":false})", "settings.unknown_value",
              "language");

    write(with(R"("threads":-1,"theme":"dark")"));
    const auto loaded = SettingsFile(path()).load();
    EXPECT_EQ(loaded.settings.language, Language::English);
    EXPECT_EQ(loaded.settings.theme, Theme::Dark);
    EXPECT_FALSE(loaded.settings.loadLastModelAtStart);
    EXPECT_EQ(loaded.settings.threads, 0U);
}

TEST_F(SettingsTest, ThreadsZeroIsAutomatic) {
    write(R"({"version":1,"threads":0,"defaultContext":0})");
    EXPECT_THAT(codes(SettingsFile(path()).load()), IsEmpty());
}

TEST_F(SettingsTest, MissingOrStrangeVersion) {
    expectBad(R"({"theme":"light"})", "settings.bad_version");
    expectBad(R"({"version":0})", "settings.bad_version");
    expectBad(R"({"version":-1})", "settings.bad_version");
    expectBad(R"({"version":"one"})", "settings.bad_version");
    expectBad(R"({"version":9223372036854775808})", "settings.bad_version");
}

TEST_F(SettingsTest, DuplicateKeyTheFirstCounts) {
    const std::string bytes = R"({"version":1,"theme":"light","theme":"dark"})";
    write(bytes);
    SettingsFile file(path());
    const auto loaded = file.load();
    ASSERT_THAT(codes(loaded), ElementsAre("settings.duplicate_key"));
    EXPECT_EQ(loaded.problems[0].arg("key"), "theme");
    EXPECT_EQ(loaded.settings.theme, Theme::Light);
    ASSERT_TRUE(file.save(loaded.settings));
    EXPECT_EQ(test::readText(keptCopies().at(0)), bytes);
}

TEST_F(SettingsTest, ByteOrderMarkIsSkipped) {
    write("\xEF\xBB\xBF{\"version\":1,\"theme\":\"dark\"}");
    const auto loaded = SettingsFile(path()).load();
    EXPECT_THAT(codes(loaded), ElementsAre("settings.byte_order_mark"));
    EXPECT_EQ(loaded.settings.theme, Theme::Dark);
}

TEST_F(SettingsTest, UnknownKeysAreKept) {
    write(R"({"version":1,"future":{"a":[1,2]},"theme":"dark"})");
    SettingsFile file(path());
    auto loaded = file.load();
    EXPECT_THAT(codes(loaded), ElementsAre("settings.unknown_key"));
    EXPECT_EQ(loaded.problems[0].arg("key"), "future");
    loaded.settings.theme = Theme::Light;
    ASSERT_TRUE(file.save(loaded.settings));
    EXPECT_EQ(onDisk()["future"], nlohmann::json::parse(R"({"a":[1,2]})"));
    EXPECT_EQ(onDisk()["theme"], "light");
    EXPECT_THAT(keptCopies(), IsEmpty()) << "nothing was lost, nothing is copied";
}

TEST_F(SettingsTest, NewerVersionIsReadAndKept) {
    write(R"({"version":7,"theme":"sepia","language":"en","new":true})");
    SettingsFile file(path());
    auto loaded = file.load();
    EXPECT_THAT(codes(loaded),
                ElementsAre("settings.newer_version", "settings.unknown_value", "settings.unknown_key"));
    EXPECT_EQ(loaded.settings.language, Language::English);
    loaded.settings.threads = 2;
    ASSERT_TRUE(file.save(loaded.settings));
    EXPECT_EQ(onDisk()["version"], 7);
    EXPECT_EQ(onDisk()["theme"], "sepia");
    EXPECT_EQ(onDisk()["new"], true);
    EXPECT_EQ(onDisk()["threads"], 2);
}

TEST_F(SettingsTest, EditedByTwo) {
    SettingsFile one(path()), two(path());
    Settings first = one.load().settings, second = two.load().settings;
    first.theme = Theme::Dark;
    ASSERT_TRUE(one.save(first));
    second.threads = 5;
    ASSERT_TRUE(two.save(second));
    first.fontScale = 1.5;
    ASSERT_TRUE(one.save(first));
    const auto merged = SettingsFile(path()).load();
    EXPECT_THAT(codes(merged), IsEmpty());
    EXPECT_EQ(merged.settings.theme, Theme::Dark);
    EXPECT_EQ(merged.settings.threads, 5U);
    EXPECT_EQ(merged.settings.fontScale, 1.5);
}

TEST_F(SettingsTest, ValuesOutsideTheirRangesAreBroughtIn) {
    Settings settings;
    settings.fontScale = std::numeric_limits<double>::quiet_NaN();
    settings.threads = 1'000'000;
    settings.defaultContext = 3;
    ASSERT_TRUE(SettingsFile(path()).save(settings));
    const auto loaded = SettingsFile(path()).load();
    EXPECT_THAT(codes(loaded), IsEmpty());
    EXPECT_EQ(loaded.settings.fontScale, 1.0);
    EXPECT_EQ(loaded.settings.threads, Settings::kMaxThreads);
    EXPECT_EQ(loaded.settings.defaultContext, Settings::kMinContext);
}

TEST_F(SettingsTest, StrangeFiles) {
    const auto expectReplaced = [&](const char* code) {
        SettingsFile file(path());
        const auto loaded = file.load();
        ASSERT_THAT(codes(loaded), ElementsAre(code));
        const auto saved = file.save(loaded.settings);
        ASSERT_TRUE(saved) << saved.error().message();
        EXPECT_EQ(keptCopies().size(), 1U) << code;
        for (const auto& copy : keptCopies())
            fs::remove_all(copy);
        fs::remove(path());
    };
    fs::create_directory(path());
    expectReplaced("settings.not_regular");
    fs::create_symlink(path(), path());
    expectReplaced("settings.unreadable"); // a link to itself
    fs::create_symlink(folder() / "nowhere.json", path());
    expectReplaced("settings.unreadable");
    write(std::string(2 << 20, ' '));
    expectReplaced("settings.too_large");
}

TEST_F(SettingsTest, LinkStaysALink) {
    const fs::path target = folder() / "dotfiles.json";
    std::ofstream(target) << R"({"version":1,"theme":"dark"})";
    fs::create_symlink(target, path());
    SettingsFile file(path());
    auto loaded = file.load();
    EXPECT_EQ(loaded.settings.theme, Theme::Dark);
    loaded.settings.threads = 4;
    ASSERT_TRUE(file.save(loaded.settings));
    EXPECT_TRUE(fs::is_symlink(path()));
    EXPECT_EQ(nlohmann::json::parse(test::readText(target))["threads"], 4);
}

TEST_F(SettingsTest, FolderThatIsMissingIsAnError) {
    SettingsFile file(folder() / "no" / "such" / "settings.json");
    EXPECT_THAT(codes(file.load()), IsEmpty());
    EXPECT_EQ(file.save({}).error().code, "file.unwritable");
}

} // namespace
} // namespace hearth::workbench
