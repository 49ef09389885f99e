#include "engine/workbench/gate.h"
#include "tests/security/identity/identity_fixture.h"

namespace hearth::workbench {
namespace {

using namespace security;

/// Ann administers, Dan is the data scientist, Uma a user, Otto the auditor; Eve is another user.
class GateTest : public test::IdentityTest {
protected:
    GateTest() {
        m_identity = open();
        auto audit = AuditLog::open({folder() / "audit.db", folder() / "audit.head"}, *m_key,
                                    [this] { return m_now; });
        EXPECT_TRUE(audit) << audit.error().message();
        m_audit = std::move(*audit);
        m_gate = std::make_unique<Gate>(*m_identity, *m_audit);
    }
    void addPeople() {
        for (const auto& [name, role] : {std::pair{"Ann", Role::Administrator},
                                         {"Dan", Role::DataScientist},
                                         {"Uma", Role::User},
                                         {"Otto", Role::Auditor},
                                         {"Eve", Role::User}})
            ASSERT_TRUE(m_identity->create(name, role, password()));
    }
    std::unique_ptr<Identity> m_identity;
    std::unique_ptr<AuditLog> m_audit;
    std::unique_ptr<Gate> m_gate;
};

/// One line per resource: for each role in turn (A D U O) the actions it has over its own things in small
/// letters, over everybody's in capitals. v view, c create, h change, r remove, u use, s serve, e export; -
/// nothing. Written by hand, apart from the table in the code.
struct Line {
    Resource resource;
    const char* rights[kRoles];
};
constexpr Line kMatrix[] = {
    {Resource::Conversation, {"vchre", "vchre", "vchre", "-"}},
    {Resource::Document, {"vchrue", "vchrue", "vchrue", "-"}},
    {Resource::Model, {"VCHRUSE", "VCHRUSE", "VU", "-"}},
    {Resource::TrainingJob, {"-", "Vchrue", "-", "-"}},
    {Resource::CalibrationData, {"-", "VchrUe", "-", "-"}},
    {Resource::Report, {"VCE", "VChrE", "-", "VE"}},
    {Resource::AuditLog, {"V", "-", "-", "VE"}},
    {Resource::Profile, {"VCHR", "vh", "vh", "vh"}},
    {Resource::Permission, {"VH", "-", "-", "V"}},
    {Resource::Statistics, {"V", "-", "-", "V"}},
    {Resource::Settings, {"VH", "V", "V", "V"}},
    {Resource::Token, {"VCR", "vcr", "vcr", "vcr"}},
    {Resource::PersonalData, {"veR", "ver", "ver", "ver"}},
    {Resource::Backup, {"VCRe", "vcre", "vcre", "-"}},
};

TEST_F(GateTest, MatrixOfRoleActionAndOwner) {
    addPeople();
    static_assert(std::size(kMatrix) == kResources);
    constexpr std::string_view kLetters = "vchruse";
    const std::int64_t before = m_audit->count({}).value();
    std::int64_t refusals = 0;
    for (const Line& line : kMatrix)
        for (int role = 0; role < kRoles; ++role)
            for (int a = 0; a < kActions; ++a) {
                const auto letter = kLetters[static_cast<std::size_t>(a)];
                const std::string_view rights = line.rights[role];
                const bool all = rights.find(char(letter - 'a' + 'A')) != std::string_view::npos;
                const bool own = all || rights.find(letter) != std::string_view::npos;
                const Actor actor = Actor::person(role + 1);
                const auto action = static_cast<Action>(a);
                const auto name = std::string(nameOf(static_cast<Role>(role))) + " " +
                                  std::string(nameOf(action)) + " " + std::string(nameOf(line.resource));
                EXPECT_EQ(m_gate->allows(actor, action, Target::of(line.resource, role + 1)).value(), own)
                    << name << " (own)";
                EXPECT_EQ(m_gate->allows(actor, action, Target::of(line.resource, 5)).value(), all)
                    << name << " (Eve's)";
                EXPECT_EQ(m_gate->allows(actor, action, Target::of(line.resource)).value(),
                          all || (own && action == Action::Create))
                    << name << " (nobody's)";
                // Nobody may do anything without signing in, nor with a token what it is not for.
                EXPECT_FALSE(m_gate->allows(Actor::singlePerson(), action, Target::of(line.resource)).value())
                    << name;
                if (line.resource != Resource::Model) {
                    EXPECT_FALSE(m_gate
                                     ->allows({role + 1, TokenScope::Manage}, action,
                                              Target::of(line.resource, role + 1))
                                     .value())
                        << name << " (token)";
                }
                if (!all && role == 2) { // what a user is refused is noted
                    const auto refused = m_gate->check(actor, action, Target::of(line.resource, 5));
                    ASSERT_FALSE(refused) << name;
                    EXPECT_EQ(refused.error().code, "permission.denied");
                    EXPECT_EQ(refused.error().arg("resource"), nameOf(line.resource));
                    ++refusals;
                }
            }
    EXPECT_EQ(m_audit->count({}).value() - before, refusals);
    AuditFilter filter;
    filter.outcome = Outcome::Refused;
    EXPECT_EQ(m_audit->count(filter).value(), refusals);
    EXPECT_TRUE(m_audit->verify()->intact());
}

TEST_F(GateTest, OnePersonMayDoEverythingButRewriteTheLog) {
    for (int r = 0; r < kResources; ++r)
        for (int a = 0; a < kActions; ++a) {
            const auto resource = static_cast<Resource>(r);
            const auto action = static_cast<Action>(a);
            const bool readOnly =
                resource == Resource::AuditLog && action != Action::View && action != Action::Export;
            EXPECT_EQ(m_gate->allows(Actor::singlePerson(), action, Target::of(resource)).value(), !readOnly);
        }
}

TEST_F(GateTest, TokensReachModelsOnly) {
    addPeople();
    const auto may = [&](TokenScope scope, Action action) {
        return m_gate->allows({2, scope}, action, Target::modelAt("/m.gguf")).value();
    };
    EXPECT_TRUE(may(TokenScope::Read, Action::View));
    EXPECT_FALSE(may(TokenScope::Read, Action::Use));
    EXPECT_TRUE(may(TokenScope::Chat, Action::Use));
    EXPECT_FALSE(may(TokenScope::Chat, Action::Serve));
    EXPECT_TRUE(may(TokenScope::Manage, Action::Serve));
    EXPECT_FALSE(may(TokenScope::Manage, Action::Remove));
    // No more than its owner: Uma may not serve.
    EXPECT_FALSE(m_gate->allows({3, TokenScope::Manage}, Action::Serve, Target::modelAt("/m.gguf")).value());
}

TEST_F(GateTest, ModelsHaveListsOfTheirOwn) {
    addPeople();
    const auto may = [&](ProfileId who, Action action) {
        return m_gate->allows(Actor::person(who), action, Target::modelAt("/m.gguf")).value();
    };
    EXPECT_TRUE(may(3, Action::Use) && may(5, Action::Use) && may(1, Action::Use));
    ASSERT_TRUE(m_identity->setModelAccess(
        "/m.gguf", Action::Use,
        {{"/m.gguf", Action::Use, Role::Administrator, {}}, {"/m.gguf", Action::Use, {}, 3}}));
    EXPECT_TRUE(may(1, Action::Use));
    EXPECT_TRUE(may(3, Action::Use));
    EXPECT_FALSE(may(5, Action::Use)); // a user too, but not named
    EXPECT_FALSE(may(2, Action::Use));
    EXPECT_TRUE(may(2, Action::Serve)); // another action has no list
    EXPECT_TRUE(m_gate->allows(Actor::person(5), Action::Use, Target::modelAt("/other.gguf")).value());
    // A list gives nothing that the role does not have.
    ASSERT_TRUE(m_identity->setModelAccess("/m.gguf", Action::Remove, {{"/m.gguf", Action::Remove, {}, 3}}));
    EXPECT_FALSE(may(3, Action::Remove));
}

TEST_F(GateTest, RightsFollowWhatHoldsNow) {
    addPeople();
    const Actor dan = Actor::person(2);
    EXPECT_TRUE(m_gate->allows(dan, Action::Serve, Target::modelAt("/m")).value());
    ASSERT_TRUE(m_identity->setRole(2, Role::User));
    EXPECT_FALSE(m_gate->allows(dan, Action::Serve, Target::modelAt("/m")).value());
    ASSERT_TRUE(m_identity->setDisabled(2, true));
    EXPECT_EQ(m_gate->check(dan, Action::Use, Target::modelAt("/m")).error().code, "permission.sign_in");
    ASSERT_TRUE(m_identity->erase(2));
    EXPECT_FALSE(m_gate->allows(dan, Action::Use, Target::modelAt("/m")).value());
    edit("UPDATE permission SET scope = 2");
    EXPECT_EQ(codeOf(m_gate->allows(Actor::person(3), Action::Serve, Target::modelAt("/m"))),
              "identity.tampered");
}

TEST_F(GateTest, WorkIsNotedWithItsEnd) {
    addPeople();
    int runs = 0;
    const auto good = [&]() -> Result<void> {
        ++runs;
        return {};
    };
    const auto bad = [&]() -> Result<void> {
        ++runs;
        return fail("file.disk_full", "/home/somebody/secret");
    };
    EXPECT_TRUE(m_gate->run(Actor::person(1), Action::Remove, Target::modelAt("/m\n.gguf"), good));
    EXPECT_EQ(m_gate->run(Actor::person(1), Action::Remove, Target::modelAt("/n"), bad).error().code,
              "file.disk_full");
    EXPECT_EQ(m_gate->run(Actor::person(3), Action::Remove, Target::modelAt("/n"), good).error().code,
              "permission.denied");
    EXPECT_EQ(runs, 2);
    const auto entries = m_audit->list({}, 0, 10).value();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[2].event.object, "model /m?.gguf");
    EXPECT_EQ(entries[2].event.action, "model.remove");
    EXPECT_EQ(entries[1].event.outcome, Outcome::Failed);
    EXPECT_EQ(entries[1].event.reason, "file.disk_full");
    EXPECT_EQ(entries[0].event.outcome, Outcome::Refused);
}

} // namespace
} // namespace hearth::workbench
