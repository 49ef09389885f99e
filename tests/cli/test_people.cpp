// Profiles from the terminal: commands around people, and the gate before models.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include <sys/stat.h>

#include "engine/cli/accounts/session.h"
#include "engine/workbench/data_paths.h"
#include "tests/cli/process.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kAnn = "ann's long password", kBob = "bob's long password";
const std::string kLlama = test::golden("llama-F32.gguf").string();

/// An installation with Ann, an administrator, and Bob, a user; passwords cost next to nothing.
class PeopleInTheTerminal : public testing::Test {
protected:
    void SetUp() override {
        ::setenv("HEARTH_DATA_DIR", m_folder.path().c_str(), 1);
        const auto application = cli::makeApplication();
        const auto accounts = openAccounts();
        ASSERT_TRUE(accounts->create(workbench::Actor::singlePerson(), "Ann", security::Role::Administrator,
                                     security::viewOf(kAnn)));
        ASSERT_TRUE(accounts->create(workbench::Actor::person(1), "Bob", security::Role::User,
                                     security::viewOf(kBob)));
    }
    void TearDown() override { ::unsetenv("HEARTH_DATA_DIR"); }

    static std::unique_ptr<workbench::Accounts> openAccounts() {
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        return std::move(*workbench::Accounts::open(
            workbench::AccountPaths::below(*workbench::DataPaths::prepare()), options));
    }
    static test::Finished as(const std::string& who, const std::string& password,
                             std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--as", who, "--password-stdin"});
        return test::hearthctl(std::move(arguments), password + "\n");
    }
    static std::vector<std::string> generate(std::vector<std::string> more = {}) {
        std::vector<std::string> out{"generate",     "--model", kLlama,          "--prompt", "a",
                                     "--max-tokens", "2",       "--temperature", "0"};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }

    test::TemporaryFolder m_folder;
};

TEST(SinglePerson, IsToldWhatIsNotProtectedAndAskedNothing) {
    const test::TemporaryFolder folder;
    const std::vector<std::pair<std::string, std::string>> here{{"HEARTH_DATA_DIR", folder.path().string()}};
    const auto run =
        test::hearthctl({"generate", "--model", kLlama, "--prompt", "a", "--max-tokens", "2"}, {}, here);
    EXPECT_EQ(run.exit, 0) << run.err;
    EXPECT_FALSE(std::filesystem::exists(folder.path() / "accounts.db"))
        << "asking for a model made accounts";
    const auto list = test::hearthctl({"user", "list"}, {}, here);
    EXPECT_EQ(list.exit, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("nothing is encrypted"));
}

TEST_F(PeopleInTheTerminal, ListsAndChangesThroughTheGate) {
    const auto list = test::hearthctl({"user", "list"});
    EXPECT_THAT(list.out, AllOf(HasSubstr("Ann\tadministrator"), HasSubstr("Bob\tuser")));
    const auto unsigned_ = test::hearthctl({"user", "disable", "Bob"});
    EXPECT_EQ(unsigned_.exit, 2);
    EXPECT_THAT(unsigned_.err, HasSubstr("--as"));
    EXPECT_THAT(as("Bob", kBob, {"user", "role", "Bob", "administrator"}).err,
                HasSubstr("permission.denied"));
    EXPECT_EQ(as("Ann", kAnn, {"user", "role", "Bob", "data-scientist"}).exit, 0);
    EXPECT_THAT(test::hearthctl({"user", "list"}).out, HasSubstr("Bob\tdata-scientist"));
    const auto wrong = as("Ann", "not the password", {"audit", "list"});
    EXPECT_NE(wrong.exit, 0);
    EXPECT_THAT(wrong.err, AllOf(HasSubstr("identity.wrong_password"), Not(HasSubstr("not the password"))));
    const auto log = as("Ann", kAnn, {"audit", "list"});
    EXPECT_EQ(log.exit, 0) << log.err;
    EXPECT_THAT(log.out, AllOf(HasSubstr("profile.change\tprofile 2 to data-scientist\tdone"),
                               HasSubstr("\trefused\tpermission.denied"), Not(HasSubstr("Bob"))));
    EXPECT_EQ(as("Ann", kAnn, {"audit", "verify"}).exit, 0);
    EXPECT_THAT(as("Bob", kBob, {"audit", "list"}).err, HasSubstr("permission.denied"));
}

TEST_F(PeopleInTheTerminal, ModelsAreAskedFor) {
    const auto nobody = test::hearthctl(generate());
    EXPECT_EQ(nobody.exit, 2);
    EXPECT_THAT(nobody.err, HasSubstr("usage.who"));
    EXPECT_THAT(nobody.out, IsEmpty());
    EXPECT_EQ(as("Bob", kBob, generate()).exit, 0);
    const auto once = as("Bob", kBob, {"chat", "--model", kLlama, "--once", "a", "--max-tokens", "2"});
    EXPECT_EQ(once.exit, 0) << once.err;
    {
        const auto application = cli::makeApplication();
        ASSERT_TRUE(openAccounts()->setModelAccess(workbench::Actor::person(1), kLlama, security::Action::Use,
                                                   {{kLlama, security::Action::Use, std::nullopt, 1}}));
    }
    const auto refused = as("Bob", kBob, generate());
    EXPECT_NE(refused.exit, 0);
    EXPECT_THAT(refused.err, HasSubstr("permission.denied"));
    EXPECT_THAT(refused.out, IsEmpty());
    EXPECT_EQ(as("Ann", kAnn, generate()).exit, 0);
    const auto log = as("Ann", kAnn, {"audit", "list", "--action", "model.use"});
    EXPECT_THAT(log.out, AllOf(HasSubstr("profile 2\tmodel.use"), HasSubstr("refused"), HasSubstr("done")));
}

TEST_F(PeopleInTheTerminal, TheLibraryIsChangedThroughTheGate) {
    const std::vector<std::string> import{"models", "import", kLlama};
    const auto nobody = test::hearthctl(import);
    EXPECT_EQ(nobody.exit, 2);
    EXPECT_THAT(nobody.err, HasSubstr("usage.who"));
    const auto bob = as("Bob", kBob, import);
    EXPECT_NE(bob.exit, 0);
    EXPECT_THAT(bob.err, HasSubstr("permission.denied"));
    EXPECT_THAT(test::hearthctl({"models", "list"}).err, HasSubstr("The library is empty"));
    const auto ann = as("Ann", kAnn, import);
    EXPECT_EQ(ann.exit, 0) << ann.err;
    EXPECT_THAT(as("Bob", kBob, {"models", "remove", "1", "--yes"}).err, HasSubstr("permission.denied"));
    EXPECT_EQ(as("Ann", kAnn, {"models", "remove", "1", "--yes"}).exit, 0);
    const auto log = as("Ann", kAnn, {"audit", "list"});
    EXPECT_THAT(log.out, AllOf(HasSubstr("model.create"), HasSubstr("model.remove"), HasSubstr("refused")));
}

TEST_F(PeopleInTheTerminal, ModelsAreMadeTrainedAndMeasuredThroughTheGate) {
    const std::string kDan = "dan's long password";
    const auto dan = [&](const std::vector<std::string>& arguments) { return as("Dan", kDan, arguments); };
    {
        const auto application = cli::makeApplication();
        ASSERT_TRUE(openAccounts()->create(workbench::Actor::person(1), "Dan", security::Role::DataScientist,
                                           security::viewOf(kDan)));
    }
    const auto at = [&](const char* name) { return (m_folder.path() / name).string(); };
    std::ofstream(at("text")) << "Words to measure with, and a few more of them so that there is something.";
    const std::string recipe = at("no-recipe.json");
    struct Case {
        std::vector<std::string> arguments;
        const char* noted;
        int exit = 0;
    };
    // In this order: what is made first is read later.
    const std::vector<Case> cases = {
        {{"synthesize", "--shape", "tiny", "--type", "F16", "--out", at("made.gguf")}, "model.create"},
        {{"quantize", kLlama, at("small.gguf"), "--type", "Q4_0"}, "model.create"},
        {{"split", kLlama, at("part"), "--max-size", "200KB"}, "model.create"},
        {{"imatrix", "-m", kLlama, "-c", "8", "--text-file", at("text"), at("matrix.gguf")},
         "calibration-data.create"},
        {{"quantize", kLlama, at("better.gguf"), "--type", "Q4_0", "--imatrix", at("matrix.gguf")},
         "calibration-data.use"},
        {{"perplexity", "-m", at("small.gguf"), "--reference", kLlama, "-c", "8", "--text-file", at("text")},
         "model.use"},
        {{"convert", at("no-folder"), at("converted.gguf")}, "model.create", 3},
        {{"train", "--recipe", recipe}, "training-job.create", 3},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.arguments.front());
        const auto nobody = test::hearthctl(each.arguments);
        EXPECT_EQ(nobody.exit, 2);
        EXPECT_THAT(nobody.err, HasSubstr("usage.who"));
        const auto done = dan(each.arguments);
        EXPECT_EQ(done.exit, each.exit) << done.err;
        EXPECT_THAT(done.err, Not(HasSubstr("permission")));
        const auto log = as("Ann", kAnn, {"audit", "list", "--action", each.noted});
        EXPECT_THAT(log.out, HasSubstr("profile 3\t" + std::string(each.noted)));
        if (each.noted != std::string("model.use")) {
            EXPECT_THAT(as("Bob", kBob, each.arguments).err, HasSubstr("permission.denied"));
        }
    }
    // Who may not load a model makes no other of it either.
    {
        const auto application = cli::makeApplication();
        ASSERT_TRUE(openAccounts()->setModelAccess(workbench::Actor::person(1), kLlama, security::Action::Use,
                                                   {{kLlama, security::Action::Use, std::nullopt, 1}}));
    }
    EXPECT_THAT(dan({"quantize", kLlama, at("again.gguf"), "--type", "Q4_0"}).err,
                HasSubstr("permission.denied"));
    EXPECT_FALSE(std::filesystem::exists(at("again.gguf")));
}

TEST_F(PeopleInTheTerminal, AKeyForProgramsOpensModelsWithinItsScope) {
    const auto make = [&](const char* scope, const char* file) {
        const auto made = as("Bob", kBob, {"user", "token-add", "editor", "--scope", scope});
        EXPECT_EQ(made.exit, 0) << made.err;
        std::ofstream(m_folder.path() / file) << made.out;
        return (m_folder.path() / file).string();
    };
    const auto chat = make("chat", "chat.key"), read = make("read", "read.key");
    EXPECT_EQ(test::hearthctl(generate({"--token-file", chat})).exit, 0);
    EXPECT_THAT(test::hearthctl(generate({"--token-file", read})).err, HasSubstr("permission.denied"));
    EXPECT_THAT(test::hearthctl(generate({"--token-file", "/absent"})).err, HasSubstr("file.not_found"));
    EXPECT_EQ(as("Bob", kBob, {"user", "token-revoke", "1"}).exit, 0);
    EXPECT_THAT(test::hearthctl(generate({"--token-file", chat})).err, HasSubstr("identity.token_revoked"));
}

} // namespace
