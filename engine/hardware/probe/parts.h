#pragma once

#include <string_view>

#include "engine/hardware/probe/nvml.h"
#include "engine/hardware/probe/probe.h"
#include "engine/hardware/probe/vulkan.h"

/// The parts of the probe, one file each; only probe.cpp and the tests of the parsers call them.
namespace hearth::hardware {

[[nodiscard]] CpuInfo probeCpu(const std::filesystem::path& root, std::string_view architecture);
[[nodiscard]] MemoryInfo probeMemory(const std::filesystem::path& root);
[[nodiscard]] std::vector<DiskInfo> probeDisks(const ProbeOptions& options);
[[nodiscard]] std::vector<GpuInfo> probeGpus(const ProbeOptions& options, const NvmlAnswer& nvml,
                                             const VulkanAnswer& vulkan);
[[nodiscard]] std::vector<AcceleratorInfo> probeAccelerators(const std::filesystem::path& root);
[[nodiscard]] std::vector<NetworkLink> probeNetwork(const ProbeOptions& options);
[[nodiscard]] OsInfo probeOs(const ProbeOptions& options);

/// "x86_64", "aarch64": the kernel's word, of `root` where it tells.
[[nodiscard]] std::string machineArchitecture(const std::filesystem::path& root);

/// Fills packages, cores, threads, NUMA nodes and caches through hwloc, or what of it /proc/cpuinfo tells.
void readTopology(const std::filesystem::path& root, std::string_view cpuinfo, CpuInfo& cpu);

/// Names of a PCI device in pci.ids below root, where that is installed ("" = not found).
struct PciName {
    std::string vendor, device;
};
[[nodiscard]] PciName pciName(std::string_view pciIds, unsigned vendor, unsigned device);

} // namespace hearth::hardware
