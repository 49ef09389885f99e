#include "engine/workbench/library/storage_view.h"

#include <algorithm>
#include <map>
#include <set>

#include <sys/stat.h>

#include <QtCore/QFile>
#include <QtCore/QStorageInfo>

#include "engine/hardware/probe/probe.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

/// The bytes' own identity on the disk, so that hard links count once.
std::pair<std::uint64_t, std::uint64_t> identity(const fs::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0)
        return {0, 0};
    return {static_cast<std::uint64_t>(facts.st_dev), static_cast<std::uint64_t>(facts.st_ino)};
}

int speedOf(hardware::DiskInfo::Kind kind) {
    using Kind = hardware::DiskInfo::Kind;
    switch (kind) {
    case Kind::Nvme:
    case Kind::Memory:
        return 3;
    case Kind::SolidState:
        return 2;
    case Kind::HardDisk:
    case Kind::Card:
    case Kind::Network:
        return 1;
    case Kind::Virtual:
    case Kind::Unknown:
        break;
    }
    return 0;
}

bool below(const fs::path& path, const fs::path& root) {
    const auto [end, ignored] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
    return end == root.end() || (std::next(end) == root.end() && end->empty());
}

/// The volume whose root is deepest above `path`; nullptr = none.
Volume* volumeOf(std::vector<Volume>& volumes, const fs::path& path) {
    Volume* best = nullptr;
    for (Volume& volume : volumes)
        if (below(path, volume.root) && (!best || volume.root.native().size() > best->root.native().size()))
            best = &volume;
    return best;
}

} // namespace

VolumeLookup systemVolumes() {
    return [](const std::vector<fs::path>& folders) {
        std::vector<Volume> out;
        hardware::ProbeOptions options;
        std::vector<std::string> roles;
        for (const fs::path& folder : folders) {
            // A folder that is not there yet lies where its nearest parent does.
            fs::path there = folder;
            std::error_code error;
            while (!fs::exists(there, error) && there.has_parent_path() && there != there.parent_path())
                there = there.parent_path();
            const QStorageInfo info(QFile::decodeName(QByteArray(there.c_str())));
            if (!info.isValid())
                continue;
            const fs::path root(QFile::encodeName(info.rootPath()).toStdString());
            if (std::any_of(out.begin(), out.end(), [&](const Volume& v) { return v.root == root; }))
                continue;
            Volume volume;
            volume.root = root;
            volume.folder = folder;
            volume.totalBytes = static_cast<std::uint64_t>(std::max<qint64>(0, info.bytesTotal()));
            volume.freeBytes = static_cast<std::uint64_t>(std::max<qint64>(0, info.bytesAvailable()));
            options.folders.push_back({std::to_string(out.size()), there});
            out.push_back(std::move(volume));
        }
        const auto profile = hardware::probe(options);
        for (const auto& disk : profile.disks)
            for (const std::string& role : disk.roles)
                if (const std::size_t index = std::strtoul(role.c_str(), nullptr, 10); index < out.size()) {
                    out[index].speed = speedOf(disk.kind);
                    out[index].device = disk.device.valueOr("");
                }
        return out;
    };
}

StorageView storageView(const std::vector<LibraryModel>& models, const std::vector<fs::path>& candidates,
                        std::int64_t nowMs, const VolumeLookup& lookUp) {
    StorageView out;
    std::vector<fs::path> folders = candidates;
    for (const auto& model : models)
        for (const auto& version : model.versions)
            for (const auto& file : version.files)
                if (const fs::path folder = file.path.parent_path();
                    std::find(folders.begin(), folders.end(), folder) == folders.end())
                    folders.push_back(folder);
    out.volumes = lookUp(folders);

    struct Copy {
        LibraryId version;
        std::uint64_t bytes;
        std::pair<std::uint64_t, std::uint64_t> identity;
    };
    std::map<std::string, std::vector<Copy>> byContent;
    std::set<std::pair<std::uint64_t, std::uint64_t>> counted;
    const std::int64_t unusedBefore = nowMs - std::int64_t{kUnusedDays} * 24 * 3600 * 1000;
    for (const auto& model : models) {
        StorageView::Share share{model.id, 0};
        for (const auto& version : model.versions) {
            if (version.state() == FileState::Missing)
                out.missing.push_back(version.id);
            else if (std::max(version.createdMs, version.lastUsedMs) < unusedBefore)
                out.unused.push_back(version.id);
            if (const std::string hash = version.contentHash();
                !hash.empty() && version.state() != FileState::Missing)
                byContent[hash].push_back({version.id, version.bytes(), identity(version.path())});
            for (const auto& file : version.files) {
                if (file.state == FileState::Missing || !counted.insert(identity(file.path)).second)
                    continue;
                share.bytes += file.bytes;
                if (Volume* volume = volumeOf(out.volumes, file.path))
                    volume->libraryBytes += file.bytes;
            }
        }
        out.totalBytes += share.bytes;
        out.models.push_back(share);
    }
    std::stable_sort(out.models.begin(), out.models.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    for (auto& [hash, copies] : byContent) {
        if (copies.size() < 2)
            continue;
        DuplicateGroup group{hash, {}, 0};
        std::set<std::pair<std::uint64_t, std::uint64_t>> distinct;
        for (const Copy& copy : copies) {
            group.versions.push_back(copy.version);
            distinct.insert(copy.identity);
        }
        group.wastedBytes = copies.front().bytes * (distinct.size() - 1);
        out.duplicates.push_back(std::move(group));
    }

    // The default version of each model, to the fastest volume with room for it and a tenth to spare.
    for (const auto& model : models) {
        const LibraryVersion* version = model.defaultVersion();
        if (!version || version->state() == FileState::Missing ||
            !ownedByLibrary(version->files.front().mode))
            continue;
        const Volume* here = volumeOf(out.volumes, version->path());
        if (!here || here->speed == 0)
            continue;
        const Volume* best = nullptr;
        for (const Volume& volume : out.volumes)
            if (volume.speed > here->speed && volume.freeBytes / 10 * 9 > version->bytes() &&
                std::find(candidates.begin(), candidates.end(), volume.folder) != candidates.end() &&
                (!best || volume.speed > best->speed))
                best = &volume;
        if (best)
            out.suggestions.push_back({version->id, best->folder, version->bytes()});
    }
    return out;
}

} // namespace hearth::workbench
