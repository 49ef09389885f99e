#pragma once

#include <string_view>

#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

/// Type, configured speed and number of the memory modules in an SMBIOS structure table
/// (/sys/firmware/dmi/tables/DMI). Empty fields of a module count as unknown; a table that breaks off gives
/// what came before. Any bytes are allowed.
///
/// Source: DMTF DSP0134, System Management BIOS, section 7.18 "Memory Device (Type 17)".
struct MemoryModules {
    Known<std::string> type;
    Known<std::uint32_t> speedMts;
    Known<std::size_t> modules;
};
[[nodiscard]] MemoryModules parseSmbios(std::string_view table);

} // namespace hearth::hardware
