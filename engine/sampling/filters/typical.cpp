#include <cmath>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void typical(Candidates& candidates, float p) {
    if (p >= 1.0F)
        return;
    const double sum = weigh(candidates);
    const double logSum = std::log(sum);
    const float largest = largestLogit(candidates);
    const auto surprise = [&](const Candidate& c) { return logSum - static_cast<double>(c.logit - largest); };
    double entropy = 0;
    for (const Candidate& c : candidates)
        if (c.weight > 0)
            entropy += static_cast<double>(c.weight) / sum * surprise(c);
    for (Candidate& c : candidates)
        c.key = -static_cast<float>(std::abs(surprise(c) - entropy));
    keepMass(candidates, sum * static_cast<double>(p));
}

} // namespace hearth::sampling
