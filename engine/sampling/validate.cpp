#include <cmath>
#include <cstdio>

#include "engine/sampling/sampler.h"
#include "engine/sampling/sampling_ranges.h"

namespace hearth::sampling {

namespace {

std::string text(double value) {
    char buffer[40];
    std::snprintf(buffer, sizeof buffer, "%.9g", value);
    return buffer;
}

tl::unexpected<Error> outOfRange(std::string_view field, double value, double minimum, double maximum) {
    return tl::unexpected<Error>(Error{"sampling.out_of_range", std::string(field) + " = " + text(value) +
                                                                    " is outside [" + text(minimum) + ", " +
                                                                    text(maximum) + "]"}
                                     .with("field", std::string(field))
                                     .with("value", text(value))
                                     .with("minimum", text(minimum))
                                     .with("maximum", text(maximum)));
}

template <class T>
Result<void> check(std::string_view field, T value) {
    const FieldRange& range = *fieldRange(field);
    const auto number = static_cast<double>(value);
    if (!(number >= range.minimum && number <= range.maximum)) // NaN fails as well
        return outOfRange(field, number, range.minimum, range.maximum);
    return {};
}

Result<void> checkSize(std::string_view field, std::size_t size, std::size_t minimum, std::size_t maximum) {
    if (size < minimum || size > maximum)
        return outOfRange(field, static_cast<double>(size), static_cast<double>(minimum),
                          static_cast<double>(maximum));
    return {};
}

} // namespace

Result<void> SamplingParams::validate() const {
    HEARTH_CHECK(check("temperature", temperature));
    HEARTH_CHECK(check("topK", topK));
    HEARTH_CHECK(check("topP", topP));
    HEARTH_CHECK(check("minP", minP));
    HEARTH_CHECK(check("typicalP", typicalP));
    HEARTH_CHECK(check("repetitionPenalty", repetitionPenalty));
    HEARTH_CHECK(check("frequencyPenalty", frequencyPenalty));
    HEARTH_CHECK(check("presencePenalty", presencePenalty));
    HEARTH_CHECK(check("penaltyWindow", penaltyWindow));
    HEARTH_CHECK(check("dryMultiplier", dryMultiplier));
    HEARTH_CHECK(check("dryBase", dryBase));
    HEARTH_CHECK(check("dryAllowedLength", dryAllowedLength));
    HEARTH_CHECK(check("dryWindow", dryWindow));
    HEARTH_CHECK(checkSize("dryBreakers", dryBreakers.size(), 0, kMaxDryBreakers));
    for (const auto& breaker : dryBreakers)
        HEARTH_CHECK(checkSize("dryBreakers.length", breaker.size(), 1, kMaxDryBreakerLength));
    HEARTH_CHECK(check("mirostatTau", mirostatTau));
    HEARTH_CHECK(check("mirostatEta", mirostatEta));
    HEARTH_CHECK(checkSize("logitBias.count", logitBias.size(), 0, kMaxLogitBiases));
    for (const auto& [token, bias] : logitBias) {
        if (token < 0)
            return outOfRange("logitBias.token", token, 0, 2147483647.0);
        HEARTH_CHECK(check("logitBias", bias));
    }
    HEARTH_CHECK(check("logProbs", logProbs));
    return {};
}

} // namespace hearth::sampling
