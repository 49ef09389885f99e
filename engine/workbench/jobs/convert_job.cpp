#include "engine/workbench/jobs/convert_job.h"

#include <nlohmann/json.hpp>

#include "engine/base/thread_pool.h"
#include "engine/optimize/convert/convert.h"

namespace hearth::workbench {

namespace {
using nlohmann::ordered_json;
} // namespace

std::string toJson(const ConvertRequest& request) {
    return ordered_json{{"folder", request.folder},
                        {"target", request.target},
                        {"type", request.type},
                        {"name", request.name}}
        .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

Result<ConvertRequest> convertRequestFrom(const std::string& json) {
    const auto object = ordered_json::parse(json, nullptr, false);
    ConvertRequest out;
    const std::pair<const char*, std::string*> fields[]{
        {"folder", &out.folder}, {"target", &out.target}, {"type", &out.type}, {"name", &out.name}};
    for (const auto& [key, field] : fields) {
        if (!object.is_object() || !object.contains(key) || !object[key].is_string())
            return badRequest(key);
        *field = object[key].get<std::string>();
    }
    return out;
}

Result<std::string> runConvert(const Job& job, JobContext& context) {
    HEARTH_TRY(const auto request, convertRequestFrom(job.request));
    const auto type = dtypeFromName(request.type);
    if (!type)
        return tl::unexpected<Error>(
            Error{"convert.unsupported_type", request.type + " is no weight type"}.with("type",
                                                                                        request.type));
    ThreadPool pool(context.threads);
    const std::filesystem::path target = request.target;
    std::error_code error;
    std::filesystem::create_directories(target.parent_path(), error);
    HEARTH_TRY(const auto report,
               optimize::convertFolder(request.folder, target,
                                       {*type, request.name, optimize::Unfinished::Keep}, pool, context.stop,
                                       as("job.convert", context.progress)));
    const auto added = context.library.add({.path = target,
                                            .mode = FileMode::Made,
                                            .origin = "converted",
                                            .source = request.folder,
                                            .licence = {},
                                            .name = request.name,
                                            .label = request.type,
                                            .job = job.id,
                                            .recipe = ordered_json{{"type", request.type}}.dump()},
                                           context.stop, as("job.record", context.progress));
    if (!added) { // nothing half-done: the file is only worth keeping with its row
        std::filesystem::remove(target, error);
        return tl::unexpected<Error>(added.error());
    }
    return ordered_json{{"version", added->version}, {"model", added->model}, {"left_out", report.leftOut}}
        .dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace hearth::workbench
