#pragma once

#include <string>

#include "engine/base/error.h"
#include "engine/workbench/server_settings.h"

namespace hearth::server {

using workbench::ServerSettings;

/// Whether the server may be started so. Looks at the files of the certificate; the port is found busy only
/// by listening. Errors:
///   server.bad_address (arg address)           not an address in digits
///   server.out_of_range (args field, value, min, max)
///   server.needs_consent, server.needs_key, server.needs_tls (arg address)
///                                              other machines can reach this address
///   server.bad_host (arg host), server.bad_origin (arg origin)
///   those of checkTlsFiles()
[[nodiscard]] Result<void> checkServer(const ServerSettings& settings);

/// Whether only this machine can reach an address in digits (127.0.0.0/8, ::1).
[[nodiscard]] bool isLoopback(const std::string& address);

[[nodiscard]] inline bool usesTls(const ServerSettings& settings) {
    return !settings.certificate.empty() || !settings.privateKey.empty();
}

} // namespace hearth::server
