#pragma once

#include <string>

namespace hearth::runtime {
class LoadedModel;
}

namespace hearth::optimize {

struct EvaluationText;

/// Inside of optimize/measure: tells work with a model on a text from any other (which files, as they are
/// now; which tokens, in chunks of which length), for what an interrupted run has left. Fit for a file's
/// name.
[[nodiscard]] std::string workName(const runtime::LoadedModel& model, const EvaluationText& text);

} // namespace hearth::optimize
