#pragma once

#include <filesystem>
#include <string>

#include "engine/base/file_facts.h"

namespace hearth::optimize {

/// Tells a file from any other, and from itself after a change, without reading it: its path, size and time.
/// For work that goes on only while what it reads is the same.
[[nodiscard]] inline std::string markOf(const std::filesystem::path& file) {
    const FileFacts facts = factsOf(file);
    return file.string() + "|" + std::to_string(facts.bytes) + "|" + std::to_string(facts.modifiedNs);
}

} // namespace hearth::optimize
