#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/hardware/measure/measurement.h"

namespace hearth::hardware {

/// A measurement as JSON, the "measured" part of a hardware report: read_bandwidth_gbps (all threads), isa,
/// threads, bandwidth[], caches[], kernels[], attention[], step, disks[], conditions. Units are in the names.
[[nodiscard]] nlohmann::ordered_json toJson(const Measurement& measurement);

/// Back. Unknown members are passed over, missing ones keep their defaults, so that files of older and newer
/// versions can be read. Errors: measurement.malformed.
[[nodiscard]] Result<Measurement> measurementFromJson(const nlohmann::ordered_json& json);

} // namespace hearth::hardware
