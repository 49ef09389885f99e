#include "engine/base/available_memory.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

namespace hearth {

namespace {

namespace fs = std::filesystem;

/// A file that holds one number; nullopt for "max" and for a missing file.
std::optional<std::uint64_t> readNumber(const fs::path& path) {
    std::ifstream file(path);
    std::string text;
    if (!(file >> text))
        return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The number after `key` in a file of "key number" lines.
std::optional<std::uint64_t> readField(const fs::path& path, const std::string& key) {
    std::ifstream file(path);
    for (std::string word; file >> word;)
        if (std::uint64_t value = 0; word == key && file >> value)
            return value;
    return std::nullopt;
}

std::optional<std::uint64_t> systemAvailable(const fs::path& root) {
    const auto kib = readField(root / "proc/meminfo", "MemAvailable:");
    return kib ? std::optional(*kib * 1024) : std::nullopt;
}

struct GroupFiles {
    const char *limit, *usage, *reclaimable;
};
constexpr GroupFiles kV2{"memory.max", "memory.current", "inactive_file"};
constexpr GroupFiles kV1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};

/// What one group leaves; nullopt when it sets no limit.
std::optional<std::uint64_t> leftIn(const fs::path& group, const GroupFiles& files) {
    const auto limit = readNumber(group / files.limit), usage = readNumber(group / files.usage);
    if (!limit || !usage)
        return std::nullopt;
    const std::uint64_t used =
        *usage - std::min(*usage, readField(group / "memory.stat", files.reclaimable).value_or(0));
    return *limit > used ? *limit - used : 0;
}

void tighten(std::optional<std::uint64_t>& least, std::optional<std::uint64_t> other) {
    if (other && (!least || *other < *least))
        least = other;
}

/// A group's limit holds for all below it, so every one from the process's own up to the mount counts. Inside
/// a container the path may lead outside what is mounted; the mount itself is looked at in any case.
std::optional<std::uint64_t> leftInGroups(const fs::path& mount, const std::string& groupPath,
                                          const GroupFiles& files) {
    std::optional<std::uint64_t> least = leftIn(mount, files);
    fs::path group;
    for (const fs::path& part : fs::path(groupPath).relative_path()) {
        if (part == "..")
            break;
        group /= part;
        tighten(least, leftIn(mount / group, files));
    }
    return least;
}

} // namespace

std::optional<std::uint64_t> availableMemory(const fs::path& root) {
    std::optional<std::uint64_t> least = systemAvailable(root);
    const fs::path groups = root / "sys/fs/cgroup";
    // Lines "0::/path" (v2) and "4:memory:/path" (v1).
    std::ifstream file(root / "proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos)
            continue;
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string path = line.substr(second + 1);
        if (controllers == ",,")
            tighten(least, leftInGroups(groups, path, kV2));
        else if (controllers.find(",memory,") != std::string::npos)
            tighten(least, leftInGroups(groups / "memory", path, kV1));
    }
    return least;
}

} // namespace hearth
