#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// The profile as JSON; keys are a stable contract (docs/manual.md describes them):
/// cpu.model, cpu.cores, memory.total_bytes, memory.available_bytes, disks[], gpus[], accelerators[],
/// network[], os.name, environment[] (id, name, version, verdict, advice, advice_code, advice_args).
///
/// An unknown field is null, and the object that holds it says why: "unknown": {"speed_mts": "unreadable"}.
/// Withheld fields are left out altogether.
[[nodiscard]] nlohmann::ordered_json toJson(const HardwareProfile& profile);

} // namespace hearth::hardware
