#include <chrono>
#include <cstdio>

#include <sys/utsname.h>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

/// End of free security updates. A version ends at its own number: "12" also means "12.5". Where only a month
/// is published, its last day.
/// Sources: wiki.debian.org/LTS, ubuntu.com/about/release-cycle (standard support),
/// access.redhat.com/support/policy/updates/errata (end of maintenance), wiki.almalinux.org/release-notes,
/// wiki.rockylinux.org/rocky/version, freebsd.org/security (branches; four years from 15 on).
struct Release {
    std::string_view id, version, end;
};
constexpr Release kReleases[]{
    {"debian", "10", "2024-06-30"},    {"debian", "11", "2026-08-31"},    {"debian", "12", "2028-06-30"},
    {"debian", "13", "2030-06-30"},    {"ubuntu", "18.04", "2023-05-31"}, {"ubuntu", "20.04", "2025-05-31"},
    {"ubuntu", "22.04", "2027-04-30"}, {"ubuntu", "24.04", "2029-04-30"}, {"ubuntu", "26.04", "2031-04-30"},
    {"centos", "7", "2024-06-30"},     {"centos", "8", "2024-05-31"},     {"centos", "9", "2027-05-31"},
    {"centos", "10", "2030-01-01"},    {"rhel", "7", "2024-06-30"},       {"rhel", "8", "2029-05-31"},
    {"rhel", "9", "2032-05-31"},       {"rhel", "10", "2035-05-31"},      {"almalinux", "8", "2029-03-01"},
    {"almalinux", "9", "2032-05-31"},  {"almalinux", "10", "2035-05-31"}, {"rocky", "8", "2029-05-31"},
    {"rocky", "9", "2032-05-31"},      {"rocky", "10", "2035-05-31"},     {"freebsd", "13", "2026-04-30"},
    {"freebsd", "14", "2028-11-30"},   {"freebsd", "15", "2029-12-31"},
};

/// Values of os-release(5) may stand in quotes.
std::optional<std::string_view> field(std::string_view text, std::string_view key) {
    auto value = valueOf(text, key, '=');
    if (value && value->size() >= 2 && (value->front() == '"' || value->front() == '\'') &&
        value->back() == value->front())
        value = value->substr(1, value->size() - 2);
    return value;
}

bool isDate(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           parseNumber<unsigned>(text.substr(0, 4)) && parseNumber<unsigned>(text.substr(5, 2)) &&
           parseNumber<unsigned>(text.substr(8, 2));
}

Known<std::string> supportEnd(std::string_view release, const std::string& id) {
    if (const auto told = field(release, "SUPPORT_END"); told && isDate(*told))
        return std::string(*told);
    const std::string version(field(release, "VERSION_ID").value_or(""));
    for (const Release& one : kReleases)
        if (one.id == id && (version == one.version || version.starts_with(std::string(one.version) + ".")))
            return std::string(one.end);
    return Unknown::NotReported;
}

std::string todayFromClock() {
    const std::chrono::year_month_day day{
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text;
}

OsFamily familyOf(std::string_view id, std::string_view like) {
    const auto isA = [&](std::string_view name) {
        if (id == name)
            return true;
        for (const std::string_view word : splitWords(like))
            if (word == name)
                return true;
        return false;
    };
    if (isA("ubuntu"))
        return OsFamily::Ubuntu;
    if (isA("debian"))
        return OsFamily::Debian;
    if (isA("rhel") || isA("fedora") || isA("centos"))
        return OsFamily::RedHat;
    return isA("freebsd") ? OsFamily::FreeBsd : OsFamily::Other;
}

void readRelease(const ProbeOptions& options, OsInfo& os) {
    Known<std::string> file = readFile(options.root / "etc/os-release", 1 << 16);
    if (!file)
        file = readFile(options.root / "usr/lib/os-release", 1 << 16);
    if (!file) {
        os.name = os.version = os.id = os.supportEnd = file.reason;
        os.supported = file.reason;
        return;
    }
    const auto text = [&](std::string_view key) {
        const auto value = field(*file, key);
        return value ? cleanText(*value) : Known<std::string>(Unknown::NotReported);
    };
    os.name = text("NAME");
    os.version = text("VERSION") ? text("VERSION") : text("VERSION_ID");
    os.id = text("ID");
    os.family = familyOf(os.id.valueOr(""), field(*file, "ID_LIKE").value_or(""));
    os.supportEnd = supportEnd(*file, os.id.valueOr(""));
    const std::string today = options.today.empty() ? todayFromClock() : options.today;
    os.supported = os.supportEnd ? Known<bool>(today <= *os.supportEnd) : Known<bool>(os.supportEnd.reason);
}

std::string kernelOf(const fs::path& root) {
    const auto type = readLine(root / "proc/sys/kernel/ostype"),
               release = readLine(root / "proc/sys/kernel/osrelease");
    if (type && release)
        return *type + " " + *release;
    utsname name{};
    if (root != "/" || ::uname(&name) != 0)
        return {};
    return std::string(name.sysname) + " " + name.release;
}

struct Hypervisor {
    std::string_view marker, name;
};
/// Words of the firmware's tables. Before "KVM" those who build on it.
constexpr Hypervisor kHypervisors[]{
    {"Amazon EC2", "amazon"},
    {"Google Compute Engine", "google"},
    {"Alibaba Cloud", "alibaba"},
    {"Firecracker", "firecracker"},
    {"VMware", "vmware"},
    {"VirtualBox", "virtualbox"},
    {"innotek", "virtualbox"},
    {"Parallels", "parallels"},
    {"Virtual Machine", "hyperv"},
    {"Xen", "xen"},
    {"bhyve", "bhyve"},
    {"KVM", "kvm"},
    {"QEMU", "kvm"},
    {"OpenStack", "kvm"},
};

Known<std::string> virtualMachine(const fs::path& root) {
    if (containsWord(readLine(root / "proc/sys/kernel/osrelease").valueOr(""), "microsoft"))
        return std::string("wsl");
    for (const char* file : {"sys_vendor", "product_name", "board_vendor", "bios_vendor"}) {
        const auto line = readLine(root / "sys/class/dmi/id" / file);
        for (const Hypervisor& one : kHypervisors)
            if (line && containsWord(*line, one.marker))
                return std::string(one.name);
    }
    if (auto type = readLine(root / "sys/hypervisor/type"))
        return type;
    if (const auto type = readLine(root / "proc/device-tree/hypervisor/compatible"))
        return containsWord(*type, "kvm") ? std::string("kvm") : *type;
    const auto cpuinfo = readFile(root / "proc/cpuinfo", 1 << 16);
    if (!cpuinfo)
        return cpuinfo.reason;
    for (const std::string_view flag : splitWords(valueOf(*cpuinfo, "flags", ':').value_or("")))
        if (flag == "hypervisor")
            return std::string("other");
    return Unknown::NotApplicable;
}

Known<std::string> container(const fs::path& root) {
    std::error_code ignored;
    if (fs::exists(root / "var/run/secrets/kubernetes.io", ignored) ||
        fs::exists(root / "run/secrets/kubernetes.io", ignored))
        return std::string("kubernetes");
    if (auto told = readLine(root / "run/systemd/container"))
        return told;
    if (fs::exists(root / "run/.containerenv", ignored))
        return std::string("podman");
    if (fs::exists(root / ".dockerenv", ignored))
        return std::string("docker");
    const auto groups = readFile(root / "proc/self/cgroup", 1 << 16);
    for (const char* word : {"kubepods", "docker", "libpod", "lxc", "containerd"})
        if (groups && groups->find(word) != std::string::npos)
            return std::string(word == std::string_view("kubepods") ? "kubernetes"
                               : word == std::string_view("libpod") ? "podman"
                                                                    : word);
    return Unknown::NotApplicable;
}

/// The name that etc/passwd has for the owner of this process.
Known<std::string> userName(const fs::path& root) {
    const auto status = readFile(root / "proc/self/status", 1 << 16);
    const auto passwd = readFile(root / "etc/passwd");
    if (!status || !passwd)
        return status ? passwd.reason : status.reason;
    const auto ids = splitWords(valueOf(*status, "Uid", ':').value_or(""));
    for (const std::string_view line : splitLines(*passwd)) {
        const std::size_t first = line.find(':'),
                          second = line.find(':', first == std::string_view::npos ? first : first + 1);
        if (second == std::string_view::npos || ids.empty())
            continue;
        if (line.substr(second + 1, line.find(':', second + 1) - second - 1) == ids[0])
            return cleanText(line.substr(0, first));
    }
    return Unknown::NotReported;
}

} // namespace

OsInfo probeOs(const ProbeOptions& options) {
    OsInfo os;
    readRelease(options, os);
    os.kernel = kernelOf(options.root);
    os.bits = sizeof(void*) * 8;
    os.virtualMachine = virtualMachine(options.root);
    os.container = container(options.root);
    os.hostName = options.identifying ? readLine(options.root / "proc/sys/kernel/hostname")
                                      : Known<std::string>(Unknown::Withheld);
    os.userName = options.identifying ? userName(options.root) : Known<std::string>(Unknown::Withheld);
    return os;
}

} // namespace hearth::hardware
