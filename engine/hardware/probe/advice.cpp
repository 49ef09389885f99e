#include "engine/hardware/probe/profile.h"

namespace hearth::hardware {

namespace {

struct Sentence {
    std::string_view code, text; ///< {name} stands for an argument
};
constexpr Sentence kSentences[]{
    {"install", "Install it if you want to use it: {command}"},
    {"install_needed", "Hearth can use it on this machine. Install it: {command}"},
    {"install_download", "Install it if you want to use it: {url}"},
    {"update", "Version {version} works, but {wanted} or newer is advised: {command}"},
    {"update_download", "Version {version} works, but {wanted} or newer is advised: {url}"},
    {"driver_not_loaded", "The card is there, but its driver is not loaded. Restart the computer; if that "
                          "does not help, install the driver again: {command}"},
    {"driver_mismatch", "The driver in memory does not answer its library, as happens after an update. "
                        "Restart the computer."},
    {"cuda_newer_than_driver", "CUDA {cuda} needs a newer driver: this one supports CUDA up to {supported}. "
                               "Update the driver: {command}"},
    {"vulkan_software_only",
     "Vulkan finds only a software device. For the graphics card install its driver: {command}"},
    {"vulkan_no_device", "The Vulkan loader is there, but no driver for it: {command}"},
    {"daemon_not_running", "The program is there, but its service does not answer: {command}"},
    {"daemon_permission", "The service refuses this account. Join its group and sign in again: {command}"},
    {"does_not_answer", "The program did not answer in time. Run it in a terminal to see why: {command}"},
    {"fails", "The program ends with an error. Run it in a terminal to see why: {command}"},
    {"os_unsupported", "Security updates ended on {date}. Upgrade to a supported release."},
    {"other_architecture", "Install a 64-bit system: 32-bit programs cannot hold larger models."},
};

} // namespace

std::string adviceText(const Advice& advice) {
    std::string text(advice.code);
    for (const Sentence& one : kSentences)
        if (one.code == advice.code)
            text = one.text;
    for (const auto& [name, value] : advice.args)
        if (const std::size_t at = text.find("{" + name + "}"); at != std::string::npos)
            text.replace(at, name.size() + 2, value);
    return text;
}

} // namespace hearth::hardware
