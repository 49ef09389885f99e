#pragma once

#include <filesystem>
#include <string>

namespace hearth::optimize {

/// Tells a file from any other, and from itself after a change, without reading it: its path, size and time.
/// For work that goes on only while what it reads is the same.
[[nodiscard]] inline std::string markOf(const std::filesystem::path& file) {
    std::error_code ignored;
    return file.string() + "|" + std::to_string(std::filesystem::file_size(file, ignored)) + "|" +
           std::to_string(std::filesystem::last_write_time(file, ignored).time_since_epoch().count());
}

} // namespace hearth::optimize
