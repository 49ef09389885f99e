#include "engine/workbench/retention.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <sys/stat.h>

#include "engine/base/utc_time.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/predict/feedback.h"
#include "engine/security/privacy/usage_statistics.h"
#include "engine/store/shred.h"
#include "engine/workbench/backups.h"
#include "engine/workbench/jobs/job_queue.h"

namespace hearth::workbench {

namespace fs = std::filesystem;
using security::Action;
using security::Kept;
using security::KeptItem;
using security::KeptPreview;
using Fate = KeptItem::Fate;
using Items = std::vector<KeptItem>;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kRemoving = ".removing"; ///< behind the name of a file that is being removed

struct Where {
    Accounts& accounts;
    const DataPaths& files;
    security::ProfileId profile;
    std::int64_t nowMs;
};

// --- files

/// A regular file, not what a link points to.
std::optional<KeptItem> fileItem(const fs::path& file) {
    struct stat info {};
    if (::lstat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return std::nullopt;
    KeptItem out{file.string(), file.filename().string(), std::int64_t{info.st_mtim.tv_sec} * 1000};
    out.bytes = static_cast<std::uint64_t>(info.st_size);
    return out;
}

/// What a removal that was cut off left of files whose names begin so.
void addLeftOvers(const fs::path& folder, std::string_view prefix, Items& out) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(prefix) || !name.ends_with(kRemoving))
            continue;
        if (auto item = fileItem(it->path())) {
            item->fate = Fate::Goes;
            out.push_back(std::move(*item));
        }
    }
}

Result<void> removeFiles(const Where&, const Items& items) {
    for (const KeptItem& each : items) {
        fs::path file = each.id;
        if (!each.id.ends_with(kRemoving)) {
            file += kRemoving;
            if (std::rename(each.id.c_str(), file.c_str()) != 0) {
                const int number = errno;
                const bool refused = number == EACCES || number == EROFS || number == EPERM;
                return tl::unexpected<Error>(
                    Error{refused ? "store.read_only" : "store.io", each.id + ": " + std::strerror(number)}
                        .with("path", each.id));
            }
        }
        HEARTH_CHECK(store::shred(file));
    }
    return {};
}

Result<Items> backups(const Where& where) {
    Items out;
    const fs::path history = where.accounts.paths().historyOf(where.profile);
    for (const BackupFile& each : listBackups(history)) // newest first
        if (auto item = fileItem(each.path)) {
            item->timeMs = each.madeMs;
            item->fate = out.empty() ? Fate::Stays : Fate::ByAge;
            out.push_back(std::move(*item));
        }
    addLeftOvers(BackupPlace{history}.folder(), history.stem().string() + "-", out);
    return out;
}

/// hearth.log is written to; hearth.1.log … were.
Result<Items> logs(const Where& where) {
    Items out;
    std::error_code error;
    for (fs::directory_iterator it(where.files.logs, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with("hearth.") || !name.ends_with(".log"))
            continue;
        if (auto item = fileItem(it->path())) {
            item->fate = name == "hearth.log" ? Fate::Stays : Fate::ByAge;
            out.push_back(std::move(*item));
        }
    }
    addLeftOvers(where.files.logs, "hearth.", out);
    return out;
}

// --- counts

Result<std::unique_ptr<security::UsageStatistics>> statistics(const Where& where) {
    return security::UsageStatistics::open(where.accounts.paths().usageFile());
}

/// The days since anything was counted, every one: which of them have counts is nobody's business.
Result<Items> usageCounts(const Where& where) {
    HEARTH_TRY(const auto usage, statistics(where));
    HEARTH_TRY(const auto oldest, usage->oldestDay());
    Items out;
    for (std::int64_t day = oldest.value_or(where.nowMs / kDayMs); day < where.nowMs / kDayMs; ++day)
        out.push_back({std::to_string(day), utcDay(day), day * kDayMs + kDayMs - 1});
    return out;
}

Result<void> removeCounts(const Where& where, const Items& items) {
    HEARTH_TRY(const auto usage, statistics(where));
    return usage->forgetBefore(std::stoll(items.back().id) + 1); // the oldest come first
}

// --- measurements and runs

std::optional<std::int64_t> timeOf(const std::string& text) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), kUtcTime, &parts);
    return end && !*end ? std::optional(std::int64_t{::timegm(&parts)} * 1000) : std::nullopt;
}

/// Both are told by when and where they were made.
template <class Record>
std::string idOf(std::string_view kind, const Record& record) {
    return std::string(kind) + " " + record.time + " " + record.fingerprint;
}
constexpr std::string_view kMeasured = "measurement", kRun = "run";

/// `all` is oldest first; the last of each machine stays, and whatever else `spared` names.
template <class Record>
void addRecords(std::string_view kind, const std::vector<Record>& all, const std::set<const Record*>& spared,
                Items& out) {
    std::map<std::string, const Record*> newest;
    for (const Record& each : all)
        newest[each.fingerprint] = &each;
    for (const Record& each : all) {
        const auto time = timeOf(each.time);
        KeptItem item{idOf(kind, each), std::string(kind) + " " + each.time, time.value_or(0)};
        if (!time || newest[each.fingerprint] == &each || spared.contains(&each))
            item.fate = Fate::Stays;
        out.push_back(std::move(item));
    }
}

Result<Items> measurements(const Where& where) {
    HEARTH_TRY(const auto measured, hardware::MeasurementHistory::open(where.files.measurementsFile()));
    HEARTH_TRY(const auto runs, hardware::RunHistory::open(where.files.runsFile()));
    std::set<const hardware::Measurement*> spared; // what predictions are made from
    std::map<std::string, const hardware::Measurement*> withDownload;
    for (const hardware::Measurement& each : measured.all()) {
        spared.insert(measured.last(each.fingerprint));
        if (each.downloadBytesPerSecond)
            withDownload[each.fingerprint] = &each;
    }
    for (const auto& [fingerprint, each] : withDownload)
        spared.insert(each);
    Items out;
    addRecords(kMeasured, measured.all(), spared, out);
    addRecords(kRun, runs.all(), {}, out);
    return out;
}

Result<void> removeMeasurements(const Where& where, const Items& items) {
    std::set<std::string> ids;
    for (const KeptItem& each : items)
        ids.insert(each.id);
    HEARTH_TRY(auto measured, hardware::MeasurementHistory::open(where.files.measurementsFile()));
    HEARTH_TRY(auto runs, hardware::RunHistory::open(where.files.runsFile()));
    HEARTH_CHECK(measured.remove(
        [&](const hardware::Measurement& each) { return ids.contains(idOf(kMeasured, each)); }));
    return runs.remove([&](const hardware::RunRecord& each) { return ids.contains(idOf(kRun, each)); });
}

// --- jobs

JobFiles jobFiles(const Where& where) {
    JobFiles out;
    out.jobs = where.files.jobsFile();
    out.library = where.files.libraryFile();
    out.scratch = where.files.jobsFolder();
    return out;
}

Result<Items> jobs(const Where& where) {
    Items out;
    std::error_code ignored;
    if (!fs::exists(where.files.jobsFile(), ignored))
        return out;
    HEARTH_TRY(auto store, JobStore::open(where.files.jobsFile()));
    HEARTH_TRY(const auto all, store.list(0, std::size_t{1} << 30));
    for (const Job& each : all)
        if (isOver(each.state))
            out.push_back({std::to_string(each.id), each.title, each.endedMs,
                           each.state == JobState::Done ? 0 : bytesHeld(each, jobFiles(where))});
    return out;
}

Result<void> removeJobs(const Where& where, const Items& items) {
    HEARTH_TRY(auto store, JobStore::open(where.files.jobsFile()));
    const JobFiles files = jobFiles(where);
    for (const KeptItem& each : items) {
        const JobId id = std::stoll(each.id);
        HEARTH_TRY(const Job job, store.get(id));
        HEARTH_CHECK(store.remove(id)); // refuses what runs again
        if (job.state != JobState::Done)
            discardJob(job, files);
    }
    return {};
}

// --- the kinds

struct Kind {
    Kept kept;
    Result<Items> (*list)(const Where& where);
    Result<void> (*remove)(const Where& where, const Items& items); ///< at least one
};
constexpr std::array kKinds = {Kind{Kept::UsageCounts, usageCounts, removeCounts},
                               Kind{Kept::Backups, backups, removeFiles}, Kind{Kept::Logs, logs, removeFiles},
                               Kind{Kept::Measurements, measurements, removeMeasurements},
                               Kind{Kept::Jobs, jobs, removeJobs}};

const Kind* kindOf(Kept kept) {
    const auto found =
        std::find_if(kKinds.begin(), kKinds.end(), [kept](const Kind& each) { return each.kept == kept; });
    return found == kKinds.end() ? nullptr : &*found;
}

} // namespace

Target targetOf(const Actor& actor, Kept kept) {
    const auto& facts = factsOf(kept);
    Target out = facts.machine ? Target::of(facts.resource) : Target::of(facts.resource, actor.profile);
    out.object = "by retention rules " + std::string(facts.name);
    return out;
}

Retention::Retention(Accounts& accounts, DataPaths files, std::function<std::int64_t()> clock)
    : m_accounts(accounts), m_files(std::move(files)), m_clock(std::move(clock)) {}

std::int64_t Retention::now() const {
    return m_clock ? m_clock() : unixMsNow();
}

Result<KeptPreview> Retention::look(const Actor& actor, Kept kept, int days) {
    const Kind* kind = kindOf(kept);
    if (!kind)
        return fail("store.io", std::string(nameOf(kept)) + " lies in a history");
    const Where where{m_accounts, m_files, actor.profile, now()};
    HEARTH_TRY(auto all, kind->list(where));
    return previewOf(kept, days, std::move(all), where.nowMs);
}

Result<std::size_t> Retention::remove(const Actor& actor, const KeptPreview& shown) {
    HEARTH_TRY(const KeptPreview present, look(actor, shown.kept, shown.days));
    const Items due = stillDue(shown, present);
    if (!due.empty())
        HEARTH_CHECK(kindOf(shown.kept)->remove({m_accounts, m_files, actor.profile, now()}, due));
    return due.size();
}

Result<KeptPreview> Retention::preview(const Actor& actor, Kept kept, int days) {
    HEARTH_CHECK(m_accounts.gate().check(actor, factsOf(kept).action, targetOf(actor, kept)));
    return look(actor, kept, days);
}

Result<std::size_t> Retention::apply(const Actor& actor, const KeptPreview& shown) {
    std::size_t count = 0;
    HEARTH_CHECK(m_accounts.gate().run(actor, factsOf(shown.kept).action, targetOf(actor, shown.kept),
                                       [&]() -> Result<void> {
                                           HEARTH_TRY(count, remove(actor, shown));
                                           return {};
                                       }));
    return count;
}

Result<Retention::Removed> Retention::dailyRound(const Actor& actor, const security::RetentionRules& rules) {
    Removed out{};
    std::optional<Error> first;
    const auto keep = [&](const Kind& kind, int days) -> Result<void> {
        const auto& facts = factsOf(kind.kept);
        const Target target = targetOf(actor, kind.kept);
        HEARTH_TRY(const bool may, m_accounts.gate().allows(actor, facts.action, target));
        if (!facts.machine && !may)
            return {};
        HEARTH_TRY(const KeptPreview due, look(actor, kind.kept, days));
        if (due.items.empty())
            return {};
        const auto count = remove(actor, due);
        out[kind.kept] = count.value_or(0);
        const auto noted = m_accounts.gate().note(actor, facts.action, target,
                                                  count ? security::Outcome::Done : security::Outcome::Failed,
                                                  count ? std::string() : count.error().code);
        return count ? noted : tl::unexpected<Error>(count.error());
    };
    for (const Kind& kind : kKinds)
        if (const auto days = rules[kind.kept])
            if (auto kept = keep(kind, *days); !kept && !first)
                first = std::move(kept).error();
    if (first)
        return tl::unexpected<Error>(std::move(*first));
    return out;
}

} // namespace hearth::workbench
