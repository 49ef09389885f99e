#pragma once

#include <string>
#include <string_view>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// What a person types, or where they go, to get the thing of this id (EnvironmentItem::id) on that system.
[[nodiscard]] std::string installWords(std::string_view id, OsFamily family);

} // namespace hearth::hardware
