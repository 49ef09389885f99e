#include "tests/hardware/probe/recorded_tree.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace hearth::test {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string fromHex(const std::string& text) {
    std::string out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        for (std::string word; words >> word;)
            out += static_cast<char>(std::stoi(word, nullptr, 16));
    }
    return out;
}

/// The kernel's masks: groups of 32 bits in hexadecimal, highest first.
std::string mask(const std::vector<unsigned>& cpus, unsigned total) {
    std::vector<std::uint32_t> groups((total + 31) / 32, 0);
    for (const unsigned cpu : cpus)
        groups[cpu / 32] |= 1U << cpu % 32;
    std::string out;
    for (std::size_t i = groups.size(); i-- > 0;) {
        char text[16];
        std::snprintf(text, sizeof text, "%s%08x", out.empty() ? "" : ",", groups[i]);
        out += text;
    }
    return out + "\n";
}

std::string list(const std::vector<unsigned>& cpus) {
    std::string out;
    for (const unsigned cpu : cpus)
        out += (out.empty() ? "" : ",") + std::to_string(cpu);
    return out + "\n";
}

template <class T>
hardware::Known<T> known(const json& object, const char* key) {
    return object.contains(key) ? hardware::Known<T>(object[key].get<T>())
                                : hardware::Known<T>(hardware::Unknown::NotReported);
}

hardware::NvmlAnswer nvmlFrom(const json& answers) {
    hardware::NvmlAnswer out;
    if (!answers.contains("nvml"))
        return out;
    const json& nvml = answers["nvml"];
    out.failure = nvml.value("failure", 0);
    out.state = out.failure ? hardware::Unknown::DriverFailed : hardware::Unknown::NotReported;
    out.driverVersion = known<std::string>(nvml, "driver");
    out.cudaVersion = known<std::string>(nvml, "cuda");
    for (const json& one : nvml.value("devices", json::array())) {
        hardware::NvmlDevice device;
        device.name = one.at("name");
        device.pciAddress = one.at("pci");
        device.memoryBytes = known<std::uint64_t>(one, "memory");
        device.memoryFreeBytes = known<std::uint64_t>(one, "free");
        device.computeCapability = known<std::string>(one, "capability");
        device.uuid = known<std::string>(one, "uuid");
        device.cores = known<std::uint32_t>(one, "cores");
        device.busWidthBits = known<std::uint32_t>(one, "bus_width");
        device.coreMhz = known<double>(one, "core_mhz");
        device.memoryMhz = known<double>(one, "memory_mhz");
        device.pcieGeneration = known<std::uint32_t>(one, "generation");
        device.pcieWidth = known<std::uint32_t>(one, "width");
        device.pcieMaxGeneration = known<std::uint32_t>(one, "max_generation");
        device.pcieMaxWidth = known<std::uint32_t>(one, "max_width");
        out.devices.push_back(std::move(device));
    }
    return out;
}

hardware::VulkanAnswer vulkanFrom(const json& answers) {
    using Kind = hardware::GpuInfo::Kind;
    static const std::map<std::string, Kind> kinds{{"discrete", Kind::Discrete},
                                                   {"integrated", Kind::Integrated},
                                                   {"virtual", Kind::Virtual},
                                                   {"cpu", Kind::Software}};
    hardware::VulkanAnswer out;
    if (!answers.contains("vulkan"))
        return out;
    const json& vulkan = answers["vulkan"];
    out.failure = vulkan.value("failure", 0);
    out.state = out.failure ? hardware::Unknown::DriverFailed : hardware::Unknown::NotReported;
    out.loaderVersion = known<std::string>(vulkan, "loader");
    for (const json& one : vulkan.value("devices", json::array())) {
        hardware::VulkanDevice device;
        device.name = one.at("name");
        device.kind = kinds.at(one.at("kind"));
        device.vendorId = one.value("vendor", 0U);
        device.deviceId = one.value("device", 0U);
        device.apiVersion = one.value("api", "1.3.0");
        device.driverName = one.value("driver", "");
        device.driverInfo = one.value("driver_info", "");
        device.memoryBytes = known<std::uint64_t>(one, "memory");
        device.memoryFreeBytes = known<std::uint64_t>(one, "free");
        device.pciAddress = one.value("pci", "");
        out.devices.push_back(std::move(device));
    }
    return out;
}

} // namespace

RecordedTree::RecordedTree(const fs::path& file) {
    const fs::path memory = "/dev/shm";
    std::string name =
        ((::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path()) / "hearth-tree-XXXXXX")
            .string();
    m_root = ::mkdtemp(name.data());
    m_options.root = m_root;
    m_options.today = "2026-06-01";
    m_options.nvml = [] { return hardware::NvmlAnswer{}; };
    m_options.vulkan = [] { return hardware::VulkanAnswer{}; };
    m_options.space = [](const fs::path&) { return std::nullopt; };
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error("no such tree: " + file.string());
    std::string heading, content;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("=== ")) {
            add(heading, content);
            heading = line.substr(4);
            content.clear();
        } else {
            content += line + "\n";
        }
    }
    add(heading, content);
    ::setenv("HWLOC_FSROOT", m_root.c_str(), 1);
}

RecordedTree::~RecordedTree() {
    ::unsetenv("HWLOC_FSROOT");
    std::error_code ignored;
    fs::remove_all(m_root, ignored);
}

void RecordedTree::write(const std::string& path, std::string_view content) const {
    const fs::path full = root() / path;
    fs::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << content;
}

void RecordedTree::add(const std::string& heading, const std::string& content) {
    const std::size_t mark = heading.find(" (");
    const std::string path = heading.substr(0, mark),
                      variant = mark == std::string::npos ? "" : heading.substr(mark + 1);
    if (path == "@cpus")
        addProcessors(content);
    else if (path == "@answers")
        addAnswers(content);
    else if (variant == "(unreadable)" || variant == "(folder)")
        fs::create_directories(root() / path);
    else if (!path.empty())
        write(path, variant == "(hex)" ? fromHex(content) : content);
}

void RecordedTree::addProcessors(const std::string& description) const {
    std::map<std::string, std::string> say;
    std::vector<std::string> caches;
    std::istringstream lines(description);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key, value;
        words >> key >> value;
        if (key == "cache")
            caches.push_back(line.substr(6));
        else if (!key.empty())
            say[key] = value;
    }
    const auto number = [&](const char* key) { return static_cast<unsigned>(std::stoul(say.at(key))); };
    const unsigned packages = number("packages"), cores = number("cores"), threads = number("threads");
    const unsigned total = packages * cores * threads, allCores = packages * cores;
    const std::string base = "sys/devices/system/cpu/";
    const std::string all = total == 1 ? "0\n" : "0-" + std::to_string(total - 1) + "\n";
    for (const char* file : {"online", "possible", "present"})
        write(base + file, all);
    std::map<unsigned, std::vector<unsigned>> ofPackage;
    for (unsigned cpu = 0; cpu < total; ++cpu)
        ofPackage[cpu % allCores / cores].push_back(cpu);
    for (unsigned cpu = 0; cpu < total; ++cpu) {
        const std::string folder = base + "cpu" + std::to_string(cpu) + "/";
        const unsigned core = cpu % allCores, package = core / cores;
        std::vector<unsigned> siblings;
        for (unsigned thread = 0; thread < threads; ++thread)
            siblings.push_back(core + thread * allCores);
        write(folder + "topology/physical_package_id", std::to_string(package) + "\n");
        write(folder + "topology/core_id", std::to_string(core % cores) + "\n");
        write(folder + "topology/core_cpus", mask(siblings, total));
        write(folder + "topology/package_cpus", mask(ofPackage[package], total));
        write(folder + "topology/thread_siblings_list", list(siblings));
        unsigned index = 0;
        for (const std::string& cache : caches) {
            std::istringstream words(cache);
            std::string level, type, size, shared;
            words >> level >> type >> size >> shared;
            const std::string at = folder + "cache/index" + std::to_string(index++) + "/";
            write(at + "level", level + "\n");
            write(at + "type", type + "\n");
            write(at + "size", size + "\n");
            write(at + "shared_cpu_map", mask(shared == "core" ? siblings : ofPackage[package], total));
        }
        if (say.contains("max_khz"))
            write(folder + "cpufreq/cpuinfo_max_freq", say["max_khz"] + "\n");
        if (say.contains("base_khz"))
            write(folder + "cpufreq/base_frequency", say["base_khz"] + "\n");
        if (say.contains("now_khz"))
            write(folder + "cpufreq/scaling_cur_freq", say["now_khz"] + "\n");
        if (say.contains("governor"))
            write(folder + "cpufreq/scaling_governor", say["governor"] + "\n");
    }
    std::string nodes;
    for (const auto& [package, cpus] : ofPackage) {
        const std::string folder = "sys/devices/system/node/node" + std::to_string(package) + "/";
        write(folder + "cpumap", mask(cpus, total));
        write(folder + "meminfo", "Node " + std::to_string(package) + " MemTotal: 1024 kB\n");
    }
    write("sys/devices/system/node/online",
          packages == 1 ? "0\n" : "0-" + std::to_string(packages - 1) + "\n");
}

void RecordedTree::addAnswers(const std::string& text) {
    const json answers = json::parse(text);
    m_options.nvml = [answers] { return nvmlFrom(answers); };
    m_options.vulkan = [answers] { return vulkanFrom(answers); };
    for (const json& folder : answers.value("folders", json::array()))
        m_options.folders.push_back({folder.at("role"), folder.at("path").get<std::string>()});
    m_options.space = [answers](const fs::path& path) -> std::optional<hardware::DiskSpace> {
        for (const json& folder : answers.value("folders", json::array()))
            if (folder.at("path") == path.string() && folder.contains("total"))
                return hardware::DiskSpace{folder["total"].get<std::uint64_t>(),
                                           folder["free"].get<std::uint64_t>()};
        return std::nullopt;
    };
}

} // namespace hearth::test
