#pragma once

#include <functional>
#include <vector>

#include <QString>

#include "engine/sampling/sampler.h"

namespace hearth::gui {

/// One number among the sampling parameters: where it stands, what it is called and when it counts. Its range
/// is that of sampling_ranges.h.
struct SamplingField {
    const char* name; ///< in SamplingParams and sampling_ranges.h
    std::function<double(const sampling::SamplingParams&)> get;
    std::function<void(sampling::SamplingParams&, double)> set;
    std::function<QString()> title, explanation;
    /// Whether it has any effect beside the others' values; a field without one is not shown.
    bool (*counts)(const sampling::SamplingParams&);
};

/// All that the panel shows, in the order of the chain.
[[nodiscard]] std::vector<SamplingField> samplingFields();

} // namespace hearth::gui
