#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/error.h"

namespace hearth::hub {

/// Names that come from a hub or a person are data. Pure functions; any thread.

/// "owner/name" or "name": letters, digits, '-', '_' and '.', neither part beginning with '.' or longer than
/// 96. Errors: hub.bad_repository (arg repository).
[[nodiscard]] Result<void> checkRepository(std::string_view repository);
/// A branch, tag or commit. Errors: hub.bad_revision (arg revision).
[[nodiscard]] Result<void> checkRevision(std::string_view revision);

/// A file's path inside its repository as a path below a folder: UTF-8, no "..", not absolute, no backslash
/// or colon, no control characters or ones that turn the direction of text, no part longer than 200 bytes,
/// not one of the names that unfinished downloads have. Errors: hub.unsafe_name (arg file).
[[nodiscard]] Result<std::filesystem::path> safePath(std::string_view file);

/// The file where a download belongs: FOLDER/owner/name/path. Errors: those above.
[[nodiscard]] Result<std::filesystem::path> placeOf(const std::filesystem::path& folder,
                                                    std::string_view repository, std::string_view file);

/// Two different paths of the list that are one on a disk that does not tell upper from lower case.
[[nodiscard]] std::optional<std::pair<std::string, std::string>>
collision(std::span<const std::string> files);

} // namespace hearth::hub
