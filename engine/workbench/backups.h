#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/crypto/secure_bytes.h"
#include "engine/store/history.h"
#include "engine/store/snapshot.h"

namespace hearth::workbench {

enum class BackupReason {
    Automatic, ///< rotated
    Manual,    ///< stays until somebody removes it
    BeforeRestore,
    BeforeMigration, ///< made by the store before a step of the schema
    BeforeSealing    ///< of single-person time, before a profile took the chats over
};

struct BackupFile {
    std::filesystem::path path;
    std::int64_t madeMs = 0; ///< from its name; Unix time
    std::uint64_t bytes = 0;
    BackupReason reason = BackupReason::Automatic;
    bool sealed = false; ///< the whole file, over the sealing of its texts
};

struct BackupRules {
    int days = 7;  ///< the newest automatic backup of each of the last days with one
    int weeks = 4; ///< and of each week with one before them
    int beforeRestore = 3;
    std::int64_t everyMs = std::int64_t{24} * 3600 * 1000;
};

/// Where backups of one history lie, and what seals them. Views that live through the call.
struct BackupPlace {
    std::filesystem::path history;
    security::ByteView key{}; ///< 32 bytes; empty = not sealed (single-person mode)
    [[nodiscard]] std::filesystem::path folder() const { return history.parent_path() / "backups"; }
};

/// What every sealed backup is sealed under.
inline constexpr std::string_view kBackupContext = "hearth history backup 1";

/// Newest first.
[[nodiscard]] std::vector<BackupFile> listBackups(const std::filesystem::path& history);
/// Which automatic (and before-restore) backups the rules let go. A plain function of the list.
[[nodiscard]] std::vector<std::filesystem::path> superfluous(std::span<const BackupFile> backups,
                                                             const BackupRules& rules);

/// A copy of a history, which may be open and written to meanwhile; appears only when it is whole. Then
/// removes what the rules let go. Errors: those of store::snapshot() and security::sealFile(),
/// paths.unwritable.
[[nodiscard]] Result<BackupFile> makeBackup(const BackupPlace& place, BackupReason reason, std::int64_t nowMs,
                                            const BackupRules& rules = {}, std::stop_token stop = {},
                                            const ProgressSink& progress = {});
/// An automatic one, when the newest backup is older than the rules say (or of the future: a clock that went
/// back) and the history was written to since; nullopt otherwise, and when there is no history yet.
[[nodiscard]] Result<std::optional<BackupFile>> makeBackupWhenDue(const BackupPlace& place,
                                                                  std::int64_t nowMs,
                                                                  const BackupRules& rules = {},
                                                                  std::stop_token stop = {});

/// What restoring would do.
struct RestorePreview {
    store::HistoryContents backup;
    std::optional<store::HistoryContents> present; ///< what would be replaced; nullopt = nothing, or damaged
    std::optional<Error> presentProblem;           ///< why the present history cannot be read
    std::vector<store::Conversation> newest;       ///< titles of the backup, the most recently used first
};

/// Opens a backup beside the history, reads it and removes what it opened. Changes nothing else. Errors:
/// crypto.* (tampered, truncated, needs_password, wrong_password), store.*, vault.other_key, base.cancelled.
[[nodiscard]] Result<RestorePreview> previewRestore(const BackupPlace& place,
                                                    const std::filesystem::path& backup,
                                                    std::unique_ptr<store::TextCodec> codec,
                                                    std::stop_token stop = {});
/// Puts a backup into the history's place. What was there becomes a backup (BeforeRestore) first or, when it
/// is damaged, is set aside as store::History::setAside() does. Nobody may have the history open. Errors: as
/// previewRestore(), store.locked.
[[nodiscard]] Result<void> restoreBackup(const BackupPlace& place, const std::filesystem::path& backup,
                                         std::unique_ptr<store::TextCodec> codec, std::int64_t nowMs,
                                         std::stop_token stop = {});
/// Overwrites and removes a backup of this history. Errors: backup.not_ours, store.io, store.read_only.
[[nodiscard]] Result<void> removeBackup(const std::filesystem::path& history,
                                        const std::filesystem::path& backup);

/// How a damaged history can be helped, best first. What a person is asked at the start when their history
/// does not open.
struct RepairPlan {
    Error problem;                   ///< why it does not open
    std::vector<BackupFile> backups; ///< that could be put back
    std::uint64_t damagedBytes = 0;  ///< of the file and its log
    bool worthReading = false;       ///< rows may still be read one by one (see store::salvage())
    [[nodiscard]] static bool helps(std::string_view code); ///< whether a repair is the answer to this error
};
[[nodiscard]] RepairPlan planRepair(const std::filesystem::path& history, const Error& problem);

struct Repaired {
    std::int64_t conversations = 0, messages = 0, lostRows = 0, damagedTexts = 0;
    std::filesystem::path aside; ///< where the damaged file lies now
};
/// Reads what can be read into a new file and puts it into the history's place; the damaged one is set aside,
/// unchanged. Errors: those of store::salvage(), store.locked.
[[nodiscard]] Result<Repaired> repairHistory(const std::filesystem::path& history,
                                             const store::TextCodec& codec, std::stop_token stop = {},
                                             const ProgressSink& progress = {});

} // namespace hearth::workbench
