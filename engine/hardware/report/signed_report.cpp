#include "engine/hardware/report/signed_report.h"

#include <array>

#include "engine/security/crypto/signature.h"

namespace hearth::hardware {

namespace {

constexpr std::string_view kMark = "hearth-signature: ed25519 ";
constexpr std::size_t kKeyDigits = 2 * sizeof(security::PublicKey),
                      kValueDigits = 2 * sizeof(security::Signature);

/// The mark with the key and room for the value.
std::string lineFor(const security::SigningKey& key) {
    return std::string(kMark) + toHex(key.publicKey()) + " " + std::string(kValueDigits, '0');
}

/// Puts the line at the end of a file of this format. nullopt where JSON does not end with an object.
std::optional<std::string> withLine(std::string text, ReportFormat format, const std::string& line) {
    switch (format) {
    case ReportFormat::Html:
    case ReportFormat::Markdown:
        return text + "<!-- " + line + " -->\n";
    case ReportFormat::Pdf:
        return text + "% " + line + "\n"; // readers look for %%EOF within the last kilobyte
    case ReportFormat::Json:
        break;
    }
    const std::size_t end = text.find_last_not_of(" \t\r\n");
    if (end == std::string::npos || text[end] != '}')
        return std::nullopt;
    const std::size_t last = text.find_last_not_of(" \t\r\n", end - (end > 0));
    if (end == 0 || text[last] == '{')
        return std::nullopt;
    return text.substr(0, last + 1) + ",\n  \"signature\": \"" + line + "\"\n}\n";
}

} // namespace

Result<std::string> signReport(std::string text, ReportFormat format, const security::SigningKey& key) {
    auto whole = withLine(std::move(text), format, lineFor(key));
    if (!whole)
        return fail("report.malformed", "a report in JSON is an object with members");
    HEARTH_TRY(const security::Signature signature, key.sign(security::viewOf(*whole)));
    const std::size_t value = whole->rfind(kMark) + kMark.size() + kKeyDigits + 1;
    whole->replace(value, kValueDigits, toHex(signature));
    return std::move(*whole);
}

Result<ReportSignature> verifyReport(std::string_view bytes) {
    const std::size_t mark = bytes.rfind(kMark);
    if (mark == std::string_view::npos)
        return fail("report.unsigned", "the file has no signature");
    const std::size_t keyAt = mark + kMark.size(), valueAt = keyAt + kKeyDigits + 1;
    if (bytes.size() < valueAt + kValueDigits || bytes[valueAt - 1] != ' ')
        return fail("report.malformed", "the signature is cut off", mark);
    const std::string key(bytes.substr(keyAt, kKeyDigits)), value(bytes.substr(valueAt, kValueDigits));
    security::PublicKey publicKey{};
    security::Signature signature{};
    if (!security::fromHex(key, publicKey) || !security::fromHex(value, signature))
        return fail("report.malformed", "the signature is not written in hexadecimal digits", mark);
    // The value is the only part that is not signed; it has one spelling.
    if (toHex(signature) != value)
        return fail("crypto.bad_signature", "the signature was rewritten", valueAt);
    std::string message(bytes);
    message.replace(valueAt, kValueDigits, kValueDigits, '0');
    HEARTH_CHECK(security::verifySignature(publicKey, security::viewOf(message), signature));
    HEARTH_TRY(std::string fingerprint, security::fingerprint(publicKey));
    return ReportSignature{key, std::move(fingerprint)};
}

} // namespace hearth::hardware
