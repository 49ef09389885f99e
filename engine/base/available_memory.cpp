#include "engine/base/available_memory.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "engine/base/cgroup.h"

namespace hearth {

namespace {

std::optional<std::uint64_t> systemAvailable(const std::filesystem::path& root) {
    std::ifstream file(root / "proc/meminfo");
    for (std::string word; file >> word;)
        if (std::uint64_t kib = 0; word == "MemAvailable:" && file >> kib)
            return kib <= UINT64_MAX / 1024 ? std::optional(kib * 1024) : std::nullopt;
    return std::nullopt;
}

} // namespace

std::optional<std::uint64_t> availableMemory(const std::filesystem::path& root) {
    const auto system = systemAvailable(root), group = cgroupLimits(root).memoryLeftBytes;
    return system && group ? std::min(system, group) : system ? system : group;
}

} // namespace hearth
