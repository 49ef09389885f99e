#pragma once

#include <filesystem>

#include "engine/base/error.h"

namespace hearth::workbench {

/// Where this program keeps things for this person. Independent of the application's name in Qt, so that both
/// programs agree.
///
/// `data` history.db and its backups; `config` settings.json; `cache` what can be made again; `logs` log
/// files. They follow the platform (XDG base directories on Linux). The environment variable HEARTH_DATA_DIR,
/// when set and not empty, puts everything below that one folder: for tests and for carrying Hearth on a
/// stick.
struct DataPaths {
    std::filesystem::path data, config, cache, logs;

    /// The folders, created with access for their owner only (0700); folders that exist already keep their
    /// permissions. Errors: paths.unwritable (arg path).
    [[nodiscard]] static Result<DataPaths> prepare();
    /// The same places without touching the disk.
    [[nodiscard]] static DataPaths locate();

    [[nodiscard]] std::filesystem::path historyFile() const { return data / "history.db"; }
    [[nodiscard]] std::filesystem::path settingsFile() const { return config / "settings.json"; }
    /// Of the hardware report: what was measured, real runs beside predictions, a newer catalogue of models,
    /// the key that reports are signed with.
    [[nodiscard]] std::filesystem::path measurementsFile() const { return data / "measurements.json"; }
    [[nodiscard]] std::filesystem::path runsFile() const { return data / "runs.json"; }
    [[nodiscard]] std::filesystem::path catalogueFile() const { return data / "catalogue.json"; }
    [[nodiscard]] std::filesystem::path reportKeyFile() const { return data / "report.key"; }
};

} // namespace hearth::workbench
