#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "engine/base/error.h"

namespace hearth::server {

/// Whether a certificate and a private key can be served with: both are there, belong together, and the
/// certificate is good today. `now` is Unix seconds; nullopt = the clock. Errors (arg path):
///   server.certificate_missing, server.private_key_missing   no such file, or none was named
///   server.certificate_unreadable, server.private_key_unreadable
///                                          not PEM, or the key wants a password
///   server.certificate_mismatch            the key is another certificate's
///   server.certificate_expired (arg since), server.certificate_early (arg from), both in UTC
[[nodiscard]] Result<void> checkTlsFiles(const std::filesystem::path& certificate,
                                         const std::filesystem::path& privateKey,
                                         std::optional<std::int64_t> now = {});

} // namespace hearth::server
