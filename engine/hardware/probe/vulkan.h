#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// One physical device as Vulkan describes it.
struct VulkanDevice {
    std::string name;
    GpuInfo::Kind kind = GpuInfo::Kind::Unknown;
    std::uint32_t vendorId = 0, deviceId = 0; ///< PCI numbers, or a Khronos vendor id from 0x10000 on
    std::string apiVersion;                   ///< "1.3.239"
    std::string driverName, driverInfo;       ///< "llvmpipe", "Mesa 22.3.6 (LLVM 15.0.6)"
    Known<std::uint64_t> memoryBytes;         ///< of the largest device-local heap
    Known<std::uint64_t> memoryFreeBytes;     ///< what the driver says this process may still take of it
    std::string pciAddress;                   ///< "" = not told
};

/// What libvulkan says. `state` as in NvmlAnswer; `failure` is a VkResult.
struct VulkanAnswer {
    Unknown state = Unknown::LibraryMissing;
    int failure = 0;
    Known<std::string> loaderVersion;
    std::vector<VulkanDevice> devices;
};

/// Loads the Vulkan loader, asks and unloads it; no device is created and no surface. Never fails.
[[nodiscard]] VulkanAnswer readVulkan(const std::vector<std::string>& libraries = {"libvulkan.so.1"});

} // namespace hearth::hardware
