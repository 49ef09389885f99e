#include "engine/base/rate_text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace hearth {

std::string rateText(double perSecond) {
    std::array<char, 352> text{}; // any double has room
    std::snprintf(text.data(), text.size(), perSecond < 99.95 ? "%.1f" : "%.0f", perSecond);
    std::string out = text.data();
    if (perSecond >= 999.5 && std::isfinite(perSecond))
        for (std::size_t at = out.size(); at > 3;)
            out.insert(at -= 3, 1, ',');
    return out;
}

} // namespace hearth
