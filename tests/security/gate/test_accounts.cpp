#include "engine/workbench/accounts.h"

#include <fstream>

#include "engine/security/identity/history_codec.h"
#include "engine/store/reseal.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::workbench {
namespace {

using namespace security;
using ::testing::HasSubstr;
using ::testing::Not;

class AccountsTest : public test::IdentityTest {
protected:
    AccountPaths paths() const { return {folder() / "data", folder() / "config" / "seals"}; }
    std::unique_ptr<Accounts> openAccounts() {
        auto accounts = Accounts::open(paths(), {[this] { return m_now; }, PasswordCost{64, 1, 1}});
        EXPECT_TRUE(accounts) << accounts.error().message();
        return accounts ? std::move(*accounts) : nullptr;
    }
    std::string everything() const {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder()))
            if (entry.is_regular_file())
                all += test::readText(entry.path());
        return all;
    }
    std::vector<std::string> noted(Accounts& accounts) {
        std::vector<std::string> out;
        const auto entries = accounts.audit().list({}, 0, 100);
        for (const AuditEntry& entry : *entries)
            out.insert(out.begin(), std::to_string(entry.event.actor) + " " + entry.event.action + " [" +
                                        entry.event.object + "] " + std::string(nameOf(entry.event.outcome)) +
                                        " " + entry.event.reason);
        return out;
    }
};

void say(store::History& history, const std::string& text) {
    store::Message message;
    message.conversation = history.createConversation("about " + text).value();
    message.content = text;
    ASSERT_TRUE(history.appendMessage(message));
}

TEST_F(AccountsTest, EveryStepIsNotedAndNoSecretIs) {
    const auto accounts = openAccounts();
    ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    EXPECT_EQ(codeOf(accounts->create(Actor::singlePerson(), "Eve", Role::Administrator, password())),
              "permission.sign_in");
    EXPECT_EQ(codeOf(accounts->signIn("Ann", viewOf("a-wrong-password"))), "identity.wrong_password");
    EXPECT_EQ(codeOf(accounts->signIn("my-password-typed-as-name", viewOf("x"))), "identity.wrong_password");
    auto ann = accounts->signIn("Ann", password());
    ASSERT_TRUE(ann);
    ASSERT_TRUE(accounts->create(Actor::person(1), "Bob", Role::User, password()));
    const auto token = accounts->createToken(Actor::person(2), 2, "editor", TokenScope::Chat, 0);
    ASSERT_TRUE(token);
    EXPECT_EQ(codeOf(accounts->createToken(Actor::person(2), 1, "Ann's", TokenScope::Chat, 0)),
              "permission.denied");
    EXPECT_EQ(codeOf(accounts->setRole(Actor::person(2), 2, Role::Administrator)), "permission.denied");
    EXPECT_EQ(codeOf(accounts->resetPassword(Actor::person(2), 2)), "permission.denied");
    ASSERT_TRUE(accounts->rename(Actor::person(2), 2, "Robert"));
    ASSERT_TRUE(accounts->setRole(Actor::person(1), 2, Role::DataScientist));
    ASSERT_TRUE(accounts->revokeToken(Actor::person(1), 1));
    ASSERT_TRUE(accounts->signOut(*ann));
    EXPECT_THAT(noted(*accounts),
                ::testing::ElementsAre(
                    "0 profile.create [as administrator] done ",
                    "0 profile.create [as administrator] refused permission.sign_in",
                    "0 sign-in [profile 1] refused identity.wrong_password",
                    "0 sign-in [] refused identity.wrong_password", "1 sign-in [profile 1] done ",
                    "1 profile.create [as user] done ", "2 token.create [profile 2 chat] done ",
                    "2 token.create [profile 1 chat] refused permission.denied",
                    "2 profile.change [profile 2 to administrator] refused permission.denied",
                    "2 profile.change [profile 2 password reset] refused permission.denied",
                    "2 profile.change [profile 2] done ",
                    "1 profile.change [profile 2 to data-scientist] done ",
                    "1 token.remove [token 1 of profile 2] done ", "1 sign-out [profile 1] done "));
    EXPECT_TRUE(accounts->audit().verify()->intact());
    const std::string all = everything();
    for (const std::string& secret : {std::string(kPassword), std::string("a-wrong-password"),
                                      std::string("my-password-typed-as-name"), std::string(token->text())})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

TEST_F(AccountsTest, PlainChatsBecomeThoseOfTheFirstProfileAndNoneStaysReadable) {
    ASSERT_TRUE(std::filesystem::create_directories(paths().data));
    {
        auto plain = store::History::open(paths().historyOf(0));
        ASSERT_TRUE(plain) << plain.error().message();
        say(**plain, "rhubarb-and-custard");
    }
    const auto accounts = openAccounts();
    EXPECT_TRUE(accounts->plainHistoryWaits());
    ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    auto ann = accounts->signIn("Ann", password());
    ASSERT_TRUE(ann);
    ASSERT_THAT(everything(), HasSubstr("rhubarb-and-custard"));
    const auto adopted = accounts->adoptPlainHistory(*ann);
    ASSERT_TRUE(adopted) << adopted.error().message();
    EXPECT_FALSE(accounts->plainHistoryWaits());
    EXPECT_EQ(everything().find("rhubarb-and-custard"), std::string::npos);
    auto history = accounts->openHistory(*ann);
    ASSERT_TRUE(history) << history.error().message();
    EXPECT_EQ((*history)->message(1)->content, "rhubarb-and-custard");
    EXPECT_EQ(codeOf(accounts->adoptPlainHistory(*ann)), "vault.no_plain_history");
    // Cut off while the readable bytes were being overwritten: what is left of them goes, nothing else
    // happens.
    const std::filesystem::path rest = accounts->paths().historyOf(0).string() + ".taken-over";
    std::ofstream(rest) << "half of it is zeros already";
    EXPECT_TRUE(accounts->plainHistoryWaits());
    EXPECT_TRUE(accounts->adoptPlainHistory(*ann));
    EXPECT_FALSE(std::filesystem::exists(rest));
    EXPECT_FALSE(accounts->plainHistoryWaits());
}

TEST_F(AccountsTest, TakingOverGoesOnWhereItWasCutOff) {
    ASSERT_TRUE(std::filesystem::create_directories(paths().data));
    { say(**store::History::open(paths().historyOf(0)), "rhubarb-and-custard"); }
    const auto accounts = openAccounts();
    ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    auto ann = accounts->signIn("Ann", password());
    ASSERT_TRUE(ann);
    // Cut off between sealing and renaming; then the person went on in the sealed chats.
    const auto codec =
        sealedCodec(1, std::move(accounts->identity().dataKey(*ann, "history").value())).value();
    std::filesystem::create_directories(paths().folderOf(1));
    const auto readable = store::plainCodec();
    ASSERT_TRUE(store::resealHistory(paths().historyOf(0), *readable, paths().historyOf(1), *codec));
    { say(**accounts->openHistory(*ann), "written since"); }
    ASSERT_TRUE(accounts->plainHistoryWaits());
    const auto adopted = accounts->adoptPlainHistory(*ann);
    ASSERT_TRUE(adopted) << adopted.error().message();
    EXPECT_FALSE(accounts->plainHistoryWaits());
    EXPECT_EQ(everything().find("rhubarb-and-custard"), std::string::npos);
    {
        const auto history = accounts->openHistory(*ann);
        ASSERT_TRUE(history) << history.error().message();
        EXPECT_EQ((*history)->message(1)->content, "rhubarb-and-custard");
        EXPECT_EQ((*history)->message(2)->content, "written since");
    }
    // The same chats once more, or others: those are not known, and nothing is thrown away for them.
    for (const char* text : {"rhubarb-and-custard", "others"}) {
        { say(**store::History::open(paths().historyOf(0)), text); }
        EXPECT_EQ(codeOf(accounts->adoptPlainHistory(*ann)), "vault.target_exists");
        EXPECT_EQ((*store::History::open(paths().historyOf(0)))->message(1)->content, text);
        std::filesystem::remove(paths().historyOf(0));
    }
    EXPECT_EQ((*accounts->openHistory(*ann))->message(2)->content, "written since");
}

TEST_F(AccountsTest, PeopleCannotReadEachOther) {
    const auto accounts = openAccounts();
    ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    ASSERT_TRUE(accounts->create(Actor::person(1), "Bob", Role::User, viewOf("another password")));
    ASSERT_TRUE(accounts->create(Actor::person(1), "Otto", Role::Auditor, viewOf("auditor password")));
    auto bob = accounts->signIn("Bob", viewOf("another password"));
    ASSERT_TRUE(bob);
    { say(**accounts->openHistory(*bob), "gooseberry-fool"); }
    // Ann puts Bob's file into her place.
    auto ann = accounts->signIn("Ann", password());
    std::filesystem::create_directories(paths().folderOf(1));
    std::filesystem::copy_file(paths().historyOf(2), paths().historyOf(1));
    EXPECT_EQ(codeOf(accounts->openHistory(*ann)), "vault.other_key");
    auto otto = accounts->signIn("Otto", viewOf("auditor password"));
    EXPECT_EQ(codeOf(accounts->openHistory(*otto)), "permission.denied");
    EXPECT_EQ(everything().find("gooseberry-fool"), std::string::npos);
}

TEST_F(AccountsTest, AnErasedPersonIsNowhere) {
    const auto accounts = openAccounts();
    ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    ASSERT_TRUE(
        accounts->create(Actor::person(1), "Bob-to-be-erased", Role::User, viewOf("another password")));
    std::string sealedCopy;
    {
        auto bob = accounts->signIn("Bob-to-be-erased", viewOf("another password"));
        say(**accounts->openHistory(*bob), "gooseberry-fool");
        sealedCopy = test::readText(paths().historyOf(2));
    }
    EXPECT_EQ(codeOf(accounts->erase(Actor::person(3), 2)), "permission.sign_in");
    const auto erased = accounts->erase(Actor::person(1), 2);
    ASSERT_TRUE(erased) << erased.error().message();
    EXPECT_FALSE(std::filesystem::exists(paths().folderOf(2)));
    EXPECT_EQ(everything().find("Bob-to-be-erased"), std::string::npos);
    // A copy of the sealed file that somebody kept says nothing without the key.
    EXPECT_EQ(sealedCopy.find("gooseberry-fool"), std::string::npos);
    EXPECT_EQ(codeOf(accounts->signIn("Bob-to-be-erased", viewOf("another password"))),
              "identity.wrong_password");
    EXPECT_TRUE(accounts->audit().verify()->intact());
}

TEST_F(AccountsTest, EditedAccountsAreNotedAndRefused) {
    {
        const auto accounts = openAccounts();
        ASSERT_TRUE(accounts->create(Actor::singlePerson(), "Ann", Role::Administrator, password()));
    }
    {
        auto connection =
            store::Connection::open(paths().data / "accounts.db", store::Connection::Mode::ReadWrite);
        ASSERT_TRUE((*connection)->run("UPDATE profile SET failures = 5"));
    }
    const AccountsOptions options{[this] { return m_now; }, PasswordCost{64, 1, 1}};
    EXPECT_EQ(codeOf(Accounts::open(paths(), options)), "identity.tampered");
    auto accepted = Accounts::acceptAsIs(paths(), "Ann", password(), options);
    ASSERT_TRUE(accepted) << accepted.error().message();
    EXPECT_THAT(noted(**accepted), ::testing::Contains("0 accounts.open [] refused identity.tampered"));
    EXPECT_THAT(noted(**accepted), ::testing::Contains("0 accounts.accept [] done "));
}

} // namespace
} // namespace hearth::workbench
