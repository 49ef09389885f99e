#include "engine/workbench/hub/download_intake.h"

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/format/gguf/gguf_split.h"
#include "engine/hub/model_names.h"

namespace hearth::workbench {

namespace fs = std::filesystem;

std::optional<AddRequest> libraryRequest(const hub::ArrivedFile& file) {
    if (!hub::isGguf(file.path.string()))
        return std::nullopt;
    std::vector<fs::path> parts{file.path};
    if (const auto split = format::parseSplitName(file.path)) {
        parts.clear();
        for (std::uint32_t part = 1; part <= split->count; ++part) {
            parts.push_back(format::splitPath(*split, part));
            std::error_code error;
            if (!fs::exists(parts.back(), error))
                return std::nullopt;
        }
    }
    AddRequest request;
    request.path = parts.front();
    request.mode = FileMode::Made;
    request.origin = "downloaded";
    request.source = file.endpoint + "/" + file.repository + "@" + file.revision;
    request.licence = file.licence;
    request.recipe = nlohmann::ordered_json{
        {"endpoint", file.endpoint},
        {"repository", file.repository},
        {"revision", file.revision},
        {"file",
         file.file}}.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    // The transfer read every byte a moment ago. A part whose download is forgotten gets its hash when the
    // person verifies the model: reading it now would keep the other downloads waiting.
    request.hash = false;
    for (const fs::path& part : parts) {
        if (part == file.path) {
            request.verified.push_back({part, file.sha256});
            continue;
        }
        const auto known = std::find_if(file.beside.begin(), file.beside.end(),
                                        [&](const hub::VerifiedFile& other) { return other.path == part; });
        if (known != file.beside.end())
            request.verified.push_back({part, known->sha256});
    }
    return request;
}

Result<std::optional<AddReport>> enterLibrary(const hub::ArrivedFile& file, const fs::path& database,
                                              const LibraryOptions& options) {
    const auto request = libraryRequest(file);
    if (!request)
        return std::nullopt;
    HEARTH_TRY(const auto library, Library::open(database, options));
    HEARTH_TRY(auto report, library->add(*request));
    return std::optional(std::move(report));
}

} // namespace hearth::workbench
