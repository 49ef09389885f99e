#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// One NVIDIA GPU as libnvidia-ml describes it.
struct NvmlDevice {
    std::string name;
    std::string pciAddress; ///< "0000:01:00.0"
    Known<std::uint64_t> memoryBytes, memoryFreeBytes;
    Known<std::string> computeCapability, uuid;
    Known<std::uint32_t> cores, busWidthBits;
    Known<double> coreMhz, memoryMhz; ///< highest clocks
    Known<std::uint32_t> pcieGeneration, pcieWidth, pcieMaxGeneration, pcieMaxWidth;
};

/// What libnvidia-ml says. `state` is why there is nothing: LibraryMissing, DriverFailed (`failure` has the
/// library's own number: 9 = driver not loaded, 18 = driver and library of different versions), or
/// NotReported when the answer is complete.
struct NvmlAnswer {
    Unknown state = Unknown::LibraryMissing;
    int failure = 0;
    Known<std::string> driverVersion, cudaVersion;
    std::vector<NvmlDevice> devices;
};

/// Loads the first of the libraries that can be loaded, asks and unloads it. Missing functions of an old
/// library leave their fields unknown. Never fails.
///
/// Source of the interface: NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api).
[[nodiscard]] NvmlAnswer readNvml(const std::vector<std::string>& libraries = {"libnvidia-ml.so.1"});

} // namespace hearth::hardware
