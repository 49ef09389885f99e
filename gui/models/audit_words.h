#pragma once

#include <functional>
#include <string>

#include <QString>

#include "engine/security/audit/audit_log.h"

namespace hearth::gui::audit_words {

/// What the log's names and notes are called on the page, in the language in force. The log itself is the
/// same in every language; what is not known here is shown as it stands there.

/// "sign-in", "model.use".
[[nodiscard]] QString action(const std::string& action);
[[nodiscard]] QString outcome(security::Outcome outcome);

/// A kind of data with a rule for how long it stays, by its name: "trash".
[[nodiscard]] QString kept(const QString& name);

/// What an entry is about ("profile 3 to auditor", "model /models/a.gguf"); `who` names profiles by number.
[[nodiscard]] QString about(const std::string& object,
                            const std::function<QString(security::ProfileId)>& who);

} // namespace hearth::gui::audit_words
