#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include <sched.h>

#include "engine/base/thread_pool.h"

namespace hearth {

namespace {

/// One entry per physical core of the affinity mask, told apart by the sibling list of the kernel's topology.
std::size_t coresInAffinityMask() {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    if (::sched_getaffinity(0, sizeof mask, &mask) != 0)
        return std::max(1u, std::thread::hardware_concurrency());
    std::set<std::string> cores;
    std::size_t unknown = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &mask))
            continue;
        std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
        std::string siblings;
        if (std::getline(file, siblings))
            cores.insert(siblings);
        else
            ++unknown;
    }
    return std::max<std::size_t>(1, cores.size() + unknown);
}

/// The cgroup's CPU quota in whole processors, rounded up; 0 = none.
std::size_t cgroupQuota() {
    if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2) {
        std::string quota;
        double period = 0;
        if (v2 >> quota >> period && quota != "max" && period > 0)
            return static_cast<std::size_t>(std::ceil(std::strtod(quota.c_str(), nullptr) / period));
        return 0;
    }
    std::ifstream quotaFile("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), periodFile("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    double quota = 0, period = 0;
    if (quotaFile >> quota && periodFile >> period && quota > 0 && period > 0)
        return static_cast<std::size_t>(std::ceil(quota / period));
    return 0;
}

} // namespace

std::size_t usableCores() {
    const std::size_t cores = coresInAffinityMask();
    const std::size_t quota = cgroupQuota();
    return quota ? std::clamp<std::size_t>(quota, 1, cores) : cores;
}

} // namespace hearth
