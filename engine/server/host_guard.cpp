#include "engine/server/host_guard.h"

#include <algorithm>

#include <arpa/inet.h>

#include "engine/base/ascii.h"
#include "engine/server/server_settings.h"
#include "engine/text/tokenizer/utf8.h"

namespace hearth::server {

namespace {

bool isPort(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isIpv6(const std::string& text) {
    in6_addr address{};
    return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool isName(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.front() != '.' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
           });
}

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

std::optional<std::string> parseHost(std::string_view field) {
    std::string host = lowerAscii(field);
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        if (end == std::string::npos)
            return std::nullopt;
        const std::string rest = host.substr(end + 1);
        if (!rest.empty() && !(rest[0] == ':' && isPort(std::string_view(rest).substr(1))))
            return std::nullopt;
        host = host.substr(1, end - 1);
        return isIpv6(host) ? std::optional(host) : std::nullopt;
    }
    if (isIpv6(host)) // in a list of names it may stand without brackets
        return host;
    if (const auto colon = host.find(':'); colon != std::string::npos) {
        if (!isPort(std::string_view(host).substr(colon + 1)))
            return std::nullopt;
        host.resize(colon);
    }
    if (host.size() > 1 && host.ends_with('.'))
        host.pop_back();
    return isName(host) ? std::optional(host) : std::nullopt;
}

bool isOrigin(std::string_view text) {
    const std::string origin = lowerAscii(text);
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin.starts_with(scheme))
            return parseHost(std::string_view(origin).substr(scheme.size())).has_value();
    return false;
}

HostGuard::HostGuard(std::vector<std::string> allowedHosts, std::vector<std::string> allowedOrigins)
    : m_origins(std::move(allowedOrigins)) {
    for (const std::string& host : allowedHosts)
        if (auto parsed = parseHost(host))
            m_hosts.push_back(std::move(*parsed));
    for (std::string& origin : m_origins)
        origin = lowerAscii(origin);
}

bool HostGuard::allowsHost(std::string_view field, std::string_view local) const {
    const auto host = parseHost(field);
    if (!host)
        return false;
    if (*host == local || std::find(m_hosts.begin(), m_hosts.end(), *host) != m_hosts.end())
        return true;
    return isLoopback(std::string(local)) && (*host == "localhost" || isLoopback(*host));
}

bool HostGuard::allowsOrigin(std::string_view origin) const {
    return std::find(m_origins.begin(), m_origins.end(), lowerAscii(origin)) != m_origins.end();
}

std::optional<std::string> decodePath(std::string_view path) {
    std::string out;
    for (std::size_t i = 0; i < path.size(); ++i) {
        char c = path[i];
        if (c == '%') {
            const int high = i + 2 < path.size() ? hexDigit(path[i + 1]) : -1;
            const int low = high >= 0 ? hexDigit(path[i + 2]) : -1;
            if (low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return std::nullopt;
        out += c;
    }
    return text::isUtf8(out) ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace hearth::server
