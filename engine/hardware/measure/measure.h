#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/hardware/measure/measurement.h"
#include "engine/hardware/probe/probe.h"

namespace hearth {
class ThreadPool;
}

namespace hearth::hardware {

struct MeasureOptions {
    bool quick = false;      ///< the common weight types only, shorter slices: about 4 s instead of 20
    std::size_t threads = 0; ///< most threads; 0 = one per usable physical core
    std::vector<ProbedFolder> folders = {}; ///< a file of up to 256 MiB is written to and removed from each
    std::string fingerprint = {}, version = {}; ///< noted in the result
};

/// Measures this machine with the engine's own kernels. Progress phases: measure.memory, measure.caches,
/// measure.kernels, measure.attention, measure.disk, counted over the whole (done of total, in steps). A stop
/// takes effect within one slice (below 0.2 s) and leaves no file. Folders that cannot be written to or are
/// short of space are left out of the result. Uses up to a quarter of the available memory, at most 1 GiB.
/// Blocks; confined to one thread, never the GUI's.
/// Errors: kernels.unknown_isa, kernels.isa_unavailable, kernels.out_of_memory, base.cancelled.
[[nodiscard]] Result<Measurement> measure(const MeasureOptions& options, std::stop_token stop = {},
                                          const ProgressSink& progress = {});

} // namespace hearth::hardware
