#include "engine/hardware/probe/vulkan.h"

#include <algorithm>
#include <array>
#include <cstdio>

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan_core.h>

#include "engine/hardware/probe/shared_library.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

constexpr std::uint32_t kMostDevices = 64;

std::string versionText(std::uint32_t version) {
    return std::to_string(VK_API_VERSION_MAJOR(version)) + "." +
           std::to_string(VK_API_VERSION_MINOR(version)) + "." +
           std::to_string(VK_API_VERSION_PATCH(version));
}

template <std::size_t N>
std::string textOf(const char (&buffer)[N]) {
    return cleanText(std::string_view(buffer, ::strnlen(buffer, N))).valueOr("");
}

GpuInfo::Kind kindOf(VkPhysicalDeviceType type) {
    switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
        return GpuInfo::Kind::Discrete;
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
        return GpuInfo::Kind::Integrated;
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
        return GpuInfo::Kind::Virtual;
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
        return GpuInfo::Kind::Software;
    default:
        return GpuInfo::Kind::Unknown;
    }
}

/// The functions of one instance; each may be missing in an old or broken loader.
class Instance {
public:
    Instance(PFN_vkGetInstanceProcAddr get, VkInstance instance) : m_get(get), m_instance(instance) {}
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;
    ~Instance() {
        if (const auto destroy = function<PFN_vkDestroyInstance>("vkDestroyInstance"))
            destroy(m_instance, nullptr);
    }

    template <class Function>
    [[nodiscard]] Function function(const char* name) const {
        return reinterpret_cast<Function>(m_get(m_instance, name)); // the interface's own way
    }
    [[nodiscard]] VkInstance handle() const { return m_instance; }

private:
    PFN_vkGetInstanceProcAddr m_get;
    VkInstance m_instance;
};

bool hasExtension(const std::vector<VkExtensionProperties>& all, std::string_view name) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return name == one.extensionName; });
}

std::vector<VkExtensionProperties> extensionsOf(const Instance& instance, VkPhysicalDevice device) {
    const auto list =
        instance.function<PFN_vkEnumerateDeviceExtensionProperties>("vkEnumerateDeviceExtensionProperties");
    std::uint32_t count = 0;
    if (!list || list(device, nullptr, &count, nullptr) != VK_SUCCESS)
        return {};
    std::vector<VkExtensionProperties> out(count);
    if (list(device, nullptr, &count, out.data()) < 0)
        return {};
    out.resize(count);
    return out;
}

void readMemory(const Instance& instance, VkPhysicalDevice device, bool budgets, VulkanDevice& out) {
    const auto ask =
        instance.function<PFN_vkGetPhysicalDeviceMemoryProperties2>("vkGetPhysicalDeviceMemoryProperties2");
    if (!ask)
        return;
    VkPhysicalDeviceMemoryBudgetPropertiesEXT budget{};
    budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT;
    VkPhysicalDeviceMemoryProperties2 memory{};
    memory.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2;
    memory.pNext = budgets ? &budget : nullptr;
    ask(device, &memory);
    const auto& properties = memory.memoryProperties;
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(properties.memoryHeapCount, VK_MAX_MEMORY_HEAPS);
         ++i) {
        const VkMemoryHeap& heap = properties.memoryHeaps[i];
        if (!(heap.flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) || heap.size <= out.memoryBytes.valueOr(0))
            continue;
        out.memoryBytes = std::uint64_t{heap.size};
        if (budgets && budget.heapBudget[i] >= budget.heapUsage[i])
            out.memoryFreeBytes = std::uint64_t{budget.heapBudget[i] - budget.heapUsage[i]};
    }
}

VulkanDevice readDevice(const Instance& instance, VkPhysicalDevice device) {
    VulkanDevice out;
    const auto extensions = extensionsOf(instance, device);
    const auto ask = instance.function<PFN_vkGetPhysicalDeviceProperties2>("vkGetPhysicalDeviceProperties2");
    if (!ask)
        return out;
    VkPhysicalDevicePCIBusInfoPropertiesEXT pci{};
    pci.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PCI_BUS_INFO_PROPERTIES_EXT;
    const bool tellsPci = hasExtension(extensions, VK_EXT_PCI_BUS_INFO_EXTENSION_NAME);
    VkPhysicalDeviceDriverProperties driver{};
    driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES;
    driver.pNext = tellsPci ? &pci : nullptr;
    VkPhysicalDeviceProperties2 properties{};
    properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    properties.pNext = &driver;
    ask(device, &properties);
    const VkPhysicalDeviceProperties& base = properties.properties;
    out.name = textOf(base.deviceName);
    out.kind = kindOf(base.deviceType);
    out.vendorId = base.vendorID;
    out.deviceId = base.deviceID;
    out.apiVersion = versionText(base.apiVersion);
    out.driverName = textOf(driver.driverName);
    out.driverInfo = textOf(driver.driverInfo);
    if (tellsPci) {
        char text[32];
        std::snprintf(text, sizeof text, "%04x:%02x:%02x.%x", pci.pciDomain, pci.pciBus, pci.pciDevice,
                      pci.pciFunction);
        out.pciAddress = text;
    }
    readMemory(instance, device, hasExtension(extensions, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME), out);
    return out;
}

} // namespace

VulkanAnswer readVulkan(const std::vector<std::string>& libraries) {
    VulkanAnswer answer;
    const SharedLibrary library(libraries);
    if (!library)
        return answer;
    answer.state = Unknown::DriverFailed;
    answer.failure = VK_ERROR_INITIALIZATION_FAILED;
    const auto get =
        library.function<std::remove_pointer_t<PFN_vkGetInstanceProcAddr>>("vkGetInstanceProcAddr");
    if (!get)
        return answer;
    const auto create = reinterpret_cast<PFN_vkCreateInstance>(get(nullptr, "vkCreateInstance"));
    if (!create)
        return answer;
    // Version 1.0 loaders lack this function.
    const auto version =
        reinterpret_cast<PFN_vkEnumerateInstanceVersion>(get(nullptr, "vkEnumerateInstanceVersion"));
    std::uint32_t loader = VK_API_VERSION_1_0;
    if (version && version(&loader) == VK_SUCCESS)
        answer.loaderVersion = versionText(loader);

    VkApplicationInfo application{};
    application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
    application.apiVersion = VK_API_VERSION_1_2; // driver properties are core from 1.2 on
    VkInstanceCreateInfo info{};
    info.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
    info.pApplicationInfo = &application;
    VkInstance handle = VK_NULL_HANDLE;
    if (const VkResult result = create(&info, nullptr, &handle); result != VK_SUCCESS) {
        answer.failure = result;
        return answer;
    }
    const Instance instance(get, handle);
    const auto list = instance.function<PFN_vkEnumeratePhysicalDevices>("vkEnumeratePhysicalDevices");
    std::array<VkPhysicalDevice, kMostDevices> devices{};
    std::uint32_t count = kMostDevices;
    if (const VkResult result = list ? list(instance.handle(), &count, devices.data()) : VK_ERROR_UNKNOWN;
        result < 0) {
        answer.failure = result;
        return answer;
    }
    for (std::uint32_t i = 0; i < count; ++i)
        answer.devices.push_back(readDevice(instance, devices[i]));
    answer.state = Unknown::NotReported;
    answer.failure = 0;
    return answer;
}

} // namespace hearth::hardware
