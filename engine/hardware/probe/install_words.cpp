#include "engine/hardware/probe/install_words.h"

namespace hearth::hardware {

namespace {

/// One thing a row, one family a column. Package names of Debian 12, Ubuntu 24.04, RHEL 9 with EPEL, FreeBSD
/// 14 and winget; vendors' own pages where distributions have no package.
struct Row {
    std::string_view id, debian, ubuntu, redHat, freeBsd, windows, other;
};
constexpr Row kRows[]{
    {"nvidia_driver", "sudo apt install nvidia-driver", "sudo ubuntu-drivers install",
     "https://www.nvidia.com/drivers", "sudo pkg install nvidia-driver", "https://www.nvidia.com/drivers",
     "https://www.nvidia.com/drivers"},
    {"amd_driver", "sudo apt install firmware-amd-graphics mesa-vulkan-drivers",
     "sudo apt install mesa-vulkan-drivers", "sudo dnf install mesa-vulkan-drivers linux-firmware",
     "sudo pkg install drm-kmod", "https://www.amd.com/support", "https://www.amd.com/support"},
    {"intel_driver", "sudo apt install mesa-vulkan-drivers", "sudo apt install mesa-vulkan-drivers",
     "sudo dnf install mesa-vulkan-drivers", "sudo pkg install drm-kmod", "https://www.intel.com/support",
     "https://www.intel.com/support"},
    {"cuda", "sudo apt install nvidia-cuda-toolkit", "sudo apt install nvidia-cuda-toolkit",
     "https://developer.nvidia.com/cuda-downloads", "https://developer.nvidia.com/cuda-downloads",
     "https://developer.nvidia.com/cuda-downloads", "https://developer.nvidia.com/cuda-downloads"},
    {"cuda_newer", "https://developer.nvidia.com/cuda-downloads",
     "https://developer.nvidia.com/cuda-downloads", "https://developer.nvidia.com/cuda-downloads",
     "https://developer.nvidia.com/cuda-downloads", "https://developer.nvidia.com/cuda-downloads",
     "https://developer.nvidia.com/cuda-downloads"},
    {"cudnn", "sudo apt install nvidia-cudnn", "sudo apt install nvidia-cudnn",
     "https://developer.nvidia.com/cudnn", "https://developer.nvidia.com/cudnn",
     "https://developer.nvidia.com/cudnn", "https://developer.nvidia.com/cudnn"},
    {"rocm", "sudo apt install hipcc", "sudo apt install hipcc", "https://rocm.docs.amd.com",
     "https://rocm.docs.amd.com", "https://rocm.docs.amd.com", "https://rocm.docs.amd.com"},
    {"vulkan", "sudo apt install libvulkan1 mesa-vulkan-drivers",
     "sudo apt install libvulkan1 mesa-vulkan-drivers", "sudo dnf install vulkan-loader mesa-vulkan-drivers",
     "sudo pkg install vulkan-loader mesa-dri", "https://vulkan.lunarg.com", "https://vulkan.lunarg.com"},
    {"python", "sudo apt install python3", "sudo apt install python3", "sudo dnf install python3",
     "sudo pkg install python3", "winget install Python.Python.3.12", "https://www.python.org/downloads"},
    {"pip", "sudo apt install python3-pip", "sudo apt install python3-pip", "sudo dnf install python3-pip",
     "sudo pkg install py311-pip", "py -m ensurepip --upgrade", "python3 -m ensurepip --upgrade"},
    {"pytorch", "pip install torch", "pip install torch", "pip install torch",
     "sudo pkg install py311-pytorch", "pip install torch", "pip install torch"},
    // Which build is the right one depends on the card, so the pages of the projects choose.
    {"pytorch_newer", "https://pytorch.org/get-started/locally", "https://pytorch.org/get-started/locally",
     "https://pytorch.org/get-started/locally", "https://pytorch.org/get-started/locally",
     "https://pytorch.org/get-started/locally", "https://pytorch.org/get-started/locally"},
    {"onnxruntime_newer", "https://onnxruntime.ai/docs/install", "https://onnxruntime.ai/docs/install",
     "https://onnxruntime.ai/docs/install", "https://onnxruntime.ai/docs/install",
     "https://onnxruntime.ai/docs/install", "https://onnxruntime.ai/docs/install"},
    {"tensorflow", "pip install tensorflow", "pip install tensorflow", "pip install tensorflow",
     "https://www.tensorflow.org/install", "pip install tensorflow-cpu", "pip install tensorflow"},
    {"onnxruntime", "pip install onnxruntime", "pip install onnxruntime", "pip install onnxruntime",
     "sudo pkg install onnxruntime", "pip install onnxruntime", "pip install onnxruntime"},
    {"docker", "sudo apt install docker.io", "sudo apt install docker.io",
     "https://docs.docker.com/engine/install", "sudo pkg install docker",
     "https://docs.docker.com/engine/install", "https://docs.docker.com/engine/install"},
    {"podman", "sudo apt install podman", "sudo apt install podman", "sudo dnf install podman",
     "sudo pkg install podman", "winget install RedHat.Podman", "https://podman.io"},
    {"kubectl", "https://kubernetes.io/docs/tasks/tools", "sudo snap install kubectl --classic",
     "https://kubernetes.io/docs/tasks/tools", "sudo pkg install kubectl",
     "winget install Kubernetes.kubectl", "https://kubernetes.io/docs/tasks/tools"},
    {"git", "sudo apt install git", "sudo apt install git", "sudo dnf install git", "sudo pkg install git",
     "winget install Git.Git", "https://git-scm.com/downloads"},
    {"ssh", "sudo apt install openssh-client", "sudo apt install openssh-client",
     "sudo dnf install openssh-clients", "sudo pkg install openssh-portable",
     "Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0", "https://www.openssh.com"},
    {"openblas", "sudo apt install libopenblas0", "sudo apt install libopenblas0",
     "sudo dnf install openblas", "sudo pkg install openblas", "https://www.openblas.net",
     "https://www.openblas.net"},
    {"docker_service", "sudo systemctl start docker", "sudo systemctl start docker",
     "sudo systemctl start docker", "sudo service docker onestart", "Start-Service docker",
     "sudo service docker start"},
    {"docker_group", "sudo usermod -aG docker $USER", "sudo usermod -aG docker $USER",
     "sudo usermod -aG docker $USER", "sudo pw groupmod docker -m $USER", "net localgroup docker-users /add",
     "sudo usermod -aG docker $USER"},
};

} // namespace

std::string installWords(std::string_view id, OsFamily family) {
    for (const Row& row : kRows) {
        if (row.id != id)
            continue;
        switch (family) {
        case OsFamily::Debian:
            return std::string(row.debian);
        case OsFamily::Ubuntu:
            return std::string(row.ubuntu);
        case OsFamily::RedHat:
            return std::string(row.redHat);
        case OsFamily::FreeBsd:
            return std::string(row.freeBsd);
        case OsFamily::Windows:
            return std::string(row.windows);
        case OsFamily::Other:
            return std::string(row.other);
        }
    }
    return {};
}

} // namespace hearth::hardware
