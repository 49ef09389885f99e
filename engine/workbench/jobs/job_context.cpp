#include "engine/workbench/jobs/job_context.h"

namespace hearth::workbench {

Result<LibraryModel> readableVersion(Library& library, LibraryId version) {
    HEARTH_TRY(auto model, library.version(version));
    const LibraryVersion& found = model.versions.front();
    const std::string path = found.path().string();
    if (found.state() == FileState::Missing)
        return tl::unexpected<Error>(
            Error{"library.file_missing", path + " is not there"}.with("path", path));
    if (found.sealed())
        return tl::unexpected<Error>(Error{"jobs.sealed", path + " is encrypted"}.with("path", path));
    return model;
}

tl::unexpected<Error> badRequest(const std::string& key) {
    return tl::unexpected<Error>(
        Error{"jobs.bad_request", "the job's request lacks or misstates " + key}.with("key", key));
}

} // namespace hearth::workbench
