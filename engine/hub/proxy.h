#pragma once

#include <string>

#include "engine/base/error.h"

namespace hearth::hub {

struct HttpOptions;

/// How the person reaches the network.
struct ProxySetting {
    enum class Mode { System, None, Http, Socks5 };
    Mode mode = Mode::System; ///< what the system and the environment say
    std::string host;
    int port = 0; ///< 1…65535 for Http and Socks5
    std::string user, password;

    [[nodiscard]] bool operator==(const ProxySetting&) const = default;
};

/// Errors: hub.bad_proxy (a host or port that cannot be).
[[nodiscard]] Result<void> checkProxy(const ProxySetting& proxy);
void applyProxy(HttpOptions& options, const ProxySetting& proxy);

} // namespace hearth::hub
