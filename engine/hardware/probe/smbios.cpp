#include "engine/hardware/probe/smbios.h"

#include <algorithm>

namespace hearth::hardware {

namespace {

constexpr std::uint8_t kMemoryDevice = 17, kEndOfTable = 127;
constexpr std::size_t kHeader = 4; // type, length, handle

/// One structure's formatted area; fields beyond its length read as 0, which means "unknown" throughout.
class Structure {
public:
    explicit Structure(std::string_view bytes) : m_bytes(bytes) {}
    [[nodiscard]] std::uint32_t byte(std::size_t at) const {
        return at < m_bytes.size() ? static_cast<std::uint8_t>(m_bytes[at]) : 0U;
    }
    [[nodiscard]] std::uint32_t word(std::size_t at) const {
        return at + 1 < m_bytes.size() ? byte(at) | byte(at + 1) << 8 : 0U;
    }
    [[nodiscard]] std::uint32_t doubleWord(std::size_t at) const {
        return at + 3 < m_bytes.size() ? word(at) | word(at + 2) << 16 : 0U;
    }

private:
    std::string_view m_bytes;
};

/// Table 78 of the specification, the types that machines of this century have.
std::string_view typeName(std::uint32_t type) {
    switch (type) {
    case 0x12:
        return "DDR";
    case 0x13:
        return "DDR2";
    case 0x18:
        return "DDR3";
    case 0x1A:
        return "DDR4";
    case 0x1B:
        return "LPDDR";
    case 0x1C:
        return "LPDDR2";
    case 0x1D:
        return "LPDDR3";
    case 0x1E:
        return "LPDDR4";
    case 0x20:
        return "HBM";
    case 0x21:
        return "HBM2";
    case 0x22:
        return "DDR5";
    case 0x23:
        return "LPDDR5";
    case 0x24:
        return "HBM3";
    default:
        return {};
    }
}

/// 0 and 0xFFFF: unknown, or in the extended field.
std::uint32_t speedOf(const Structure& device) {
    const auto read = [&](std::size_t at, std::size_t extended) {
        const std::uint32_t speed = device.word(at);
        return speed == 0xFFFF ? device.doubleWord(extended) & 0x7FFFFFFFU : speed;
    };
    const std::uint32_t configured = read(0x20, 0x58);
    return configured ? configured : read(0x15, 0x54);
}

} // namespace

MemoryModules parseSmbios(std::string_view table) {
    MemoryModules out;
    std::size_t modules = 0, slots = 0;
    while (table.size() >= kHeader) {
        const auto type = static_cast<std::uint8_t>(table[0]), length = static_cast<std::uint8_t>(table[1]);
        if (length < kHeader || length > table.size())
            break;
        const Structure structure(table.substr(0, length));
        if (type == kMemoryDevice) {
            ++slots;
            const std::uint32_t size = structure.word(0x0C); // 0 = empty slot, 0xFFFF = unknown
            if (size != 0) {
                ++modules;
                if (const std::string_view name = typeName(structure.byte(0x12)); !name.empty() && !out.type)
                    out.type = std::string(name);
                // The slowest module sets the pace of all.
                if (const std::uint32_t speed = speedOf(structure); speed != 0)
                    out.speedMts = std::min(speed, out.speedMts.valueOr(speed));
            }
        }
        if (type == kEndOfTable)
            break;
        // The strings after the formatted area end with two NULs.
        const std::size_t end = table.find(std::string_view("\0\0", 2), length);
        if (end == std::string_view::npos)
            break;
        table.remove_prefix(end + 2);
    }
    if (slots > 0)
        out.modules = modules;
    return out;
}

} // namespace hearth::hardware
