#pragma once

#include <cstdint>
#include <functional>

#include "engine/base/error.h"

namespace hearth::security {

/// Where uniformly random 64-bit words come from.
using RandomWords = std::function<Result<std::uint64_t>()>;
/// OpenSSL's generator, in blocks.
[[nodiscard]] RandomWords systemRandomWords();

/// An integer X with P[X = x] proportional to exp(−|x|·numerator/denominator): the noise that makes a count
/// with sensitivity s differentially private with ε = s·numerator/denominator. Exact: integers and rejection
/// only, no floating point, whose rounding gives away what the noise should hide (Canonne, Kamath, Steinke:
/// The Discrete Gaussian for Differential Privacy, 2020, algorithms 1 and 2). numerator ≥ 1, 1 ≤ denominator
/// ≤ 2^31. The time it takes depends on the noise, not on what it is added to. Errors: privacy.bad_epsilon,
/// those of `words`.
[[nodiscard]] Result<std::int64_t> discreteLaplace(std::uint64_t numerator, std::uint64_t denominator,
                                                   const RandomWords& words);

/// Uniform in [0, below), below ≥ 1.
[[nodiscard]] Result<std::uint64_t> uniformBelow(std::uint64_t below, const RandomWords& words);

} // namespace hearth::security
