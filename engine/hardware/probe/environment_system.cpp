#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/hardware/probe/environment_items.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// CUDA 12 runs on drivers from here on (CUDA Toolkit release notes, table 3); older ones lack it.
constexpr std::string_view kOldestDriver = "525.60.13";
/// The oldest series that current releases of PyTorch and ONNX Runtime are built for (PyTorch left out 11.8
/// with 2.8; ONNX Runtime 1.27 deprecates 12).
constexpr std::string_view kOldestCuda = "12.0";

const GpuInfo* realGpu(const HardwareProfile& profile) {
    const auto found = std::find_if(profile.gpus.begin(), profile.gpus.end(), [](const GpuInfo& gpu) {
        return gpu.kind != GpuInfo::Kind::Software && gpu.kind != GpuInfo::Kind::Virtual &&
               (gpu.vendor == "NVIDIA" || gpu.vendor == "AMD" || gpu.vendor == "Intel");
    });
    return found == profile.gpus.end() ? nullptr : &*found;
}

std::string driverCuda(const HardwareProfile& profile) {
    for (const GpuInfo& gpu : profile.gpus)
        if (gpu.cudaVersion)
            return *gpu.cudaVersion;
    return {};
}

EnvironmentItem operatingSystem(const CheckContext& context) {
    const OsInfo& os = context.profile.os;
    EnvironmentItem item;
    item.id = "os";
    item.name = os.name.valueOr(os.kernel);
    item.version = os.version;
    item.needed = true;
    item.verdict = !os.supported ? Verdict::Unknown : *os.supported ? Verdict::Fine : Verdict::Old;
    if (item.verdict == Verdict::Old)
        item.advice = Advice{"os_unsupported", {{"date", os.supportEnd.valueOr("")}}};
    if (os.bits < 64) {
        item.verdict = Verdict::Mismatched;
        item.advice = Advice{"other_architecture", {}};
    }
    return item;
}

EnvironmentItem nvidiaDriver(const CheckContext& context, const GpuInfo& gpu, EnvironmentItem item) {
    const bool answers = std::find(gpu.sources.begin(), gpu.sources.end(), "nvml") != gpu.sources.end();
    const bool own = gpu.driver.valueOr("") == "nvidia";
    if (answers) {
        item.verdict = Verdict::Fine;
        judgeAge(context, item, kOldestDriver, "nvidia_driver");
    } else if (gpu.computeCapability.reason == Unknown::DriverFailed ||
               gpu.computeCapability.reason == Unknown::TimedOut) {
        item.verdict = Verdict::Broken;
        item.advice =
            own ? Advice{"driver_mismatch", {}} : adviceFor(context, "driver_not_loaded", "nvidia_driver");
    } else {
        // The kernel's own driver shows pictures but computes nothing.
        item.verdict = Verdict::Missing;
        item.version = Unknown::Absent;
        item.advice = adviceFor(context, "install_needed", "nvidia_driver");
    }
    return item;
}

EnvironmentItem gpuDriver(const CheckContext& context) {
    EnvironmentItem item;
    item.id = "gpu_driver";
    const GpuInfo* gpu = realGpu(context.profile);
    if (!gpu) {
        item.name = "GPU driver";
        item.version = Unknown::NotApplicable;
        item.verdict = Verdict::Missing; // and not needed: there is no card for it
        return item;
    }
    item.name = gpu->vendor + " driver";
    item.version = gpu->driverVersion;
    item.note = gpu->driver.valueOr("");
    item.needed = true;
    if (gpu->vendor == "NVIDIA")
        return nvidiaDriver(context, *gpu, std::move(item));
    item.verdict = gpu->driver ? Verdict::Fine : Verdict::Broken;
    if (!gpu->driver)
        item.advice =
            adviceFor(context, "driver_not_loaded", gpu->vendor == "AMD" ? "amd_driver" : "intel_driver");
    return item;
}

/// version.json of the toolkit, or the number in its runtime library's name.
Known<std::string> toolkitVersion(const CheckContext& context) {
    if (const auto text = readFile(context.options.root / "usr/local/cuda/version.json", 1 << 20)) {
        const auto json = nlohmann::json::parse(*text, nullptr, false);
        if (json.is_object() && json.contains("cuda") && json["cuda"].is_object() &&
            json["cuda"].contains("version") && json["cuda"]["version"].is_string())
            if (auto version = versionIn(json["cuda"]["version"].get<std::string>()))
                return version;
    }
    return libraryVersion(context, "libcudart.so.");
}

EnvironmentItem cuda(const CheckContext& context) {
    EnvironmentItem item = missingItem(context, "cuda", "CUDA");
    const Known<std::string> version = toolkitVersion(context);
    if (!version)
        return item;
    item.version = version;
    item.verdict = Verdict::Fine;
    item.advice.reset();
    judgeAge(context, item, kOldestCuda, "cuda_newer"); // distributions have older ones
    // Newer minor versions run on any driver of their major version.
    if (const std::string supported = driverCuda(context.profile);
        !supported.empty() && majorOf(*version) > majorOf(supported)) {
        item.verdict = Verdict::Mismatched;
        item.advice = adviceFor(context, "cuda_newer_than_driver", "nvidia_driver");
        item.advice->args.emplace_back("cuda", *version);
        item.advice->args.emplace_back("supported", supported);
    }
    return item;
}

EnvironmentItem cudnn(const CheckContext& context) {
    EnvironmentItem item = missingItem(context, "cudnn", "cuDNN");
    if (const auto version = libraryVersion(context, "libcudnn.so.")) {
        item.version = version;
        item.verdict = Verdict::Fine;
        item.advice.reset();
    }
    return item;
}

EnvironmentItem rocm(const CheckContext& context) {
    EnvironmentItem item = missingItem(context, "rocm", "ROCm");
    // Distributions' own packages: the library is numbered as ROCm is.
    Known<std::string> version = libraryVersion(context, "libamdhip64.so.");
    const fs::path opt = context.options.root / "opt";
    for (const std::string& name : listFolder(opt))
        if (name.starts_with("rocm"))
            if (const auto line = readLine(opt / name / ".info/version"))
                if (auto vendors = versionIn(*line))
                    version = std::move(vendors);
    if (!version)
        return item;
    item.version = std::move(version);
    item.verdict = Verdict::Fine;
    item.advice.reset();
    return item;
}

EnvironmentItem vulkan(const CheckContext& context) {
    const GpuInfo* gpu = realGpu(context.profile);
    EnvironmentItem item = missingItem(context, "vulkan", "Vulkan");
    item.needed = gpu != nullptr;
    if (item.needed)
        item.advice = adviceFor(context, "install_needed", "vulkan");
    const auto offers = [](const GpuInfo& one) { return one.vulkanVersion.value.has_value(); };
    const bool any = std::any_of(context.profile.gpus.begin(), context.profile.gpus.end(), offers);
    const Known<std::string> loader = libraryVersion(context, "libvulkan.so.");
    if (!loader && !any)
        return item;
    item.version = loader;
    item.advice.reset();
    item.verdict = Verdict::Fine;
    if (gpu && !gpu->vulkanVersion) {
        item.verdict = Verdict::Broken;
        item.advice = adviceFor(context, any ? "vulkan_software_only" : "vulkan_no_device",
                                gpu->vendor == "NVIDIA" ? "nvidia_driver" : "vulkan");
    } else if (!any) {
        item.verdict = Verdict::Missing;
        item.advice = adviceFor(context, "vulkan_no_device", "vulkan");
    } else if (!gpu) {
        item.note = "software";
    }
    return item;
}

} // namespace

std::vector<Check> systemChecks() {
    return {operatingSystem, gpuDriver, cuda, cudnn, rocm, vulkan};
}

} // namespace hearth::hardware
