#include <cstdint>
#include <string_view>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/smbios.h"
#include "engine/hardware/probe/text_files.h"

/// The parsers that take text or bytes without touching files.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hearth::hardware;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static_cast<void>(parseSmbios(text));
    static_cast<void>(pciName(text, 0x10de, 0x2204));
    static_cast<void>(cleanText(text));
    static_cast<void>(valueOf(text, "flags", ':'));
    static_cast<void>(splitWords(text));
    CpuInfo cpu;
    readTopology("/nonexistent", text, cpu);
    return 0;
}
