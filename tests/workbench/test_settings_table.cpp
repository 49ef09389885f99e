// The thirty bad inputs that settings may meet, one row each: a named problem or a value brought into its
// range, and nothing of the file lost.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QTemporaryDir>

#include "engine/workbench/settings.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;

struct Row {
    const char* name;
    std::string bytes;
    const char* code; ///< of the only problem; "" = none: the value is a good one
    bool copied;      ///< saving over it keeps a copy of the file
};

const std::string kBefore = R"({"version":1,"language":"en",)";

// Of the six about a server, the file itself can only be wrong about port 0. A busy port, 0.0.0.0 without a
// key, and a certificate that is missing, expired or another key's are values like any other until the server
// starts: it refuses each by name (tests/server: test_server_settings, test_server). Retention −1 and epsilon
// 0 are rules of compliance.db and of figures (Privacy.RulesOutOfRange), context > memory is known only with
// a model (LoadedModel: memory.not_enough), a window off every screen is brought back by the window
// (test_shell).
const std::vector<Row> kRows = {
    {"empty", "", "settings.empty", true},
    {"zero-filled", std::string(400, '\0'), "settings.zero_filled", true},
    {"truncated", R"({"version":1,"theme":"li)", "settings.truncated", true},
    {"byte order mark", "\xEF\xBB\xBF{\"version\":1,\"theme\":\"dark\"}", "settings.byte_order_mark", false},
    {"binary",
     std::string("\x7f"
                 "ELF\x02\0\xff\xfe",
                 8),
     "settings.binary", true},
    {"unknown key", kBefore + R"("colour":"red"})", "settings.unknown_key", false},
    {"duplicate key", kBefore + R"("threads":1,"threads":2})", "settings.duplicate_key", true},
    {"wrong type", kBefore + R"("threads":"two"})", "settings.wrong_type", true},
    {"newer version", R"({"version":9,"language":"en"})", "settings.newer_version", false},
    {"older version", R"({"version":0,"language":"en"})", "settings.bad_version", true},
    {"negative", kBefore + R"("threads":-3})", "settings.out_of_range", true},
    {"NaN", kBefore + R"("fontScale":NaN})", "settings.bad_json", true},
    {"2^63", kBefore + R"("defaultContext":9223372036854775808})", "settings.out_of_range", true},
    {"port 0", kBefore + R"("serverPort":0})", "settings.out_of_range", true},
    {"port busy", kBefore + R"("serverPort":22})", "", false},
    {"0.0.0.0 without key", kBefore + R"("serverAddress":"0.0.0.0","serverKeyRequired":false})", "", false},
    {"missing certificate", kBefore + R"("serverCertificate":"/no/such.pem"})", "", false},
    {"certificate mismatch", kBefore + R"("serverCertificate":"a.pem","serverPrivateKey":"b.pem"})", "",
     false},
    {"expired certificate", kBefore + R"("serverCertificate":"old.pem"})", "", false},
    {"a server's key of a later version", kBefore + R"("serverColour":"red"})", "settings.unknown_key",
     false},
    {"overlong path", kBefore + R"("lastModel":")" + std::string(5000, 'x') + "\"}", "settings.wrong_type",
     true},
    {"unknown language", R"({"version":1,"language":"tlh"})", "settings.unknown_value", true},
    {"threads 0", kBefore + R"("threads":0})", "", false},
    {"context beyond any memory", kBefore + R"("defaultContext":99999999999})", "settings.out_of_range",
     true},
    {"retention −1", kBefore + R"("retentionDays":-1})", "settings.unknown_key", false},
    {"epsilon 0", kBefore + R"("epsilon":0})", "settings.unknown_key", false},
    {"window off screen", kBefore + R"("windowGeometry":"AAAA"})", "", false},
};

class ThirtySettings : public ::testing::Test {
protected:
    fs::path folder() const { return m_folder.path().toStdString(); }
    fs::path path() const { return folder() / "settings.json"; }
    void write(const std::string& bytes) const {
        std::ofstream(path(), std::ios::binary | std::ios::trunc) << bytes;
    }
    std::vector<std::string> copies() const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator(folder()))
            if (entry.path().filename().string().find(".bad-") != std::string::npos)
                out.push_back(test::readText(entry.path()));
        return out;
    }
    QTemporaryDir m_folder;
};

TEST_F(ThirtySettings, EachIsNamedAndNothingIsLost) {
    for (const Row& row : kRows) {
        SCOPED_TRACE(row.name);
        for (const auto& entry : fs::directory_iterator(folder()))
            fs::remove_all(entry.path());
        write(row.bytes);
        SettingsFile file(path());
        auto loaded = file.load();
        if (*row.code == '\0') {
            EXPECT_TRUE(loaded.problems.empty());
        } else {
            EXPECT_EQ(loaded.problems.size(), 1U);
            if (!loaded.problems.empty()) {
                EXPECT_EQ(loaded.problems[0].code, row.code);
                EXPECT_FALSE(loaded.problems[0].detail.empty());
            }
        }
        EXPECT_EQ(test::readText(path()), row.bytes) << "reading changed the file";
        // Every field holds something usable whatever the file said.
        EXPECT_LE(loaded.settings.threads, Settings::kMaxThreads);
        EXPECT_GE(loaded.settings.fontScale, Settings::kMinFontScale);
        EXPECT_LE(loaded.settings.defaultContext, Settings::kMaxContext);
        EXPECT_GE(loaded.settings.server.port, 1U);
        loaded.settings.theme = Theme::Light;
        ASSERT_TRUE(file.save(loaded.settings));
        const auto kept = copies();
        EXPECT_EQ(kept.size(), row.copied ? 1U : 0U);
        if (!kept.empty()) {
            EXPECT_EQ(kept[0], row.bytes);
        }
        EXPECT_EQ(SettingsFile(path()).load().settings.theme, Theme::Light);
        if (std::string(row.code) == "settings.unknown_key") {
            const std::string now = test::readText(path());
            EXPECT_TRUE(
                now.find("colour") != std::string::npos || now.find("serverColour") != std::string::npos ||
                now.find("retentionDays") != std::string::npos || now.find("epsilon") != std::string::npos);
        }
    }
}

TEST_F(ThirtySettings, PlacesThatAreNone) {
    // missing folder, unwritable, symlink loop, edited by two
    EXPECT_EQ(SettingsFile(folder() / "no" / "settings.json").save({}).error().code, "file.unwritable");
    EXPECT_FALSE(SettingsFile("/proc/no/settings.json").save({}));
    fs::create_symlink(path(), path());
    const auto loop = SettingsFile(path()).load();
    ASSERT_EQ(loop.problems.size(), 1U);
    EXPECT_EQ(loop.problems[0].code, "settings.unreadable");
    fs::remove(path());
    SettingsFile one(path()), two(path());
    Settings first = one.load().settings, second = two.load().settings;
    first.threads = 2;
    second.fontScale = 1.4;
    ASSERT_TRUE(one.save(first));
    ASSERT_TRUE(two.save(second));
    const auto both = SettingsFile(path()).load();
    EXPECT_EQ(both.settings.threads, 2U);
    EXPECT_EQ(both.settings.fontScale, 1.4);
}

} // namespace
} // namespace hearth::workbench
