#pragma once

#include "engine/workbench/jobs/job_context.h"

namespace hearth::workbench {

/// A Hugging Face folder to a model of the library. A value.
struct ConvertRequest {
    std::string folder, target, type = "F16", name;
};
[[nodiscard]] std::string toJson(const ConvertRequest& request);
/// Errors: jobs.bad_request (arg key).
[[nodiscard]] Result<ConvertRequest> convertRequestFrom(const std::string& json);

/// Converts and takes the result in as version "source". Result: {"version": id, "model": id, "left_out":
/// [names]}. Interrupted, it goes on at the tensor. Progress phase "job.convert". Errors: those of
/// optimize::convertFolder, library.*.
[[nodiscard]] Result<std::string> runConvert(const Job& job, JobContext& context);

} // namespace hearth::workbench
