#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/security/audit/audit_log.h"
#include "engine/security/identity/identity.h"
#include "engine/security/privacy/compliance.h"
#include "engine/security/privacy/processing_record.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/store/history.h"
#include "engine/store/transfer.h"

namespace hearth::security {

/// Where what is stored about a person lies. `history` opened with their key; `audit` may be null.
struct PersonSources {
    std::optional<Profile> profile; ///< nullopt = the single person
    store::History* history = nullptr;
    AuditLog* audit = nullptr;
    std::string auditJson; ///< in its place where the log lives in another thread: what exportEntries() wrote
    std::vector<TokenInfo> tokens;
    std::vector<Consent> consents;
    RetentionRules rules;           ///< theirs for how long things stay
    std::vector<UsageCount> counts; ///< behind the figures about use
    std::int64_t nowMs = 0;
};

/// Everything that is stored about a person, for access and portability (GDPR 15 and 20, CCPA 1798.100, PIPL
/// 45): one JSON object "format": "hearth-person", "version": 1, with profile, tokens (never their text),
/// consents, retention rules, usage counts,
/// conversations (each {"in_trash", "draft", "export"}, the last one as exportConversations() writes it,
/// which Hearth reads back), the draft of a chat not yet begun, and what the audit log says that the person
/// did. UTF-8. Errors: store.*, crypto.*, base.cancelled, those of the sink.
[[nodiscard]] Result<void> exportPerson(const PersonSources& sources, const store::TextSink& sink,
                                        std::stop_token stop = {});

/// The same for people to read: a Markdown document in one language, with the versions of the chats that are
/// on screen; the other branches are in the JSON alone. What was typed is escaped, except in the chats, which
/// stay the Markdown that they are. Errors: as above.
[[nodiscard]] Result<void> exportPersonDocument(const PersonSources& sources, RecordLanguage language,
                                                const store::TextSink& sink, std::stop_token stop = {});

} // namespace hearth::security
