#pragma once

#include <filesystem>
#include <vector>

#include "engine/optimize/train/topics.h"

namespace hearth::test {

/// A model of a few thousand parameters that has learnt four topics in both languages by heart, under the
/// Guide's name. Trained once in a program, which takes a few seconds; its files go with the program.
struct TinyGuide {
    std::filesystem::path folder, model; ///< Q8_0
    /// What it was taught, the held-out phrasing replaced by one that it knows: it answers all of them right.
    std::vector<optimize::Topic> topics;
};
[[nodiscard]] const TinyGuide& tinyGuide();

} // namespace hearth::test
