// hearthctl pull and hub, as a person runs them, against a hub on this machine.

#include <csignal>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/cli/hub/pull_progress.h"
#include "engine/workbench/accounts.h"
#include "engine/workbench/data_paths.h"
#include "engine/workbench/hub/hub_settings.h"
#include "tests/cli/process.h"
#include "tests/hub/hub_bench.h"

namespace {

using namespace hearth;
using hearth::test::Fault;
using hearth::test::hearthctl;
using hearth::test::HubRequest;
using hearth::test::LocalHub;
using testing::HasSubstr;
using testing::Not;

class HubCommand : public testing::Test {
protected:
    HubCommand() {
        LocalHub::Repository model;
        model.files["m-Q4_K_M.gguf"] = whole;
        const auto parts = folder.path() / "parts";
        std::filesystem::create_directories(parts);
        const auto split = hearthctl({"split", test::golden("llama-Q8_0.gguf").string(),
                                      (parts / "m-Q8_0").string(), "--max-size", "350KB"});
        EXPECT_EQ(split.exit, 0) << split.err;
        for (const char* name : {"m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf"})
            model.files[name] = QByteArray::fromStdString(test::readText(parts / name));
        lastPart = model.files["m-Q8_0-00002-of-00002.gguf"];
        model.files["config.json"] = "{}";
        hub.add("owner/m-7B-GGUF", model);
        // The only hub of this installation, so that nothing is asked of the real ones.
        std::filesystem::create_directories(folder.path() / "data");
        workbench::HubSettings settings;
        settings.hubs = {{{hearth::hub::HubKind::HuggingFace, QStringLiteral("local"), hub.url()}, ""}};
        EXPECT_TRUE(workbench::HubSettingsFile(folder.path() / "data" / "hub.json",
                                               folder.path() / "data" / "hub.key")
                        .save(settings));
        environment = {{"HEARTH_DATA_DIR", (folder.path() / "data").string()},
                       {"HF_ENDPOINT", hub.url().toString().toStdString()},
                       {"HF_TOKEN", ""},
                       {"HOME", folder.path().string()}};
    }
    hearth::test::Finished run(std::vector<std::string> arguments) {
        return hearthctl(std::move(arguments), {}, environment);
    }
    [[nodiscard]] std::filesystem::path models() const {
        return folder.path() / "data" / "models" / "owner" / "m-7B-GGUF";
    }

    struct QtFirst {
        QtFirst() { test::needQt(); }
    } qt;
    test::TemporaryFolder folder;
    LocalHub hub;
    std::vector<std::pair<std::string, std::string>> environment;
    const QByteArray whole = QByteArray::fromStdString(test::readText(test::golden("llama-Q4_K.gguf")));
    QByteArray lastPart;
};

TEST_F(HubCommand, PullsTheUsualQuantisationAPartialSetAndAFile) {
    const auto usual = run({"pull", "owner/m-7B-GGUF"});
    ASSERT_EQ(usual.exit, 0) << usual.err;
    EXPECT_EQ(usual.out, (models() / "m-Q4_K_M.gguf").string() + "\n");
    EXPECT_EQ(test::readText(models() / "m-Q4_K_M.gguf"), whole.toStdString());
    const auto parts = run({"pull", "owner/m-7B-GGUF", "--quant", "q8_0", "--json"});
    ASSERT_EQ(parts.exit, 0) << parts.err;
    const auto json = nlohmann::json::parse(parts.out);
    ASSERT_EQ(json.size(), 2u);
    EXPECT_EQ(json[1]["sha256"], test::sha256Of(lastPart));
    EXPECT_EQ(json[0]["revision"], std::string(40, 'a'));
    const auto file = run(
        {"pull", "owner/m-7B-GGUF", "--file", "config.json", "--folder", (folder.path() / "else").string()});
    ASSERT_EQ(file.exit, 0) << file.err;
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "else" / "owner" / "m-7B-GGUF" / "config.json"));
    // All three are models or parts of one, so the library has two versions, each with its origin and hash.
    const auto list = nlohmann::json::parse(run({"models", "list", "--json"}).out);
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0]["licence"], "apache-2.0");
    ASSERT_EQ(list[0]["versions"].size(), 2u);
    for (const auto& version : list[0]["versions"]) {
        EXPECT_EQ(version["origin"], "downloaded");
        EXPECT_EQ(version["source"],
                  hub.url().toString().toStdString() + "/owner/m-7B-GGUF@" + std::string(40, 'a'));
    }
    EXPECT_EQ(list[0]["versions"][0]["files"][0]["sha256"], test::sha256Of(whole));
    EXPECT_EQ(list[0]["versions"][1]["files"][1]["sha256"], test::sha256Of(lastPart));
    EXPECT_EQ(json[1]["version"], list[0]["versions"][1]["id"]) << "the part that made the set whole";
    EXPECT_EQ(run({"models", "verify"}).exit, 0);
    hub.forgetRequests();
    const auto again = run({"pull", "owner/m-7B-GGUF"});
    EXPECT_EQ(again.exit, 0);
    for (const auto& request : hub.requests())
        EXPECT_FALSE(request.isBytes()) << "it is here already";
}

TEST_F(HubCommand, FitAsksWithTheTokenOfTheInstallation) {
    LocalHub::Repository closed;
    closed.files["m-Q4_K_M.gguf"] = whole;
    closed.isPrivate = true;
    closed.token = "let-me-in";
    hub.add("owner/closed", closed);
    const std::vector<std::string> fit{
        "fit", "--model", hub.url().toString().toStdString() + "/owner/closed/resolve/main/m-Q4_K_M.gguf",
        "--json"};
    EXPECT_EQ(run(fit).exit, 9);
    environment[2].second = "let-me-in";
    const auto done = run(fit);
    ASSERT_EQ(done.exit, 0) << done.err;
    EXPECT_GT(nlohmann::json::parse(done.out)["memory_bytes"].get<std::uint64_t>(), 100'000U);
}

TEST_F(HubCommand, FitAndProfileAskWithTheTokenOfWhoSignsIn) {
    LocalHub::Repository closed;
    closed.files["m-Q4_K_M.gguf"] = whole;
    closed.files["large.bin"] = QByteArray(2'000'000, 'x');
    closed.isPrivate = true;
    closed.token = "anns-token";
    hub.add("owner/closed", closed);
    {
        ::setenv("HEARTH_DATA_DIR", (folder.path() / "data").c_str(), 1);
        const auto paths = *workbench::DataPaths::prepare();
        ::unsetenv("HEARTH_DATA_DIR");
        workbench::AccountsOptions cheap;
        cheap.cost = security::PasswordCost{64, 1, 1};
        const auto accounts =
            std::move(*workbench::Accounts::open(workbench::AccountPaths::below(paths), cheap));
        const std::string password = "a rather long password";
        ASSERT_TRUE(accounts->create(workbench::Actor::singlePerson(), "Ann", security::Role::Administrator,
                                     security::viewOf(password)));
        ASSERT_TRUE(accounts->create(workbench::Actor::person(1), "Bob", security::Role::Administrator,
                                     security::viewOf(password)));
        auto session = accounts->signIn("Ann", security::viewOf(password));
        ASSERT_TRUE(session);
        auto key = accounts->identity().dataKey(*session, "hub").and_then([](auto bytes) {
            return security::SealingKey::from(std::move(bytes));
        });
        ASSERT_TRUE(key);
        const workbench::HubSettingsFile hers(paths.hubSettingsFile(), paths.hubKeyFile(),
                                              {"1", std::make_shared<security::SealingKey>(std::move(*key))});
        auto settings = hers.load().settings;
        settings.hubs.front().token = "anns-token";
        ASSERT_TRUE(hers.save(settings));
    }
    const std::string files = hub.url().toString().toStdString() + "/owner/closed/resolve/main/";
    const auto as = [&](std::vector<std::string> arguments, const char* who) {
        arguments.insert(arguments.end(), {"--as", who, "--password-stdin"});
        return hearthctl(arguments, "a rather long password\n", environment);
    };
    const std::vector<std::string> fit{"fit", "--model", files + "m-Q4_K_M.gguf", "--json"};
    EXPECT_EQ(run(fit).exit, 9) << "the installation has no token";
    EXPECT_EQ(as(fit, "Bob").exit, 9) << "nor has he";
    const auto anns = as(fit, "Ann");
    ASSERT_EQ(anns.exit, 0) << anns.err;
    EXPECT_GT(nlohmann::json::parse(anns.out)["memory_bytes"].get<std::uint64_t>(), 100'000U);
    const std::vector<std::string> profile{
        "profile", "--quick", "--no-environment", "--download", files + "large.bin", "--json", "-"};
    EXPECT_THAT(as(profile, "Bob").err, HasSubstr("hub.needs_token"));
    const auto measured = as(profile, "Ann");
    EXPECT_EQ(measured.exit, 0) << measured.err;
}

TEST_F(HubCommand, TheLibraryCanBeLeftAsItIsAndNamesWhatItDoesNotTake) {
    EXPECT_EQ(run({"pull", "owner/m-7B-GGUF", "--no-library"}).exit, 0);
    EXPECT_EQ(nlohmann::json::parse(run({"models", "list", "--json"}).out).size(), 0u);
    LocalHub::Repository odd;
    odd.files["page-Q4_0.gguf"] = "<html>no model</html>";
    hub.add("owner/odd", odd);
    const auto refused = run({"pull", "owner/odd"});
    EXPECT_EQ(refused.exit, 3) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr("gguf.bad_magic"));
    EXPECT_THAT(refused.out, HasSubstr("page-Q4_0.gguf")) << "it is here all the same";
    EXPECT_EQ(nlohmann::json::parse(run({"models", "list", "--json"}).out).size(), 0u);
}

TEST_F(HubCommand, WhereThereAreProfilesTheGateIsAskedFirst) {
    {
        ::setenv("HEARTH_DATA_DIR", (folder.path() / "data").c_str(), 1);
        workbench::AccountsOptions cheap;
        cheap.cost = security::PasswordCost{64, 1, 1};
        const auto accounts = std::move(*workbench::Accounts::open(
            workbench::AccountPaths::below(*workbench::DataPaths::prepare()), cheap));
        ::unsetenv("HEARTH_DATA_DIR");
        const std::string password = "a rather long password";
        ASSERT_TRUE(accounts->create(workbench::Actor::singlePerson(), "Ann", security::Role::Administrator,
                                     security::viewOf(password)));
        ASSERT_TRUE(accounts->create(workbench::Actor::person(1), "Bob", security::Role::User,
                                     security::viewOf(password)));
    }
    const auto as = [&](const char* who) {
        return hearthctl({"pull", "owner/m-7B-GGUF", "--as", who, "--password-stdin"},
                         "a rather long password\n", environment);
    };
    hub.forgetRequests();
    EXPECT_EQ(run({"pull", "owner/m-7B-GGUF"}).exit, 2) << "who asks?";
    const auto bob = as("Bob");
    EXPECT_NE(bob.exit, 0);
    EXPECT_THAT(bob.err, HasSubstr("permission.denied"));
    EXPECT_TRUE(hub.requests().empty()) << "nothing was asked for them";
    const auto ann = as("Ann");
    EXPECT_EQ(ann.exit, 0) << ann.err;
    EXPECT_TRUE(std::filesystem::exists(models() / "m-Q4_K_M.gguf"));
}

TEST_F(HubCommand, ErrorsHaveTheirCodesAndAdvice) {
    const auto none = run({"pull", "owner/none"});
    EXPECT_EQ(none.exit, 9);
    EXPECT_THAT(none.err, HasSubstr("hub.needs_token"));
    const auto type = run({"pull", "owner/m-7B-GGUF", "--quant", "Q2_K"});
    EXPECT_EQ(type.exit, 2);
    EXPECT_THAT(type.err, HasSubstr("Q4_K_M, Q8_0"));
    EXPECT_EQ(run({"pull", "../m"}).exit, 2);
    EXPECT_EQ(run({"pull", "owner/m-7B-GGUF", "--file", "a", "--quant", "b"}).exit, 2);
    EXPECT_EQ(run({"pull", "owner/m-7B-GGUF", "--endpoint", "http://example.com"}).exit, 2);
    EXPECT_EQ(run({"pull"}).exit, 2);
    std::filesystem::create_directories(models());
    std::ofstream(models() / "m-Q4_K_M.gguf") << "mine";
    const auto taken = run({"pull", "owner/m-7B-GGUF"});
    EXPECT_EQ(taken.exit, 8);
    EXPECT_THAT(taken.err, HasSubstr("hub.target_exists"));
    EXPECT_EQ(test::readText(models() / "m-Q4_K_M.gguf"), "mine");
}

TEST_F(HubCommand, CtrlCKeepsWhatCameAndTheSameCommandGoesOn) {
    hub.sendSlowly(1'000);
    test::Process process({"pull", "owner/m-7B-GGUF"}, environment);
    process.closeInput();
    const auto partial = hearth::hub::partialOf(models() / "m-Q4_K_M.gguf");
    const auto before = hub.bytesSent();
    for (int i = 0; i < 24'000 && (!std::filesystem::exists(partial) || hub.bytesSent() < before + 40'000);
         ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    process.signal(SIGINT);
    EXPECT_EQ(process.finish(), 6) << process.err;
    EXPECT_THAT(process.err, HasSubstr("kept"));
    EXPECT_TRUE(std::filesystem::exists(partial));
    EXPECT_FALSE(std::filesystem::exists(models() / "m-Q4_K_M.gguf"));
    hub.setFaults(nullptr);
    const auto after = hub.bytesSent();
    const auto rest = run({"pull", "owner/m-7B-GGUF"});
    ASSERT_EQ(rest.exit, 0) << rest.err;
    EXPECT_LT(hub.bytesSent() - after, static_cast<std::uint64_t>(whole.size())) << "only what was missing";
    EXPECT_EQ(test::readText(models() / "m-Q4_K_M.gguf"), whole.toStdString());
}

TEST_F(HubCommand, TokensOfTheEnvironmentOpenGatedModels) {
    LocalHub::Repository gated;
    gated.files["g-Q4_0.gguf"] = whole;
    gated.gated = true;
    gated.token = "hf_mine";
    hub.add("owner/gated", gated);
    const auto without = run({"pull", "owner/gated"});
    EXPECT_EQ(without.exit, 9);
    EXPECT_THAT(without.err, HasSubstr("hub.gated"));
    environment.emplace_back("HF_TOKEN", "hf_mine");
    const auto with = run({"pull", "owner/gated"});
    EXPECT_EQ(with.exit, 0) << with.err;
    EXPECT_THAT(with.err, Not(HasSubstr("hf_mine")));
}

TEST_F(HubCommand, SearchFilesAndTest) {
    const auto found = run({"hub", "search", "m-7B"});
    ASSERT_EQ(found.exit, 0) << found.err;
    EXPECT_EQ(found.out, "owner/m-7B-GGUF\t1000\tapache-2.0\n");
    EXPECT_EQ(run({"hub", "search", "--max-size", "3"}).out, "");
    const auto json = nlohmann::json::parse(run({"hub", "search", "--json"}).out);
    EXPECT_EQ(json.at(0)["repository"], "owner/m-7B-GGUF");
    const auto files = run({"hub", "files", "owner/m-7B-GGUF"});
    ASSERT_EQ(files.exit, 0) << files.err;
    EXPECT_THAT(files.out, HasSubstr("Q4_K_M\tm-Q4_K_M.gguf"));
    const auto tested = run({"hub", "test", "--endpoint", hub.url().toString().toStdString()});
    ASSERT_EQ(tested.exit, 0) << tested.err;
    EXPECT_THAT(tested.out, HasSubstr("answers after"));
    EXPECT_EQ(run({"hub"}).exit, 2);
    hub.setFaults([](const HubRequest&) {
        Fault fault;
        fault.kind = Fault::Status;
        fault.status = 503;
        return fault;
    });
    EXPECT_EQ(run({"hub", "search"}).exit, 9);
    const auto nobody = run({"hub", "search", "--endpoint", "http://127.0.0.1:1"});
    EXPECT_EQ(nobody.exit, 9);
    EXPECT_THAT(nobody.err, HasSubstr("hub.connection_refused"));
    EXPECT_THAT(nobody.err, Not(HasSubstr("kept")));
}

TEST(PullProgress, PromisesNothingWhileNothingComes) {
    hearth::hub::DownloadView view;
    view.download.file = "dir/m-Q4_0.gguf";
    view.transfer.emplace();
    auto& now = *view.transfer;
    now.phase = hearth::hub::TransferPhase::Receiving;
    now.bytesDone = 1 << 20;
    now.bytesTotal = 4 << 20;
    now.bytesPerSecond = 512 << 10;
    now.remaining = std::chrono::seconds(6);
    EXPECT_EQ(cli::progressText(view, 80), "m-Q4_0.gguf  25 % 1.00 MiB of 4.00 MiB, 512.0 KiB/s, 0:06 left");
    EXPECT_THAT(cli::progressText(view, 120), HasSubstr("[======>"));
    now.bytesPerSecond = 0;
    now.remaining.reset();
    EXPECT_THAT(cli::progressText(view, 80), HasSubstr("nothing comes"));
    EXPECT_THAT(cli::progressText(view, 80), Not(HasSubstr("left")));
    now.phase = hearth::hub::TransferPhase::Verifying;
    EXPECT_EQ(cli::progressText(view, 80), "m-Q4_0.gguf  verifying 25 %");
    now.phase = hearth::hub::TransferPhase::Waiting;
    now.problem = Error{"hub.busy", "h answers with status 429"};
    now.wait = std::chrono::seconds(16);
    EXPECT_EQ(cli::waitingText(now), "waiting (h answers with status 429), again in 0:16");
}

} // namespace
