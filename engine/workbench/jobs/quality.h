#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace hearth::workbench {

/// What was measured of a version: kept as JSON in LibraryVersion::measured. A value. Absent figures were not
/// measured.
struct VersionQuality {
    std::optional<double> perplexity, perplexityError;
    struct Divergence { ///< from the version it was made from, in nats; see optimize::Divergence
        double mean = 0, median = 0, p99 = 0, max = 0, sameTop = 0, rmsDeltaP = 0;
    };
    std::optional<Divergence> divergence;
    std::int64_t reference = 0; ///< that version
    std::string text;           ///< what was evaluated: figures of different texts are not compared
    std::size_t context = 0, tokens = 0;
    std::optional<double> tokensPerSecond; ///< decoding, as it went then
    std::uint64_t memoryBytes = 0; ///< of the loaded model with `memoryContext` positions; 0 = unknown
    std::size_t memoryContext = 0;
    double bitsPerWeight = 0;
    struct Tensor {
        std::string name, from, to;
        double error = 0; ///< Σ(written − source)² / Σ source²
    };
    std::vector<Tensor> tensors; ///< of a version that was quantised here
};

[[nodiscard]] std::string toJson(const VersionQuality& quality);
/// What cannot be read is left out: figures for showing, no input to anything. Never fails.
[[nodiscard]] VersionQuality versionQualityFrom(const std::string& json);

} // namespace hearth::workbench
