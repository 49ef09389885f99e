#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/store/connection.h"
#include "engine/store/history.h"
#include "engine/store/schema.h"

namespace hearth::store {

/// `file` with symbolic links followed. Errors: store.dangling_link, store.open_failed.
[[nodiscard]] Result<std::filesystem::path> resolve(const std::filesystem::path& file);

/// Opens the database, creating it when it is not there (under another name first, so that no half-made file
/// ever bears this one) and migrating it. The caller holds its FileLock. Errors: as History::open().
[[nodiscard]] Result<std::unique_ptr<Connection>> openDatabase(const std::filesystem::path& file,
                                                               std::span<const Migration> steps,
                                                               const HistoryOptions& options);

/// The same for a database that several programs have open at once: the FileLock is held while it is created,
/// checked and migrated, and SQLite's own locks order the writers afterwards. Errors: as openDatabase().
[[nodiscard]] Result<std::unique_ptr<Connection>> openShared(const std::filesystem::path& file,
                                                             std::span<const Migration> steps,
                                                             const HistoryOptions& options = {});

/// Renames a finished file so that it is there after a crash too. Errors: store.disk_full, store.read_only,
/// store.io.
[[nodiscard]] Result<void> moveDurably(const std::filesystem::path& made, const std::filesystem::path& name);

/// Removes a database and what SQLite keeps beside it; nothing there is no failure.
void removeDatabase(const std::filesystem::path& file);
/// The latter alone.
void removeLogs(const std::filesystem::path& file);

/// What becomes of a database that has the name already. Replaced: the caller knows that it holds nothing,
/// closed it and holds its FileLock.
enum class Existing { Refused, Replaced };

/// Makes a database under another name (`target` and `ending`), filled by `fill(name)`, and gives it its own
/// once it is whole; what was made goes when it is not. Errors: vault.target_exists, those of `fill` and of
/// moveDurably().
template <class Fill>
[[nodiscard]] auto makeDatabase(const std::filesystem::path& target, const char* ending, const Fill& fill,
                                Existing existing = Existing::Refused) -> decltype(fill(target)) {
    std::error_code ignored;
    if (existing == Existing::Refused && std::filesystem::exists(target, ignored))
        return fail("vault.target_exists", target.string() + " exists already");
    const std::filesystem::path made = target.string() + ending;
    removeDatabase(made); // of a run that was cut off
    auto result = fill(made);
    if (result && existing == Existing::Replaced)
        removeLogs(target); // they would not fit the new file
    if (result)
        if (auto placed = moveDurably(made, target); !placed)
            result = tl::unexpected<Error>(placed.error());
    removeDatabase(made);
    return result;
}

/// The same in the place of a file that is kept, with its logs, as NAME.damaged-<UTC time>; returns that
/// name, nullopt when there was nothing to keep. After an error the former file has its name, or the new one.
/// The caller holds the FileLock. Errors: as moveDurably().
[[nodiscard]] Result<std::optional<std::filesystem::path>> putInPlaceOf(const std::filesystem::path& made,
                                                                        const std::filesystem::path& file);

} // namespace hearth::store
