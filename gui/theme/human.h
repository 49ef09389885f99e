#pragma once

#include <cstdint>

#include <QString>

namespace hearth::gui {

/// Quantities as people read them. Units of bytes are decimal (1 GB = 10^9 bytes), as on disk boxes and in
/// model catalogues. Three significant figures; a narrow no-break space groups thousands.
[[nodiscard]] QString humanBytes(std::uint64_t bytes);      ///< "2.38 GB"
[[nodiscard]] QString humanCount(std::uint64_t count);      ///< "8 192"
[[nodiscard]] QString humanRate(double perSecond);          ///< tokens a second: "31.4", "190", "53 194"
[[nodiscard]] QString humanParameters(std::uint64_t count); ///< "4.02 B", "260 K"; English and Chinese alike
/// Length of time, translated: "0.18 s", "46 s", "3 min", "2 h 5 min".
[[nodiscard]] QString humanDuration(double seconds);

} // namespace hearth::gui
