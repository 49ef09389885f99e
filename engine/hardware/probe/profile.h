#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::hardware {

/// Why a field of a profile has no value. The names of unknownName() are part of the JSON contract.
enum class Unknown {
    NotReported,    ///< "not_reported": the system was asked and says nothing about it
    Absent,         ///< "absent": the file or interface that would tell does not exist here
    Unreadable,     ///< "unreadable": it exists, but this account may not read it or reading failed
    Malformed,      ///< "malformed": what it says makes no sense
    NotApplicable,  ///< "not_applicable": such a device has no such property
    Withheld,       ///< "withheld": identifying data that was not asked for
    LibraryMissing, ///< "library_missing": the vendor's library is not installed
    DriverFailed,   ///< "driver_failed": the library is there, its driver does not answer
    TimedOut,       ///< "timed_out": no answer within the time allowed
};
[[nodiscard]] std::string_view unknownName(Unknown reason);

/// A value, or the reason why there is none. Converts from either, so that a reader returns what it has.
template <class T>
struct Known {
    std::optional<T> value;
    Unknown reason = Unknown::NotReported; ///< meaningful only without a value

    Known() = default;
    Known(T known) : value(std::move(known)) {}
    Known(Unknown why) : reason(why) {}

    explicit operator bool() const { return value.has_value(); }
    [[nodiscard]] const T& operator*() const { return *value; }
    [[nodiscard]] const T* operator->() const { return &*value; }
    [[nodiscard]] T valueOr(T other) const { return value ? *value : std::move(other); }
};

struct CacheInfo {
    enum class Kind { Data, Instruction, Unified };
    int level = 0;
    Kind kind = Kind::Unified;
    std::uint64_t bytes = 0;   ///< of one instance
    std::size_t instances = 0; ///< how many of them the machine has
    std::size_t threads = 0;   ///< logical processors that share one instance
};

struct CpuInfo {
    Known<std::string> vendor;   ///< "AMD", "Intel", "Arm", …
    Known<std::string> model;    ///< as the processor names itself, extra spaces removed
    std::string architecture;    ///< "x86_64", "aarch64", …
    Known<std::size_t> packages; ///< sockets
    Known<std::size_t> cores;    ///< physical cores that are online
    Known<std::size_t> threads;  ///< logical processors that are online
    std::size_t usableCores = 1; ///< physical cores this process may use: affinity and cgroup quota honoured
    Known<double> quota;         ///< processors that the cgroup allows (1.5, say); NotApplicable = no limit
    Known<std::size_t> numaNodes;
    std::vector<CacheInfo> caches; ///< lowest level first; empty = unknown
    std::vector<std::string>
        instructionSets; ///< those that matter to kernels: "avx2", "fma", "avx512vnni", "asimddp", …
    Unknown noCaches = Unknown::NotReported, noInstructionSets = Unknown::NotReported; ///< why they are empty
    Known<double> baseMhz, maxMhz,
        currentMhz;              ///< current = mean over the logical processors at the time of the probe
    Known<std::string> governor; ///< "performance", "powersave", …; the first one's, when they differ "mixed"
};

struct MemoryInfo {
    Known<std::uint64_t> totalBytes; ///< what counts as the machine: the least of RAM and the cgroup limits
    Known<std::uint64_t> availableBytes; ///< hearth::availableMemory(): can be taken without swapping
    Known<std::uint64_t> physicalBytes;  ///< RAM of the system, whatever this process may use of it
    Known<std::uint64_t> limitBytes;     ///< tightest cgroup limit; NotApplicable = none
    Known<std::uint64_t> swapTotalBytes, swapFreeBytes;
    Known<std::string> type;       ///< "DDR5", "LPDDR5", …
    Known<std::uint32_t> speedMts; ///< configured transfers per second in MT/s
    Known<std::size_t> modules;    ///< populated slots
};

struct DiskInfo {
    enum class Kind { Nvme, SolidState, HardDisk, Card, Virtual, Network, Memory, Unknown };
    std::vector<std::string> roles; ///< which of ProbeOptions::folders lie on it ("models", "data")
    Known<std::string> mountPoint;  ///< names of persons in it are replaced by "…" unless asked for
    Known<std::string> filesystem;  ///< "ext4", "overlay", …
    Known<std::string> device;      ///< whole disk, "nvme0n1"
    Kind kind = Kind::Unknown;
    Known<std::string> model;
    Known<std::uint64_t> totalBytes, freeBytes; ///< of the file system; free = for an ordinary account
    bool readOnly = false;
    Known<std::string> serial; ///< identifying
};

struct GpuInfo {
    enum class Kind { Discrete, Integrated, Virtual, Software, Unknown };
    std::string name;
    std::string vendor;        ///< "NVIDIA", "AMD", "Intel", …; "" = unknown
    Kind kind = Kind::Unknown; ///< Software = a rasteriser on the CPU: never counts as a GPU
    Known<std::uint64_t> memoryBytes,
        memoryFreeBytes; ///< its own memory; of an integrated one what it reports
    Known<double>
        memoryBandwidth;       ///< bytes/s by its clock and bus width: the data sheet's figure, not measured
    Known<std::string> driver; ///< "nvidia", "amdgpu", "i915", …
    Known<std::string> driverVersion;
    Known<std::string> vulkanVersion;                     ///< "1.3.239"
    Known<std::string> computeCapability;                 ///< "8.9"; NVIDIA only
    Known<std::string> cudaVersion;                       ///< newest CUDA that the driver supports, "12.4"
    Known<std::uint32_t> cores;                           ///< shader cores
    Known<double> coreMhz;                                ///< highest clock
    Known<std::uint32_t> pcieGeneration, pcieWidth;       ///< of the link now (idle cards slow it down)
    Known<std::uint32_t> pcieMaxGeneration, pcieMaxWidth; ///< what card and slot can do together
    Known<std::string> pciAddress;                        ///< "0000:01:00.0"
    std::string kernelId; ///< what the kernel calls this kind: "10de:2684", "brcm,bcm2711-vc5"; "" = unlisted
    std::vector<std::string> sources; ///< "nvml", "vulkan", "drm"
    Known<std::string> uuid;          ///< identifying
};

struct AcceleratorInfo {
    enum class Kind { Tpu, Npu, Unknown };
    Kind kind = Kind::Unknown;
    std::string name; ///< "Google Coral Edge TPU", "Intel NPU", …
    Known<std::string> driver;
    std::string node; ///< "accel0", "apex_0"
};

struct NetworkLink {
    enum class Kind { Wired, Wireless, Virtual };
    std::string name; ///< "enp3s0"; a name made of the MAC address is shortened unless asked for
    Kind kind = Kind::Wired;
    bool up = false;
    Known<std::uint64_t> bitsPerSecond;
    Known<std::string> mac; ///< identifying
};

/// Families that the advice knows the commands of.
enum class OsFamily { Debian, Ubuntu, RedHat, FreeBsd, Windows, Other };

struct OsInfo {
    Known<std::string> name;    ///< "Debian GNU/Linux"
    Known<std::string> version; ///< "12 (bookworm)"
    Known<std::string> id;      ///< os-release ID, "debian"
    OsFamily family = OsFamily::Other;
    Known<std::string> supportEnd; ///< "2028-06-30": end of free security updates, of the releases we know
    Known<bool> supported;         ///< whether that day is still ahead
    std::string kernel;            ///< "Linux 6.1.0-18-amd64"
    unsigned bits = 64;            ///< of this program's pointers
    Known<std::string> virtualMachine; ///< "kvm", "vmware", …; NotApplicable = none seen
    Known<std::string> container; ///< "docker", "podman", "lxc", "kubernetes", …; NotApplicable = none seen
    Known<std::string> hostName, userName; ///< identifying
};

enum class Verdict {
    Fine,       ///< "fine"
    Old,        ///< "old": works, a newer one is advised
    Missing,    ///< "missing": not found; whether that matters is in the advice
    Mismatched, ///< "mismatched": does not go with another item
    Broken,     ///< "broken": found, but does not work
    Unknown,    ///< "unknown": could not be told
};
[[nodiscard]] std::string_view verdictName(Verdict verdict);

/// What to do, in a form that programs compare and the window translates. `code` is stable
/// ("install_driver"); adviceText() gives it in English with the values put in.
struct Advice {
    std::string code;
    std::vector<std::pair<std::string, std::string>> args; ///< "command" → "sudo apt install git", …
    std::string subject = {}; ///< what the command gets or starts; "" = the same on every system
    [[nodiscard]] std::string arg(std::string_view name) const; ///< "" when there is none
};
[[nodiscard]] std::string adviceText(const Advice& advice);

/// One thing of the environment check. Hearth itself needs none of them on a machine without a GPU: `needed`
/// says whether anything in Hearth would use it here.
struct EnvironmentItem {
    std::string id;   ///< stable: "nvidia_driver", "cuda", "pytorch", …
    std::string name; ///< "NVIDIA driver"; names of products, not translated
    Known<std::string> version;
    std::string note; ///< a further fact, "Zen" for the core that OpenBLAS chose
    Verdict verdict = Verdict::Unknown;
    bool needed = false;
    std::optional<Advice> advice; ///< none = nothing to do
};

/// What this machine is. Plain values, no ownership; copy freely.
struct HardwareProfile {
    CpuInfo cpu;
    MemoryInfo memory;
    std::vector<DiskInfo> disks; ///< of the folders asked for, each file system once
    std::vector<GpuInfo> gpus;   ///< real ones first, software rasterisers last
    std::vector<AcceleratorInfo> accelerators;
    std::vector<NetworkLink> network; ///< without the loopback
    OsInfo os;
    std::vector<EnvironmentItem> environment; ///< empty until checkEnvironment() was asked
};

/// The same machine gives the same 16 hexadecimal digits: processor model, cores, instruction sets, memory
/// size (in GiB, rounded), the GPUs that the kernel lists (GpuInfo::kernelId), whether their drivers answer
/// or not. Says nothing about who owns it; not a secret, not a proof.
[[nodiscard]] std::string machineFingerprint(const HardwareProfile& profile);

} // namespace hearth::hardware
