#include "engine/cli/models/model_choice.h"

#include "engine/base/ascii.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace hearth::cli {

namespace {

std::optional<workbench::LibraryId> numberOf(std::string_view text) {
    workbench::LibraryId id = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), id);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() ? std::optional(id) : std::nullopt;
}

} // namespace

Result<workbench::LibraryModel> chooseModel(workbench::Library& library, const std::string& name) {
    if (const auto byPath = library.findPath(name); byPath && *byPath)
        return library.model((*byPath)->id);
    HEARTH_TRY(auto models, library.models());
    std::vector<workbench::LibraryModel> matches;
    for (auto& model : models)
        if (lowerAscii(model.name) == lowerAscii(name))
            matches.push_back(model);
    if (matches.size() == 1)
        return std::move(matches.front());
    if (matches.size() > 1)
        return fail("usage.ambiguous_model", std::to_string(matches.size()) + " models are called \"" + name +
                                                 "\"; give the number that hearthctl models list shows");
    if (const auto id = numberOf(name))
        for (auto& model : models)
            if (model.id == *id)
                return std::move(model);
    return tl::unexpected<Error>(
        Error{"usage.unknown_model", "no model of the library is \"" + name + "\"; see hearthctl models list"}
            .with("name", name));
}

Result<workbench::LibraryVersion> chooseVersion(const workbench::LibraryModel& model,
                                                const std::string& name) {
    if (name.empty())
        return *model.defaultVersion();
    const auto id = name.starts_with('#') ? numberOf(std::string_view(name).substr(1)) : std::nullopt;
    std::string known;
    const workbench::LibraryVersion* found = nullptr;
    for (const auto& version : model.versions) {
        known += (known.empty() ? "" : ", ") + version.label + " (#" + std::to_string(version.id) + ")";
        if (id ? version.id == *id : lowerAscii(version.label) == lowerAscii(name)) {
            if (found)
                return fail("usage.ambiguous_version",
                            "several versions of " + model.name + " are called \"" + name + "\": " + known);
            found = &version;
        }
    }
    if (found)
        return *found;
    return tl::unexpected<Error>(
        Error{"usage.unknown_version", model.name + " has no version \"" + name + "\"; it has " + known}
            .with("name", name)
            .with("known", known));
}

} // namespace hearth::cli
