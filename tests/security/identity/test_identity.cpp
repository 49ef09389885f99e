#include <fstream>

#include "engine/security/identity/recovery_key.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::security {
namespace {

using Test = test::IdentityTest;

class IdentityTest : public Test {};

TEST_F(IdentityTest, WithoutProfilesThereIsOnePersonOnly) {
    const auto identity = open();
    EXPECT_TRUE(identity->singlePerson().value());
    EXPECT_EQ(codeOf(identity->create("Ann", Role::User, password())), "identity.first_must_administer");
    EXPECT_TRUE(identity->singlePerson().value());
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    EXPECT_FALSE(identity->singlePerson().value());
    EXPECT_EQ(identity->permissions().value(), PermissionTable::defaults());
}

TEST_F(IdentityTest, ProfilesStayAndSignInAgain) {
    {
        const auto identity = open();
        ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
        ASSERT_TRUE(identity->create("小李", Role::Auditor, viewOf("一二三四五六七八九十甲乙")));
    }
    const auto identity = open();
    const auto profiles = identity->profiles();
    ASSERT_TRUE(profiles);
    ASSERT_EQ(profiles->size(), 2U);
    EXPECT_EQ((*profiles)[1].name, "小李");
    EXPECT_EQ((*profiles)[1].role, Role::Auditor);
    const auto session = identity->signIn("ann", password()); // ASCII case does not matter
    ASSERT_TRUE(session) << session.error().message();
    EXPECT_EQ(session->profile.name, "Ann");
    EXPECT_TRUE(identity->signIn("小李", viewOf("一二三四五六七八九十甲乙")));
    EXPECT_EQ(codeOf(identity->signIn("小李", password())), "identity.wrong_password");
    EXPECT_EQ(codeOf(identity->signIn("nobody", password())), "identity.wrong_password");
}

TEST_F(IdentityTest, BadNamesAndPasswordsAreRefused) {
    const auto identity = open();
    for (const std::string& name :
         {std::string(), std::string(" Ann"), std::string("Ann "), std::string("A\nB"), std::string("\xff"),
          std::string(65, 'a'), std::string("a\0b", 3)})
        EXPECT_EQ(codeOf(identity->create(name, Role::Administrator, password())), "identity.bad_name")
            << name;
    EXPECT_EQ(codeOf(identity->create("Ann", Role::Administrator, viewOf("short"))),
              "crypto.password_too_short");
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    EXPECT_EQ(codeOf(identity->create("ANN", Role::User, password())), "identity.name_taken");
    EXPECT_EQ(identity->profiles()->size(), 1U);
}

TEST_F(IdentityTest, WrongPasswordsWaitLongerAndLongerAlsoAfterARestart) {
    {
        const auto identity = open();
        ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
        for (int i = 0; i < 3; ++i)
            EXPECT_EQ(codeOf(identity->signIn("Ann", viewOf("wrong"))), "identity.wrong_password");
    }
    const auto identity = open();
    auto early = identity->signIn("Ann", password()); // even the right one
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, "identity.wait");
    EXPECT_EQ(early.error().arg("seconds"), "2");
    m_now += 2000;
    EXPECT_EQ(codeOf(identity->signIn("Ann", viewOf("wrong"))), "identity.wrong_password");
    early = identity->signIn("Ann", password());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().arg("seconds"), "4");
    m_now -= 1'000'000'000; // a clock that was set back makes nobody wait for days
    early = identity->signIn("Ann", password());
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().arg("seconds"), "4");
    m_now += 1'000'000'000 + 4000;
    EXPECT_TRUE(identity->signIn("Ann", password()));
    EXPECT_EQ(identity->profile(1)->failures, 0);
    EXPECT_EQ(codeOf(identity->signIn("Ann", viewOf("wrong"))), "identity.wrong_password");
    EXPECT_TRUE(identity->signIn("Ann", password()));
}

TEST(IdentityWait, GrowsToAQuarterOfAnHour) {
    EXPECT_EQ(waitAfter(0).count(), 0);
    EXPECT_EQ(waitAfter(2).count(), 0);
    EXPECT_EQ(waitAfter(3).count(), 2);
    EXPECT_EQ(waitAfter(4).count(), 4);
    EXPECT_EQ(waitAfter(11).count(), 512);
    EXPECT_EQ(waitAfter(12).count(), 900);
    EXPECT_EQ(waitAfter(1'000'000).count(), 900);
}

TEST_F(IdentityTest, ChangingThePasswordKeepsEveryKey) {
    const auto identity = open();
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    std::string before;
    {
        auto session = identity->signIn("Ann", password());
        ASSERT_TRUE(session);
        before = toHex(identity->dataKey(*session, "history").value().bytes());
        EXPECT_EQ(codeOf(identity->changePassword(*session, viewOf("wrong"), viewOf("a new long password"))),
                  "identity.wrong_password");
        EXPECT_EQ(codeOf(identity->changePassword(*session, password(), viewOf("short"))),
                  "crypto.password_too_short");
        ASSERT_TRUE(identity->changePassword(*session, password(), viewOf("a new long password")));
    }
    EXPECT_EQ(codeOf(identity->signIn("Ann", password())), "identity.wrong_password");
    auto session = identity->signIn("Ann", viewOf("a new long password"));
    ASSERT_TRUE(session) << session.error().message();
    EXPECT_EQ(toHex(identity->dataKey(*session, "history").value().bytes()), before);
    EXPECT_NE(toHex(identity->dataKey(*session, "documents").value().bytes()), before);
}

TEST_F(IdentityTest, TheRecoveryKeyOpensWhatThePasswordSealed) {
    const auto identity = open();
    const auto keys = identity->create("Ann", Role::Administrator, password());
    ASSERT_TRUE(keys);
    std::string history;
    {
        auto session = identity->signIn("Ann", password());
        ASSERT_TRUE(session);
        EXPECT_FALSE(session->profile.recoveryTested);
        history = toHex(identity->dataKey(*session, "history").value().bytes());
        EXPECT_TRUE(identity->testRecoveryKey(*session, keys->recoveryKey.bytes()));
        EXPECT_TRUE(identity->profile(1)->recoveryTested);
    }
    ASSERT_TRUE(identity->resetPassword(1));
    EXPECT_FALSE(identity->profile(1)->hasPassword);
    EXPECT_EQ(codeOf(identity->signIn("Ann", password())), "identity.no_password");
    auto session = identity->signInWithRecoveryKey("Ann", keys->recoveryKey.bytes());
    ASSERT_TRUE(session) << session.error().message();
    EXPECT_EQ(toHex(identity->dataKey(*session, "history").value().bytes()), history);
    ASSERT_TRUE(identity->setPassword(*session, viewOf("a second password")));
    EXPECT_TRUE(identity->signIn("Ann", viewOf("a second password")));
    const auto renewed = identity->renewRecoveryKey(*session);
    ASSERT_TRUE(renewed);
    EXPECT_EQ(codeOf(identity->signInWithRecoveryKey("Ann", keys->recoveryKey.bytes())),
              "identity.wrong_recovery_key");
    EXPECT_TRUE(identity->signInWithRecoveryKey("Ann", renewed->bytes()));
}

TEST(RecoveryKey, ReadsWhatPeopleWriteAndCatchesSlips) {
    std::array<std::byte, kRecoveryBytes> key{};
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::byte>(i * 13 + 5);
    const auto text = recoveryText(key);
    ASSERT_TRUE(text);
    const std::string written(text->text());
    EXPECT_EQ(written.size(), 44U);
    const auto parsed = parseRecoveryKey(viewOf(written));
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(equalInConstantTime(parsed->bytes(), key));
    std::string loose;
    for (const char c : written)
        loose += c == '-' ? std::string("  ")
                          : std::string(1, c == '0'   ? 'o'
                                           : c == '1' ? 'l'
                                                      : char(std::tolower(c)));
    EXPECT_TRUE(parseRecoveryKey(viewOf(loose + "\n")));
    int caught = 0;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] == '-')
            continue;
        std::string slip = written;
        slip[i] = slip[i] == '7' ? '8' : '7';
        caught += !parseRecoveryKey(viewOf(slip));
    }
    EXPECT_EQ(caught, 36);
    EXPECT_FALSE(parseRecoveryKey(viewOf(written.substr(0, 40))));
    EXPECT_FALSE(parseRecoveryKey(viewOf(written + "A")));
    EXPECT_FALSE(parseRecoveryKey(viewOf("")));
    EXPECT_FALSE(parseRecoveryKey(viewOf(written.substr(0, 43) + "U")));
}

TEST_F(IdentityTest, OneAdministratorAlwaysStays) {
    const auto identity = open();
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    ASSERT_TRUE(identity->create("Bob", Role::User, password()));
    EXPECT_EQ(codeOf(identity->setRole(1, Role::User)), "identity.last_administrator");
    EXPECT_EQ(codeOf(identity->setDisabled(1, true)), "identity.last_administrator");
    EXPECT_EQ(codeOf(identity->erase(1)), "identity.last_administrator");
    ASSERT_TRUE(identity->setRole(2, Role::Administrator));
    ASSERT_TRUE(identity->setDisabled(2, true));
    EXPECT_EQ(codeOf(identity->signIn("Bob", password())), "identity.disabled");
    EXPECT_EQ(codeOf(identity->setRole(1, Role::User)), "identity.last_administrator"); // Bob cannot sign in
    ASSERT_TRUE(identity->setDisabled(2, false));
    ASSERT_TRUE(identity->erase(1));
    EXPECT_EQ(codeOf(identity->profile(1)), "identity.no_such_profile");
    // The last of all may go.
    ASSERT_TRUE(identity->erase(2));
    EXPECT_TRUE(identity->singlePerson().value());
}

TEST_F(IdentityTest, StartingAnewDestroysTheFormerKeys) {
    const auto identity = open();
    const auto first = identity->create("Ann", Role::Administrator, password());
    ASSERT_TRUE(first);
    std::string history;
    {
        auto session = identity->signIn("Ann", password());
        history = toHex(identity->dataKey(*session, "history").value().bytes());
    }
    const auto second = identity->startAnew(1, viewOf("an entirely new one"));
    ASSERT_TRUE(second) << second.error().message();
    EXPECT_EQ(codeOf(identity->signIn("Ann", password())), "identity.wrong_password");
    EXPECT_EQ(codeOf(identity->signInWithRecoveryKey("Ann", first->recoveryKey.bytes())),
              "identity.wrong_recovery_key");
    auto session = identity->signInWithRecoveryKey("Ann", second->recoveryKey.bytes());
    ASSERT_TRUE(session);
    EXPECT_NE(toHex(identity->dataKey(*session, "history").value().bytes()), history);
}

TEST_F(IdentityTest, TokensAreStoredAsHashesAndEnd) {
    const auto identity = open();
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    const auto text = identity->createToken(1, "editor", TokenScope::Chat, m_now + 1000);
    ASSERT_TRUE(text) << text.error().message();
    const auto grant = identity->checkToken(text->bytes());
    ASSERT_TRUE(grant) << grant.error().message();
    EXPECT_EQ(grant->profile.name, "Ann");
    EXPECT_EQ(grant->token.scope, TokenScope::Chat);
    EXPECT_EQ(identity->tokens()->at(0).lastUsedMs, m_now);
    for (const auto* suffix : {"", "-wal"})
        EXPECT_THAT(test::readText(folder() / (std::string("accounts.db") + suffix)),
                    ::testing::Not(::testing::HasSubstr(std::string(text->text()).substr(7))));
    EXPECT_EQ(codeOf(identity->checkToken(viewOf("hearth_00"))), "identity.bad_token");
    std::string other(text->text());
    other.back() = other.back() == '0' ? '1' : '0';
    EXPECT_EQ(codeOf(identity->checkToken(viewOf(other))), "identity.bad_token");
    m_now += 1000;
    EXPECT_EQ(codeOf(identity->checkToken(text->bytes())), "identity.token_expired");
    const auto lasting = identity->createToken(1, "server", TokenScope::Manage, 0);
    EXPECT_TRUE(identity->checkToken(lasting->bytes()));
    ASSERT_TRUE(identity->revokeToken(2));
    EXPECT_EQ(codeOf(identity->checkToken(lasting->bytes())), "identity.token_revoked");
    EXPECT_EQ(codeOf(identity->revokeToken(9)), "identity.no_such_token");
}

TEST_F(IdentityTest, NobodyCanBeGivenAnotherPersonsWords) {
    const auto identity = open();
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    EXPECT_EQ(codeOf(identity->setPermission(Role::Administrator, Action::View, Resource::Conversation,
                                             Scope::All)),
              "identity.never_allowed");
    EXPECT_EQ(
        codeOf(identity->setPermission(Role::Administrator, Action::Remove, Resource::AuditLog, Scope::Own)),
        "identity.never_allowed");
    EXPECT_EQ(codeOf(identity->setPermission(Role::Administrator, Action::Change, Resource::Permission,
                                             Scope::None)),
              "identity.would_lock_out");
    ASSERT_TRUE(identity->setPermission(Role::User, Action::Serve, Resource::Model, Scope::All));
    EXPECT_EQ(identity->permissions()->scope(Role::User, Action::Serve, Resource::Model), Scope::All);
}

TEST_F(IdentityTest, EveryEditBehindTheProgramsBackIsFound) {
    {
        const auto identity = open();
        ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
        ASSERT_TRUE(identity->create("Bob", Role::User, password()));
        auto session = identity->signIn("Bob", password());
        ASSERT_TRUE(identity->dataKey(*session, "history"));
        ASSERT_TRUE(identity->createToken(2, "editor", TokenScope::Chat, 0));
        ASSERT_TRUE(
            identity->setModelAccess("/m.gguf", Action::Use, {{"/m.gguf", Action::Use, Role::User, {}}}));
    }
    const std::string whole = test::readText(files().database);
    for (const char* sql :
         {"UPDATE profile SET role = 0 WHERE id = 2",
          "UPDATE profile SET disabled = 1 WHERE id = 1",
          "UPDATE profile SET name = x'457665' WHERE id = 2",
          "UPDATE profile SET passes = 2 WHERE id = 1",
          "UPDATE profile SET memory_kib = 8 WHERE id = 1",
          "UPDATE profile SET salt = randomblob(16)",
          "UPDATE profile SET by_password = (SELECT by_password FROM profile WHERE id = 1) WHERE id = 2",
          "UPDATE profile SET failures = 7",
          "UPDATE profile SET wait_until_ms = 1",
          "DELETE FROM profile WHERE id = 2",
          "DELETE FROM data_key",
          "UPDATE token SET scope = 2",
          "UPDATE token SET revoked = 1",
          "DELETE FROM token",
          "UPDATE permission SET scope = 2 WHERE role = 2 AND scope = 1",
          "DELETE FROM permission WHERE role = 3",
          "INSERT INTO permission VALUES (2, 3, 7, 2)",
          "DELETE FROM model_access",
          "UPDATE model_access SET subject = 3",
          "UPDATE meta SET value = x'39' WHERE key = 'generation'",
          "UPDATE meta SET value = x'' WHERE key = 'seal'"}) {
        std::ofstream(files().database, std::ios::binary | std::ios::trunc) << whole;
        edit(sql);
        EXPECT_EQ(openError(), "identity.tampered") << sql;
    }
    // Times of last use are not sealed: they are only shown.
    std::ofstream(files().database, std::ios::binary | std::ios::trunc) << whole;
    edit("UPDATE token SET last_used_ms = 5");
    EXPECT_EQ(openError(), "");
    // The edit of a running program's database stops what follows.
    const auto identity = open();
    edit("UPDATE profile SET role = 0 WHERE id = 2");
    EXPECT_EQ(codeOf(identity->signIn("Bob", password())), "identity.tampered");
    EXPECT_EQ(codeOf(identity->rename(2, "Eve")), "identity.tampered");
}

TEST_F(IdentityTest, AnOlderDatabaseIsFoundAndAcceptedOnlyByAnAdministrator) {
    {
        const auto identity = open();
        ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
        ASSERT_TRUE(identity->create("Bob", Role::User, password()));
    }
    const std::string before = test::readText(files().database);
    {
        const auto identity = open();
        ASSERT_TRUE(identity->setDisabled(2, true));
    }
    std::ofstream(files().database, std::ios::binary | std::ios::trunc) << before;
    EXPECT_EQ(openError(), "identity.rolled_back");
    EXPECT_EQ(codeOf(Identity::acceptAsIs(files(), *m_key, "Ann", viewOf("wrong"), options())),
              "identity.wrong_password");
    EXPECT_EQ(codeOf(Identity::acceptAsIs(files(), *m_key, "Bob", password(), options())),
              "identity.not_administrator");
    EXPECT_EQ(openError(), "identity.rolled_back");
    EXPECT_TRUE(Identity::acceptAsIs(files(), *m_key, "Ann", password(), options()));
    EXPECT_EQ(openError(), "");
}

TEST_F(IdentityTest, AMissingOrForeignHeadIsNamed) {
    {
        const auto identity = open();
        ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    }
    const std::string head = test::readText(files().head);
    for (std::size_t i = 0; i < head.size(); i += 9) { // each opening takes its time
        std::string bad = head;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        std::ofstream(files().head, std::ios::trunc) << bad;
        EXPECT_EQ(openError(), "identity.bad_head") << "byte " << i;
        std::ofstream(files().head, std::ios::trunc) << head.substr(0, i);
        EXPECT_EQ(openError(), "identity.bad_head") << i << " bytes";
    }
    std::filesystem::remove(files().head);
    EXPECT_EQ(openError(), "identity.head_missing");
    std::ofstream(files().head, std::ios::trunc) << head;
    EXPECT_EQ(openError(), "");
    // Another installation's key.
    auto other = SigningKey::generate();
    ASSERT_TRUE(other);
    EXPECT_EQ(codeOf(Identity::open(files(), *other, options())), "identity.tampered");
}

TEST_F(IdentityTest, ErasedKeysAreNowhereInTheFiles) {
    const auto identity = open();
    ASSERT_TRUE(identity->create("Ann", Role::Administrator, password()));
    ASSERT_TRUE(identity->create("Bob-the-erased", Role::User, password()));
    std::string wrapped;
    {
        auto session = identity->signIn("Bob-the-erased", password());
        ASSERT_TRUE(identity->dataKey(*session, "history"));
    }
    {
        auto connection = store::Connection::open(files().database, store::Connection::Mode::ReadOnly);
        wrapped = (*connection)->bytes("SELECT wrapped FROM data_key WHERE profile = 2").value().value_or("");
    }
    ASSERT_GT(wrapped.size(), 32U);
    const auto everything = [&] {
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder()))
            if (entry.is_regular_file())
                all += test::readText(entry.path());
        return all;
    };
    ASSERT_NE(everything().find(wrapped), std::string::npos);
    ASSERT_TRUE(identity->erase(2));
    EXPECT_EQ(everything().find(wrapped), std::string::npos);
    EXPECT_EQ(everything().find("Bob-the-erased"), std::string::npos);
}

TEST_F(IdentityTest, TwoProgramsShareTheAccounts) {
    const auto one = open(), two = open();
    ASSERT_TRUE(one->create("Ann", Role::Administrator, password()));
    ASSERT_TRUE(two->create("Bob", Role::User, password()));
    ASSERT_TRUE(one->create("Cy", Role::User, password()));
    EXPECT_EQ(two->profiles()->size(), 3U);
    EXPECT_TRUE(two->signIn("Cy", password()));
}

} // namespace
} // namespace hearth::security
