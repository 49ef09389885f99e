#include <cmath>
#include <numbers>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

void mirostatTruncate(Candidates& candidates, double mu) {
    // −log2 p > mu  ⇔  logit < largest + ln(sum) − mu·ln 2, and the likeliest token always stays.
    const double sum = weigh(candidates);
    const float largest = largestLogit(candidates);
    const double floor = static_cast<double>(largest) + std::log(sum) - mu * std::numbers::ln2;
    std::erase_if(candidates, [&](const Candidate& c) {
        return c.logit < largest && static_cast<double>(c.logit) < floor;
    });
}

double mirostatUpdate(double mu, double surprise, double tau, double eta) {
    return mu - eta * (surprise - tau);
}

} // namespace hearth::sampling
