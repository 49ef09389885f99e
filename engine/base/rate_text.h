#pragma once

#include <string>

namespace hearth {

/// How many a second, as people read it in a terminal or a report: "31.4", "190", "53,194".
[[nodiscard]] std::string rateText(double perSecond);

} // namespace hearth
