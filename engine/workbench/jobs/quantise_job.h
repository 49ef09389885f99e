#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/optimize/quantize/plan.h"
#include "engine/workbench/jobs/job_context.h"

namespace hearth::optimize {
class ImportanceMatrix;
}

namespace hearth::workbench {

/// What is to be made of a version. A value.
struct QuantiseRequest {
    LibraryId source = 0;
    std::string mix = "Q4_K_M";    ///< when there is no budget
    std::uint64_t budgetBytes = 0; ///< of the file; 0 = by the mix
    /// Tensor name and type: what the person chose, before mix and budget.
    std::vector<std::pair<std::string, std::string>> types;
    std::string calibration = "builtin"; ///< "none", "builtin", or the path of a text file
    std::string target;                  ///< path of the file to write
    std::string label;                   ///< of the new version; "" = of the plan
    bool allowLossySource = false;
    bool measure = true;    ///< compare with the source afterwards
    std::size_t chunks = 0; ///< of the texts at most, 0 = the usual number
};

[[nodiscard]] std::string toJson(const QuantiseRequest& request);
/// Errors: jobs.bad_request (arg key).
[[nodiscard]] Result<QuantiseRequest> quantiseRequestFrom(const std::string& json);

/// A path in the library's folder `folder` that is free, named after model and label. `promised`: paths that
/// jobs which have not run yet will write.
[[nodiscard]] std::filesystem::path freeTarget(const std::filesystem::path& folder, const std::string& model,
                                               const std::string& label,
                                               std::span<const std::string> promised = {});

/// The types that the request leads to, for the per-tensor editor. A budget is measured tensor by tensor
/// (progress phase "job.plan"). Errors: gguf.*, quantize.*, base.cancelled.
[[nodiscard]] Result<optimize::QuantizePlan> planFor(const QuantiseRequest& request,
                                                     const std::filesystem::path& source,
                                                     const optimize::ImportanceMatrix* importance,
                                                     std::size_t threads, std::stop_token stop = {},
                                                     const ProgressSink& progress = {});

struct MixBits {
    std::string_view mix; ///< a name of format::quantMixes()
    double bitsPerWeight; ///< of all tensors of the file together
};
/// What each preset mix would come to for this file, by its table of contents alone. Errors: gguf.*.
[[nodiscard]] Result<std::vector<MixBits>> bitsOfMixes(const std::filesystem::path& source);

/// Calibrates, plans, quantises, takes the result into the library with its lineage, measures source and
/// result. An interrupted run goes on at the step where it was, within calibrating at the chunk and within
/// quantising at the tensor; the calibration's matrix is kept in the scratch folder. Returns the result's
/// JSON: {"version": id}. Errors: library.*, jobs.bad_request, those of optimize/quantize and
/// optimize/measure, file.*, base.cancelled.
[[nodiscard]] Result<std::string> runQuantise(const Job& job, JobContext& context);

/// The built-in text in two parts that no chunk shares: what calibrates must not be what judges.
[[nodiscard]] std::string_view calibrationPart();
[[nodiscard]] std::string_view evaluationPart();

} // namespace hearth::workbench
