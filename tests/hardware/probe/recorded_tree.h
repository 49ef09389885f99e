#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/hardware/probe/nvml.h"
#include "engine/hardware/probe/probe.h"
#include "engine/hardware/probe/vulkan.h"

namespace hearth::test {

/// A machine written down in trees/NAME.tree: the files of /proc, /sys and /etc that matter, and what its
/// drivers say. A line "=== PATH" begins a file; what follows up to the next one is its content. Variants:
///
///     === PATH (unreadable)    exists, reading fails (a folder: that works for root too)
///     === PATH (hex)           bytes in hexadecimal, "#" begins a comment
///     === PATH (folder)        an empty folder
///     === @cpus                lines "packages N", "cores N" (of a package), "threads N" (of a core),
///                              "cache LEVEL TYPE SIZE core|package", "max_khz N", "now_khz N", "governor
///                              NAME": written below sys/devices/system/cpu as Linux does, with one NUMA node
///                              a package
///     === @answers             JSON: what NVML, Vulkan and statvfs say, and the folders asked about
///
/// The environment variable HWLOC_FSROOT points at the files for the object's life.
class RecordedTree {
public:
    explicit RecordedTree(const std::filesystem::path& file);
    RecordedTree(const RecordedTree&) = delete;
    RecordedTree& operator=(const RecordedTree&) = delete;
    ~RecordedTree();

    [[nodiscard]] const std::filesystem::path& root() const { return m_root; }
    [[nodiscard]] hardware::ProbeOptions& options() { return m_options; }
    void write(const std::string& path, std::string_view content) const;

private:
    void add(const std::string& heading, const std::string& content);
    void addProcessors(const std::string& description) const;
    void addAnswers(const std::string& json);

    std::filesystem::path m_root; ///< in memory where that can be: hundreds of small files
    hardware::ProbeOptions m_options;
};

} // namespace hearth::test
