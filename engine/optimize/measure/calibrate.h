#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/optimize/measure/evaluation_text.h"
#include "engine/optimize/quantize/importance.h"

namespace hearth::optimize {

/// Where a calibration keeps what it has gathered, so that after a stop, an error or a kill the same one goes
/// on from there and ends in the same matrix. Another model, text or chunk length begins anew, as does a file
/// that is damaged.
struct CalibrationKeep {
    std::filesystem::path file; ///< of this calibration alone; the caller removes it when the matrix is safe
    /// How much work a kill may cost beside the chunk in hand. The first chunk is always kept, and writing
    /// takes a twentieth of the time at most. 0 = every chunk is kept.
    std::chrono::milliseconds every{2000};
    std::size_t resumedChunks = 0; ///< out: that an earlier run had left
};

/// Evaluates the text and gathers, at every product with a weight matrix, the squares of the inputs by
/// column: the importance matrix that quantizeFile() weighs errors with. The result's `datasets` is empty;
/// the caller knows where the text came from. Best taken from the model as it was before quantising (any type
/// works).
///
/// Confined to the engine thread, like every use of a loaded model. Progress phase "calibrate", in chunks.
/// `keep` may be null. Errors: model.*, base.cancelled, of keeping file.*.
[[nodiscard]] Result<ImportanceMatrix> gatherImportance(runtime::LoadedModel& model,
                                                        const EvaluationText& text, std::stop_token stop = {},
                                                        const ProgressSink& progress = {},
                                                        CalibrationKeep* keep = nullptr);

} // namespace hearth::optimize
