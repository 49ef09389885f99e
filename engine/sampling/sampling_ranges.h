#pragma once

#include <array>
#include <string_view>

namespace hearth::sampling {

/// What one numeric field of SamplingParams accepts: the single source for validate(), sliders and the checks
/// of command lines and requests. `name` is the field's name in SamplingParams and in errors. A slider runs
/// from usualMinimum to usualMaximum; values between that and the hard bounds can be typed.
struct FieldRange {
    std::string_view name;
    double minimum;
    double maximum;
    double defaultValue;
    double usualMinimum;
    double usualMaximum;
    double step; ///< of a slider; 1 for whole numbers
    bool integer;
};

/// 2^64 − 1 rounded to double: the seed is checked by its type.
inline constexpr double kMaxSeed = 18446744073709551615.0;

inline constexpr std::array kFieldRanges{
    FieldRange{"temperature", 0, 10, 0.8, 0, 2, 0.05, false},
    FieldRange{"topK", 0, 1'000'000, 40, 0, 200, 1, true},
    FieldRange{"topP", 0, 1, 0.95, 0, 1, 0.01, false},
    FieldRange{"minP", 0, 1, 0.05, 0, 0.5, 0.01, false},
    FieldRange{"typicalP", 0, 1, 1, 0, 1, 0.01, false},
    FieldRange{"repetitionPenalty", 0.1, 10, 1, 0.8, 2, 0.01, false},
    FieldRange{"frequencyPenalty", -2, 2, 0, -2, 2, 0.05, false},
    FieldRange{"presencePenalty", -2, 2, 0, -2, 2, 0.05, false},
    FieldRange{"penaltyWindow", -1, 10'000'000, 64, -1, 4096, 1, true},
    FieldRange{"dryMultiplier", 0, 10, 0, 0, 2, 0.05, false},
    FieldRange{"dryBase", 1, 10, 1.75, 1, 4, 0.05, false},
    FieldRange{"dryAllowedLength", 1, 10'000, 2, 1, 20, 1, true},
    FieldRange{"dryWindow", -1, 10'000'000, -1, -1, 4096, 1, true},
    FieldRange{"mirostatTau", 0, 30, 5, 0, 10, 0.1, false},
    FieldRange{"mirostatEta", 0, 1, 0.1, 0, 1, 0.01, false},
    FieldRange{"logitBias", -100, 100, 0, -100, 100, 1, false},
    FieldRange{"seed", 0, kMaxSeed, 0, 0, 4294967295.0, 1, true},
    FieldRange{"logProbs", 0, 100, 0, 0, 20, 1, true},
};

/// Bounds on the lists, which have no slider.
inline constexpr std::size_t kMaxLogitBiases = 10'000;
inline constexpr std::size_t kMaxDryBreakers = 1'000;
inline constexpr std::size_t kMaxDryBreakerLength = 64;

/// The range of a field, or nullptr for an unknown name.
[[nodiscard]] constexpr const FieldRange* fieldRange(std::string_view name) {
    for (const FieldRange& range : kFieldRanges)
        if (range.name == name)
            return &range;
    return nullptr;
}

} // namespace hearth::sampling
