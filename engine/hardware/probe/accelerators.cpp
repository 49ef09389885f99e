#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

struct Driver {
    std::string_view driver, name;
    AcceleratorInfo::Kind kind;
};
/// Drivers of the kernel's accel subsystem (drivers/accel).
constexpr Driver kDrivers[]{
    {"intel_vpu", "Intel NPU", AcceleratorInfo::Kind::Npu},
    {"amdxdna", "AMD XDNA NPU", AcceleratorInfo::Kind::Npu},
    {"habanalabs", "Intel Gaudi", AcceleratorInfo::Kind::Npu},
    {"qaic", "Qualcomm Cloud AI 100", AcceleratorInfo::Kind::Npu},
    {"rocket", "Rockchip NPU", AcceleratorInfo::Kind::Npu},
};

void addAccel(const fs::path& root, std::vector<AcceleratorInfo>& out) {
    const fs::path accel = root / "sys/class/accel";
    for (const std::string& node : listFolder(accel)) {
        AcceleratorInfo one;
        one.node = cleanText(node).valueOr("accel");
        const auto uevent = readFile(accel / node / "device/uevent", 1 << 16);
        const auto driver = uevent ? valueOf(*uevent, "DRIVER", '=') : std::nullopt;
        one.driver = driver   ? cleanText(*driver)
                     : uevent ? Known<std::string>(Unknown::NotReported)
                              : Known<std::string>(uevent.reason);
        one.name = one.driver.valueOr(one.node);
        for (const Driver& known : kDrivers)
            if (one.driver.valueOr("") == known.driver) {
                one.name = known.name;
                one.kind = known.kind;
            }
        out.push_back(std::move(one));
    }
}

constexpr const char* kCoral = "Google Coral Edge TPU";

void addCoral(const fs::path& root, std::vector<AcceleratorInfo>& out) {
    for (const std::string& node : listFolder(root / "sys/class/apex"))
        out.push_back(
            {AcceleratorInfo::Kind::Tpu, kCoral, std::string("apex"), cleanText(node).valueOr("apex")});
    const fs::path usb = root / "sys/bus/usb/devices";
    for (const std::string& device : listFolder(usb)) {
        const std::string id = readLine(usb / device / "idVendor").valueOr("") + ":" +
                               readLine(usb / device / "idProduct").valueOr("");
        // Before and after its firmware is loaded.
        if (id == "1a6e:089a" || id == "18d1:9302")
            out.push_back({AcceleratorInfo::Kind::Tpu, kCoral, Unknown::NotApplicable,
                           "usb " + cleanText(device).valueOr("")});
    }
}

} // namespace

std::vector<AcceleratorInfo> probeAccelerators(const fs::path& root) {
    std::vector<AcceleratorInfo> out;
    addAccel(root, out);
    addCoral(root, out);
    return out;
}

} // namespace hearth::hardware
