#include <algorithm>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void temperature(Candidates& candidates, float temperature) {
    if (temperature == 1.0F)
        return;
    const float largest = largestLogit(candidates);
    for (Candidate& c : candidates)
        c.logit = std::max((c.logit - largest) / temperature, -kMaxLogit);
}

} // namespace hearth::sampling
