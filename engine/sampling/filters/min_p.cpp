#include <cmath>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void minP(Candidates& candidates, float p) {
    if (p <= 0.0F)
        return;
    const float floor = largestLogit(candidates) + std::log(p);
    std::erase_if(candidates, [floor](const Candidate& c) { return c.logit < floor; });
}

} // namespace hearth::sampling
