#include "engine/hardware/probe/nvml.h"

#include <array>
#include <cstring>

#include "engine/hardware/probe/shared_library.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

// The interface as the reference guide gives it; only what is called here.
using Device = struct OpaqueDevice*;
using Status = int;
constexpr Status kSuccess = 0;
constexpr int kClockSm = 1, kClockMemory = 2;
constexpr unsigned kMostDevices = 64;

struct MemoryAnswer { // nvmlMemory_t
    unsigned long long total, free, used;
};
struct PciAnswer { // nvmlPciInfo_t of the functions that end in _v3
    char busIdLegacy[16];
    unsigned domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
};

template <std::size_t N>
Known<std::string> textOf(const std::array<char, N>& buffer) {
    return cleanText(std::string_view(buffer.data(), ::strnlen(buffer.data(), N)));
}

/// "00000000:01:00.0" as sysfs writes it: four digits of domain, small letters.
std::string pciAddressOf(std::string_view busId) {
    std::string text = lowerCase(trimmed(busId));
    if (const std::size_t colon = text.find(':'); colon != std::string::npos && colon > 4)
        text.erase(0, colon - 4);
    return text;
}

class Nvml {
public:
    explicit Nvml(const SharedLibrary& library) : m_library(library) {}

    template <class... Args>
    [[nodiscard]] Status call(const char* name, Args... args) const {
        const auto function = m_library.function<Status(Args...)>(name);
        return function ? function(args...) : -1;
    }

    /// A figure that one function writes for a device.
    template <class T = unsigned, class... Args>
    [[nodiscard]] Known<T> number(const char* name, Device device, Args... args) const {
        T value{};
        return call(name, device, args..., &value) == kSuccess ? Known<T>(value)
                                                               : Known<T>(Unknown::NotReported);
    }

private:
    const SharedLibrary& m_library;
};

NvmlDevice readDevice(const Nvml& nvml, Device device) {
    NvmlDevice out;
    std::array<char, 96> text{};
    if (nvml.call("nvmlDeviceGetName", device, text.data(), static_cast<unsigned>(text.size())) == kSuccess)
        out.name = textOf(text).valueOr("NVIDIA GPU");
    PciAnswer pci{};
    if (nvml.call("nvmlDeviceGetPciInfo_v3", device, &pci) == kSuccess)
        out.pciAddress = pciAddressOf(std::string_view(pci.busId, ::strnlen(pci.busId, sizeof pci.busId)));
    MemoryAnswer memory{};
    if (nvml.call("nvmlDeviceGetMemoryInfo", device, &memory) == kSuccess) {
        out.memoryBytes = static_cast<std::uint64_t>(memory.total);
        out.memoryFreeBytes = static_cast<std::uint64_t>(memory.free);
    }
    int major = 0, minor = 0;
    if (nvml.call("nvmlDeviceGetCudaComputeCapability", device, &major, &minor) == kSuccess)
        out.computeCapability = std::to_string(major) + "." + std::to_string(minor);
    text.fill(0);
    if (nvml.call("nvmlDeviceGetUUID", device, text.data(), static_cast<unsigned>(text.size())) == kSuccess)
        out.uuid = textOf(text);
    out.cores = nvml.number("nvmlDeviceGetNumGpuCores", device);
    out.busWidthBits = nvml.number("nvmlDeviceGetMemoryBusWidth", device);
    if (const auto clock = nvml.number("nvmlDeviceGetMaxClockInfo", device, kClockSm))
        out.coreMhz = static_cast<double>(*clock);
    if (const auto clock = nvml.number("nvmlDeviceGetMaxClockInfo", device, kClockMemory))
        out.memoryMhz = static_cast<double>(*clock);
    out.pcieGeneration = nvml.number("nvmlDeviceGetCurrPcieLinkGeneration", device);
    out.pcieWidth = nvml.number("nvmlDeviceGetCurrPcieLinkWidth", device);
    out.pcieMaxGeneration = nvml.number("nvmlDeviceGetMaxPcieLinkGeneration", device);
    out.pcieMaxWidth = nvml.number("nvmlDeviceGetMaxPcieLinkWidth", device);
    return out;
}

} // namespace

NvmlAnswer readNvml(const std::vector<std::string>& libraries) {
    NvmlAnswer answer;
    const SharedLibrary library(libraries);
    if (!library)
        return answer;
    const Nvml nvml(library);
    if (const Status status = nvml.call("nvmlInit_v2"); status != kSuccess) {
        answer.state = Unknown::DriverFailed;
        answer.failure = status;
        return answer;
    }
    answer.state = Unknown::NotReported;
    std::array<char, 96> text{};
    if (nvml.call("nvmlSystemGetDriverVersion", text.data(), static_cast<unsigned>(text.size())) == kSuccess)
        answer.driverVersion = textOf(text);
    // 12040 means 12.4.
    if (int cuda = 0; nvml.call("nvmlSystemGetCudaDriverVersion_v2", &cuda) == kSuccess && cuda > 0)
        answer.cudaVersion = std::to_string(cuda / 1000) + "." + std::to_string(cuda % 1000 / 10);
    unsigned count = 0;
    if (nvml.call("nvmlDeviceGetCount_v2", &count) == kSuccess)
        for (unsigned i = 0; i < std::min(count, kMostDevices); ++i)
            if (Device device = nullptr; nvml.call("nvmlDeviceGetHandleByIndex_v2", i, &device) == kSuccess)
                answer.devices.push_back(readDevice(nvml, device));
    static_cast<void>(nvml.call("nvmlShutdown"));
    return answer;
}

} // namespace hearth::hardware
