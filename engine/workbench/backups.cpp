#include "engine/workbench/backups.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <set>

#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/utc_time.h"
#include "engine/security/crypto/file_sealing.h"
#include "engine/store/file_care.h"
#include "engine/store/file_lock.h"
#include "engine/store/inspect.h"
#include "engine/store/salvage.h"
#include "engine/store/shred.h"

namespace hearth::workbench {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;

struct ReasonName {
    BackupReason reason;
    std::string_view name;
};
// Between the history's name and the time.
constexpr std::array<ReasonName, 4> kReasons = {ReasonName{BackupReason::Automatic, "auto"},
                                                {BackupReason::Manual, "manual"},
                                                {BackupReason::BeforeRestore, "before-restore"},
                                                {BackupReason::BeforeSealing, "before-sealing"}};

std::string stampOf(std::int64_t unixMs) {
    return utcText(unixMs / 1000, kUtcStamp);
}

std::optional<std::int64_t> timeOf(const std::string& stamp) {
    std::tm parts{};
    const char* end = ::strptime(stamp.c_str(), "%Y%m%dT%H%M%SZ", &parts);
    if (!end || *end)
        return std::nullopt;
    return static_cast<std::int64_t>(::timegm(&parts)) * 1000;
}

std::optional<BackupFile> readName(const fs::path& file, const std::string& stem) {
    const std::string name = file.filename().string();
    const std::string ending = file.extension().string();
    if (!name.starts_with(stem + "-") || (ending != ".db" && ending != ".sealed"))
        return std::nullopt;
    BackupFile out;
    out.path = file;
    out.sealed = ending == ".sealed";
    // NAME-REASON-STAMP[-N] or, made by the store, NAME-vN-STAMP.
    const std::string rest = name.substr(stem.size() + 1, name.size() - stem.size() - 1 - ending.size());
    constexpr std::size_t kStamp = 16;
    const std::size_t at = rest.find("-2");
    if (at == std::string::npos || rest.size() < at + 1 + kStamp)
        return std::nullopt;
    const auto time = timeOf(rest.substr(at + 1, kStamp));
    if (!time)
        return std::nullopt;
    out.madeMs = *time;
    const std::string reason = rest.substr(0, at);
    if (reason.starts_with('v') && reason.find_first_not_of("0123456789", 1) == std::string::npos) {
        out.reason = BackupReason::BeforeMigration;
    } else {
        const auto known = std::find_if(kReasons.begin(), kReasons.end(),
                                        [&](const ReasonName& each) { return each.name == reason; });
        if (known == kReasons.end())
            return std::nullopt;
        out.reason = known->reason;
    }
    out.bytes = store::sizeOf(file);
    return out;
}

Result<void> makeFolder(const fs::path& folder) {
    if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return tl::unexpected<Error>(
        Error{"paths.unwritable", folder.string() + ": " + std::strerror(errno)}.with("path",
                                                                                      folder.string()));
}

/// Shreds a file that was opened for looking at, however the looking ends.
class Opened {
public:
    explicit Opened(fs::path path) : m_path(std::move(path)) {}
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { static_cast<void>(store::shred(m_path)); }
    [[nodiscard]] const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

/// The backup as an ordinary history file under another name.
Result<void> openBackup(const BackupPlace& place, const fs::path& backup, const fs::path& to,
                        std::stop_token stop) {
    HEARTH_CHECK(store::shred(to)); // of a run that was cut off
    if (backup.extension() == ".sealed")
        return security::openFile(backup, to, security::FileKey{place.key}, kBackupContext, std::move(stop));
    HEARTH_TRY([[maybe_unused]] const auto contents,
               store::contentsOf(backup)); // names what is wrong with it
    std::error_code error;
    fs::copy_file(backup, to, error);
    if (error)
        return tl::unexpected<Error>(
            Error{error == std::errc::no_space_on_device ? "store.disk_full" : "store.io",
                  to.string() + ": " + error.message()}
                .with("path", to.string()));
    return {};
}

} // namespace

std::vector<BackupFile> listBackups(const fs::path& history) {
    std::vector<BackupFile> out;
    std::error_code error;
    const fs::path folder = BackupPlace{history}.folder();
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (auto found = readName(it->path(), history.stem().string()))
            out.push_back(std::move(*found));
    std::sort(out.begin(), out.end(), [](const BackupFile& a, const BackupFile& b) {
        return a.madeMs != b.madeMs ? a.madeMs > b.madeMs : a.path > b.path;
    });
    return out;
}

std::vector<fs::path> superfluous(std::span<const BackupFile> backups, const BackupRules& rules) {
    std::vector<fs::path> out;
    std::set<std::int64_t> days, weeks;
    int restores = 0;
    // Newest first: the first of a day or week stays for it.
    for (const BackupFile& backup : backups) {
        if (backup.reason == BackupReason::BeforeRestore && ++restores > rules.beforeRestore)
            out.push_back(backup.path);
        if (backup.reason != BackupReason::Automatic)
            continue;
        const std::int64_t day = backup.madeMs / kDayMs, week = (day + 3) / 7; // weeks begin on Monday
        if (days.contains(day)) {
            out.push_back(backup.path);
        } else if (static_cast<int>(days.size()) < rules.days) {
            days.insert(day);
            weeks.insert(week);
        } else if (!weeks.contains(week) &&
                   static_cast<int>(weeks.size()) < rules.weeks + (rules.days + 6) / 7) {
            weeks.insert(week);
        } else {
            out.push_back(backup.path);
        }
    }
    return out;
}

Result<BackupFile> makeBackup(const BackupPlace& place, BackupReason reason, std::int64_t nowMs,
                              const BackupRules& rules, std::stop_token stop, const ProgressSink& progress) {
    std::error_code ignored;
    if (!fs::exists(place.history, ignored))
        return fail("backup.no_chats", place.history.string() + " is not there yet");
    HEARTH_CHECK(makeFolder(place.folder()));
    const auto named = std::find_if(kReasons.begin(), kReasons.end(),
                                    [reason](const ReasonName& each) { return each.reason == reason; });
    const std::string name = place.history.stem().string() + "-" +
                             std::string(named == kReasons.end() ? "manual" : named->name) + "-" +
                             stampOf(nowMs);
    const std::string ending = place.key.empty() ? ".db" : ".sealed";
    fs::path to = place.folder() / (name + ending);
    for (int n = 2; fs::exists(to, ignored); ++n)
        to = place.folder() / (name + "-" + std::to_string(n) + ending);
    if (place.key.empty()) {
        HEARTH_CHECK(store::snapshot(place.history, to));
    } else {
        const Opened copy(place.folder() / (name + ".copying"));
        HEARTH_CHECK(store::shred(copy.path()));
        HEARTH_CHECK(store::snapshot(place.history, copy.path()));
        HEARTH_CHECK(security::sealFile(copy.path(), to, security::FileKey{place.key}, kBackupContext, stop,
                                        progress));
    }
    const auto all = listBackups(place.history);
    for (const fs::path& old : superfluous(all, rules))
        HEARTH_CHECK(store::shred(old));
    const auto made = std::find_if(all.begin(), all.end(), [&](const BackupFile& f) { return f.path == to; });
    if (made == all.end())
        return fail("store.backup_failed", to.string() + " is not there");
    return *made;
}

Result<std::optional<BackupFile>> makeBackupWhenDue(const BackupPlace& place, std::int64_t nowMs,
                                                    const BackupRules& rules, std::stop_token stop) {
    struct stat info {};
    if (::stat(place.history.c_str(), &info) != 0)
        return std::nullopt;
    std::int64_t writtenMs = std::int64_t{info.st_mtim.tv_sec} * 1000;
    struct stat log {};
    if (::stat(store::besides(place.history, "-wal").c_str(), &log) == 0)
        writtenMs = std::max(writtenMs, std::int64_t{log.st_mtim.tv_sec} * 1000);
    const auto all = listBackups(place.history);
    const auto newest = std::find_if(all.begin(), all.end(), [](const BackupFile& each) {
        return each.reason == BackupReason::Automatic || each.reason == BackupReason::Manual;
    });
    if (newest != all.end() && newest->madeMs <= nowMs &&
        (nowMs - newest->madeMs < rules.everyMs || writtenMs <= newest->madeMs))
        return std::nullopt;
    HEARTH_TRY(auto made, makeBackup(place, BackupReason::Automatic, nowMs, rules, std::move(stop)));
    return made;
}

Result<RestorePreview> previewRestore(const BackupPlace& place, const fs::path& backup,
                                      std::unique_ptr<store::TextCodec> codec, std::stop_token stop) {
    const Opened opened(place.history.string() + ".previewing");
    HEARTH_CHECK(openBackup(place, backup, opened.path(), std::move(stop)));
    RestorePreview out;
    HEARTH_TRY(out.backup, store::contentsOf(opened.path()));
    out.backup.bytes = store::sizeOf(opened.path());
    {
        HEARTH_TRY(const auto history, store::History::open(opened.path(), std::move(codec)));
        HEARTH_TRY(out.newest, history->conversations(false, "", 0, 5));
    }
    std::error_code ignored;
    if (!fs::exists(place.history, ignored))
        return out;
    if (auto present = store::contentsOf(place.history))
        out.present = *present;
    else
        out.presentProblem = present.error();
    return out;
}

Result<void> restoreBackup(const BackupPlace& place, const fs::path& backup,
                           std::unique_ptr<store::TextCodec> codec, std::int64_t nowMs,
                           std::stop_token stop) {
    const Opened opened(place.history.string() + ".restoring");
    HEARTH_CHECK(openBackup(place, backup, opened.path(), stop));
    // Readable with this key, or nothing happens; opening and closing also migrates an older one.
    HEARTH_CHECK(store::History::open(opened.path(), std::move(codec)).map([](const auto&) {}));
    std::error_code ignored;
    bool kept = false;
    if (fs::exists(place.history, ignored)) {
        const auto saved = makeBackup(place, BackupReason::BeforeRestore, nowMs, {}, stop);
        kept = saved.has_value();
        // A damaged history has no backup; it is set aside below. Whatever else is wrong stops here.
        if (!saved && !RepairPlan::helps(saved.error().code))
            return tl::unexpected<Error>(saved.error());
    }
    std::set<fs::path> before;
    const auto aside = [&place] {
        std::set<fs::path> found;
        std::error_code error;
        const std::string prefix = place.history.filename().string() + ".damaged-";
        for (fs::directory_iterator it(place.history.parent_path(), error), end; !error && it != end;
             it.increment(error))
            if (it->path().filename().string().starts_with(prefix))
                found.insert(it->path());
        return found;
    };
    before = aside();
    HEARTH_CHECK(store::History::restoreBackup(place.history, opened.path()));
    if (kept) // a second copy of what the backup holds
        for (const fs::path& file : aside())
            if (!before.contains(file))
                HEARTH_CHECK(store::shred(file));
    return {};
}

Result<void> removeBackup(const fs::path& history, const fs::path& backup) {
    const auto all = listBackups(history);
    if (std::none_of(all.begin(), all.end(), [&](const BackupFile& each) { return each.path == backup; }))
        return tl::unexpected<Error>(
            Error{"backup.not_ours", backup.string() + " is no backup of this history"}.with(
                "path", backup.string()));
    return store::shred(backup);
}

bool RepairPlan::helps(std::string_view code) {
    constexpr std::array<std::string_view, 8> kDamage = {
        "store.corrupt",          "store.not_database",    "store.empty",
        "store.foreign_wal",      "store.foreign_journal", "store.unexpected_schema",
        "store.foreign_database", "store.not_regular"};
    return std::find(kDamage.begin(), kDamage.end(), code) != kDamage.end();
}

RepairPlan planRepair(const fs::path& history, const Error& problem) {
    RepairPlan out;
    out.problem = problem;
    out.backups = listBackups(history);
    out.damagedBytes = store::sizeOf(history) + store::sizeOf(store::besides(history, "-wal"));
    out.worthReading = problem.code == "store.corrupt" || problem.code == "store.foreign_wal" ||
                       problem.code == "store.unexpected_schema" || problem.code == "store.foreign_journal";
    return out;
}

Result<Repaired> repairHistory(const fs::path& history, const store::TextCodec& codec, std::stop_token stop,
                               const ProgressSink& progress) {
    HEARTH_TRY(const fs::path real, store::resolve(history));
    const fs::path made = real.string() + ".repaired";
    HEARTH_CHECK(store::shred(made)); // of a run that was cut off
    HEARTH_TRY(const store::Salvaged found, store::salvage(real, codec, made, std::move(stop), progress));
    Repaired out{found.conversations, found.messages, found.lostRows, found.damagedTexts, {}};
    HEARTH_TRY(const store::FileLock lock, store::FileLock::acquire(real));
    HEARTH_TRY(const auto aside, store::putInPlaceOf(made, real));
    out.aside = aside.value_or(fs::path());
    return out;
}

} // namespace hearth::workbench
