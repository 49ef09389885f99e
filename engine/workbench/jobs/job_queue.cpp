#include "engine/workbench/jobs/job_queue.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <nlohmann/json.hpp>

#include "engine/base/log.h"
#include "engine/optimize/quantize/quantize.h"
#include "engine/store/file_lock.h"
#include "engine/workbench/jobs/convert_job.h"
#include "engine/workbench/jobs/job_context.h"
#include "engine/workbench/jobs/measure_version.h"
#include "engine/workbench/jobs/quantise_job.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kScratchPrefix = "job-";
constexpr auto kTellEvery = std::chrono::milliseconds(50);
constexpr auto kLookAgain = std::chrono::seconds(5); // whether the other process that ran jobs has gone

fs::path scratchOf(const JobFiles& files, JobId job) {
    return files.scratch / (std::string(kScratchPrefix) + std::to_string(job));
}

Result<std::string> run(const Job& job, JobContext& context) {
    switch (job.kind) {
    case JobKind::Quantise:
        return runQuantise(job, context);
    case JobKind::Convert:
        return runConvert(job, context);
    case JobKind::Ask:
        return runAsk(job, context);
    case JobKind::Measure:
        return runMeasure(job, context);
    }
    return fail("jobs.bad_request", "a kind of job that this program does not know");
}

/// Whether nothing will go on with what the job has left. What cannot be read is kept.
bool isGivenUp(const Result<Job>& job) {
    return job ? job->state == JobState::Done || job->state == JobState::Cancelled
               : job.error().code == "jobs.not_found";
}

/// A kill can come between the end of a job and the removal of its folder.
void removeOrphans(const JobFiles& files, JobStore& store) {
    std::error_code error;
    for (fs::directory_iterator it(files.scratch, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        JobId job = 0;
        const char* const from = name.data() + kScratchPrefix.size();
        const char* const to = name.data() + name.size();
        std::error_code ignored;
        if (name.starts_with(kScratchPrefix) && std::from_chars(from, to, job).ptr == to && job > 0 &&
            isGivenUp(store.get(job)))
            fs::remove_all(it->path(), ignored);
    }
}

/// The file that the job makes; empty = it makes none.
fs::path targetOf(const Job& job) {
    if (job.kind == JobKind::Quantise)
        if (const auto request = quantiseRequestFrom(job.request))
            return request->target;
    if (job.kind == JobKind::Convert)
        if (const auto request = convertRequestFrom(job.request))
            return request->target;
    return {};
}

/// The model that a job has made, of its result; 0 = none.
LibraryId modelOf(const std::string& result) {
    const auto json = nlohmann::json::parse(result, nullptr, false);
    const auto it = json.is_object() ? json.find("model") : json.end();
    return json.is_object() && it != json.end() && it->is_number_integer() ? it->get<LibraryId>() : 0;
}

} // namespace

struct JobQueue::Impl {
    JobFiles files;
    LibraryOptions libraryOptions;
    JobEvents events;
    std::mutex mutex;
    std::condition_variable_any signal;
    std::size_t threads = 0;
    bool woken = true, leaving = false;
    JobId running = 0;
    bool cancelled = false;
    std::stop_source stop;
    std::jthread thread;

    void tell(JobId job) const {
        if (events.changed)
            events.changed(job);
    }
    void tell(const Error& error) const {
        log(LogLevel::Error, "jobs", error.message());
        if (events.failed)
            events.failed(error);
    }

    void loop(const std::stop_token& end) {
        std::optional<store::FileLock> owner;
        std::optional<JobStore> store;
        std::unique_ptr<Library> library;
        while (!end.stop_requested()) {
            {
                std::unique_lock lock(mutex);
                if (owner)
                    signal.wait(lock, end, [this] { return woken; });
                else
                    signal.wait_for(lock, end, kLookAgain, [this] { return woken; });
                woken = false;
            }
            if (end.stop_requested())
                return;
            if (!owner && !begin(owner, store, library))
                continue;
            drain(end, *store, *library);
        }
    }

    /// One process runs jobs; another one's are left alone.
    bool begin(std::optional<store::FileLock>& owner, std::optional<JobStore>& store,
               std::unique_ptr<Library>& library) {
        auto lock = store::FileLock::acquire(files.jobs.string() + ".runner");
        if (!lock)
            return false;
        auto opened = JobStore::open(files.jobs, files.asked);
        if (!opened) {
            tell(opened.error());
            return false;
        }
        auto models = Library::open(files.library, libraryOptions);
        if (!models) {
            tell(models.error());
            return false;
        }
        store.emplace(std::move(*opened));
        library = std::move(*models);
        owner.emplace(std::move(*lock));
        const auto forgotten = store->forgetAsked(); // what is interrupted now may still be waited for
        const auto interrupted = store->markInterrupted();
        removeOrphans(files, *store);
        for (const auto& changed : {forgotten, interrupted})
            if (!changed)
                tell(changed.error());
        if (forgotten.value_or(0) + interrupted.value_or(0) > 0)
            tell(JobId{0});
        return true;
    }

    void drain(const std::stop_token& end, JobStore& store, Library& library) {
        while (!end.stop_requested()) {
            const auto next = store.next();
            if (!next) {
                tell(next.error());
                return;
            }
            if (!*next)
                return;
            const auto taken = store.take((*next)->id);
            if (!taken) {
                tell(taken.error());
                return;
            }
            if (*taken)
                work(**next, store, library);
        }
    }

    void work(const Job& job, JobStore& store, Library& library) {
        JobContext context{library, scratchOf(files, job.id)};
        {
            const std::lock_guard lock(mutex);
            running = job.id;
            cancelled = false;
            stop = std::stop_source();
            if (leaving)
                stop.request_stop();
            context.stop = stop.get_token();
            context.threads = threads;
        }
        tell(job.id);
        std::error_code error;
        fs::create_directories(context.scratch, error);
        Clock::time_point told;
        std::string_view phase;
        context.progress = [&](const Progress& p) {
            if (!events.progress ||
                (p.phase == phase && Clock::now() - told < kTellEvery && p.done != p.total))
                return;
            told = Clock::now();
            phase = p.phase;
            events.progress({job.id, std::string(p.phase), p.done, p.total});
        };
        context.save = [&](const std::string& json) { return store.setProgress(job.id, json); };
        auto result = workbench::run(job, context);
        bool byPerson = false;
        {
            const std::lock_guard lock(mutex);
            running = 0;
            byPerson = cancelled;
        }
        Result<void> ended;
        if (result) {
            // First: what is done has nothing left, also when the program is killed in between.
            fs::remove_all(context.scratch, error);
            if (const LibraryId model = job.model == 0 ? modelOf(*result) : 0; model != 0)
                if (const auto noted = store.setModel(job.id, model); !noted)
                    tell(noted.error());
            ended = store.end(job.id, JobState::Done, *result);
        } else if (result.error().code == kCancelled) {
            if (byPerson)
                discardJob(job, files);
            ended = store.end(job.id, byPerson ? JobState::Cancelled : JobState::Interrupted, "{}");
        } else {
            ended = store.end(job.id, JobState::Failed, "{}", result.error());
        }
        if (!ended)
            tell(ended.error());
        tell(job.id);
    }
};

JobQueue::JobQueue(JobFiles files, LibraryOptions library, std::size_t threads, JobEvents events)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->files = std::move(files);
    m_impl->libraryOptions = std::move(library);
    m_impl->threads = threads;
    m_impl->events = std::move(events);
    m_impl->thread = std::jthread([impl = m_impl.get()](const std::stop_token& end) { impl->loop(end); });
}

JobQueue::~JobQueue() {
    shutdown();
}

void JobQueue::wake() {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->woken = true;
    m_impl->signal.notify_all();
}

void JobQueue::cancel(JobId job) {
    const std::lock_guard lock(m_impl->mutex);
    if (job == 0 || m_impl->running != job)
        return;
    m_impl->cancelled = true;
    m_impl->stop.request_stop();
}

void JobQueue::setThreads(std::size_t threads) {
    const std::lock_guard lock(m_impl->mutex);
    m_impl->threads = threads;
}

void JobQueue::shutdown() {
    {
        const std::lock_guard lock(m_impl->mutex);
        m_impl->leaving = true;
        m_impl->stop.request_stop();
    }
    if (m_impl->thread.joinable()) {
        m_impl->thread.request_stop();
        m_impl->thread.join();
    }
}

std::vector<LibraryId> versionsRead(const Job& job) {
    std::vector<LibraryId> out;
    const auto add = [&out](const nlohmann::json& id) {
        if (id.is_number_integer() && id != 0 && std::find(out.begin(), out.end(), id) == out.end())
            out.push_back(id.get<LibraryId>());
    };
    add(job.version);
    const auto request = nlohmann::json::parse(job.request, nullptr, false);
    for (const char* key : {"source", "version", "versions"}) {
        if (!request.is_object() || !request.contains(key))
            continue;
        const auto& found = request[key];
        if (found.is_array())
            std::for_each(found.begin(), found.end(), add);
        else
            add(found);
    }
    return out;
}

void discardJob(const Job& job, const JobFiles& files) {
    if (const fs::path target = targetOf(job); !target.empty())
        optimize::discardUnfinished(target);
    std::error_code ignored;
    fs::remove_all(scratchOf(files, job.id), ignored);
}

std::uint64_t bytesHeld(const Job& job, const JobFiles& files) {
    const fs::path target = targetOf(job);
    std::uint64_t sum = target.empty() ? 0 : optimize::unfinishedBytes(target);
    std::error_code error;
    for (fs::recursive_directory_iterator it(scratchOf(files, job.id), error), end; !error && it != end;
         it.increment(error)) {
        std::error_code ignored;
        if (fs::is_regular_file(it->symlink_status(ignored)))
            sum += it->file_size(ignored);
    }
    return sum;
}

} // namespace hearth::workbench
