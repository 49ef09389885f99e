// Audit, privacy, backup and restore from the terminal, as people run them; and that no secret shows
// anywhere.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

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

const std::string kAnn = "ann's long password", kBob = "bob's long password", kOtto = "otto's long password";
const std::string kWords = "gooseberry-fool";

class PrivacyInTheTerminal : public testing::Test {
protected:
    void SetUp() override { ::setenv("HEARTH_DATA_DIR", m_folder.path().c_str(), 1); }
    void TearDown() override { ::unsetenv("HEARTH_DATA_DIR"); }

    fs::path data() const { return m_folder.path(); }
    static std::unique_ptr<workbench::Accounts> openAccounts() {
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        return std::move(*workbench::Accounts::open(
            workbench::AccountPaths::below(*workbench::DataPaths::prepare()), options));
    }
    static void say(store::History& history, const std::string& text) {
        store::Message message;
        message.conversation = history.createConversation("about " + text).value();
        message.content = text;
        ASSERT_TRUE(history.appendMessage(message));
    }
    void sayAlone(const std::string& text) const {
        const auto application = cli::makeApplication();
        auto history = store::History::open(data() / "history.db");
        ASSERT_TRUE(history) << history.error().message();
        say(**history, text);
    }
    /// Ann administers, Bob has a chat, Otto audits.
    void makePeople() const {
        const auto application = cli::makeApplication();
        const auto accounts = openAccounts();
        using workbench::Actor;
        ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", security::Role::Administrator,
                                     security::viewOf(kAnn)));
        ASSERT_TRUE(accounts->create(Actor::person(1), "Bob", security::Role::User, security::viewOf(kBob)));
        ASSERT_TRUE(
            accounts->create(Actor::person(1), "Otto", security::Role::Auditor, security::viewOf(kOtto)));
        auto bob = accounts->signIn("Bob", security::viewOf(kBob));
        ASSERT_TRUE(bob);
        auto history = accounts->openHistory(*bob);
        ASSERT_TRUE(history);
        say(**history, kWords);
    }
    static test::Finished as(const std::string& who, const std::string& password,
                             std::vector<std::string> arguments, const std::string& more = {}) {
        arguments.insert(arguments.end(), {"--as", who, "--password-stdin"});
        return test::hearthctl(std::move(arguments), password + "\n" + more);
    }
    static test::Finished alone(std::vector<std::string> arguments, const std::string& input = {}) {
        arguments.push_back("--password-stdin");
        return test::hearthctl(std::move(arguments), input);
    }
    std::string everyByte() const {
        std::string all;
        for (const auto& entry : fs::recursive_directory_iterator(data()))
            if (entry.is_regular_file())
                all += test::readText(entry.path());
        return all;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(PrivacyInTheTerminal, BackupsOfTheSinglePerson) {
    sayAlone("first");
    const auto made = alone({"backup"});
    ASSERT_EQ(made.exit, 0) << made.err;
    EXPECT_THAT(made.out, AllOf(HasSubstr("by hand"), HasSubstr("readable"), HasSubstr("history-manual-")));
    sayAlone("second");
    const auto list = alone({"backup", "--list"});
    ASSERT_EQ(list.exit, 0) << list.err;
    EXPECT_EQ(list.out, made.out);
    const std::string name =
        made.out.substr(made.out.rfind('\t') + 1, made.out.size() - made.out.rfind('\t') - 2);
    const auto shown = alone({"restore", name});
    ASSERT_EQ(shown.exit, 0) << shown.err;
    EXPECT_THAT(shown.out, AllOf(HasSubstr("The backup holds 1 conversations"), HasSubstr("about first"),
                                 HasSubstr("It would replace 2 conversations")));
    EXPECT_THAT(shown.err, HasSubstr("nothing was changed"));
    EXPECT_THAT(alone({"restore", name}).out, HasSubstr("It would replace 2 conversations"));
    const auto restored = alone({"restore", name, "--yes"});
    ASSERT_EQ(restored.exit, 0) << restored.err;
    EXPECT_THAT(alone({"restore", name}).out, HasSubstr("It would replace 1 conversations"));
    // Elsewhere, sealed with a password.
    const std::string file = (data() / "elsewhere.sealed").string(), password = "a password of the file\n";
    const auto sealed = alone({"backup", file}, password);
    ASSERT_EQ(sealed.exit, 0) << sealed.err;
    EXPECT_EQ(test::readText(file).find("about first"), std::string::npos);
    EXPECT_THAT(alone({"restore", file}, password).out, HasSubstr("The backup holds 1 conversations"));
    const auto wrong = alone({"restore", file, "--yes"}, "another password\n");
    EXPECT_NE(wrong.exit, 0);
    EXPECT_THAT(wrong.err, HasSubstr("crypto.wrong_password"));
    const auto again = alone({"restore", file, "--yes"}, password);
    ASSERT_EQ(again.exit, 0) << again.err;
    EXPECT_NE(alone({"backup", file}, "short\n").exit, 0);
    EXPECT_NE(alone({"restore", "no-such-file"}, password).exit, 0);
}

TEST_F(PrivacyInTheTerminal, BackupsOfAProfileDieWithItsKey) {
    makePeople();
    ASSERT_EQ(as("Bob", kBob, {"backup"}).exit, 0);
    const std::string file = (data() / "bob.sealed").string();
    const auto made = as("Bob", kBob, {"backup", file});
    ASSERT_EQ(made.exit, 0) << made.err;
    EXPECT_THAT(as("Bob", kBob, {"restore", file}).out, HasSubstr("about " + kWords));
    EXPECT_EQ(everyByte().find(kWords), std::string::npos);
    const auto ann = as("Ann", kAnn, {"restore", file, "--yes"});
    EXPECT_NE(ann.exit, 0);
    EXPECT_THAT(ann.err, HasSubstr("crypto."));
    EXPECT_THAT(as("Otto", kOtto, {"backup"}).err, HasSubstr("permission.denied"));
    const auto erased = as("Ann", kAnn, {"privacy", "erase", "Bob", "--yes"});
    ASSERT_EQ(erased.exit, 0) << erased.err;
    EXPECT_FALSE(fs::exists(data() / "profiles" / "2"));
    EXPECT_EQ(everyByte().find("Bob"), std::string::npos);
}

TEST_F(PrivacyInTheTerminal, DamagedChatsAreRepaired) {
    for (int i = 0; i < 30; ++i)
        sayAlone("text " + std::to_string(i) + std::string(900, '.'));
    EXPECT_THAT(alone({"repair"}).out, HasSubstr("whole"));
    const fs::path file = data() / "history.db";
    std::string bytes = test::readText(file);
    std::fill_n(bytes.end() - 3 * 4096, 4096, '\xff');
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    const auto asked = alone({"repair"});
    ASSERT_EQ(asked.exit, 0) << asked.err;
    EXPECT_THAT(asked.out, HasSubstr("store.corrupt"));
    EXPECT_TRUE(test::readText(file) == bytes);
    const auto done = alone({"repair", "--yes"});
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_THAT(done.out, HasSubstr("Saved"));
    EXPECT_THAT(alone({"repair"}).out, HasSubstr("whole"));
}

TEST_F(PrivacyInTheTerminal, TheAuditLogIsVerifiedListedAndExported) {
    makePeople();
    const auto verified = as("Otto", kOtto, {"audit", "verify"});
    ASSERT_EQ(verified.exit, 0) << verified.err;
    EXPECT_THAT(verified.out, AllOf(HasSubstr("none changed"), HasSubstr("signed by")));
    const auto list = as("Otto", kOtto, {"audit", "list", "--action", "sign-in", "--outcome", "done"});
    ASSERT_EQ(list.exit, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("profile 3\tsign-in"));
    EXPECT_NE(as("Otto", kOtto, {"audit", "list", "--outcome", "perhaps"}).exit, 0);
    const std::string csv = (data() / "log.csv").string();
    ASSERT_EQ(as("Otto", kOtto, {"audit", "export", "-o", csv}).exit, 0);
    EXPECT_THAT(test::readText(csv), HasSubstr("number,time,actor"));
    EXPECT_THAT(as("Otto", kOtto, {"audit", "export", "--format", "json"}).out, HasSubstr("hearth-audit"));
    EXPECT_THAT(as("Bob", kBob, {"audit", "list"}).err, HasSubstr("permission.denied"));
    EXPECT_THAT(as("Ann", kAnn, {"audit", "export"}).err, HasSubstr("permission.denied"));
    {
        const auto application = cli::makeApplication();
        auto connection = store::Connection::open(data() / "audit.db", store::Connection::Mode::ReadWrite);
        ASSERT_TRUE((*connection)->run("UPDATE entry SET actor = 9 WHERE number = 2"));
    }
    const auto damaged = as("Otto", kOtto, {"audit", "verify"});
    EXPECT_NE(damaged.exit, 0);
    EXPECT_THAT(damaged.out, HasSubstr("audit.entry_changed at entry 2"));
}

TEST_F(PrivacyInTheTerminal, RightsOverOnesData) {
    makePeople();
    const std::string file = (data() / "bob.json").string();
    ASSERT_EQ(as("Bob", kBob, {"privacy", "export", "-o", file, "--plain"}).exit, 0);
    EXPECT_THAT(test::readText(file),
                AllOf(HasSubstr("hearth-person"), HasSubstr(kWords), HasSubstr("\"purpose\":\"statistics\""),
                      HasSubstr("usage_counts")));
    fs::remove(file);
    const std::string document = (data() / "bob.md").string();
    ASSERT_EQ(as("Bob", kBob, {"privacy", "export", "-o", document, "--plain", "--format", "md"}).exit, 0);
    EXPECT_THAT(test::readText(document),
                AllOf(HasSubstr("# Everything that Hearth keeps about a person"), HasSubstr("| Name | Bob |"),
                      HasSubstr(kWords), HasSubstr("| sign-in | profile 2 | done |")));
    EXPECT_EQ(as("Bob", kBob, {"privacy", "export", "-o", document, "--format", "pdf"}).exit, 2);
    fs::remove(document);
    const std::string sealed = (data() / "bob.sealed").string();
    ASSERT_EQ(as("Bob", kBob, {"privacy", "export", "-o", sealed}, "password of the file\n").exit, 0);
    EXPECT_EQ(test::readText(sealed).find(kWords), std::string::npos);
    ASSERT_EQ(alone({"privacy", "open", sealed, "-o", file}, "password of the file\n").exit, 0);
    EXPECT_THAT(test::readText(file), HasSubstr(kWords));

    EXPECT_THAT(as("Bob", kBob, {"privacy", "consent"}).out,
                AllOf(HasSubstr("statistics\tno\tcan be changed"), HasSubstr("accounts\tyes\tneeded")));
    EXPECT_THAT(as("Bob", kBob, {"privacy", "consent", "statistics", "yes"}).out,
                HasSubstr("statistics\tyes"));
    EXPECT_THAT(as("Bob", kBob, {"privacy", "consent", "accounts", "no"}).err,
                HasSubstr("privacy.not_optional"));
    EXPECT_NE(as("Bob", kBob, {"privacy", "consent", "statistics", "maybe"}).exit, 0);

    const auto places = as("Bob", kBob, {"privacy", "places"});
    ASSERT_EQ(places.exit, 0) << places.err;
    EXPECT_THAT(places.out, AllOf(HasSubstr("conversations\tsealed"), HasSubstr("profiles/2/history.db"),
                                  HasSubstr("audit-log\treadable")));
    EXPECT_THAT(as("Otto", kOtto, {"privacy", "record"}).out,
                AllOf(HasSubstr("# Record of processing activities"), HasSubstr("GDPR"), HasSubstr("PIPL")));
    EXPECT_THAT(as("Otto", kOtto, {"privacy", "record", "--format", "html", "--language", "zh"}).out,
                AllOf(HasSubstr("个人信息处理活动记录"), HasSubstr("<table>")));
    EXPECT_THAT(as("Bob", kBob, {"privacy", "record"}).err, HasSubstr("permission.denied"));
    const auto asked = as("Ann", kAnn, {"privacy", "figures", "--weeks", "2"});
    ASSERT_EQ(asked.exit, 0) << asked.err;
    EXPECT_THAT(asked.out,
                AllOf(HasSubstr("not released\tcosts epsilon 0.600; 0.000 of 3.000 of its month are spent"),
                      Not(HasSubstr("messages"))));
    const auto figures = as("Ann", kAnn, {"privacy", "figures", "--release"});
    ASSERT_EQ(figures.exit, 0) << figures.err;
    EXPECT_THAT(figures.out, AllOf(HasSubstr("messages\t"), HasSubstr("\t+/- 849\n"),
                                   HasSubstr("week's loads of others\t"), HasSubstr("\t+/- 141\n"),
                                   HasSubstr("week's tokens an answer\thidden by the noise\n")));
    EXPECT_THAT(figures.err, HasSubstr("epsilon 0.600 of 3.000"));
    EXPECT_EQ(as("Ann", kAnn, {"privacy", "figures"}).out, figures.out);
    EXPECT_THAT(as("Bob", kBob, {"privacy", "figures"}).err, HasSubstr("permission.denied"));
    EXPECT_NE(as("Bob", kBob, {"privacy", "erase", "Bob"}).exit, 0); // without --yes nothing
    EXPECT_THAT(as("Bob", kBob, {"privacy", "retention", "--trash-days", "30"}).err,
                HasSubstr("nothing was deleted"));
}

TEST_F(PrivacyInTheTerminal, ChatsAreImportedReadableAndSealed) {
    makePeople();
    const auto readable = [this](const char* name) { return (data() / name).string(); };
    const std::string plain = readable("bob.json"), sealed = readable("bob.sealed"),
                      password = "password of the file\n";
    ASSERT_EQ(as("Bob", kBob, {"privacy", "export", "-o", plain, "--plain"}).exit, 0);
    ASSERT_EQ(as("Bob", kBob, {"privacy", "export", "-o", sealed}, password).exit, 0);
    // Ann has no chats; Bob's become hers, sealed with her key.
    const auto added = as("Ann", kAnn, {"privacy", "import", sealed}, password);
    ASSERT_EQ(added.exit, 0) << added.err;
    EXPECT_THAT(added.out, HasSubstr("1 conversation added"));
    ASSERT_EQ(as("Ann", kAnn, {"privacy", "import", plain}).exit, 0);
    const std::string back = readable("ann.json");
    ASSERT_EQ(as("Ann", kAnn, {"privacy", "export", "-o", back, "--plain"}).exit, 0);
    const std::string all = test::readText(back);
    const auto first = all.find("\"content\":\"" + kWords);
    ASSERT_NE(first, std::string::npos);
    EXPECT_NE(all.find("\"content\":\"" + kWords, first + 1), std::string::npos);
    for (const std::string& each : {plain, back})
        fs::remove(each);
    EXPECT_EQ(everyByte().find(kWords), std::string::npos);
    EXPECT_THAT(as("Otto", kOtto, {"audit", "list", "--action", "conversation.create"}).out,
                AllOf(HasSubstr("profile 1\tconversation.create"), HasSubstr("import")));
    // Refused: the wrong password, somebody without chats, what is no export, what is cut off.
    EXPECT_THAT(as("Ann", kAnn, {"privacy", "import", sealed}, "another password here\n").err,
                HasSubstr("crypto.wrong_password"));
    EXPECT_THAT(as("Otto", kOtto, {"privacy", "import", sealed}, password).err,
                HasSubstr("permission.denied"));
    const std::string cut = readable("cut.sealed");
    fs::copy_file(sealed, cut);
    fs::resize_file(cut, fs::file_size(cut) - 1);
    EXPECT_THAT(as("Ann", kAnn, {"privacy", "import", cut}, password).err, HasSubstr("crypto."));
    const std::string other = readable("other.json");
    for (const auto& [text, code] :
         {std::pair{"", "file.empty"}, std::pair{"[", "import.bad_json"}, std::pair{"{}", "import.not_ours"},
          std::pair{"{\"format\":\"hearth-person\",\"version\":2}", "import.newer_version"},
          std::pair{"{\"format\":\"hearth-person\",\"version\":1}", "import.bad_value"},
          std::pair{"{\"format\":\"hearth-person\",\"version\":1,\"conversations\":[{\"export\":{}}]}",
                    "import.bad_value"}}) {
        std::ofstream(other, std::ios::trunc) << text;
        const auto refused = as("Ann", kAnn, {"privacy", "import", other});
        EXPECT_NE(refused.exit, 0) << text;
        EXPECT_THAT(refused.err, HasSubstr(code)) << text;
    }
    EXPECT_NE(as("Ann", kAnn, {"privacy", "import", readable("absent.json")}).exit, 0);
    EXPECT_THAT(alone({"privacy", "import", sealed}, password).err, HasSubstr("usage.who"));
}

TEST_F(PrivacyInTheTerminal, ModelsAreSealedWithOnesOwnKey) {
    const std::string plain = test::golden("llama-F32.gguf").string();
    const std::string sealed = (data() / "llama.gguf.sealed").string(),
                      back = (data() / "llama.gguf").string();
    // Without profiles: a password.
    ASSERT_EQ(alone({"seal", plain, "-o", sealed}, "password of the model\n").exit, 0);
    EXPECT_EQ(test::readText(sealed).find("llama.block_count"), std::string::npos);
    EXPECT_THAT(alone({"unseal", sealed, "-o", back}, "another password here\n").err,
                HasSubstr("crypto.wrong_password"));
    ASSERT_EQ(alone({"unseal", sealed, "-o", back}, "password of the model\n").exit, 0);
    EXPECT_TRUE(test::readText(back) == test::readText(plain));
    EXPECT_NE(alone({"seal", sealed, "-o", back}, "password of the model\n").exit, 0); // no model
    // With profiles: a key of one's own.
    makePeople();
    ASSERT_EQ(as("Ann", kAnn, {"seal", plain, "-o", sealed}).exit, 0);
    EXPECT_THAT(as("Bob", kBob, {"unseal", sealed, "-o", back}).err, HasSubstr("permission.denied"));
    EXPECT_THAT(as("Otto", kOtto, {"seal", plain, "-o", back}).err, HasSubstr("permission.denied"));
    ASSERT_EQ(as("Ann", kAnn, {"unseal", sealed, "-o", back}).exit, 0);
    EXPECT_TRUE(test::readText(back) == test::readText(plain));
    std::string changed = test::readText(sealed);
    changed[changed.size() / 2] ^= 1;
    std::ofstream(sealed, std::ios::binary | std::ios::trunc) << changed;
    EXPECT_THAT(as("Ann", kAnn, {"unseal", sealed, "-o", back}).err, HasSubstr("crypto.tampered"));
}

// ---- no secret in outputs, logs, command lines, files or a core dump

TEST_F(PrivacyInTheTerminal, NoSecretShowsAnywhere) {
    makePeople();
    const std::string wrong = "a wrong but long password", file = "the password of a file";
    std::string said;
    const auto note = [&said](const test::Finished& done) { said += done.out + done.err; };
    const std::string sealed = (data() / "sealed").string();
    // Typed in the wrong place: the name is told back to who typed it, but kept nowhere (see below).
    EXPECT_NE(as(kAnn, kAnn, {"audit", "list", "--verbose"}).exit, 0);
    note(as("Ann", kAnn, {"audit", "list", "--verbose"}));
    note(as("Ann", wrong, {"audit", "list", "--verbose"}));
    note(as("Ann", wrong, {"audit", "verify", "--verbose"}));
    note(as("Bob", kBob, {"privacy", "export", "--verbose", "-o", sealed}, file + "\n"));
    note(as("Bob", kBob, {"privacy", "export", "--verbose", "-o", "/proc/no/where"}, file + "\n"));
    note(alone({"privacy", "open", "--verbose", sealed, "-o", (data() / "x").string()}, wrong + "\n"));
    note(as("Bob", kBob, {"backup", "--verbose"}));
    note(as("Bob", kBob, {"restore", "--verbose", "no-such"}));
    note(as("Bob", kBob, {"user", "password", "--verbose"}, wrong + "\n" + file + "\n"));
    for (const std::string& secret : {kAnn, kBob, kOtto, wrong, file}) {
        EXPECT_EQ(said.find(secret), std::string::npos) << secret << " was printed";
        EXPECT_EQ(everyByte().find(secret), std::string::npos) << secret << " is in a file";
    }
    EXPECT_EQ(said.find(kWords), std::string::npos);
}

/// What a core dump of a process would hold: every page that is not excluded from it ("dd" in smaps).
std::optional<std::string> coreOf(pid_t pid) {
    std::ifstream maps("/proc/" + std::to_string(pid) + "/smaps");
    const int memory = ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0 || !maps)
        return std::nullopt;
    std::string all, line;
    std::uint64_t begin = 0, end = 0;
    bool readable = false;
    while (std::getline(maps, line)) {
        char rights[8] = {};
        unsigned long long from = 0, to = 0;
        if (std::sscanf(line.c_str(), "%llx-%llx %7s", &from, &to, rights) == 3) {
            begin = from;
            end = to;
            readable = rights[0] == 'r' && line.find("[vvar") == std::string::npos;
        } else if (line.starts_with("VmFlags:") && readable && line.find(" dd") == std::string::npos &&
                   end - begin < (std::uint64_t{1} << 30)) {
            std::string part(static_cast<std::size_t>(end - begin), '\0');
            const ssize_t got = ::pread(memory, part.data(), part.size(), static_cast<off_t>(begin));
            if (got > 0)
                all.append(part, 0, static_cast<std::size_t>(got));
        }
    }
    ::close(memory);
    return all;
}

TEST_F(PrivacyInTheTerminal, ACoreDumpHoldsNoPassword) {
    makePeople();
    const std::string sealed = (data() / "sealed").string();
    test::Process process({"privacy", "export", "-o", sealed, "--as", "Bob", "--password-stdin"});
    process.write(kBob + "\n"); // and waits for the file's password, signed in
    std::optional<std::string> core;
    const auto waitsForTheNextLine = [&] {
        std::ifstream where("/proc/" + std::to_string(process.pid()) + "/wchan");
        std::string call;
        where >> call;
        return call.find("pipe_read") != std::string::npos &&
               fs::exists(data() / "profiles" / "2" / "history.db-wal");
    };
    for (int tries = 0; tries < 1'000 && !waitsForTheNextLine(); ++tries)
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    core = coreOf(process.pid());
    if (!core || core->empty())
        GTEST_SKIP() << "the memory of a child cannot be read here";
    EXPECT_GT(core->size(), 1'000'000U);
    EXPECT_NE(core->find("password of the file"), std::string::npos) << "the search finds nothing at all";
    EXPECT_EQ(core->find(kBob), std::string::npos);
    std::ifstream commandLine("/proc/" + std::to_string(process.pid()) + "/cmdline");
    const std::string arguments{std::istreambuf_iterator<char>(commandLine), {}};
    EXPECT_NE(arguments.find("--password-stdin"), std::string::npos);
    EXPECT_EQ(arguments.find(kBob), std::string::npos);
    process.write("the password of a file\n");
    process.closeInput();
    EXPECT_EQ(process.finish(), 0) << process.err;
}

} // namespace
