#include "engine/base/cgroup.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hearth {

namespace {

namespace fs = std::filesystem;

/// Version 1 writes "no limit" as the largest multiple of the page size; no machine has an exbibyte.
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 60;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string firstWord(std::istream& file) {
    std::string word;
    file >> word;
    return word;
}

/// A file that holds one number; nullopt for "max", "-1" and for a missing file.
std::optional<std::uint64_t> numberIn(const fs::path& path) {
    std::ifstream file(path);
    return number(firstWord(file));
}

/// The number after `key` in a file of "key number" lines.
std::optional<std::uint64_t> fieldIn(const fs::path& path, std::string_view key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ')
            return number(std::string_view(line).substr(key.size() + 1));
    return std::nullopt;
}

template <class T>
void tighten(std::optional<T>& least, std::optional<T> other) {
    if (other && (!least || *other < *least))
        least = other;
}

struct MemoryFiles {
    const char *limit, *usage, *reclaimable;
};
constexpr MemoryFiles kMemoryV2{"memory.max", "memory.current", "inactive_file"};
constexpr MemoryFiles kMemoryV1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};

void addMemory(CgroupLimits& limits, const fs::path& group, const MemoryFiles& files) {
    const auto limit = numberIn(group / files.limit);
    if (!limit || *limit >= kUnlimited)
        return;
    tighten(limits.memoryBytes, limit);
    const auto usage = numberIn(group / files.usage);
    if (!usage)
        return;
    const std::uint64_t used =
        *usage - std::min(*usage, fieldIn(group / "memory.stat", files.reclaimable).value_or(0));
    tighten(limits.memoryLeftBytes, std::optional(*limit > used ? *limit - used : 0));
}

void addQuota(CgroupLimits& limits, std::optional<std::uint64_t> quota, std::optional<std::uint64_t> period) {
    if (quota && period && *quota > 0 && *period > 0)
        tighten(limits.processors, std::optional(static_cast<double>(*quota) / static_cast<double>(*period)));
}

void addCpuV2(CgroupLimits& limits, const fs::path& group) {
    std::ifstream file(group / "cpu.max"); // "150000 100000" or "max 100000"
    const auto quota = number(firstWord(file));
    addQuota(limits, quota, number(firstWord(file)));
}

void addCpuV1(CgroupLimits& limits, const fs::path& group) {
    addQuota(limits, numberIn(group / "cpu.cfs_quota_us"), numberIn(group / "cpu.cfs_period_us"));
}

/// Calls visit for the mount and every group down to the process's own. Inside a container the path may lead
/// outside what is mounted; the mount itself is looked at in any case.
template <class Visit>
void walk(const fs::path& mount, const std::string& groupPath, Visit visit) {
    visit(mount);
    fs::path group;
    for (const fs::path& part : fs::path(groupPath).relative_path()) {
        if (part == "..")
            break;
        group /= part;
        visit(mount / group);
    }
}

/// The first of the names that is a folder of `groups`: version 1 mounts several controllers together.
fs::path mountOf(const fs::path& groups, std::initializer_list<const char*> names) {
    std::error_code ignored;
    for (const char* name : names)
        if (fs::is_directory(groups / name, ignored))
            return groups / name;
    return groups / *names.begin();
}

} // namespace

CgroupLimits cgroupLimits(const fs::path& root) {
    CgroupLimits limits;
    const fs::path groups = root / "sys/fs/cgroup";
    // Lines "0::/path" (v2) and "4:memory:/path" (v1).
    std::ifstream file(root / "proc/self/cgroup");
    for (std::string line; std::getline(file, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
        if (second == std::string::npos)
            continue;
        const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
        const std::string path = line.substr(second + 1);
        if (controllers == ",,")
            walk(groups, path, [&](const fs::path& group) {
                addMemory(limits, group, kMemoryV2);
                addCpuV2(limits, group);
            });
        if (controllers.find(",memory,") != std::string::npos)
            walk(groups / "memory", path,
                 [&](const fs::path& group) { addMemory(limits, group, kMemoryV1); });
        if (controllers.find(",cpu,") != std::string::npos)
            walk(mountOf(groups, {"cpu", "cpu,cpuacct", "cpuacct,cpu"}), path,
                 [&](const fs::path& group) { addCpuV1(limits, group); });
    }
    return limits;
}

} // namespace hearth
