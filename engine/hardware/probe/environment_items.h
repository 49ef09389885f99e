#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/hardware/probe/environment.h"

/// The items of the check, in the order they are shown. Each is a call of its own, so that several can run at
/// a time; only environment.cpp makes them.
namespace hearth::hardware {

struct CheckContext {
    const HardwareProfile& profile;
    const EnvironmentOptions& options; ///< every function is set
};
using Check = std::function<EnvironmentItem(const CheckContext&)>;

[[nodiscard]] std::vector<Check> systemChecks();  ///< operating system, driver, CUDA, cuDNN, ROCm, Vulkan
[[nodiscard]] std::vector<Check> pythonChecks();  ///< Python, pip, PyTorch, TensorFlow, ONNX Runtime
[[nodiscard]] std::vector<Check> programChecks(); ///< containers, kubectl, git, ssh, OpenBLAS

/// A program that says its version.
struct Program {
    const char *id, *name;
    std::vector<std::string> command;
    std::string_view oldest = {};   ///< from this version on it is fine; empty = any
    std::string_view absentIf = {}; ///< an error that says this means that it is missing
};
[[nodiscard]] EnvironmentItem programItem(const CheckContext& context, const Program& program);
/// Makes an item with a version Old where that comes before `oldest`, with the words of `wordsId`.
void judgeAge(const CheckContext& context, EnvironmentItem& item, std::string_view oldest,
              std::string_view wordsId);
/// An item that was not found, with the words how to get it.
[[nodiscard]] EnvironmentItem missingItem(const CheckContext& context, std::string id, std::string name);
/// "install" and the like with the words of `wordsId` for this system; a web address gives the code's
/// "_download" form.
[[nodiscard]] Advice adviceFor(const CheckContext& context, const std::string& code,
                               std::string_view wordsId);
/// Version of the file that begins with `prefix` ("libcudnn.so.") in the library folders below root, the
/// longest one; the path goes to `found`.
[[nodiscard]] Known<std::string> libraryVersion(const CheckContext& context, std::string_view prefix,
                                                std::filesystem::path* found = nullptr);
/// The first run of digits and dots in the text that has a dot: "Python 3.11.2" → "3.11.2".
[[nodiscard]] Known<std::string> versionIn(std::string_view text);
/// Whether version a comes before b, number by number.
[[nodiscard]] bool olderThan(std::string_view a, std::string_view b);
/// The number before the first dot; 0 for no number.
[[nodiscard]] unsigned majorOf(std::string_view version);

} // namespace hearth::hardware
