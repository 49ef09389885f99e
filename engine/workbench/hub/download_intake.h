#pragma once

#include <filesystem>
#include <optional>

#include "engine/base/error.h"
#include "engine/hub/download_queue.h"
#include "engine/workbench/library/library.h"

namespace hearth::workbench {

/// How a file from a hub is taken into the library: with its address there, the pinned commit, and the hash
/// that was just checked. nullopt for what is no GGUF file, and while parts of its set are missing: the one
/// that completes it brings the whole set.
[[nodiscard]] std::optional<AddRequest> libraryRequest(const hub::ArrivedFile& file);

/// Takes it in, for hub::FileArrived. nullopt as above. Opens the library for as long as it takes, so that it
/// works in any thread. Errors: of Library::open() and Library::add().
[[nodiscard]] Result<std::optional<AddReport>> enterLibrary(const hub::ArrivedFile& file,
                                                            const std::filesystem::path& database,
                                                            const LibraryOptions& options);

} // namespace hearth::workbench
