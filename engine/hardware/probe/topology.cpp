#include <cstdlib>
#include <memory>
#include <set>

#include <hwloc.h>

#include "engine/base/cpu_list.h"
#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

struct Destroy {
    void operator()(hwloc_topology_t topology) const { ::hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<hwloc_topology, Destroy>;

struct CacheType {
    hwloc_obj_type_t type;
    int level;
    CacheInfo::Kind kind;
};
constexpr CacheType kCaches[]{
    {HWLOC_OBJ_L1CACHE, 1, CacheInfo::Kind::Data},    {HWLOC_OBJ_L1ICACHE, 1, CacheInfo::Kind::Instruction},
    {HWLOC_OBJ_L2CACHE, 2, CacheInfo::Kind::Unified}, {HWLOC_OBJ_L2ICACHE, 2, CacheInfo::Kind::Instruction},
    {HWLOC_OBJ_L3CACHE, 3, CacheInfo::Kind::Unified}, {HWLOC_OBJ_L4CACHE, 4, CacheInfo::Kind::Unified},
    {HWLOC_OBJ_L5CACHE, 5, CacheInfo::Kind::Unified},
};

/// hwloc takes another root from its own environment variable only.
bool looksAt(const fs::path& root) {
    const char* chosen = std::getenv("HWLOC_FSROOT");
    std::error_code ignored;
    return chosen ? fs::equivalent(chosen, root, ignored) : root == "/";
}

/// Without the kernel's own description hwloc makes one up (one package, one core), and it asserts that the
/// list of nodes is one (2.9, topology-linux.c), which a sandbox's own sysfs need not give.
bool describesProcessors(const fs::path& root) {
    std::error_code ignored;
    const fs::path cpus = root / "sys/devices/system/cpu", nodes = root / "sys/devices/system/node";
    if (!fs::exists(cpus / "cpu0/topology", ignored) && !fs::exists(cpus / "cpu1/topology", ignored))
        return false;
    for (const fs::path& list : {cpus / "online", nodes / "online"})
        if (fs::exists(list, ignored) && parseCpuList(readLine(list).valueOr("")).empty())
            return false;
    return true;
}

Topology load() {
    hwloc_topology_t raw = nullptr;
    if (::hwloc_topology_init(&raw) != 0)
        return nullptr;
    Topology topology(raw);
    // Not the component that binds itself to every processor in turn to ask it: slow, and sysfs knows better.
    ::hwloc_topology_set_components(raw, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
    for (const auto& cache : kCaches)
        ::hwloc_topology_set_type_filter(raw, cache.type, HWLOC_TYPE_FILTER_KEEP_ALL);
    return ::hwloc_topology_load(raw) == 0 ? std::move(topology) : nullptr;
}

Known<std::size_t> countOf(hwloc_topology_t topology, hwloc_obj_type_t type) {
    const int count = ::hwloc_get_nbobjs_by_type(topology, type);
    return count > 0 ? Known<std::size_t>(static_cast<std::size_t>(count))
                     : Known<std::size_t>(Unknown::NotReported);
}

void readCaches(hwloc_topology_t topology, CpuInfo& cpu) {
    for (const CacheType& type : kCaches) {
        const int count = ::hwloc_get_nbobjs_by_type(topology, type.type);
        const hwloc_obj_t first = count > 0 ? ::hwloc_get_obj_by_type(topology, type.type, 0) : nullptr;
        if (!first || first->attr->cache.size == 0)
            continue;
        const int threads = ::hwloc_bitmap_weight(first->cpuset);
        cpu.caches.push_back({type.level, type.kind, first->attr->cache.size, static_cast<std::size_t>(count),
                              static_cast<std::size_t>(std::max(threads, 1))});
    }
}

/// What the text of /proc/cpuinfo alone tells: entries, and pairs of package and core.
void readCpuinfo(std::string_view cpuinfo, CpuInfo& cpu) {
    std::size_t threads = 0;
    std::set<std::string> packages, cores;
    std::string package = "0";
    for (const std::string_view line : splitLines(cpuinfo)) {
        const std::size_t at = line.find(':');
        if (at == std::string_view::npos)
            continue;
        const std::string_view key = trimmed(line.substr(0, at));
        const std::string value(trimmed(line.substr(at + 1)));
        if (key == "processor" && parseNumber<unsigned>(value))
            ++threads;
        else if (key == "physical id" && parseNumber<unsigned>(value))
            packages.insert(package = value);
        else if (key == "core id" && parseNumber<unsigned>(value))
            cores.insert(package + ":" + value);
    }
    const auto known = [](std::size_t count) {
        return count ? Known<std::size_t>(count) : Known<std::size_t>(Unknown::NotReported);
    };
    cpu.threads = known(threads);
    cpu.packages = known(packages.size());
    cpu.cores = known(cores.size());
}

} // namespace

void readTopology(const fs::path& root, std::string_view cpuinfo, CpuInfo& cpu) {
    const Topology topology = looksAt(root) && describesProcessors(root) ? load() : nullptr;
    if (!topology) {
        readCpuinfo(cpuinfo, cpu);
        cpu.numaNodes = cpu.noCaches = Unknown::Absent;
        return;
    }
    cpu.packages = countOf(topology.get(), HWLOC_OBJ_PACKAGE);
    cpu.cores = countOf(topology.get(), HWLOC_OBJ_CORE);
    cpu.threads = countOf(topology.get(), HWLOC_OBJ_PU);
    cpu.numaNodes = countOf(topology.get(), HWLOC_OBJ_NUMANODE);
    readCaches(topology.get(), cpu);
}

} // namespace hearth::hardware
