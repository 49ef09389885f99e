#pragma once

#include <string>

#include "engine/security/audit/audit_log.h"
#include "engine/security/crypto/digest.h"

/// How entries are hashed and the head is written; for this folder only.
namespace hearth::security {

/// SHA-256 of the hash before (32 zero bytes for the first), the number, the time, the actor, the outcome
/// (each as little-endian 64 bits) and the texts action, object, reason (each behind its length as 64 bits).
[[nodiscard]] Result<Digest> hashOf(const AuditEntry& entry, ByteView before);

/// What a signature covers: "hearth audit entry 1" and the hash.
[[nodiscard]] std::string signedText(ByteView hash);

struct AuditHead {
    std::int64_t count = 0;
    Digest hash{};
};
/// Lines: "hearth audit head 1", count, hash, signature of the lines before.
[[nodiscard]] Result<std::string> headText(const AuditHead& head, const SigningKey& key);
/// nullopt when it is not a head that `key` signed.
[[nodiscard]] std::optional<AuditHead> parseHead(std::string_view text, const PublicKey& key);

/// An entry as a line of CSV, or a JSON object.
[[nodiscard]] std::string auditLine(const AuditEntry& entry, AuditFormat format);

} // namespace hearth::security
