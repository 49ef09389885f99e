#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

struct NvmlAnswer;   // nvml.h
struct VulkanAnswer; // vulkan.h

/// A folder whose disk is asked about. `role` goes into the profile instead of the path.
struct ProbedFolder {
    std::string role; ///< "models", "models 2", "data"
    std::filesystem::path path;
};

/// The folders of the library and that of the data: "models", "models 2", …, "data". Without folders of their
/// own models lie beside the data.
[[nodiscard]] std::vector<ProbedFolder> usualFolders(const std::vector<std::filesystem::path>& models,
                                                     const std::filesystem::path& data);
/// Of the folders that were probed one on every disk, which can be written to, under the name of the disk's
/// first: two on one need not be measured twice.
[[nodiscard]] std::vector<ProbedFolder> oneADisk(const std::vector<ProbedFolder>& folders,
                                                 const HardwareProfile& profile);

struct DiskSpace {
    std::uint64_t totalBytes = 0, freeBytes = 0;
};

struct ProbeOptions {
    /// Where proc/, sys/, etc/ are looked up, so that tests present other machines. Anything but "/" needs
    /// the environment variable HWLOC_FSROOT set to the same folder, because hwloc takes it from nowhere
    /// else; without it the topology is unknown. Free space, kernel and names of host and user come from
    /// root/hearth-probe.json then (see tests/hardware/probe/trees).
    std::filesystem::path root = "/";
    std::vector<ProbedFolder> folders;
    bool identifying = false; ///< serial numbers, MAC addresses, host and user names too
    std::string today;        ///< "2026-01-31", for the end of support; "" = the clock
    /// Size of the file system that holds a folder; empty = statvfs(). nullopt = cannot be told.
    std::function<std::optional<DiskSpace>(const std::filesystem::path&)> space;
    std::function<NvmlAnswer()> nvml;     ///< empty = libnvidia-ml, loaded now
    std::function<VulkanAnswer()> vulkan; ///< empty = libvulkan, loaded now
    /// For both together. A driver that does not answer by then is left waiting in a thread of its own.
    std::chrono::milliseconds patience{10'000};
};

/// Asks the machine what it is, without changing anything or running a program: below 300 ms where drivers
/// answer. Never fails: what cannot be told is Unknown with the reason. Thread-safe; blocks on files and
/// drivers, so never on the GUI thread. Does not fill HardwareProfile::environment (environment.h does).
[[nodiscard]] HardwareProfile probe(const ProbeOptions& options = {});

/// machineFingerprint() of what probe() would find, without loading a graphics driver (which can take tens of
/// megabytes that the process does not get back).
[[nodiscard]] std::string fingerprintWithoutDrivers(ProbeOptions options = {});

} // namespace hearth::hardware
