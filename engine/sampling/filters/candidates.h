#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/sampling/sampler.h"

namespace hearth::sampling {

/// A token still in the running. `weight` is its probability among the candidates, up to a common factor,
/// once weigh() has run; `key` is what the running filter orders by.
struct Candidate {
    float logit = 0;
    float weight = 0;
    float key = 0;
    TokenId id = 0;
};

/// The candidates of one step. Filters shorten it; the order is unspecified but the same on every platform.
using Candidates = std::vector<Candidate>;

/// The largest finite logit that is let in: +infinity is clamped to it, so that differences stay finite.
inline constexpr float kMaxLogit = 1e30F;

/// Fills `out` with every token whose logit is a number above −infinity.
void collect(std::span<const float> logits, Candidates& out);

[[nodiscard]] float largestLogit(std::span<const Candidate> candidates);

/// Sets every weight to exp(logit − largest) and returns their sum (at least 1 for a non-empty list).
double weigh(std::span<Candidate> candidates);

/// Moves the `count` candidates with the largest key to the front and drops the others. Equal keys: the
/// smaller id wins. Expected time linear in the number of candidates.
void keepLargest(Candidates& candidates, std::size_t count);

/// Keeps the shortest list of candidates, taken by falling key (then rising id), whose weights add up to at
/// least `mass`; at least one. Expected time linear.
void keepMass(Candidates& candidates, double mass);

} // namespace hearth::sampling
