#include "engine/hardware/probe/probe.h"

#include <exception>
#include <future>

#include "engine/hardware/probe/parts.h"

namespace hearth::hardware {

HardwareProfile probe(const ProbeOptions& options) {
    // Drivers take their time to answer; the files are read meanwhile.
    const auto start = [](auto call) {
        try {
            return std::async(std::launch::async, call);
        } catch (const std::exception&) { // no thread to be had: ask when the answer is needed
            return std::async(std::launch::deferred, call);
        }
    };
    auto nvml = start([&] { return options.nvml ? options.nvml() : readNvml(); });
    auto vulkan = start([&] { return options.vulkan ? options.vulkan() : readVulkan(); });

    HardwareProfile profile;
    profile.cpu = probeCpu(options.root, machineArchitecture(options.root));
    profile.memory = probeMemory(options.root);
    profile.disks = probeDisks(options);
    profile.accelerators = probeAccelerators(options.root);
    profile.network = probeNetwork(options);
    profile.os = probeOs(options);
    const NvmlAnswer fromNvml = nvml.get();
    profile.gpus = probeGpus(options, fromNvml, vulkan.get());
    return profile;
}

} // namespace hearth::hardware
