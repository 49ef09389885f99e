#pragma once

#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/optimize/measure/evaluation_text.h"
#include "engine/optimize/quantize/importance.h"

namespace hearth::optimize {

/// Evaluates the text and gathers, at every product with a weight matrix, the squares of the inputs by
/// column: the importance matrix that quantizeFile() weighs errors with. The result's `datasets` is empty;
/// the caller knows where the text came from. Best taken from the model as it was before quantising (any type
/// works).
///
/// Confined to the engine thread, like every use of a loaded model. Progress phase "calibrate", in chunks.
/// Errors: model.*, base.cancelled.
[[nodiscard]] Result<ImportanceMatrix> gatherImportance(runtime::LoadedModel& model,
                                                        const EvaluationText& text, std::stop_token stop = {},
                                                        const ProgressSink& progress = {});

} // namespace hearth::optimize
