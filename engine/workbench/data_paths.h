#pragma once

#include <filesystem>

#include "engine/base/error.h"

namespace hearth::workbench {

/// Where this program keeps things for this person. Independent of the application's name in Qt, so that both
/// programs agree.
///
/// `data` history.db, library.db and jobs.db with their backups, the models that were copied or made;
/// `config` settings.json; `cache` what can be made again; `logs` log files. They follow the platform (XDG
/// base directories on Linux). The environment variable HEARTH_DATA_DIR, when set and not empty, puts
/// everything below that one folder: for tests and for carrying Hearth on a stick.
struct DataPaths {
    std::filesystem::path data, config, cache, logs;

    /// The folders, created with access for their owner only (0700); folders that exist already keep their
    /// permissions. Errors: paths.unwritable (arg path).
    [[nodiscard]] static Result<DataPaths> prepare();
    /// The same places without touching the disk.
    [[nodiscard]] static DataPaths locate();

    [[nodiscard]] std::filesystem::path historyFile() const { return data / "history.db"; }
    [[nodiscard]] std::filesystem::path settingsFile() const { return config / "settings.json"; }
    /// Of the library and its jobs (library/, jobs/): databases, copies and what jobs write, unfinished work.
    [[nodiscard]] std::filesystem::path libraryFile() const { return data / "library.db"; }
    [[nodiscard]] std::filesystem::path jobsFile() const { return data / "jobs.db"; }
    [[nodiscard]] std::filesystem::path modelsFolder() const { return data / "models"; }
    [[nodiscard]] std::filesystem::path jobsFolder() const { return data / "jobs"; }
    /// Of the hardware report: what was measured, real runs beside predictions, a newer catalogue of models,
    /// the key that reports are signed with.
    [[nodiscard]] std::filesystem::path measurementsFile() const { return data / "measurements.json"; }
    [[nodiscard]] std::filesystem::path runsFile() const { return data / "runs.json"; }
    [[nodiscard]] std::filesystem::path catalogueFile() const { return data / "catalogue.json"; }
    [[nodiscard]] std::filesystem::path reportKeyFile() const { return data / "report.key"; }
    /// Of model hubs: endpoints with sealed tokens, the key that opens them, the list of downloads.
    [[nodiscard]] std::filesystem::path hubSettingsFile() const { return config / "hub.json"; }
    [[nodiscard]] std::filesystem::path hubKeyFile() const { return data / "hub.key"; }
    [[nodiscard]] std::filesystem::path downloadsFile() const { return data / "downloads.json"; }
};

} // namespace hearth::workbench
