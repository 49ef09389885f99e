#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void topP(Candidates& candidates, float p) {
    if (p >= 1.0F)
        return;
    const double sum = weigh(candidates);
    for (Candidate& c : candidates)
        c.key = c.logit;
    keepMass(candidates, sum * static_cast<double>(p));
}

} // namespace hearth::sampling
