#include "engine/hardware/probe/profile_json.h"

#include <nlohmann/json.hpp>

namespace hearth::hardware {

namespace {

using nlohmann::ordered_json;

/// One object; fields without a value leave null and a reason.
class Object {
public:
    template <class T>
    Object& put(const char* key, const T& value) {
        m_json[key] = value;
        return *this;
    }
    template <class T>
    Object& put(const char* key, const Known<T>& field) {
        if (field) {
            m_json[key] = *field;
        } else if (field.reason != Unknown::Withheld) {
            m_json[key] = nullptr;
            m_unknown[key] = std::string(unknownName(field.reason));
        }
        return *this;
    }
    /// A list that is never empty where it is known.
    Object& putList(const char* key, const ordered_json& items, Unknown whyEmpty) {
        m_json[key] = items;
        if (items.empty())
            m_unknown[key] = std::string(unknownName(whyEmpty));
        return *this;
    }
    [[nodiscard]] ordered_json take() {
        if (!m_unknown.empty())
            m_json["unknown"] = std::move(m_unknown);
        return std::move(m_json);
    }

private:
    ordered_json m_json = ordered_json::object(), m_unknown = ordered_json::object();
};

const char* name(CacheInfo::Kind kind) {
    switch (kind) {
    case CacheInfo::Kind::Data:
        return "data";
    case CacheInfo::Kind::Instruction:
        return "instruction";
    case CacheInfo::Kind::Unified:
        break;
    }
    return "unified";
}

const char* name(DiskInfo::Kind kind) {
    switch (kind) {
    case DiskInfo::Kind::Nvme:
        return "nvme";
    case DiskInfo::Kind::SolidState:
        return "ssd";
    case DiskInfo::Kind::HardDisk:
        return "hdd";
    case DiskInfo::Kind::Card:
        return "card";
    case DiskInfo::Kind::Virtual:
        return "virtual";
    case DiskInfo::Kind::Network:
        return "network";
    case DiskInfo::Kind::Memory:
        return "memory";
    case DiskInfo::Kind::Unknown:
        break;
    }
    return "unknown";
}

const char* name(GpuInfo::Kind kind) {
    switch (kind) {
    case GpuInfo::Kind::Discrete:
        return "discrete";
    case GpuInfo::Kind::Integrated:
        return "integrated";
    case GpuInfo::Kind::Virtual:
        return "virtual";
    case GpuInfo::Kind::Software:
        return "software";
    case GpuInfo::Kind::Unknown:
        break;
    }
    return "unknown";
}

const char* name(AcceleratorInfo::Kind kind) {
    switch (kind) {
    case AcceleratorInfo::Kind::Tpu:
        return "tpu";
    case AcceleratorInfo::Kind::Npu:
        return "npu";
    case AcceleratorInfo::Kind::Unknown:
        break;
    }
    return "unknown";
}

const char* name(NetworkLink::Kind kind) {
    switch (kind) {
    case NetworkLink::Kind::Wireless:
        return "wireless";
    case NetworkLink::Kind::Virtual:
        return "virtual";
    case NetworkLink::Kind::Wired:
        break;
    }
    return "wired";
}

const char* name(OsFamily family) {
    switch (family) {
    case OsFamily::Debian:
        return "debian";
    case OsFamily::Ubuntu:
        return "ubuntu";
    case OsFamily::RedHat:
        return "redhat";
    case OsFamily::FreeBsd:
        return "freebsd";
    case OsFamily::Windows:
        return "windows";
    case OsFamily::Other:
        break;
    }
    return "other";
}

ordered_json json(const CacheInfo& cache) {
    return Object()
        .put("level", cache.level)
        .put("kind", name(cache.kind))
        .put("bytes", cache.bytes)
        .put("instances", cache.instances)
        .put("threads", cache.threads)
        .take();
}

ordered_json json(const CpuInfo& cpu) {
    ordered_json caches = ordered_json::array();
    for (const CacheInfo& cache : cpu.caches)
        caches.push_back(json(cache));
    return Object()
        .put("vendor", cpu.vendor)
        .put("model", cpu.model)
        .put("architecture", cpu.architecture)
        .put("packages", cpu.packages)
        .put("cores", cpu.cores)
        .put("threads", cpu.threads)
        .put("usable_cores", cpu.usableCores)
        .put("quota", cpu.quota)
        .put("numa_nodes", cpu.numaNodes)
        .putList("caches", caches, cpu.noCaches)
        .putList("instruction_sets", cpu.instructionSets, cpu.noInstructionSets)
        .put("base_mhz", cpu.baseMhz)
        .put("max_mhz", cpu.maxMhz)
        .put("current_mhz", cpu.currentMhz)
        .put("governor", cpu.governor)
        .take();
}

ordered_json json(const MemoryInfo& memory) {
    return Object()
        .put("total_bytes", memory.totalBytes)
        .put("available_bytes", memory.availableBytes)
        .put("physical_bytes", memory.physicalBytes)
        .put("limit_bytes", memory.limitBytes)
        .put("swap_total_bytes", memory.swapTotalBytes)
        .put("swap_free_bytes", memory.swapFreeBytes)
        .put("type", memory.type)
        .put("speed_mts", memory.speedMts)
        .put("modules", memory.modules)
        .take();
}

ordered_json json(const DiskInfo& disk) {
    return Object()
        .put("roles", disk.roles)
        .put("mount_point", disk.mountPoint)
        .put("filesystem", disk.filesystem)
        .put("device", disk.device)
        .put("kind", name(disk.kind))
        .put("model", disk.model)
        .put("total_bytes", disk.totalBytes)
        .put("free_bytes", disk.freeBytes)
        .put("read_only", disk.readOnly)
        .put("serial", disk.serial)
        .take();
}

ordered_json json(const GpuInfo& gpu) {
    return Object()
        .put("name", gpu.name)
        .put("vendor", gpu.vendor)
        .put("kind", name(gpu.kind))
        .put("memory_bytes", gpu.memoryBytes)
        .put("memory_free_bytes", gpu.memoryFreeBytes)
        .put("memory_bandwidth", gpu.memoryBandwidth)
        .put("driver", gpu.driver)
        .put("driver_version", gpu.driverVersion)
        .put("vulkan_version", gpu.vulkanVersion)
        .put("compute_capability", gpu.computeCapability)
        .put("cuda_version", gpu.cudaVersion)
        .put("cores", gpu.cores)
        .put("core_mhz", gpu.coreMhz)
        .put("pcie_generation", gpu.pcieGeneration)
        .put("pcie_width", gpu.pcieWidth)
        .put("pcie_max_generation", gpu.pcieMaxGeneration)
        .put("pcie_max_width", gpu.pcieMaxWidth)
        .put("pci_address", gpu.pciAddress)
        .put("sources", gpu.sources)
        .put("uuid", gpu.uuid)
        .take();
}

ordered_json json(const AcceleratorInfo& accelerator) {
    return Object()
        .put("kind", name(accelerator.kind))
        .put("name", accelerator.name)
        .put("driver", accelerator.driver)
        .put("node", accelerator.node)
        .take();
}

ordered_json json(const NetworkLink& link) {
    return Object()
        .put("name", link.name)
        .put("kind", name(link.kind))
        .put("up", link.up)
        .put("bits_per_second", link.bitsPerSecond)
        .put("mac", link.mac)
        .take();
}

ordered_json json(const OsInfo& os) {
    return Object()
        .put("name", os.name)
        .put("version", os.version)
        .put("id", os.id)
        .put("family", name(os.family))
        .put("support_end", os.supportEnd)
        .put("supported", os.supported)
        .put("kernel", os.kernel)
        .put("bits", os.bits)
        .put("virtual_machine", os.virtualMachine)
        .put("container", os.container)
        .put("host_name", os.hostName)
        .put("user_name", os.userName)
        .take();
}

ordered_json json(const EnvironmentItem& item) {
    Object out;
    out.put("id", item.id).put("name", item.name).put("version", item.version).put("note", item.note);
    out.put("verdict", std::string(verdictName(item.verdict))).put("needed", item.needed);
    out.put("advice", item.advice ? adviceText(*item.advice) : std::string());
    if (item.advice) {
        ordered_json args = ordered_json::object();
        for (const auto& [key, value] : item.advice->args)
            args[key] = value;
        out.put("advice_code", item.advice->code).put("advice_args", args);
    }
    return out.take();
}

template <class T>
ordered_json list(const std::vector<T>& items) {
    ordered_json out = ordered_json::array();
    for (const T& item : items)
        out.push_back(json(item));
    return out;
}

} // namespace

ordered_json toJson(const HardwareProfile& profile) {
    return Object()
        .put("cpu", json(profile.cpu))
        .put("memory", json(profile.memory))
        .put("disks", list(profile.disks))
        .put("gpus", list(profile.gpus))
        .put("accelerators", list(profile.accelerators))
        .put("network", list(profile.network))
        .put("os", json(profile.os))
        .put("environment", list(profile.environment))
        .take();
}

} // namespace hearth::hardware
