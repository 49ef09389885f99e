#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/workbench/model_facts.h"

namespace hearth::workbench {

/// A model file for the picker. One that cannot be read is listed too, with the reason and its file's name.
struct ModelEntry {
    std::filesystem::path path;
    ModelFacts facts;
    bool recent = false;
    std::optional<Error> problem;
};

/// A folder that could not be searched, or only partly (folders.too_many, folders.unreadable).
struct FolderProblem {
    std::filesystem::path folder;
    Error problem;
};

struct ModelListing {
    std::vector<ModelEntry> models; ///< the recent ones in their order, then the others by name
    std::vector<FolderProblem> folders;
};

inline constexpr int kMaxFolderDepth = 8; ///< below a model folder; caches of other programs nest about five
inline constexpr std::size_t kMaxFolderEntries = 100'000; ///< looked at per folder, so that "/" ends too

/// The GGUF files of the recent list and of the folders below `folders`, each file once, later parts of split
/// models left out. Folders behind symbolic links are not entered (links to files are followed). Reads
/// metadata only; takes up to a tenth of a second for a file, so call it away from the window's thread.
/// `found` is called with every entry as it is read. Thread-safe. Errors: base.cancelled.
[[nodiscard]] Result<ModelListing> listModels(std::span<const std::filesystem::path> folders,
                                              std::span<const std::filesystem::path> recent,
                                              std::stop_token stop = {},
                                              const std::function<void(const ModelEntry&)>& found = {});

} // namespace hearth::workbench
