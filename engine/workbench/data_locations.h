#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/security/identity/roles.h"
#include "engine/workbench/data_paths.h"

namespace hearth::workbench {

/// What a file below Hearth's folders is for.
enum class DataKind {
    Conversations,
    Backups,
    Accounts,
    AuditLog,
    Seals, ///< the installation's keys and the signed heads
    Settings,
    Usage,      ///< counts behind differentially private figures
    Compliance, ///< consents, breaches, retention rules
    Measurements,
    Logs,
    Cache,
    SetAside, ///< a damaged file that was kept
    Models,
    UnfinishedJobs, ///< what jobs go on from, until they are done, cancelled or forgotten
    Temporary,      ///< locks, and what a run that was cut off left
    Unknown         ///< not written by Hearth
};
inline constexpr int kDataKinds = 16;
/// "conversations" …
[[nodiscard]] std::string_view nameOf(DataKind kind);

struct DataLocation {
    std::filesystem::path path;
    DataKind kind = DataKind::Unknown;
    std::optional<security::ProfileId> person; ///< whose; nullopt = of the machine
    std::uint64_t bytes = 0;
    bool sealed = false; ///< its content needs a person's key
};

/// Every file below the four folders that Hearth writes to, by path. Symbolic links are not followed. What
/// people export goes where they say and is not listed. Reads names and sizes only.
[[nodiscard]] std::vector<DataLocation> dataLocations(const DataPaths& paths);

/// What the file at `relative` below one of the folders is: by its name alone.
[[nodiscard]] DataLocation classify(const std::filesystem::path& relative);

} // namespace hearth::workbench
