#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

/// "1002  Advanced Micro Devices" → the number; nullopt for comments, classes and damage.
std::optional<unsigned> leadingId(std::string_view line) {
    return line.size() > 6 && line[4] == ' ' && line[5] == ' ' ? parseNumber<unsigned>(line.substr(0, 4), 16)
                                                               : std::nullopt;
}

} // namespace

/// Format of pci.ids: vendors at the line's start, their devices after one tab, subsystems after two.
PciName pciName(std::string_view pciIds, unsigned vendor, unsigned device) {
    PciName name;
    bool inside = false;
    while (!pciIds.empty()) {
        const std::size_t end = std::min(pciIds.find('\n'), pciIds.size());
        const std::string_view line = pciIds.substr(0, end);
        pciIds.remove_prefix(std::min(end + 1, pciIds.size()));
        if (line.empty() || line[0] == '#')
            continue;
        if (line[0] != '\t') {
            if (inside || line.starts_with("C ")) // the vendor's list has ended, or the classes begin
                break;
            inside = leadingId(line) == vendor;
            if (inside)
                name.vendor = cleanText(line.substr(6)).valueOr("");
        } else if (inside && line.size() > 7 && line[1] != '\t' && leadingId(line.substr(1)) == device) {
            name.device = cleanText(line.substr(7)).valueOr("");
            break;
        }
    }
    return name;
}

} // namespace hearth::hardware
