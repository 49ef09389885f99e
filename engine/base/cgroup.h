#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hearth {

/// What the control groups of this process allow. A group's limit holds for everything below it, so the
/// tightest one between the process's own group and the mount counts. Empty fields = no limit.
struct CgroupLimits {
    std::optional<std::uint64_t> memoryBytes; ///< tightest limit
    std::optional<std::uint64_t>
        memoryLeftBytes; ///< least that a limit leaves; page cache that can be given back is left
    std::optional<double> processors; ///< CPU quota over its period, 1.5 say
};

/// Reads version 2 and version 1 groups below root/proc/self/cgroup and root/sys/fs/cgroup. What cannot be
/// read or makes no sense sets no limit. Thread-safe. `root` is the file system's root, so that tests can
/// present other machines.
[[nodiscard]] CgroupLimits cgroupLimits(const std::filesystem::path& root = "/");

} // namespace hearth
