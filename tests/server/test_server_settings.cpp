// What the server refuses to start with: the six of the thirty bad settings that are about a server, and
// more.
#include <filesystem>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/server/server_settings.h"
#include "engine/server/tls_files.h"
#include "tests/hub/certificates.h"
#include "tests/support/temporary_folder.h"

namespace hearth::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Start : public testing::Test {
protected:
    fs::path file(const char* name, const QByteArray& bytes) const {
        const fs::path path = m_folder.path() / name;
        std::ofstream(path, std::ios::binary) << bytes.toStdString();
        return path;
    }
    /// Settings that other machines could be served with.
    ServerSettings open() const {
        const auto made = test::makeCertificates();
        ServerSettings settings;
        settings.address = "0.0.0.0";
        settings.allowNetwork = true;
        settings.certificate = file("server.pem", made.server);
        settings.privateKey = file("server.key", made.key);
        return settings;
    }
    test::TemporaryFolder m_folder;
};

TEST_F(Start, TheUsualSettingsAreInOrder) {
    const auto usual = checkServer({});
    EXPECT_TRUE(usual) << usual.error().message();
    const auto opened = checkServer(open());
    EXPECT_TRUE(opened) << opened.error().message();
}

TEST_F(Start, EachBadSettingIsNamed) {
    const auto other = test::makeCertificates();
    const auto old = test::makeCertificates({.expired = true});
    struct Row {
        const char* name;
        std::function<void(ServerSettings&)> change;
        const char* code;
        const char* said; ///< part of the detail: the numbers and names
    };
    const std::vector<Row> rows = {
        {"port 0", [](ServerSettings& s) { s.port = 0; }, "server.out_of_range", "port is 0; possible are 1"},
        {"port 65536", [](ServerSettings& s) { s.port = 65'536; }, "server.out_of_range", "65536"},
        {"0.0.0.0 without key", [](ServerSettings& s) { s.keyRequired = false; }, "server.needs_key",
         "0.0.0.0"},
        {"without consent", [](ServerSettings& s) { s.allowNetwork = false; }, "server.needs_consent",
         "0.0.0.0"},
        {"without TLS",
         [](ServerSettings& s) {
             s.certificate.clear();
             s.privateKey.clear();
         },
         "server.needs_tls", "0.0.0.0"},
        {"missing certificate", [](ServerSettings& s) { s.certificate = "/no/such.pem"; },
         "server.certificate_missing", "/no/such.pem"},
        {"no certificate", [](ServerSettings& s) { s.certificate.clear(); }, "server.certificate_missing",
         "private key"},
        {"missing key", [](ServerSettings& s) { s.privateKey = "/no/such.key"; },
         "server.private_key_missing", "/no/such.key"},
        {"no key", [](ServerSettings& s) { s.privateKey.clear(); }, "server.private_key_missing",
         "certificate"},
        {"a folder", [](ServerSettings& s) { s.certificate = "/"; }, "server.certificate_missing", "/"},
        {"certificate mismatch", [&](ServerSettings& s) { s.privateKey = file("other.key", other.key); },
         "server.certificate_mismatch", "other.key"},
        {"expired certificate",
         [&](ServerSettings& s) {
             s.certificate = file("old.pem", old.server);
             s.privateKey = file("old.key", old.key);
         },
         "server.certificate_expired", "has expired on 20"},
        {"no certificate in it",
         [&](ServerSettings& s) { s.certificate = file("text.pem", "this is no certificate\n"); },
         "server.certificate_unreadable", "text.pem"},
        {"no key in it", [&](ServerSettings& s) { s.privateKey = file("text.key", other.server); },
         "server.private_key_unreadable", "text.key"},
        {"empty file", [&](ServerSettings& s) { s.certificate = file("empty.pem", ""); },
         "server.certificate_unreadable", "empty.pem"},
        {"a name for an address", [](ServerSettings& s) { s.address = "localhost"; }, "server.bad_address",
         "localhost"},
        {"no address", [](ServerSettings& s) { s.address.clear(); }, "server.bad_address", "\"\""},
        {"a path for a host", [](ServerSettings& s) { s.allowedHosts = {"a/b"}; }, "server.bad_host", "a/b"},
        {"any origin", [](ServerSettings& s) { s.allowedOrigins = {"*"}; }, "server.bad_origin", "*"},
        {"no sequences", [](ServerSettings& s) { s.sequences = 0; }, "server.out_of_range", "sequences is 0"},
        {"context 1", [](ServerSettings& s) { s.contextTokens = 1; }, "server.out_of_range", "context is 1"},
        {"no body", [](ServerSettings& s) { s.maxBodyKiB = 0; }, "server.out_of_range", "max-body-kib is 0"},
        {"no time", [](ServerSettings& s) { s.headerSeconds = 0; }, "server.out_of_range",
         "header-seconds is 0"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        ServerSettings settings = open();
        row.change(settings);
        const auto checked = checkServer(settings);
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, row.code);
        EXPECT_THAT(checked.error().detail, HasSubstr(row.said));
    }
}

TEST_F(Start, ACertificateThatIsNotGoodYet) {
    const ServerSettings settings = open();
    const auto early = checkTlsFiles(settings.certificate, settings.privateKey, 86'400);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, "server.certificate_early");
    EXPECT_THAT(early.error().arg("from"), HasSubstr("T"));
}

TEST_F(Start, WithoutAKeyOnlyOnThisMachine) {
    ServerSettings settings;
    settings.keyRequired = false;
    for (const char* address : {"127.0.0.1", "127.8.9.1", "::1"}) {
        settings.address = address;
        EXPECT_TRUE(checkServer(settings)) << address;
    }
    for (const char* address : {"0.0.0.0", "192.168.1.2", "::", "fe80::1", "128.0.0.1", "::ffff:10.0.0.1"}) {
        settings.address = address;
        EXPECT_FALSE(checkServer(settings)) << address;
    }
}

} // namespace
} // namespace hearth::server
