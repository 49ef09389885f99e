#pragma once

#include <CLI/CLI.hpp>

#include "engine/base/error.h"
#include "engine/cli/accounts/session.h"
#include "engine/security/privacy/compliance.h"
#include "engine/workbench/privacy_office.h"

namespace hearth::cli {

/// Of "privacy retention": --trash-days and so on, one for each kind with a rule.
struct RetentionOptions {
    security::RetentionRules days; ///< 0 = without limit
    bool keep = false, yes = false;
    void addTo(CLI::App& command);
};

/// Without days shows the rules that hold. With them shows what is older, with --yes deletes that, and with
/// --keep makes them the rules. Errors: usage.bad_days, those of PrivacyOffice and Retention.
[[nodiscard]] Result<void> keepRules(AccountsSession& session, workbench::PrivacyOffice& office,
                                     const RetentionOptions& options);

} // namespace hearth::cli
