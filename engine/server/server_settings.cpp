#include "engine/server/server_settings.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <arpa/inet.h>

#include "engine/server/host_guard.h"
#include "engine/server/tls_files.h"
#include "engine/workbench/settings.h"

namespace hearth::server {

namespace {

Result<void> inRange(const char* field, std::size_t value, std::size_t min, std::size_t max) {
    if (value >= min && value <= max)
        return {};
    return tl::unexpected<Error>(
        Error{"server.out_of_range", std::string(field) + " is " + std::to_string(value) + "; possible are " +
                                         std::to_string(min) + " to " + std::to_string(max)}
            .with("field", field)
            .with("value", std::to_string(value))
            .with("min", std::to_string(min))
            .with("max", std::to_string(max)));
}

Result<void> checkRanges(const ServerSettings& settings) {
    using S = ServerSettings;
    HEARTH_CHECK(inRange("port", settings.port, 1, S::kMaxPort));
    HEARTH_CHECK(inRange("sequences", settings.sequences, 1, S::kMaxSequences));
    if (settings.contextTokens != 0)
        HEARTH_CHECK(inRange("context", settings.contextTokens, workbench::Settings::kMinContext,
                             workbench::Settings::kMaxContext));
    HEARTH_CHECK(inRange("max-body-kib", settings.maxBodyKiB, S::kMinBodyKiB, S::kMaxBodyKiB));
    HEARTH_CHECK(inRange("connections", settings.maxConnections, 1, S::kMaxConnections));
    HEARTH_CHECK(inRange("header-seconds", settings.headerSeconds, 1, S::kMaxSeconds));
    HEARTH_CHECK(inRange("body-seconds", settings.bodySeconds, 1, S::kMaxSeconds));
    return inRange("idle-seconds", settings.idleSeconds, 1, S::kMaxSeconds);
}

tl::unexpected<Error> open(const char* code, const std::string& address, const char* what) {
    return tl::unexpected<Error>(
        Error{code, "other machines can reach " + address + ", " + what}.with("address", address));
}

} // namespace

bool isLoopback(const std::string& address) {
    in_addr four{};
    if (::inet_pton(AF_INET, address.c_str(), &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    if (::inet_pton(AF_INET6, address.c_str(), &six) != 1)
        return false;
    // 127.0.0.0/8 written as an IPv6 address counts as well.
    return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
}

Result<void> checkServer(const ServerSettings& settings) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (::inet_pton(AF_INET, settings.address.c_str(), bytes.data()) != 1 &&
        ::inet_pton(AF_INET6, settings.address.c_str(), bytes.data()) != 1)
        return tl::unexpected<Error>(
            Error{"server.bad_address", "\"" + settings.address + "\" is not an address in digits"}.with(
                "address", settings.address));
    HEARTH_CHECK(checkRanges(settings));
    for (const std::string& host : settings.allowedHosts)
        if (!parseHost(host))
            return tl::unexpected<Error>(
                Error{"server.bad_host", "\"" + host + "\" is not a host's name"}.with("host", host));
    for (const std::string& origin : settings.allowedOrigins)
        if (!isOrigin(origin))
            return tl::unexpected<Error>(
                Error{"server.bad_origin", "\"" + origin + "\" is not the origin of a web page"}.with(
                    "origin", origin));
    if (!isLoopback(settings.address)) {
        if (!settings.allowNetwork)
            return open("server.needs_consent", settings.address, "and nobody has agreed to that");
        if (!settings.keyRequired)
            return open("server.needs_key", settings.address, "so it cannot be without a key");
        if (!usesTls(settings))
            return open("server.needs_tls", settings.address, "so it cannot be without encryption (TLS)");
    }
    if (usesTls(settings))
        return checkTlsFiles(settings.certificate, settings.privateKey);
    return {};
}

} // namespace hearth::server
