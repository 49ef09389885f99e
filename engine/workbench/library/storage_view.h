#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/workbench/library/library_types.h"

namespace hearth::workbench {

/// A file system that models lie on, or could.
struct Volume {
    std::filesystem::path root;                  ///< where it is mounted
    std::filesystem::path folder;                ///< that was asked about: where models would go
    std::uint64_t totalBytes = 0, freeBytes = 0; ///< free for an ordinary account
    std::uint64_t libraryBytes = 0;              ///< of the library on it
    /// How fast it reads, as far as its kind tells: 3 = NVMe or memory, 2 = other solid state, 1 = hard disk
    /// or network, 0 = not known.
    int speed = 0;
    std::string device; ///< "nvme0n1"; "" = not known
};

/// Versions with the same bytes in different files.
struct DuplicateGroup {
    std::string contentHash;
    std::vector<LibraryId> versions;
    std::uint64_t wastedBytes = 0; ///< freed by keeping one; names of the same bytes on disk count once
};

/// "Moving this version to that folder would make it load faster."
struct MoveSuggestion {
    LibraryId version = 0;
    std::filesystem::path folder;
    std::uint64_t bytes = 0;
};

struct StorageView {
    std::uint64_t totalBytes = 0; ///< of files that are there; the same bytes under two names count once
    struct Share {
        LibraryId model = 0;
        std::uint64_t bytes = 0;
    };
    std::vector<Share> models; ///< largest first
    std::vector<DuplicateGroup> duplicates;
    std::vector<LibraryId>
        unused; ///< versions not used for kUnusedDays, or never since they came so long ago
    std::vector<LibraryId> missing; ///< versions with a file that is not there
    std::vector<Volume> volumes;
    std::vector<MoveSuggestion> suggestions;
};

inline constexpr int kUnusedDays = 60;

/// How volumes are looked up; tests bring disks of their own.
using VolumeLookup = std::function<std::vector<Volume>(const std::vector<std::filesystem::path>& folders)>;
/// The system's: mounts and, where it tells, the kind of disk. Takes a tenth of a second.
[[nodiscard]] VolumeLookup systemVolumes();

/// What takes the space. `candidates`: folders that models may be moved to (the library's own, the person's
/// model folders). `nowMs`: Unix milliseconds.
[[nodiscard]] StorageView storageView(const std::vector<LibraryModel>& models,
                                      const std::vector<std::filesystem::path>& candidates,
                                      std::int64_t nowMs, const VolumeLookup& volumes);

} // namespace hearth::workbench
