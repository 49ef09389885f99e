#include "engine/hardware/probe/probe.h"

#include <future>
#include <system_error>
#include <thread>

#include "engine/hardware/probe/parts.h"

namespace hearth::hardware {

namespace {

/// Drivers take their time to answer, and broken ones never do: no thread waits for them for ever.
template <class Answer>
class Asked {
public:
    explicit Asked(const std::function<Answer()>& call) {
        std::packaged_task<Answer()> task(call);
        m_answer = task.get_future();
        try {
            std::thread(std::move(task)).detach();
        } catch (const std::system_error&) { // no thread to be had
            task = std::packaged_task<Answer()>(call);
            m_answer = task.get_future();
            task();
        }
    }
    [[nodiscard]] Answer by(std::chrono::steady_clock::time_point deadline) {
        if (m_answer.wait_until(deadline) == std::future_status::ready)
            return m_answer.get();
        Answer none;
        none.state = Unknown::TimedOut;
        return none;
    }

private:
    std::future<Answer> m_answer;
};

} // namespace

HardwareProfile probe(const ProbeOptions& options) {
    const auto deadline = std::chrono::steady_clock::now() + options.patience;
    // The files are read meanwhile.
    Asked<NvmlAnswer> nvml(options.nvml ? options.nvml : [] { return readNvml(); });
    Asked<VulkanAnswer> vulkan(options.vulkan ? options.vulkan : [] { return readVulkan(); });

    HardwareProfile profile;
    profile.cpu = probeCpu(options.root, machineArchitecture(options.root));
    profile.memory = probeMemory(options.root);
    profile.disks = probeDisks(options);
    profile.accelerators = probeAccelerators(options.root);
    profile.network = probeNetwork(options);
    profile.os = probeOs(options);
    const NvmlAnswer fromNvml = nvml.by(deadline);
    profile.gpus = probeGpus(options, fromNvml, vulkan.by(deadline));
    return profile;
}

std::string fingerprintWithoutDrivers(ProbeOptions options) {
    options.nvml = [] { return NvmlAnswer{}; };
    options.vulkan = [] { return VulkanAnswer{}; };
    return machineFingerprint(probe(options));
}

} // namespace hearth::hardware
