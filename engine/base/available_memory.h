#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hearth {

/// Bytes that this process can still take without swapping: MemAvailable of the system, or what is left under
/// the tightest memory limit of its control groups (v2 or v1; page cache that the group can give back counts
/// as free), whichever is less. nullopt when the system tells nothing. Thread-safe.
///
/// `root` is the file system's root, so that tests can present other machines.
[[nodiscard]] std::optional<std::uint64_t> availableMemory(const std::filesystem::path& root = "/");

} // namespace hearth
