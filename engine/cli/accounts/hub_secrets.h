#pragma once

#include "engine/base/error.h"
#include "engine/cli/accounts/model_gate.h"
#include "engine/workbench/hub/hub_settings.h"

namespace hearth::cli {

/// Whose tokens and proxy password a command takes to hubs: those of who signed in through the gate, else the
/// installation's. After one of the gate's questions. Errors: identity.*, crypto.*.
[[nodiscard]] Result<workbench::SecretHolder> hubSecretsOf(ModelGate& gate);

} // namespace hearth::cli
