#include "engine/workbench/library/usage_names.h"

#include "engine/workbench/library/library.h"

namespace hearth::workbench {

std::string usageName(const std::filesystem::path& model) {
    const std::filesystem::path name = model.stem();
    return (name.extension() == ".gguf" ? name.stem() : name).string(); // sealed: one ending more
}

Result<std::vector<std::string>> usageNames(const std::filesystem::path& library) {
    std::vector<std::string> out;
    std::error_code error;
    if (!std::filesystem::exists(library, error))
        return out;
    HEARTH_TRY(const auto opened, Library::open(library));
    HEARTH_TRY(const auto models, opened->models());
    for (const LibraryModel& model : models)
        for (const LibraryVersion& version : model.versions)
            out.push_back(usageName(version.path()));
    return out;
}

} // namespace hearth::workbench
