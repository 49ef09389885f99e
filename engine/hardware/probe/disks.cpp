#include <algorithm>
#include <array>

#include <sys/statvfs.h>
#include <unistd.h>

#include "engine/hardware/probe/parts.h"
#include "engine/hardware/probe/text_files.h"

namespace hearth::hardware {

namespace {

namespace fs = std::filesystem;

struct Mount {
    std::string number; ///< "259:2"
    std::string point, type, source;
    bool readOnly = false;
};

/// mountinfo writes space, tab, newline and backslash as \040, \011, \012, \134.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto code = text[i] == '\\' && i + 3 < text.size()
                              ? parseNumber<unsigned>(text.substr(i + 1, 3), 8)
                              : std::nullopt;
        if (code && *code < 256) {
            out += static_cast<char>(static_cast<unsigned char>(*code));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// Lines of proc_pid_mountinfo(5): id parent major:minor root point options [tags…] - type source options.
std::vector<Mount> parseMounts(std::string_view text) {
    std::vector<Mount> mounts;
    for (const std::string_view line : splitLines(text)) {
        const auto words = splitWords(line);
        const auto dash = std::find(words.begin(), words.end(), "-");
        if (dash - words.begin() < 6 || words.end() - dash < 3)
            continue;
        mounts.push_back({std::string(words[2]), unescaped(words[4]), std::string(dash[1]),
                          unescaped(dash[2]), words[5] == "ro" || words[5].starts_with("ro,")});
    }
    return mounts;
}

bool contains(const std::string& point, const std::string& path) {
    return point == "/" || path == point || (path.starts_with(point) && path[point.size()] == '/');
}

/// The deepest mount that holds the path; of two at one place the later one covers the earlier.
const Mount* mountOf(const std::vector<Mount>& mounts, const std::string& path) {
    const Mount* best = nullptr;
    for (const Mount& mount : mounts)
        if (contains(mount.point, path) && (!best || mount.point.size() >= best->point.size()))
            best = &mount;
    return best;
}

/// The block devices of sysfs, whole disks with their partitions.
class BlockDevices {
public:
    explicit BlockDevices(const fs::path& root) : m_block(root / "sys/block"), m_names(listFolder(m_block)) {}

    /// The whole disk below a mount, through partitions, encryption and volume managers; "" = none found.
    [[nodiscard]] std::string diskOf(const Mount& mount) const {
        std::string name = byNumber(mount.number);
        if (name.empty() && mount.source.starts_with("/dev/")) // btrfs has numbers of its own
            name = byName(fs::path(mount.source).filename().string());
        for (int depth = 0; depth < 8 && !name.empty(); ++depth) {
            const auto below = listFolder(m_block / name / "slaves");
            if (below.empty())
                return name;
            name = byName(below.front());
        }
        return name;
    }

private:
    [[nodiscard]] std::string byNumber(const std::string& number) const {
        for (const std::string& disk : m_names) {
            if (readLine(m_block / disk / "dev").valueOr("") == number)
                return disk;
            for (const std::string& part : listFolder(m_block / disk))
                if (part.starts_with(disk) && readLine(m_block / disk / part / "dev").valueOr("") == number)
                    return disk;
        }
        return {};
    }
    [[nodiscard]] std::string byName(const std::string& name) const {
        std::error_code ignored;
        for (const std::string& disk : m_names)
            if (disk == name || fs::exists(m_block / disk / name / "partition", ignored) ||
                readLine(m_block / disk / "dm/name").valueOr("") == name)
                return disk;
        return {};
    }

    fs::path m_block;
    std::vector<std::string> m_names;
};

constexpr std::string_view kNetwork[]{"nfs",  "nfs4",       "cifs",   "smb3",      "9p",    "afs",
                                      "ceph", "fuse.sshfs", "lustre", "glusterfs", "beegfs"};
constexpr std::string_view kHypervisorDisks[]{"QEMU",    "VMware", "Msft",  "VBOX",
                                              "Virtual", "Google", "Amazon"};

template <std::size_t N>
bool isOneOf(std::string_view text, const std::string_view (&list)[N]) {
    return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

DiskInfo::Kind kindOf(const fs::path& disk, const std::string& name, const std::string& model) {
    if (name.starts_with("vd") || name.starts_with("xvd"))
        return DiskInfo::Kind::Virtual;
    const std::string maker = readLine(disk / "device/vendor").valueOr("") + " " + model;
    for (const std::string_view hypervisor : kHypervisorDisks)
        if (maker.find(hypervisor) != std::string::npos)
            return DiskInfo::Kind::Virtual;
    if (name.starts_with("nvme"))
        return DiskInfo::Kind::Nvme;
    if (name.starts_with("mmcblk"))
        return DiskInfo::Kind::Card;
    const auto rotational = readNumber(disk / "queue/rotational");
    return !rotational        ? DiskInfo::Kind::Unknown
           : *rotational == 1 ? DiskInfo::Kind::HardDisk
                              : DiskInfo::Kind::SolidState;
}

void describeDevice(const ProbeOptions& options, const BlockDevices& devices, const Mount& mount,
                    DiskInfo& disk) {
    disk.serial = options.identifying ? Unknown::NotReported : Unknown::Withheld;
    const bool memory = mount.type == "tmpfs" || mount.type == "ramfs",
               network = isOneOf(mount.type, kNetwork);
    if (memory || network) {
        disk.kind = memory ? DiskInfo::Kind::Memory : DiskInfo::Kind::Network;
        disk.device = disk.model = Unknown::NotApplicable;
        return;
    }
    const std::string name = devices.diskOf(mount);
    if (name.empty())
        return;
    const fs::path folder = options.root / "sys/block" / name;
    disk.device = name;
    disk.model = readLine(folder / "device/model");
    disk.kind = kindOf(folder, name, disk.model.valueOr(""));
    if (options.identifying)
        disk.serial = readLine(folder / "device/serial");
}

/// Folders that are named after the person they belong to lose that part of a mount point.
std::string withoutPersons(const std::string& point) {
    fs::path out;
    bool personal = false;
    for (const fs::path& part : fs::path(point)) {
        out /= personal ? fs::path("…") : part;
        const std::string sofar = out.string();
        personal = sofar == "/home" || sofar == "/media" || sofar == "/run/media" || sofar == "/Users" ||
                   sofar == "/export/home";
    }
    return out.string();
}

std::optional<DiskSpace> spaceNow(const fs::path& folder) {
    struct statvfs answer {};
    if (::statvfs(folder.c_str(), &answer) != 0)
        return std::nullopt;
    return DiskSpace{std::uint64_t{answer.f_blocks} * answer.f_frsize,
                     std::uint64_t{answer.f_bavail} * answer.f_frsize};
}

/// The folder itself, or the nearest one above that exists: a folder of models is made with the first model.
fs::path existing(const fs::path& root, const fs::path& folder) {
    std::error_code ignored;
    if (root != "/")
        return folder.lexically_normal();
    fs::path path = fs::weakly_canonical(folder, ignored);
    while (!path.empty() && path.has_relative_path() && !fs::exists(path, ignored))
        path = path.parent_path();
    return path;
}

} // namespace

std::vector<ProbedFolder> usualFolders(const std::vector<fs::path>& models, const fs::path& data) {
    std::vector<ProbedFolder> folders{{"models", models.empty() ? data : models.front()}};
    for (std::size_t i = 1; i < models.size(); ++i)
        folders.push_back({"models " + std::to_string(i + 1), models[i]});
    folders.push_back({"data", data});
    return folders;
}

std::vector<ProbedFolder> oneADisk(const std::vector<ProbedFolder>& folders, const HardwareProfile& profile) {
    std::vector<ProbedFolder> out;
    for (const DiskInfo& disk : profile.disks) {
        const auto usable = [&](const ProbedFolder& folder) {
            return std::find(disk.roles.begin(), disk.roles.end(), folder.role) != disk.roles.end() &&
                   ::access(folder.path.c_str(), W_OK) == 0;
        };
        // The disk is known by its first folder, which need not be there yet.
        if (const auto found = std::find_if(folders.begin(), folders.end(), usable); found != folders.end())
            out.push_back({disk.roles.front(), found->path});
    }
    return out;
}

std::vector<DiskInfo> probeDisks(const ProbeOptions& options) {
    std::vector<DiskInfo> disks;
    std::vector<std::string> points;
    const Known<std::string> file = readFile(options.root / "proc/self/mountinfo", 4U << 20);
    const std::vector<Mount> mounts = parseMounts(file.valueOr(""));
    const BlockDevices devices(options.root);
    for (const ProbedFolder& folder : options.folders) {
        const fs::path path = existing(options.root, folder.path);
        const Mount* mount = mountOf(mounts, path.string());
        const std::string point = mount ? mount->point : path.string();
        if (const auto known = std::find(points.begin(), points.end(), point); known != points.end()) {
            disks[static_cast<std::size_t>(known - points.begin())].roles.push_back(folder.role);
            continue;
        }
        points.push_back(point);
        DiskInfo disk;
        disk.roles.push_back(folder.role);
        if (mount) {
            disk.mountPoint = cleanText(options.identifying ? point : withoutPersons(point));
            disk.filesystem = cleanText(mount->type);
            disk.readOnly = mount->readOnly;
            describeDevice(options, devices, *mount, disk);
        } else {
            const Unknown why = file ? Unknown::NotReported : file.reason;
            disk.mountPoint = disk.filesystem = disk.device = disk.model = why;
            disk.serial = options.identifying ? why : Unknown::Withheld;
        }
        if (const auto space = options.space ? options.space(path) : spaceNow(path)) {
            disk.totalBytes = space->totalBytes;
            disk.freeBytes = space->freeBytes;
        } else {
            disk.totalBytes = disk.freeBytes = Unknown::Unreadable;
        }
        disks.push_back(std::move(disk));
    }
    return disks;
}

} // namespace hearth::hardware
