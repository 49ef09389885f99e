// Which hosts and web pages may speak to the server.
#include <gtest/gtest.h>

#include "engine/server/host_guard.h"

namespace hearth::server {
namespace {

TEST(HostGuard, HostsTakenApart) {
    const std::pair<const char*, const char*> good[] = {
        {"localhost", "localhost"},
        {"LocalHost:8080", "localhost"},
        {"a.example.", "a.example"},
        {"127.0.0.1:1", "127.0.0.1"},
        {"[::1]", "::1"},
        {"[::1]:443", "::1"},
        {"::1", "::1"},
    };
    for (const auto& [field, host] : good)
        EXPECT_EQ(parseHost(field), host) << field;
    for (const char* bad : {"", ":80", "a b", "a/b", "a@b", "a:", "a:port", "a:123456", "[::1", "[::1]x",
                            "[::1]:", "[a]", "a\tb", "http://a", "*", ".", "a:1:2", "ä"})
        EXPECT_FALSE(parseHost(bad)) << bad;
    EXPECT_FALSE(parseHost(std::string(300, 'a')));
}

TEST(HostGuard, OnlyThisMachineUnlessNamed) {
    const HostGuard guard({"models.example", "fd00::5"}, {"https://App.example"});
    for (const char* host : {"localhost", "localhost:1", "127.0.0.1:11811", "[::1]:5", "models.example:99",
                             "MODELS.example", "[fd00::5]"})
        EXPECT_TRUE(guard.allowsHost(host, "127.0.0.1")) << host;
    for (const char* host : {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1",
                             "models.example.evil", "", "localhost, evil"})
        EXPECT_FALSE(guard.allowsHost(host, "127.0.0.1")) << host;
    // From the network: its own address and the names, never "localhost".
    EXPECT_TRUE(guard.allowsHost("192.168.1.2:11811", "192.168.1.2"));
    EXPECT_TRUE(guard.allowsHost("models.example", "192.168.1.2"));
    EXPECT_FALSE(guard.allowsHost("localhost", "192.168.1.2"));
    EXPECT_FALSE(guard.allowsHost("192.168.1.3", "192.168.1.2"));
    EXPECT_TRUE(guard.allowsOrigin("https://app.example"));
    for (const char* origin :
         {"http://app.example", "https://app.example:444", "null", "", "https://app.example.evil"})
        EXPECT_FALSE(guard.allowsOrigin(origin)) << origin;
    EXPECT_FALSE(HostGuard({}, {}).allowsOrigin("http://localhost"));
}

TEST(HostGuard, Origins) {
    for (const char* good : {"https://a.example", "http://localhost:3000", "https://[::1]:1"})
        EXPECT_TRUE(isOrigin(good)) << good;
    for (const char* bad :
         {"", "*", "null", "a.example", "file://x", "https://", "https://a/", "https://a/b"})
        EXPECT_FALSE(isOrigin(bad)) << bad;
}

TEST(HostGuard, PathsAreDecodedStrictly) {
    EXPECT_EQ(decodePath("/v1/models/a%20b%3aQ4"), "/v1/models/a b:Q4");
    EXPECT_EQ(decodePath("/..%2fx"), "/../x");
    EXPECT_EQ(decodePath("/%E6%A8%A1"), "/模");
    for (const char* bad : {"%", "%2", "/%zz", "/%00", "/%0a", "/%ff", "/%C0%AF", "/%ED%A0%80", "/a%"})
        EXPECT_FALSE(decodePath(bad)) << bad;
}

} // namespace
} // namespace hearth::server
