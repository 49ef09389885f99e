#pragma once

#include <cstdint>
#include <filesystem>

namespace hearth {

/// Size, time and presence of a file as they are on disk: what tells it from itself after a change without
/// reading it. Anything but a regular file (or a link to one) is not there.
struct FileFacts {
    bool there = false;
    std::uint64_t bytes = 0, links = 1;
    std::int64_t modifiedNs = 0; ///< Unix nanoseconds
};
[[nodiscard]] FileFacts factsOf(const std::filesystem::path& path);

} // namespace hearth
