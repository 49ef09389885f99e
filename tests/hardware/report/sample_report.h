#pragma once

#include <nlohmann/json.hpp>

#include "engine/hardware/report/report.h"

namespace hearth::test {

/// A made-up machine with everything that a report can have, built by the code that builds real ones.
[[nodiscard]] const hardware::ReportContent& sampleContent();
[[nodiscard]] const nlohmann::ordered_json& sampleReport();

} // namespace hearth::test
