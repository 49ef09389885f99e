#include <algorithm>
#include <set>

#include <sys/utsname.h>

#include "engine/base/cgroup.h"
#include "engine/base/usable_cores.h"
#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// The kernel's flag and our name. x86 as in arch/x86/include/asm/cpufeatures.h, ARM as in its ELF hwcaps
/// documentation (Documentation/arch/arm64/elf_hwcaps.rst).
struct Flag {
    std::string_view kernel, ours;
};
constexpr Flag kX86[]{
    {"sse4_2", "sse4.2"},
    {"avx", "avx"},
    {"f16c", "f16c"},
    {"fma", "fma"},
    {"avx2", "avx2"},
    {"avx_vnni", "avxvnni"},
    {"avx512f", "avx512f"},
    {"avx512bw", "avx512bw"},
    {"avx512vl", "avx512vl"},
    {"avx512dq", "avx512dq"},
    {"avx512_vnni", "avx512vnni"},
    {"avx512_bf16", "avx512bf16"},
    {"avx512_fp16", "avx512fp16"},
    {"amx_int8", "amxint8"},
    {"amx_bf16", "amxbf16"},
};
constexpr Flag kArm[]{
    {"asimd", "neon"}, {"asimdhp", "fp16"}, {"asimddp", "dotprod"}, {"i8mm", "i8mm"},
    {"bf16", "bf16"},  {"sve", "sve"},      {"sve2", "sve2"},       {"sme", "sme"},
};

/// Processors that give only numbers (MIDR_EL1): implementer, part, name.
struct ArmPart {
    unsigned implementer, part;
    std::string_view name;
};
constexpr ArmPart kArmParts[]{
    {0x41, 0xd03, "Cortex-A53"},   {0x41, 0xd04, "Cortex-A35"},  {0x41, 0xd05, "Cortex-A55"},
    {0x41, 0xd07, "Cortex-A57"},   {0x41, 0xd08, "Cortex-A72"},  {0x41, 0xd09, "Cortex-A73"},
    {0x41, 0xd0a, "Cortex-A75"},   {0x41, 0xd0b, "Cortex-A76"},  {0x41, 0xd0c, "Neoverse-N1"},
    {0x41, 0xd40, "Neoverse-V1"},  {0x41, 0xd41, "Cortex-A78"},  {0x41, 0xd44, "Cortex-X1"},
    {0x41, 0xd49, "Neoverse-N2"},  {0x41, 0xd4f, "Neoverse-V2"}, {0x41, 0xd84, "Neoverse-V3"},
    {0x41, 0xd8e, "Neoverse-N3"},  {0x46, 0x001, "A64FX"},       {0x48, 0xd01, "TaiShan v110"},
    {0x48, 0xd02, "TaiShan v120"}, {0x61, 0x022, "Apple M1"},    {0x61, 0x023, "Apple M1"},
    {0x61, 0x032, "Apple M2"},     {0x61, 0x033, "Apple M2"},    {0xc0, 0xac3, "Ampere-1"},
    {0xc0, 0xac4, "Ampere-1A"},    {0x51, 0x001, "Oryon"},       {0x43, 0x0af, "ThunderX2"},
};

struct Vendor {
    std::string_view reported, name;
};
constexpr Vendor kX86Vendors[]{
    {"GenuineIntel", "Intel"}, {"AuthenticAMD", "AMD"},     {"HygonGenuine", "Hygon"},
    {"CentaurHauls", "VIA"},   {"  Shanghai  ", "Zhaoxin"}, {"Shanghai", "Zhaoxin"},
};
struct ArmVendor {
    unsigned implementer;
    std::string_view name;
};
constexpr ArmVendor kArmVendors[]{
    {0x41, "Arm"},    {0x42, "Broadcom"}, {0x43, "Cavium"}, {0x46, "Fujitsu"}, {0x48, "HiSilicon"},
    {0x4e, "NVIDIA"}, {0x51, "Qualcomm"}, {0x61, "Apple"},  {0x70, "Phytium"}, {0xc0, "Ampere"}};

std::optional<unsigned> hexValue(std::string_view text, std::string_view key) {
    const auto value = valueOf(text, key, ':');
    return value && value->starts_with("0x") ? parseNumber<unsigned>(value->substr(2), 16) : std::nullopt;
}

void nameArm(std::string_view cpuinfo, CpuInfo& cpu) {
    const auto implementer = hexValue(cpuinfo, "CPU implementer"), part = hexValue(cpuinfo, "CPU part");
    if (!implementer)
        return;
    for (const ArmVendor& one : kArmVendors)
        if (one.implementer == *implementer)
            cpu.vendor = std::string(one.name);
    if (!cpu.model && part)
        for (const ArmPart& one : kArmParts)
            if (one.implementer == *implementer && one.part == *part)
                cpu.model = std::string(one.name);
}

void readNames(std::string_view cpuinfo, CpuInfo& cpu) {
    if (const auto vendor = valueOf(cpuinfo, "vendor_id", ':')) {
        cpu.vendor = cleanText(*vendor);
        for (const Vendor& one : kX86Vendors)
            if (trimmed(one.reported) == *vendor)
                cpu.vendor = std::string(one.name);
    }
    // "Model" is how boards with ARM processors name themselves.
    for (const char* key : {"model name", "cpu model", "Model"})
        if (const auto model = valueOf(cpuinfo, key, ':'); model && !cpu.model)
            cpu.model = cleanText(*model);
    nameArm(cpuinfo, cpu);
}

void readInstructionSets(std::string_view cpuinfo, CpuInfo& cpu) {
    for (const auto& [key, names] :
         {std::pair<const char*, std::pair<const Flag*, std::size_t>>{"flags", {kX86, std::size(kX86)}},
          {"Features", {kArm, std::size(kArm)}}}) {
        const auto list = valueOf(cpuinfo, key, ':');
        if (!list)
            continue;
        const auto words = splitWords(*list);
        const std::set<std::string_view> present(words.begin(), words.end());
        for (std::size_t i = 0; i < names.second; ++i)
            if (present.contains(names.first[i].kernel))
                cpu.instructionSets.emplace_back(names.first[i].ours);
    }
}

/// cpufreq counts in kHz.
Known<double> megahertz(const fs::path& path) {
    const auto khz = readNumber(path);
    return khz && *khz > 0 ? Known<double>(static_cast<double>(*khz) / 1000)
                           : Known<double>(khz ? Unknown::Malformed : khz.reason);
}

/// "Intel(R) … CPU @ 2.60GHz"
std::optional<double> megahertzInName(std::string_view model) {
    const std::size_t at = model.rfind("@ ");
    if (at == std::string_view::npos || model.find("GHz", at) == std::string_view::npos)
        return std::nullopt;
    const auto ghz = leadingDecimal(model.substr(at + 2));
    return ghz && *ghz > 0.1 && *ghz < 20 ? std::optional(*ghz * 1000) : std::nullopt;
}

void readFrequencies(const fs::path& root, std::string_view cpuinfo, CpuInfo& cpu) {
    const fs::path cpus = root / "sys/devices/system/cpu";
    cpu.baseMhz = megahertz(cpus / "cpu0/cpufreq/base_frequency");
    cpu.maxMhz = megahertz(cpus / "cpu0/cpufreq/cpuinfo_max_freq");
    cpu.governor = Unknown::Absent;
    cpu.currentMhz = Unknown::Absent;
    double sum = 0;
    std::size_t count = 0;
    for (const std::string& name : listFolder(cpus)) {
        if (!name.starts_with("cpu") || !parseNumber<unsigned>(std::string_view(name).substr(3)))
            continue;
        if (const auto now = megahertz(cpus / name / "cpufreq/scaling_cur_freq")) {
            sum += *now;
            ++count;
        }
        const auto governor = readLine(cpus / name / "cpufreq/scaling_governor");
        if (!cpu.governor)
            cpu.governor = governor;
        else if (governor && *governor != *cpu.governor)
            cpu.governor = std::string("mixed");
    }
    if (count == 0)
        for (const std::string_view line : splitLines(cpuinfo))
            if (line.starts_with("cpu MHz"))
                if (const auto mhz = valueOf(line, "cpu MHz", ':'))
                    if (const auto now = leadingDecimal(*mhz)) {
                        sum += *now;
                        ++count;
                    }
    if (count > 0)
        cpu.currentMhz = sum / static_cast<double>(count);
    if (!cpu.baseMhz && cpu.model)
        if (const auto mhz = megahertzInName(*cpu.model))
            cpu.baseMhz = *mhz;
}

} // namespace

std::string machineArchitecture(const fs::path& root) {
    if (const auto told = readLine(root / "proc/sys/kernel/arch")) // Linux 6.1 and later
        return *told;
    utsname name{};
    return ::uname(&name) == 0 ? std::string(name.machine) : std::string();
}

CpuInfo probeCpu(const fs::path& root, std::string_view architecture) {
    CpuInfo cpu;
    cpu.architecture = architecture;
    const Known<std::string> file = readFile(root / "proc/cpuinfo", 8U << 20); // 1 KiB and more per processor
    const std::string cpuinfo = file.valueOr("");
    cpu.vendor = cpu.model = cpu.noInstructionSets = file ? Unknown::NotReported : file.reason;
    readNames(cpuinfo, cpu);
    readInstructionSets(cpuinfo, cpu);
    readTopology(root, cpuinfo, cpu);
    for (Known<std::size_t>* count : {&cpu.packages, &cpu.cores, &cpu.threads})
        if (!*count && !file)
            *count = file.reason;
    readFrequencies(root, cpuinfo, cpu);
    cpu.usableCores = usableCores(root);
    const auto quota = cgroupLimits(root).processors;
    cpu.quota = quota ? Known<double>(*quota) : Known<double>(Unknown::NotApplicable);
    return cpu;
}

} // namespace hearth::hardware
