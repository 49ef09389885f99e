#include <algorithm>
#include <cctype>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// Predictable names may hold the MAC address: "enx0011223344aa".
std::string withoutMac(const std::string& name) {
    if (name.size() != 15 || name[2] != 'x')
        return name;
    const bool hex = std::all_of(name.begin() + 3, name.end(),
                                 [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    return hex ? name.substr(0, 3) + "…" : name;
}

Known<std::uint64_t> speedOf(const fs::path& folder) {
    const auto megabits = readNumber(folder / "speed"); // not readable while the link is down
    if (!megabits)
        return megabits.reason == Unknown::Unreadable ? Unknown::NotReported : megabits.reason;
    return *megabits > 0 && *megabits < 10'000'000 ? Known<std::uint64_t>(*megabits * 1'000'000)
                                                   : Known<std::uint64_t>(Unknown::NotReported);
}

} // namespace

std::vector<NetworkLink> probeNetwork(const ProbeOptions& options) {
    std::vector<NetworkLink> links;
    const fs::path net = options.root / "sys/class/net";
    std::error_code ignored;
    for (const std::string& name : listFolder(net)) {
        const fs::path folder = net / name;
        // The far ends of containers' links come in dozens and say nothing about the machine.
        if (name == "lo" || name.starts_with("veth") || !fs::is_directory(folder, ignored))
            continue;
        NetworkLink link;
        link.name = cleanText(options.identifying ? name : withoutMac(name)).valueOr("?");
        link.kind = fs::exists(folder / "wireless", ignored) || fs::exists(folder / "phy80211", ignored)
                        ? NetworkLink::Kind::Wireless
                    : fs::exists(folder / "device", ignored) ? NetworkLink::Kind::Wired
                                                             : NetworkLink::Kind::Virtual;
        // "unknown" is what links say that have no carrier to lose.
        const std::string state = readLine(folder / "operstate").valueOr("");
        link.up = state == "up" || state == "unknown";
        link.bitsPerSecond = speedOf(folder);
        link.mac = options.identifying ? readLine(folder / "address") : Known<std::string>(Unknown::Withheld);
        links.push_back(std::move(link));
    }
    std::stable_sort(links.begin(), links.end(),
                     [](const NetworkLink& a, const NetworkLink& b) { return a.kind < b.kind; });
    return links;
}

} // namespace hearth::hardware
