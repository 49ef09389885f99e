#pragma once

#include <filesystem>
#include <string_view>

#include "engine/base/error.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::cli {

/// Passwords and recovery keys from a person, never from the command line or the environment: typed at the
/// terminal without being shown, or one per line on the standard input. Confined to the main thread.
class SecretReader {
public:
    explicit SecretReader(bool fromStandardInput) : m_fromStandardInput(fromStandardInput) {}

    /// Errors: usage.no_terminal (there is none; use --password-stdin), usage.no_secret (the input ended, or
    /// more than 4096 bytes in a line), base.cancelled (Ctrl+D).
    [[nodiscard]] Result<security::SecureBytes> read(std::string_view prompt) const;
    /// Twice at a terminal. Errors: usage.secrets_differ too.
    [[nodiscard]] Result<security::SecureBytes> readNew(std::string_view prompt) const;
    [[nodiscard]] bool atTerminal() const { return !m_fromStandardInput; }

private:
    bool m_fromStandardInput;
};

/// A key for programs: the first word of the file. Errors: file.not_found (arg path).
[[nodiscard]] Result<security::SecureBytes> readKeyFile(const std::filesystem::path& file);

} // namespace hearth::cli
