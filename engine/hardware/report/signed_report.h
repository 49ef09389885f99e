#pragma once

#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace hearth::security {
class SigningKey;
}

namespace hearth::hardware {

enum class ReportFormat { Json, Html, Markdown, Pdf };

/// The report with a signature of this installation: one line "hearth-signature: ed25519 KEY VALUE" (32 and
/// 64 bytes in lower-case hexadecimal), as the member "signature" of JSON, a comment at the end of HTML,
/// Markdown and PDF. It covers every byte of the file; VALUE counts as zeros. JSON must be an object that is
/// not empty. Errors: crypto.failed, report.malformed.
[[nodiscard]] Result<std::string> signReport(std::string text, ReportFormat format,
                                             const security::SigningKey& key);

/// Whose signature a file bears. That says it was not changed since, and not who the installation belongs to.
struct ReportSignature {
    std::string publicKey;   ///< hexadecimal
    std::string fingerprint; ///< eight groups of four digits, for people
};
/// Errors: report.unsigned (there is no signature), crypto.bad_signature (something was changed),
/// report.malformed (the signature cannot be read).
[[nodiscard]] Result<ReportSignature> verifyReport(std::string_view bytes);

} // namespace hearth::hardware
