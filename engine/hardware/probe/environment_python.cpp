#include <algorithm>
#include <initializer_list>

#include "engine/hardware/probe/environment_items.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// The oldest series that current releases of PyTorch, TensorFlow and ONNX Runtime are built for.
constexpr std::string_view kOldestPython = "3.10";
/// Older ones can be made to run code by a checkpoint, even one loaded with weights_only=True
/// (CVE-2026-24747, published 2026-01-26, mended in 2.10.0; CVE-2025-32434, mended in 2.6.0).
constexpr std::string_view kOldestPytorch = "2.10";
/// Older ones read outside of memory for some models (security fixes in the release notes of 1.27.0,
/// 2026-06-19).
constexpr std::string_view kOldestOnnxRuntime = "1.27";

EnvironmentItem python(const CheckContext& context) {
    return programItem(context, {"python", "Python", {"python3", "--version"}, kOldestPython});
}

EnvironmentItem pip(const CheckContext& context) {
    return programItem(context,
                       {"pip", "pip", {"python3", "-m", "pip", "--version"}, {}, "No module named pip"});
}

/// Every folder below root that Python 3 takes packages from.
std::vector<fs::path> packageFolders(const CheckContext& context) {
    const fs::path& root = context.options.root;
    std::vector<fs::path> out{root / "usr/lib/python3/dist-packages"};
    std::vector<fs::path> prefixes = context.options.pythonPrefixes;
    for (const char* prefix : {"usr/local", "usr"})
        prefixes.push_back(root / prefix);
    for (const fs::path& prefix : prefixes)
        for (const char* lib : {"lib", "lib64"})
            for (const std::string& version : listFolder(prefix / lib))
                if (version.starts_with("python3."))
                    for (const char* packages : {"site-packages", "dist-packages"})
                        out.push_back(prefix / lib / version / packages);
    return out;
}

/// "torch-2.4.0+cu121.dist-info" → "2.4.0+cu121"; found by its folder, nothing is imported.
Known<std::string> packageVersion(const CheckContext& context,
                                  std::initializer_list<std::string_view> names) {
    for (const fs::path& folder : packageFolders(context))
        for (const std::string& entry : listFolder(folder)) {
            const std::size_t dash = entry.find('-');
            if (dash == std::string::npos ||
                (!entry.ends_with(".dist-info") && !entry.ends_with(".egg-info")))
                continue;
            const std::string name = lowerCase(entry.substr(0, dash));
            if (std::find(names.begin(), names.end(), name) == names.end())
                continue;
            std::string version = entry.substr(dash + 1, entry.rfind('.') - dash - 1);
            version.resize(std::min(version.find('-'), version.size())); // "-py3.11" of an egg
            if (auto clean = cleanText(version))
                return clean;
        }
    return Unknown::Absent;
}

EnvironmentItem package(const CheckContext& context, const char* id, const char* name,
                        std::initializer_list<std::string_view> names) {
    EnvironmentItem item = missingItem(context, id, name);
    if (const auto version = packageVersion(context, names)) {
        item.version = version;
        item.verdict = Verdict::Fine;
        item.advice.reset();
    }
    return item;
}

/// A build's CUDA stands behind a plus: "2.4.0+cu121" is 12.1.
std::string cudaOfBuild(std::string_view version) {
    const std::size_t at = version.find("+cu");
    if (at == std::string_view::npos)
        return {};
    const std::string_view digits = version.substr(at + 3);
    if (digits.size() < 3 || !parseNumber<unsigned>(digits))
        return {};
    return std::string(digits.substr(0, digits.size() - 1)) + "." +
           std::string(digits.substr(digits.size() - 1));
}

EnvironmentItem pytorch(const CheckContext& context) {
    EnvironmentItem item = package(context, "pytorch", "PyTorch", {"torch"});
    judgeAge(context, item, kOldestPytorch, "pytorch_newer");
    const std::string built = item.version ? cudaOfBuild(*item.version) : std::string();
    for (const GpuInfo& gpu : context.profile.gpus)
        if (!built.empty() && gpu.cudaVersion && majorOf(built) > majorOf(*gpu.cudaVersion)) {
            item.verdict = Verdict::Mismatched;
            item.advice = adviceFor(context, "cuda_newer_than_driver", "nvidia_driver");
            item.advice->args.emplace_back("cuda", built);
            item.advice->args.emplace_back("supported", *gpu.cudaVersion);
        }
    return item;
}

EnvironmentItem tensorflow(const CheckContext& context) {
    return package(context, "tensorflow", "TensorFlow", {"tensorflow", "tensorflow_cpu", "tensorflow_intel"});
}

EnvironmentItem onnxRuntime(const CheckContext& context) {
    EnvironmentItem item = package(context, "onnxruntime", "ONNX Runtime",
                                   {"onnxruntime", "onnxruntime_gpu", "onnxruntime_openvino"});
    judgeAge(context, item, kOldestOnnxRuntime, "onnxruntime_newer");
    return item;
}

} // namespace

std::vector<Check> pythonChecks() {
    return {python, pip, pytorch, tensorflow, onnxRuntime};
}

} // namespace hearth::hardware
