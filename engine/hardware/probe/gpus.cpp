#include <algorithm>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

struct Vendor {
    unsigned id;
    std::string_view name;
};
// PCI vendor numbers, and Khronos's for those without (from 0x10000 on).
constexpr Vendor kVendors[]{
    {0x10DE, "NVIDIA"},        {0x1002, "AMD"},       {0x1022, "AMD"},     {0x8086, "Intel"},
    {0x13B5, "Arm"},           {0x5143, "Qualcomm"},  {0x106B, "Apple"},   {0x1010, "Imagination"},
    {0x1ED5, "Moore Threads"}, {0x1AF4, "Red Hat"},   {0x1B36, "Red Hat"}, {0x1234, "QEMU"},
    {0x15AD, "VMware"},        {0x1414, "Microsoft"}, {0x80EE, "Oracle"},  {0x1A03, "ASPEED"},
    {0x102B, "Matrox"},        {0x10005, "Mesa"},     {0x1AE0, "Google"},
};
constexpr unsigned kOfHypervisors[]{0x1AF4, 0x1B36, 0x1234, 0x15AD, 0x1414, 0x80EE, 0x1013};

std::string vendorName(unsigned id) {
    const auto* found =
        std::find_if(std::begin(kVendors), std::end(kVendors), [&](const Vendor& v) { return v.id == id; });
    return found == std::end(kVendors) ? std::string() : std::string(found->name);
}

bool ofHypervisor(unsigned id) {
    return std::find(std::begin(kOfHypervisors), std::end(kOfHypervisors), id) != std::end(kOfHypervisors);
}

/// A card while it is put together; the PCI numbers match what the sources say.
struct Candidate {
    GpuInfo gpu;
    unsigned vendor = 0, device = 0;
    bool vulkan = false;
};

Known<std::uint32_t> small(const Known<std::uint64_t>& number) {
    return number && *number <= 0xFFFF ? Known<std::uint32_t>(static_cast<std::uint32_t>(*number))
                                       : Known<std::uint32_t>(number ? Unknown::Malformed : number.reason);
}

/// "16.0 GT/s PCIe" as a generation of PCI Express.
Known<std::uint32_t> generation(const fs::path& path) {
    const auto line = readLine(path);
    if (!line)
        return line.reason;
    constexpr double kSpeeds[]{2.5, 5, 8, 16, 32, 64};
    const auto speed = leadingDecimal(*line);
    for (std::uint32_t i = 0; speed && i < std::size(kSpeeds); ++i)
        if (*speed == kSpeeds[i])
            return i + 1;
    return Unknown::NotReported;
}

std::optional<unsigned> hexNumber(const fs::path& path) {
    const auto line = readLine(path);
    return line && line->starts_with("0x") ? parseNumber<unsigned>(std::string_view(*line).substr(2), 16)
                                           : std::nullopt;
}

std::string hex4(unsigned number) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (int shift = 12; shift >= 0; shift -= 4)
        out += kDigits[number >> shift & 15U];
    return out;
}

Known<std::string> moduleVersion(const fs::path& root, const Known<std::string>& driver) {
    if (!driver)
        return driver.reason;
    if (auto version = readLine(root / "sys/module" / *driver / "version"))
        return version;
    return Unknown::NotReported; // drivers of the kernel itself have its version
}

/// What the kernel knows of the device in this folder of sysfs.
void readDevice(const fs::path& root, const fs::path& folder, GpuInfo& gpu) {
    const Known<std::string> uevent = readFile(folder / "uevent", 1 << 16);
    if (uevent) {
        const auto driver = valueOf(*uevent, "DRIVER", '=');
        gpu.driver = driver ? cleanText(*driver) : Known<std::string>(Unknown::NotReported);
    } else {
        gpu.driver = uevent.reason;
    }
    gpu.driverVersion = moduleVersion(root, gpu.driver);
    gpu.memoryBytes = readNumber(folder / "mem_info_vram_total"); // amdgpu
    if (const auto used = readNumber(folder / "mem_info_vram_used"); used && gpu.memoryBytes)
        gpu.memoryFreeBytes = *gpu.memoryBytes - std::min(*used, *gpu.memoryBytes);
    else
        gpu.memoryFreeBytes = used ? gpu.memoryBytes.reason : used.reason;
    gpu.pcieGeneration = generation(folder / "current_link_speed");
    gpu.pcieWidth = small(readNumber(folder / "current_link_width"));
    gpu.pcieMaxGeneration = generation(folder / "max_link_speed");
    gpu.pcieMaxWidth = small(readNumber(folder / "max_link_width"));
}

bool hasDrmCard(const fs::path& device) {
    return !listFolder(device / "drm").empty();
}

std::string pciIdsText(const fs::path& root) {
    for (const char* path : {"usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids"})
        if (auto text = readFile(root / path, 8U << 20))
            return *text;
    return {};
}

std::vector<Candidate> fromPci(const fs::path& root) {
    std::vector<Candidate> out;
    const fs::path bus = root / "sys/bus/pci/devices";
    std::optional<std::string> ids; // read only when a card needs a name
    for (const std::string& address : listFolder(bus)) {
        const fs::path folder = bus / address;
        const auto kind = hexNumber(folder / "class");
        if (!kind || *kind >> 16 != 0x03) // display controllers: VGA, XGA, 3D, other
            continue;
        Candidate one;
        one.vendor = hexNumber(folder / "vendor").value_or(0);
        one.device = hexNumber(folder / "device").value_or(0);
        one.gpu.pciAddress = address;
        one.gpu.kernelId = hex4(one.vendor) + ":" + hex4(one.device);
        one.gpu.vendor = vendorName(one.vendor);
        readDevice(root, folder, one.gpu);
        if (ofHypervisor(one.vendor))
            one.gpu.kind = GpuInfo::Kind::Virtual;
        else if (one.vendor == 0x8086 &&
                 address.ends_with(":00:02.0")) // where Intel's processors have theirs
            one.gpu.kind = GpuInfo::Kind::Integrated;
        if (!ids)
            ids = pciIdsText(root);
        const PciName named = pciName(*ids, one.vendor, one.device);
        if (one.gpu.vendor.empty())
            one.gpu.vendor = named.vendor;
        one.gpu.name = !named.device.empty()
                           ? named.device
                           : (one.gpu.vendor.empty() ? std::string("GPU") : one.gpu.vendor + " GPU") + " " +
                                 one.gpu.kernelId;
        one.gpu.sources.emplace_back(hasDrmCard(folder) ? "drm" : "pci");
        out.push_back(std::move(one));
    }
    return out;
}

/// Graphics of a system on chip is no PCI device; DRM lists it under its platform name.
void addFromDrm(const fs::path& root, std::vector<Candidate>& all) {
    const fs::path drm = root / "sys/class/drm";
    for (const std::string& card : listFolder(drm)) {
        if (!card.starts_with("card") || !parseNumber<unsigned>(std::string_view(card).substr(4)))
            continue;
        const auto uevent = readFile(drm / card / "device/uevent", 1 << 16);
        if (!uevent || valueOf(*uevent, "PCI_ID", '='))
            continue;
        Candidate one;
        readDevice(root, drm / card / "device", one.gpu);
        const auto compatible = valueOf(*uevent, "OF_COMPATIBLE_0", '=');
        one.gpu.name = compatible ? cleanText(*compatible).valueOr("") : one.gpu.driver.valueOr("");
        if (one.gpu.name.empty())
            continue;
        one.gpu.kernelId = one.gpu.name;
        one.gpu.kind = one.gpu.driver.valueOr("") == "simple-framebuffer" ? GpuInfo::Kind::Virtual
                                                                          : GpuInfo::Kind::Integrated;
        one.gpu.pciAddress = Unknown::NotApplicable;
        for (Known<std::uint32_t>* field :
             {&one.gpu.pcieGeneration, &one.gpu.pcieWidth, &one.gpu.pcieMaxGeneration, &one.gpu.pcieMaxWidth})
            *field = Unknown::NotApplicable;
        one.gpu.sources.emplace_back("drm");
        all.push_back(std::move(one));
    }
}

template <class Match>
Candidate* findIf(std::vector<Candidate>& all, Match match) {
    const auto found = std::find_if(all.begin(), all.end(), match);
    return found == all.end() ? nullptr : &*found;
}

void addFromVulkan(const VulkanAnswer& vulkan, std::vector<Candidate>& all) {
    for (const VulkanDevice& device : vulkan.devices) {
        Candidate* one = nullptr;
        if (device.kind != GpuInfo::Kind::Software) {
            one = device.pciAddress.empty() ? nullptr : findIf(all, [&](const Candidate& c) {
                return c.gpu.pciAddress.valueOr("") == device.pciAddress;
            });
            if (!one && device.pciAddress.empty())
                one = findIf(all, [&](const Candidate& c) {
                    return !c.vulkan && c.vendor == device.vendorId && c.device == device.deviceId;
                });
        }
        // Two drivers may offer one card; the first one speaks for it.
        if (one && one->vulkan)
            continue;
        if (!one) {
            one = &all.emplace_back();
            one->vendor = device.vendorId;
            one->device = device.deviceId;
            one->gpu.vendor = vendorName(device.vendorId);
            if (!device.pciAddress.empty())
                one->gpu.pciAddress = device.pciAddress;
            else if (device.kind == GpuInfo::Kind::Software)
                one->gpu.pciAddress = Unknown::NotApplicable;
            one->gpu.driver = cleanText(device.driverName);
            one->gpu.driverVersion = cleanText(device.driverInfo);
        }
        one->vulkan = true;
        if (!device.name.empty())
            one->gpu.name = device.name;
        if (device.kind != GpuInfo::Kind::Unknown)
            one->gpu.kind = device.kind;
        one->gpu.vulkanVersion = device.apiVersion;
        if (!one->gpu.memoryBytes && device.kind != GpuInfo::Kind::Software)
            one->gpu.memoryBytes = device.memoryBytes;
        if (!one->gpu.memoryFreeBytes && device.kind != GpuInfo::Kind::Software)
            one->gpu.memoryFreeBytes = device.memoryFreeBytes;
        if (!one->gpu.driverVersion && !device.driverInfo.empty())
            one->gpu.driverVersion = device.driverInfo;
        one->gpu.sources.emplace_back("vulkan");
    }
}

void addFromNvml(const NvmlAnswer& nvml, bool identifying, std::vector<Candidate>& all) {
    for (const NvmlDevice& device : nvml.devices) {
        Candidate* one = findIf(all, [&](const Candidate& c) {
            return !device.pciAddress.empty() && c.gpu.pciAddress.valueOr("") == device.pciAddress;
        });
        if (!one) {
            one = &all.emplace_back();
            one->vendor = 0x10DE;
            if (!device.pciAddress.empty())
                one->gpu.pciAddress = device.pciAddress;
            one->gpu.driver = std::string("nvidia");
        }
        GpuInfo& gpu = one->gpu;
        gpu.name = device.name;
        gpu.vendor = vendorName(0x10DE);
        if (gpu.kind == GpuInfo::Kind::Unknown)
            gpu.kind = GpuInfo::Kind::Discrete;
        gpu.memoryBytes = device.memoryBytes;
        gpu.memoryFreeBytes = device.memoryFreeBytes;
        gpu.driverVersion = nvml.driverVersion;
        gpu.cudaVersion = nvml.cudaVersion;
        gpu.computeCapability = device.computeCapability;
        gpu.cores = device.cores;
        gpu.coreMhz = device.coreMhz;
        gpu.pcieGeneration = device.pcieGeneration;
        gpu.pcieWidth = device.pcieWidth;
        gpu.pcieMaxGeneration = device.pcieMaxGeneration;
        gpu.pcieMaxWidth = device.pcieMaxWidth;
        if (identifying)
            gpu.uuid = device.uuid;
        // Double data rate: two transfers a clock over the whole width.
        if (device.memoryMhz && device.busWidthBits)
            gpu.memoryBandwidth = *device.memoryMhz * 1e6 * 2 * *device.busWidthBits / 8;
        gpu.sources.emplace_back("nvml");
    }
}

/// A card of NVIDIA's that its own library did not speak of has a reason for what is missing.
void explain(const NvmlAnswer& nvml, const VulkanAnswer& vulkan, Candidate& one) {
    GpuInfo& gpu = one.gpu;
    const bool nvidia = one.vendor == 0x10DE && gpu.kind != GpuInfo::Kind::Software;
    const auto give = [](auto& field, Unknown why) {
        if (!field)
            field.reason = why;
    };
    const Unknown vendorOnly = nvidia ? nvml.state : Unknown::NotApplicable;
    give(gpu.computeCapability, vendorOnly);
    give(gpu.cudaVersion, vendorOnly);
    give(gpu.cores, nvidia ? nvml.state : Unknown::NotReported);
    give(gpu.coreMhz, nvidia ? nvml.state : Unknown::NotReported);
    give(gpu.memoryBandwidth, nvidia ? nvml.state : Unknown::NotReported);
    if (nvidia && nvml.devices.empty())
        for (Known<std::uint64_t>* field : {&gpu.memoryBytes, &gpu.memoryFreeBytes})
            give(*field, nvml.state);
    give(gpu.vulkanVersion, vulkan.state);
    if (gpu.kind == GpuInfo::Kind::Software) {
        give(gpu.memoryBytes, Unknown::NotApplicable);
        give(gpu.memoryFreeBytes, Unknown::NotApplicable);
        for (Known<std::uint32_t>* field :
             {&gpu.cores, &gpu.pcieGeneration, &gpu.pcieWidth, &gpu.pcieMaxGeneration, &gpu.pcieMaxWidth})
            give(*field, Unknown::NotApplicable);
        give(gpu.memoryBandwidth, Unknown::NotApplicable);
        give(gpu.coreMhz, Unknown::NotApplicable);
    }
}

int rank(GpuInfo::Kind kind) {
    switch (kind) {
    case GpuInfo::Kind::Discrete:
        return 0;
    case GpuInfo::Kind::Integrated:
        return 1;
    case GpuInfo::Kind::Unknown:
        return 2;
    case GpuInfo::Kind::Virtual:
        return 3;
    case GpuInfo::Kind::Software:
        break;
    }
    return 4;
}

} // namespace

std::vector<GpuInfo> probeGpus(const ProbeOptions& options, const NvmlAnswer& nvml,
                               const VulkanAnswer& vulkan) {
    std::vector<Candidate> all = fromPci(options.root);
    addFromDrm(options.root, all);
    addFromVulkan(vulkan, all);
    addFromNvml(nvml, options.identifying, all);
    std::vector<GpuInfo> gpus;
    for (Candidate& one : all) {
        explain(nvml, vulkan, one);
        if (!options.identifying)
            one.gpu.uuid = Unknown::Withheld;
        gpus.push_back(std::move(one.gpu));
    }
    std::stable_sort(gpus.begin(), gpus.end(),
                     [](const GpuInfo& a, const GpuInfo& b) { return rank(a.kind) < rank(b.kind); });
    return gpus;
}

} // namespace hearth::hardware
