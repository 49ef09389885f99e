// How an installation reaches hubs, and that its secrets stay secret.

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include "engine/workbench/hub/hub_settings.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace {

using namespace hearth;
using namespace hearth::workbench;

class HubSettingsTest : public testing::Test {
protected:
    HubSettingsTest() {
        ::unsetenv("HF_ENDPOINT");
        ::unsetenv("HF_TOKEN");
    }
    ~HubSettingsTest() override {
        ::unsetenv("HF_ENDPOINT");
        ::unsetenv("HF_TOKEN");
    }
    test::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "hub.json", key = folder.path() / "hub.key";
    HubSettingsFile file{path, key};
};

TEST_F(HubSettingsTest, TheUsualHubsWithoutAFile) {
    const auto loaded = file.load();
    EXPECT_TRUE(loaded.problems.empty());
    ASSERT_EQ(loaded.settings.hubs.size(), 2u);
    EXPECT_EQ(loaded.settings.hubs[0].endpoint, hub::huggingFace());
    EXPECT_EQ(loaded.settings.hubs[1].endpoint, hub::modelScope());
}

TEST_F(HubSettingsTest, ComeBackAsTheyWereAndNoSecretLiesOpen) {
    HubSettings settings;
    settings.hubs = {{*hub::parseEndpoint("hf-mirror.com"), "hf_verysecret"},
                     {hub::modelScope(), "ms_alsosecret"}};
    settings.proxy = {hub::ProxySetting::Mode::Socks5, "proxy.example", 1080, "me", "pass_word"};
    settings.bytesPerSecond = 5'000'000;
    ASSERT_TRUE(file.save(settings));
    const auto loaded = file.load();
    EXPECT_TRUE(loaded.problems.empty());
    EXPECT_EQ(loaded.settings, settings);
    const std::string text = test::readText(path);
    for (const char* secret : {"verysecret", "alsosecret", "pass_word"})
        EXPECT_EQ(text.find(secret), std::string::npos);
    struct stat info {};
    ASSERT_EQ(::stat(key.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 077, 0u);
    const auto tokens = loaded.settings.tokens();
    EXPECT_EQ(tokens(QStringLiteral("https://hf-mirror.com:443")), QByteArray("hf_verysecret"));
    EXPECT_EQ(tokens(QStringLiteral("https://huggingface.co:443")), QByteArray());
    EXPECT_EQ(tokens(QStringLiteral("http://hf-mirror.com:80")), QByteArray())
        << "another scheme is another origin";
}

TEST_F(HubSettingsTest, ATokenMovedToAnotherAddressDoesNotOpen) {
    HubSettings settings;
    settings.hubs = {{*hub::parseEndpoint("hf-mirror.com"), "hf_secret"}};
    ASSERT_TRUE(file.save(settings));
    std::string text = test::readText(path);
    text.replace(text.find("hf-mirror.com"), 13, "evil.example");
    std::ofstream(path) << text;
    const auto loaded = file.load();
    ASSERT_EQ(loaded.problems.size(), 1u);
    EXPECT_EQ(loaded.problems[0].code, "hub.token_unreadable");
    EXPECT_TRUE(loaded.settings.hubs.at(0).token.empty());
}

TEST_F(HubSettingsTest, AKeyThatIsGoneLosesTokensOnly) {
    HubSettings settings;
    settings.hubs = {{*hub::parseEndpoint("hf-mirror.com"), "hf_secret"}};
    ASSERT_TRUE(file.save(settings));
    std::filesystem::remove(key);
    const auto loaded = file.load();
    ASSERT_EQ(loaded.problems.size(), 1u);
    EXPECT_EQ(loaded.settings.hubs.at(0).endpoint.url.host(), QStringLiteral("hf-mirror.com"));
}

TEST_F(HubSettingsTest, EveryPersonHasTokensOfTheirOwn) {
    const auto person = [](const char* name) {
        return SecretHolder{name, std::make_shared<security::SealingKey>(*security::SealingKey::generate())};
    };
    HubSettings settings;
    settings.hubs = {{hub::huggingFace(), "hf_fromBefore"}, {hub::modelScope(), ""}};
    ASSERT_TRUE(file.save(settings));
    const auto ann = person("1"), bob = person("2");
    // The first of them to come gets what there was, and then nobody else does.
    HubSettingsFile annsFile{path, key, ann}, bobsFile{path, key, bob};
    const auto hers = annsFile.load();
    EXPECT_TRUE(hers.takenOver);
    EXPECT_EQ(hers.settings, settings);
    ASSERT_TRUE(annsFile.save(hers.settings));
    EXPECT_FALSE(annsFile.load().takenOver);
    EXPECT_EQ(annsFile.load().settings, settings);
    EXPECT_EQ(file.load().settings.hubs[0].token, "");
    auto his = bobsFile.load().settings;
    EXPECT_EQ(his.hubs[0].token, "");
    his.hubs[1].token = "ms_his";
    ASSERT_TRUE(bobsFile.save(his));
    EXPECT_EQ(bobsFile.load().settings, his);
    EXPECT_EQ(annsFile.load().settings, settings) << "saving keeps what others have";
    EXPECT_TRUE(annsFile.load().problems.empty());
    // Somebody else under her name, with another key, gets a named problem and no token.
    const auto forged = HubSettingsFile(path, key, person("1")).load();
    ASSERT_EQ(forged.problems.size(), 1u);
    EXPECT_EQ(forged.problems[0].code, "hub.token_unreadable");
    EXPECT_EQ(forged.settings.hubs[0].token, "");
    // Taken away again.
    his.hubs[1].token.clear();
    ASSERT_TRUE(bobsFile.save(his));
    EXPECT_EQ(bobsFile.load().settings, his);
    EXPECT_EQ(test::readText(path).find("\"2\""), std::string::npos);
}

TEST_F(HubSettingsTest, EveryPersonHasAPasswordOfTheProxy) {
    const auto person = [](const char* name) {
        return SecretHolder{name, std::make_shared<security::SealingKey>(*security::SealingKey::generate())};
    };
    HubSettings settings = file.load().settings;
    settings.proxy = {hub::ProxySetting::Mode::Http, "proxy.example", 8080, "office", "from_before"};
    ASSERT_TRUE(file.save(settings));
    HubSettingsFile ann{path, key, person("1")}, bob{path, key, person("2")};
    const auto hers = ann.load();
    EXPECT_TRUE(hers.takenOver);
    EXPECT_EQ(hers.settings.proxy.password, "from_before");
    ASSERT_TRUE(ann.save(hers.settings));
    EXPECT_FALSE(ann.load().takenOver);
    EXPECT_EQ(file.load().settings.proxy.password, "") << "it is hers now";
    auto his = bob.load().settings;
    EXPECT_EQ(his.proxy.password, "");
    EXPECT_EQ(his.proxy.host, "proxy.example") << "the proxy itself is everybody's";
    his.proxy.password = "of_bob";
    ASSERT_TRUE(bob.save(his));
    EXPECT_EQ(bob.load().settings.proxy.password, "of_bob");
    EXPECT_EQ(ann.load().settings.proxy.password, "from_before");
    const std::string text = test::readText(path);
    EXPECT_EQ(text.find("from_before"), std::string::npos);
    EXPECT_EQ(text.find("of_bob"), std::string::npos);
    // For another proxy nobody's password is any good, and none is sent there.
    his.proxy.host = "other.example";
    ASSERT_TRUE(bob.save(his));
    EXPECT_EQ(bob.load().settings.proxy.password, "of_bob") << "who changes it says it again";
    EXPECT_EQ(ann.load().settings.proxy.password, "");
    EXPECT_TRUE(ann.load().problems.empty());
}

TEST_F(HubSettingsTest, DamagedFilesAreMovedAside) {
    for (const auto& bad :
         {std::string("{"), std::string("[]"), std::string("null"), std::string("{\"version\":2}"),
          std::string("\0\0\0", 3), std::string(100'000, '['),
          std::string("{\"version\":1,\"hubs\":[{\"url\":\"ftp://x\"}]}"),
          std::string(
              "{\"version\":1,\"hubs\":[],\"proxy\":{\"mode\":\"http\",\"host\":\"\",\"port\":0}}")}) {
        std::ofstream(path, std::ios::binary) << bad;
        const auto loaded = file.load();
        ASSERT_EQ(loaded.problems.size(), 1u) << bad.substr(0, 50);
        EXPECT_EQ(loaded.problems[0].code, "hub.settings_damaged");
        EXPECT_EQ(loaded.settings.hubs.size(), 2u);
        EXPECT_TRUE(std::filesystem::exists(path.string() + ".bad"));
    }
}

TEST_F(HubSettingsTest, TheEnvironmentCountsAndIsNotKept) {
    HubSettings settings;
    settings.hubs = {{hub::huggingFace(), "hf_of_huggingface"}, {hub::modelScope(), ""}};
    ASSERT_TRUE(file.save(settings));
    ::setenv("HF_ENDPOINT", "https://hf-mirror.com", 1);
    ::setenv("HF_TOKEN", "hf_environment", 1);
    const auto loaded = file.load();
    ASSERT_EQ(loaded.settings.hubs.size(), 2u);
    EXPECT_EQ(loaded.settings.hubs[0].endpoint.url.host(), QStringLiteral("hf-mirror.com"));
    EXPECT_EQ(loaded.settings.hubs[0].token, "hf_environment") << "never the other hub's token";
    EXPECT_TRUE(loaded.settings.hubs[1].token.empty());
    ASSERT_TRUE(file.save(loaded.settings));
    ::unsetenv("HF_TOKEN");
    EXPECT_TRUE(file.load().settings.hubs[0].token.empty());
    ::unsetenv("HF_ENDPOINT");
    const auto without = file.load();
    ASSERT_EQ(without.settings.hubs.size(), 2u);
    EXPECT_EQ(without.settings.hubs[0].endpoint, hub::huggingFace());
    EXPECT_EQ(without.settings.hubs[0].token, "hf_of_huggingface") << "as it was before";
}

TEST_F(HubSettingsTest, ProxiesThatCannotBe) {
    HubSettings settings = file.load().settings;
    for (const auto& bad : {hub::ProxySetting{hub::ProxySetting::Mode::Http, "", 80, "", ""},
                            hub::ProxySetting{hub::ProxySetting::Mode::Http, "a", 0, "", ""},
                            hub::ProxySetting{hub::ProxySetting::Mode::Socks5, "a", 65536, "", ""},
                            hub::ProxySetting{hub::ProxySetting::Mode::Socks5, "http://a", 1, "", ""}}) {
        settings.proxy = bad;
        EXPECT_EQ(file.save(settings).error().code, "hub.bad_proxy");
    }
}

} // namespace
