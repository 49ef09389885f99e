#include "engine/base/usable_cores.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/base/cgroup.h"
#include "engine/base/cpu_list.h"
#include "engine/base/thread_pool.h"

namespace hearth {

namespace {

namespace fs = std::filesystem;

/// The list after `key` in a file of "key:<tab>list" lines, or the whole file without a key; empty = not
/// told.
std::vector<unsigned> listIn(const fs::path& path, std::string_view key = {}) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key))
            return parseCpuList(std::string_view(line).substr(
                std::min(line.size(), line.find_first_not_of(" \t", key.size()))));
    return {};
}

/// The logical processors that the calling thread may run on; empty when the system does not tell.
std::vector<unsigned> affinity(const fs::path& root) {
    std::vector<unsigned> cpus = listIn(root / "proc/thread-self/status", "Cpus_allowed_list:");
    if (cpus.empty())
        cpus = listIn(root / "proc/self/status", "Cpus_allowed_list:");
    // The mask may name processors that are switched off.
    if (const std::vector<unsigned> list = listIn(root / "sys/devices/system/cpu/online"); !list.empty()) {
        const std::set<unsigned> online(list.begin(), list.end());
        std::erase_if(cpus, [&](unsigned cpu) { return !online.contains(cpu); });
    }
    return cpus;
}

/// One entry per physical core, told apart by the sibling list of the kernel's topology.
std::size_t coresAmong(const std::vector<unsigned>& cpus, const fs::path& root) {
    std::set<std::string> cores;
    std::size_t unknown = 0;
    for (const unsigned cpu : cpus) {
        std::ifstream file(root / "sys/devices/system/cpu" / ("cpu" + std::to_string(cpu)) /
                           "topology/thread_siblings_list");
        std::string siblings;
        if (std::getline(file, siblings))
            cores.insert(siblings);
        else
            ++unknown;
    }
    return cores.size() + unknown;
}

} // namespace

std::size_t usableCores(const fs::path& root) {
    const std::vector<unsigned> cpus = affinity(root);
    const std::size_t cores =
        cpus.empty() ? std::max<std::size_t>(1, std::thread::hardware_concurrency()) : coresAmong(cpus, root);
    const auto quota = cgroupLimits(root).processors;
    // Ceiling: the second thread of 1.5 processors still brings half a core.
    return quota ? static_cast<std::size_t>(std::clamp(std::ceil(*quota), 1.0, static_cast<double>(cores)))
                 : cores;
}

std::size_t usableCores() {
    return usableCores("/");
}

} // namespace hearth
