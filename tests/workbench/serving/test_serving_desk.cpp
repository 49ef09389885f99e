// Which models are served under which names, and to whom; what cannot be served is not offered.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <QtCore/QCoreApplication>

#include "engine/security/crypto/file_sealing.h"
#include "engine/workbench/library/model_defaults.h"
#include "engine/workbench/serving/serving_desk.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace hearth::workbench {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Desk : public testing::Test {
protected:
    static void SetUpTestSuite() {
        static int argc = 1;
        static char name[] = "test";
        static char* argv[] = {name, nullptr};
        static QCoreApplication application(argc, argv);
    }
    void SetUp() override {
        AccountsOptions cheap;
        cheap.cost = security::PasswordCost{64, 1, 1};
        auto accounts = Accounts::open({m_folder.path() / "data", m_folder.path() / "seals"}, cheap);
        ASSERT_TRUE(accounts) << accounts.error().message();
        m_accounts = std::move(*accounts);
        auto library =
            Library::open(m_folder.path() / "data" / "library.db", {m_folder.path() / "models", {}});
        ASSERT_TRUE(library) << library.error().message();
        m_library = std::move(*library);
    }
    LibraryId add(const fs::path& path, const std::string& label = {}, LibraryId parent = 0) {
        AddRequest request;
        request.path = path;
        request.label = label;
        request.parent = parent;
        const auto added = m_library->add(request);
        EXPECT_TRUE(added) << added.error().message();
        return added ? added->version : 0;
    }
    fs::path copyOf(const char* golden, const std::string& name) const {
        fs::copy_file(test::golden(golden), m_folder.path() / name);
        return m_folder.path() / name;
    }
    std::unique_ptr<ServingDesk> desk(ServingDeskOptions options = {}, Actor starter = {}) {
        auto opened = ServingDesk::open(*m_accounts, *m_library, starter, std::move(options));
        EXPECT_TRUE(opened) << opened.error().message();
        return opened ? std::move(*opened) : nullptr;
    }
    static std::vector<std::string> idsOf(const Result<std::vector<ServedModel>>& models) {
        EXPECT_TRUE(models);
        std::vector<std::string> out;
        if (models)
            for (const auto& model : *models)
                out.push_back(model.id);
        return out;
    }
    test::TemporaryFolder m_folder;
    std::unique_ptr<Accounts> m_accounts;
    std::unique_ptr<Library> m_library;
};

TEST_F(Desk, NamesAreUniqueAndLeadToTheirFiles) {
    const auto first = copyOf("llama-F32.gguf", "a.gguf");
    const LibraryId version = add(first, "F32");
    const std::string name = m_library->version(version)->name;
    add(copyOf("llama-Q8_0.gguf", "b.gguf"), "Q8_0", version);
    add(copyOf("llama-Q4_0.gguf", "c.gguf"), "Q8_0", version); // two versions of one label
    const auto file = copyOf("gemma3-F32.gguf", "file.gguf");
    const auto served = desk({file, true});
    const auto ids = idsOf(served->offered());
    ASSERT_EQ(ids.size(), 4U);
    EXPECT_EQ(ids[0], "file");
    EXPECT_EQ(ids[1], name);
    EXPECT_EQ(ids[2], name + ":Q8_0");
    EXPECT_EQ(ids[3], name + ":Q8_0#3");
    for (const std::string& id : ids) {
        const auto model = served->choose({}, id, "completions");
        ASSERT_TRUE(model) << id;
        EXPECT_EQ(model->id, id);
    }
    EXPECT_EQ(served->choose({}, "", "completions")->path, file);
    EXPECT_EQ(served->choose({}, name, "completions")->path, first);
    EXPECT_EQ(served->choose({}, first.string(), "completions").error().code, "serving.unknown_model")
        << "a path is no name";
    EXPECT_EQ(desk()->choose({}, "", "completions").error().code, "serving.unknown_model");
    // The file of the options that is in the library as well stands there once.
    EXPECT_EQ(idsOf(desk({first, true})->offered()).front(), "a");
    EXPECT_EQ(idsOf(desk({first, true})->offered()).size(), 3U);
}

TEST_F(Desk, WhatWasChosenForAModelHolds) {
    const LibraryId version = add(copyOf("llama-F32.gguf", "a.gguf"));
    ModelDefaults defaults;
    defaults.contextTokens = 333;
    defaults.chatTemplate = "{{ messages[0].content }}";
    defaults.params.emplace();
    defaults.params->sampling.temperature = 0.25F;
    const LibraryModel model = *m_library->version(version);
    ASSERT_TRUE(m_library->setDefaults(model.id, toJson(defaults)));
    const auto chosen = desk()->choose({}, model.name, "completions");
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->contextTokens, 333U);
    EXPECT_EQ(chosen->chatTemplate, defaults.chatTemplate);
    EXPECT_EQ(chosen->params.sampling.temperature, 0.25F);
}

TEST_F(Desk, MissingAndSealedFilesAreNotOffered) {
    const auto gone = copyOf("llama-F32.gguf", "gone.gguf"),
               sealed = copyOf("gemma3-F32.gguf", "sealed.gguf");
    add(gone);
    const LibraryId version = add(sealed);
    EXPECT_EQ(idsOf(desk()->offered()).size(), 2U);
    fs::remove(gone);
    EXPECT_EQ(idsOf(desk()->offered()).size(), 1U);
    const auto done = m_library->seal(
        version, security::FilePassword{security::viewOf("a password of the file"), {64, 1, 1}}, true);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_THAT(idsOf(desk()->offered()), IsEmpty());
}

TEST_F(Desk, WhoMayServeAndWhoMayCall) {
    const auto path = copyOf("llama-F32.gguf", "a.gguf");
    add(path);
    const auto alone = desk();
    ASSERT_TRUE(alone->runKey());
    const std::string key(alone->runKey()->text());
    EXPECT_EQ(alone->admit("").error().code, "serving.no_key");
    EXPECT_EQ(alone->admit(key.substr(1)).error().code, "identity.bad_token");
    ASSERT_TRUE(alone->admit(key));
    EXPECT_EQ(idsOf(alone->models(*alone->admit(key))).size(), 1U);
    EXPECT_NE(std::string(desk()->runKey()->text()), key) << "each run has its own";
    EXPECT_FALSE(desk({{}, false})->runKey());
    EXPECT_TRUE(desk({{}, false})->admit(""));

    ASSERT_TRUE(m_accounts->create(Actor::singlePerson(), "Ann", security::Role::Administrator,
                                   security::viewOf("a long password")));
    EXPECT_EQ(alone->admit(key).error().code, "identity.bad_token") << "from now on people's keys count";
    ASSERT_TRUE(m_accounts->create(Actor::person(1), "Bob", security::Role::User,
                                   security::viewOf("a long password")));
    EXPECT_EQ(ServingDesk::open(*m_accounts, *m_library, Actor::singlePerson(), {}).error().code,
              "permission.sign_in");
    EXPECT_EQ(ServingDesk::open(*m_accounts, *m_library, Actor::person(2), {}).error().code,
              "permission.denied")
        << "a user offers nothing over the network";
    const auto ann = desk({}, Actor::person(1));
    EXPECT_TRUE(ann->withProfiles());
    EXPECT_FALSE(ann->runKey());
    const auto token = m_accounts->createToken(Actor::person(1), 2, "x", security::TokenScope::Chat, 0);
    ASSERT_TRUE(token);
    const auto bob = ann->admit(token->text());
    ASSERT_TRUE(bob);
    EXPECT_EQ(bob->by, ServingCaller::By::Token);
    const std::string id = idsOf(ann->models(*bob)).at(0);
    EXPECT_TRUE(ann->choose(*bob, id, "completions"));
    // A model that Ann may not offer is there for nobody; one that Bob may not use is refused to him.
    const std::string file = path.string();
    ASSERT_TRUE(m_accounts->setModelAccess(Actor::person(1), file, security::Action::Use,
                                           {{file, security::Action::Use, std::nullopt, 1}}));
    EXPECT_EQ(ann->choose(*bob, id, "completions").error().code, "permission.denied");
    ASSERT_TRUE(m_accounts->setModelAccess(Actor::person(1), file, security::Action::Serve,
                                           {{file, security::Action::Serve, std::nullopt, 2}}));
    EXPECT_EQ(ann->choose(*bob, id, "completions").error().code, "serving.unknown_model");
    EXPECT_THAT(idsOf(ann->models(*bob)), IsEmpty());
    // Without keys, callers are programs of whoever started the server: no more than that.
    const auto open = desk({{}, false}, Actor::person(1));
    const auto nobody = open->admit("");
    ASSERT_TRUE(nobody);
    EXPECT_EQ(nobody->actor.profile, 1);
    EXPECT_EQ(nobody->actor.token, security::TokenScope::Chat);
    EXPECT_EQ(open->admit("a wrong key").error().code, "identity.bad_token");
    ASSERT_TRUE(m_accounts->setDisabled(Actor::person(1), 2, true));
    EXPECT_EQ(ann->admit(token->text()).error().code, "identity.disabled");
}

} // namespace
} // namespace hearth::workbench
