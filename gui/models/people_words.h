#pragma once

#include <QString>

#include "engine/security/identity/identity.h"

namespace hearth::gui::people_words {

/// What the engine's names of roles, actions and things are called on the pages, translated.
[[nodiscard]] QString role(security::Role role);
[[nodiscard]] QString roleExplained(security::Role role); ///< one sentence: what this role is for
[[nodiscard]] QString action(security::Action action);
[[nodiscard]] QString resource(security::Resource resource);
[[nodiscard]] QString scope(security::Scope scope);
[[nodiscard]] QString tokenScope(security::TokenScope scope);

} // namespace hearth::gui::people_words
