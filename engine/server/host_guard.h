#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::server {

/// A Host field, or an entry of the list of allowed ones, taken apart: the name in lower case and without a
/// dot at its end, an IPv6 address without its brackets. nullopt for anything that is neither a name, an
/// address nor one of them with a port.
[[nodiscard]] std::optional<std::string> parseHost(std::string_view field);

/// Whether a text is an origin as browsers send it: "https://app.example:8443", no path. "null" is none.
[[nodiscard]] bool isOrigin(std::string_view text);

/// What keeps web pages from driving the server. A page of another site can make a browser send requests
/// here, and can point its own name at this machine (DNS rebinding); it can neither choose the Host field nor
/// leave out Origin. A value; thread-safe.
class HostGuard {
public:
    HostGuard(std::vector<std::string> allowedHosts, std::vector<std::string> allowedOrigins);

    /// `local` is the address, in digits, that the connection came in at. Allowed are that address itself,
    /// the listed names, and, where the address is loopback, localhost.
    [[nodiscard]] bool allowsHost(std::string_view field, std::string_view local) const;
    /// Listed word for word; the scheme and host are compared without regard to case.
    [[nodiscard]] bool allowsOrigin(std::string_view origin) const;

private:
    std::vector<std::string> m_hosts, m_origins;
};

/// A path with its %XX replaced; nullopt for a bad escape, a control character, or bytes that are not UTF-8.
[[nodiscard]] std::optional<std::string> decodePath(std::string_view path);

} // namespace hearth::server
