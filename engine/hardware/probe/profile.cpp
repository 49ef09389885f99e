#include "engine/hardware/probe/profile.h"

#include <algorithm>

namespace hearth::hardware {

namespace {

/// FNV-1a, 64 bits (draft-eastlake-fnv): short, the same everywhere, and nothing has to be secret here.
class Digest {
public:
    void add(std::string_view text) {
        for (const char c : text)
            byte(static_cast<unsigned char>(c));
        byte(0); // so that "ab"+"c" differs from "a"+"bc"
    }
    [[nodiscard]] std::string text() const {
        constexpr char kDigits[] = "0123456789abcdef";
        std::string out;
        for (int shift = 60; shift >= 0; shift -= 4)
            out += kDigits[m_value >> shift & 15U];
        return out;
    }

private:
    void byte(unsigned char value) { m_value = (m_value ^ value) * 0x100000001B3ULL; }
    std::uint64_t m_value = 0xCBF29CE484222325ULL;
};

} // namespace

std::string_view unknownName(Unknown reason) {
    switch (reason) {
    case Unknown::NotReported:
        return "not_reported";
    case Unknown::Absent:
        return "absent";
    case Unknown::Unreadable:
        return "unreadable";
    case Unknown::Malformed:
        return "malformed";
    case Unknown::NotApplicable:
        return "not_applicable";
    case Unknown::Withheld:
        return "withheld";
    case Unknown::LibraryMissing:
        return "library_missing";
    case Unknown::DriverFailed:
        return "driver_failed";
    case Unknown::TimedOut:
        return "timed_out";
    }
    return "not_reported";
}

std::string_view verdictName(Verdict verdict) {
    switch (verdict) {
    case Verdict::Fine:
        return "fine";
    case Verdict::Old:
        return "old";
    case Verdict::Missing:
        return "missing";
    case Verdict::Mismatched:
        return "mismatched";
    case Verdict::Broken:
        return "broken";
    case Verdict::Unknown:
        return "unknown";
    }
    return "unknown";
}

std::string Advice::arg(std::string_view name) const {
    const auto found =
        std::find_if(args.begin(), args.end(), [&](const auto& one) { return one.first == name; });
    return found == args.end() ? std::string() : found->second;
}

std::string machineFingerprint(const HardwareProfile& profile) {
    constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
    Digest digest;
    digest.add(profile.cpu.architecture);
    digest.add(profile.cpu.model.valueOr(""));
    digest.add(std::to_string(profile.cpu.cores.valueOr(0)) + "/" + std::to_string(profile.cpu.usableCores));
    for (const std::string& set : profile.cpu.instructionSets)
        digest.add(set);
    digest.add(std::to_string((profile.memory.totalBytes.valueOr(0) + kGiB / 2) / kGiB));
    for (const GpuInfo& gpu : profile.gpus)
        if (!gpu.kernelId.empty())
            digest.add(gpu.kernelId);
    return digest.text();
}

} // namespace hearth::hardware
