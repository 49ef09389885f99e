// Rules for how long things stay, from the terminal; and what the log says of the single person.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/cli/accounts/session.h"
#include "engine/store/connection.h"
#include "engine/workbench/data_paths.h"
#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class RetentionInTheTerminal : public testing::Test {
protected:
    void SetUp() override { ::setenv("HEARTH_DATA_DIR", m_folder.path().c_str(), 1); }
    void TearDown() override { ::unsetenv("HEARTH_DATA_DIR"); }
    fs::path data() const { return m_folder.path(); }
    static test::Finished retention(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"privacy", "retention"});
        return test::hearthctl(std::move(arguments));
    }
    fs::path write(const fs::path& file, int days) const {
        fs::create_directories(file.parent_path());
        std::ofstream(file) << "text";
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(24 * days));
        return file;
    }

    test::TemporaryFolder m_folder;
};

TEST_F(RetentionInTheTerminal, ShowsThenDeletesThenKeeps) {
    const auto old = write(data() / "logs" / "hearth.1.log", 90),
               current = write(data() / "logs" / "hearth.log", 90);
    const auto shown = retention({"--logs-days", "30"});
    ASSERT_EQ(shown.exit, 0) << shown.err;
    EXPECT_THAT(shown.out,
                AllOf(HasSubstr("logs\t"), HasSubstr("hearth.1.log"), Not(HasSubstr("hearth.log"))));
    EXPECT_THAT(shown.err, AllOf(HasSubstr("logs: 1 older than 30 days, 4 B, the oldest of "),
                                 HasSubstr("nothing was deleted")));
    EXPECT_TRUE(fs::exists(old));
    const auto gone = retention({"--logs-days", "30", "--yes"});
    ASSERT_EQ(gone.exit, 0) << gone.err;
    EXPECT_THAT(gone.out, HasSubstr("1 of logs deleted"));
    EXPECT_FALSE(fs::exists(old));
    EXPECT_TRUE(fs::exists(current));
    EXPECT_THAT(retention({}).out, HasSubstr("logs\tof the machine\twithout limit\n"));
    const auto kept = retention({"--logs-days", "30", "--backups-days", "90", "--keep"});
    ASSERT_EQ(kept.exit, 0) << kept.err;
    EXPECT_THAT(kept.out,
                AllOf(HasSubstr("logs\tof the machine\t30 days\n"), HasSubstr("backups\tyour own\t90 days\n"),
                      HasSubstr("audit-log\tof the machine\tno rule removes entries\n")));
    EXPECT_THAT(retention({"--logs-days", "0", "--keep"}).out,
                HasSubstr("logs\tof the machine\twithout limit\n"));
    const auto log = test::hearthctl({"audit", "list"});
    EXPECT_THAT(log.out, AllOf(HasSubstr("settings.change\tby retention rules logs\tdone"),
                               HasSubstr("settings.change\tkeep logs 30 days\tdone"),
                               HasSubstr("conversation.change\tkeep backups 90 days\tdone"),
                               Not(HasSubstr("hearth.1.log"))));
}

TEST_F(RetentionInTheTerminal, BadDaysAreNamedBeforeAnythingGoes) {
    const auto old = write(data() / "logs" / "hearth.1.log", 90);
    const auto zero = retention({"--logs-days", "30", "--yes", "--jobs-days", "0"});
    EXPECT_EQ(zero.exit, 2);
    EXPECT_THAT(zero.err, HasSubstr("usage.bad_days"));
    EXPECT_TRUE(fs::exists(old));
    for (const char* days : {"-1", "40000", "soon"})
        EXPECT_NE(retention({"--logs-days", days, "--yes"}).exit, 0) << days;
    EXPECT_TRUE(fs::exists(old));
    std::ofstream(data() / "measurements.json") << "{half";
    EXPECT_THAT(retention({"--measurements-days", "30", "--yes"}).err, HasSubstr("measurement.malformed"));
    EXPECT_EQ(test::readText(data() / "measurements.json"), "{half");
}

TEST_F(RetentionInTheTerminal, WhatTheSinglePersonDoesIsNotedAsInTheWindow) {
    const std::string model = test::golden("llama-Q4_0.gguf").string();
    const std::vector<std::string> generate{"generate", "--model",      model, "--prompt",
                                            "a",        "--max-tokens", "2"};
    ASSERT_EQ(test::hearthctl(generate).exit, 0);
    EXPECT_FALSE(fs::exists(data() / "accounts.db"));      // there is no installation to note it in
    ASSERT_EQ(test::hearthctl({"audit", "list"}).exit, 0); // makes one, as the window does
    ASSERT_TRUE(fs::exists(data() / "accounts.db"));
    ASSERT_EQ(test::hearthctl(generate).exit, 0);
    const auto log = test::hearthctl({"audit", "list", "--action", "model.use"});
    EXPECT_THAT(log.out, AllOf(HasSubstr("model.use\tmodel " + model + "\tdone"), Not(HasSubstr("\ta\t"))));
    EXPECT_EQ(test::hearthctl({"audit", "verify"}).exit, 0);
}

} // namespace
