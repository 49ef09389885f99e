#include <algorithm>

#include "engine/base/available_memory.h"
#include "engine/base/cgroup.h"
#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/smbios.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// A line "Key:   123 kB" in bytes.
Known<std::uint64_t> kibibytes(std::string_view meminfo, std::string_view key) {
    const auto value = valueOf(meminfo, key, ':');
    if (!value)
        return Unknown::NotReported;
    const auto words = splitWords(*value);
    const auto number = words.empty() ? std::nullopt : parseNumber<std::uint64_t>(words[0]);
    if (!number || *number > UINT64_MAX / 1024)
        return Unknown::Malformed;
    return *number * 1024;
}

/// Error counting drivers of servers know the type for everybody to read: "Unbuffered-DDR4",
/// "Registered-DDR5".
Known<std::string> typeFromEdac(const fs::path& root) {
    const fs::path controllers = root / "sys/devices/system/edac/mc";
    for (const std::string& controller : listFolder(controllers))
        for (const std::string& entry : listFolder(controllers / controller)) {
            const auto type = readLine(controllers / controller / entry / "dimm_mem_type");
            if (type && type->find("DDR") != std::string::npos)
                return type->substr(type->rfind('-') + 1); // npos + 1 = 0: the whole
        }
    return Unknown::Absent;
}

} // namespace

MemoryInfo probeMemory(const fs::path& root) {
    MemoryInfo memory;
    const Known<std::string> file = readFile(root / "proc/meminfo");
    if (file) {
        memory.physicalBytes = kibibytes(*file, "MemTotal");
        memory.swapTotalBytes = kibibytes(*file, "SwapTotal");
        memory.swapFreeBytes = kibibytes(*file, "SwapFree");
    } else {
        memory.physicalBytes = memory.swapTotalBytes = memory.swapFreeBytes = file.reason;
    }
    const auto limit = cgroupLimits(root).memoryBytes;
    // A limit above what is built in is none.
    const bool limits = limit && *limit < memory.physicalBytes.valueOr(UINT64_MAX);
    memory.limitBytes = limits ? Known<std::uint64_t>(*limit) : Known<std::uint64_t>(Unknown::NotApplicable);
    memory.totalBytes = limits ? memory.limitBytes : memory.physicalBytes;
    const auto available = availableMemory(root);
    memory.availableBytes = available ? Known<std::uint64_t>(*available)
                                      : Known<std::uint64_t>(file ? Unknown::NotReported : file.reason);

    const Known<std::string> table = readFile(root / "sys/firmware/dmi/tables/DMI");
    if (table) {
        MemoryModules modules = parseSmbios(*table);
        memory.type = std::move(modules.type);
        memory.speedMts = modules.speedMts;
        memory.modules = modules.modules;
    } else {
        memory.type = table.reason;
        memory.speedMts = table.reason;
        memory.modules = table.reason;
    }
    if (!memory.type)
        if (auto type = typeFromEdac(root))
            memory.type = std::move(type);
    return memory;
}

} // namespace hearth::hardware
