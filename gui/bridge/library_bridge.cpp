#include "gui/bridge/library_bridge.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <QMetaType>

#include "engine/base/available_memory.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/probe/probe.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

using namespace workbench;

namespace {

std::filesystem::path pathOf(const QString& text) {
    return std::filesystem::path(text.toStdU16String());
}

/// At most a few reports a frame reach the window.
ProgressSink gentle(std::function<void(double)> tell) {
    auto last = std::make_shared<std::chrono::steady_clock::time_point>();
    return [last, tell = std::move(tell)](const Progress& p) {
        const auto now = std::chrono::steady_clock::now();
        if (now - *last < std::chrono::milliseconds(40) && p.done != p.total)
            return;
        *last = now;
        tell(p.total ? double(p.done) / double(p.total) : -1);
    };
}

} // namespace

LibraryServices libraryServices(const std::filesystem::path& dataFolder, std::size_t threads) {
    LibraryServices out;
    out.files = {dataFolder / "jobs.db", dataFolder / "library.db", dataFolder / "jobs"};
    out.library.folder = dataFolder / "models";
    out.threads = threads;
    out.machine = [measurements = dataFolder / "measurements.json"] {
        const auto profile = hardware::probe({});
        hardware::MemoryRoom room{profile.memory.availableBytes.valueOr(0),
                                  profile.memory.totalBytes.valueOr(0)};
        if (const auto available = availableMemory())
            room.availableBytes = *available;
        const auto history = hardware::MeasurementHistory::open(measurements);
        const auto* last = history ? history->last(hardware::machineFingerprint(profile)) : nullptr;
        return std::pair(last ? *last : hardware::Measurement{}, room);
    };
    out.foreign = [] { return foreignFolders(); };
    out.volumes = systemVolumes();
    return out;
}

/// What the desk thread owns.
struct LibraryBridge::Desk {
    std::unique_ptr<Library> library;
    std::optional<JobStore> jobs;

    Result<void> open(const LibraryServices& services) {
        if (!library) {
            HEARTH_TRY(library, Library::open(services.files.library, services.library));
        }
        if (!jobs) {
            HEARTH_TRY(jobs, JobStore::open(services.files.jobs));
        }
        return {};
    }
};

LibraryBridge::LibraryBridge(LibraryServices services, QObject* parent)
    : QObject(parent), m_services(std::make_shared<const LibraryServices>(std::move(services))),
      m_deskWorker(new QObject), m_workWorker(new QObject), m_desk(std::make_shared<Desk>()),
      m_workLibrary(std::make_shared<std::unique_ptr<Library>>()) {
    qRegisterMetaType<hearth::Error>();
    for (const auto& [thread, worker, name] : {std::tuple(&m_deskThread, m_deskWorker, "library"),
                                               std::tuple(&m_workThread, m_workWorker, "library-work")}) {
        thread->setObjectName(QLatin1String(name));
        worker->moveToThread(thread);
        connect(thread, &QThread::finished, worker, &QObject::deleteLater);
        thread->start();
    }
    JobEvents events;
    events.changed = [this](JobId) { deliver([this] { refresh(); }); };
    events.progress = [this](const JobProgress& progress) {
        deliver([this, progress] {
            m_jobProgress = progress;
            Q_EMIT jobProgressed(progress.job);
        });
    };
    events.failed = [this](const Error& error) { deliver([this, error] { Q_EMIT failed(error); }); };
    m_queue = std::make_unique<JobQueue>(m_services->files, m_services->library, m_services->threads,
                                         std::move(events));
    refresh();
}

LibraryBridge::~LibraryBridge() {
    blockSignals(true);
    shutdown();
}

void LibraryBridge::shutdown() {
    if (std::exchange(m_shutDown, true))
        return;
    m_end.request_stop();
    m_taskStop.request_stop();
    m_queue->shutdown();
    // Connections to a database end in the thread that opened them; quit() ends a loop after what was queued.
    QMetaObject::invokeMethod(m_deskWorker, [this, desk = m_desk] {
        desk->library.reset();
        desk->jobs.reset();
        m_deskThread.quit();
    });
    QMetaObject::invokeMethod(m_workWorker, [this, library = m_workLibrary] {
        library->reset();
        m_workThread.quit();
    });
    m_deskThread.wait();
    m_workThread.wait();
}

void LibraryBridge::deliver(std::function<void()> call) {
    // The destructor joins every thread this is called from, so `this` is alive; Qt drops the call with it.
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void LibraryBridge::fail(const Error& error) {
    deliver([this, error] {
        if (error.code != kCancelled) // the person's own wish needs no message
            Q_EMIT failed(error);
    });
}

void LibraryBridge::onDesk(std::function<void(Desk&)> work) {
    if (m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_deskWorker,
        [this, desk = m_desk, services = m_services, work = std::move(work)] {
            if (const auto opened = desk->open(*services); !opened)
                fail(opened.error());
            else
                work(*desk);
        },
        Qt::QueuedConnection);
}

void LibraryBridge::refresh() {
    onDesk([this](Desk& desk) {
        auto models = desk.library->models();
        auto jobs = desk.jobs->list();
        if (!models)
            return fail(models.error());
        if (!jobs)
            return fail(jobs.error());
        deliver([this, models = std::move(*models), jobs = std::move(*jobs)]() mutable {
            m_models = std::move(models);
            m_jobs = std::move(jobs);
            m_read = true;
            if (std::none_of(m_jobs.begin(), m_jobs.end(),
                             [](const Job& job) { return job.state == JobState::Running; }))
                m_jobProgress = {};
            Q_EMIT changed();
            Q_EMIT jobsChanged();
            predict();
        });
    });
}

void LibraryBridge::predict() {
    std::vector<std::pair<LibraryId, std::filesystem::path>> wanted;
    for (const auto& model : m_models)
        for (const auto& version : model.versions)
            if (version.state() != FileState::Missing && m_asked.insert(version.id).second)
                wanted.emplace_back(version.id, version.path());
    if (wanted.empty() || m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_workWorker,
        [this, wanted = std::move(wanted), services = m_services, end = m_end.get_token()] {
            if (end.stop_requested())
                return;
            const auto [measurement, room] = services->machine();
            hardware::Predictor predictor(measurement, room);
            for (const auto& [version, path] : wanted) {
                if (end.stop_requested())
                    return;
                const auto shape = format::GgufFile::open(path).and_then(
                    [](const format::GgufFile& file) { return hardware::shapeOf(file); });
                if (!shape)
                    continue; // listed without figures
                if (auto prediction = predictor.predict(*shape))
                    deliver([this, version = version, prediction = std::move(*prediction)]() mutable {
                        m_fits[version] = std::move(prediction);
                    });
            }
            deliver([this] { Q_EMIT fitChanged(); });
        },
        Qt::QueuedConnection);
}

const LibraryModel* LibraryBridge::model(LibraryId id) const {
    const auto it =
        std::find_if(m_models.begin(), m_models.end(), [&](const auto& one) { return one.id == id; });
    return it == m_models.end() ? nullptr : &*it;
}

const LibraryModel* LibraryBridge::modelOfVersion(LibraryId id) const {
    for (const auto& model : m_models)
        for (const auto& version : model.versions)
            if (version.id == id)
                return &model;
    return nullptr;
}

const LibraryVersion* LibraryBridge::version(LibraryId id) const {
    if (const auto* model = modelOfVersion(id))
        for (const auto& version : model->versions)
            if (version.id == id)
                return &version;
    return nullptr;
}

const LibraryVersion* LibraryBridge::versionAt(const QString& path) const {
    const auto wanted = pathOf(path);
    for (const auto& model : m_models)
        for (const auto& version : model.versions)
            for (const auto& file : version.files)
                if (file.path == wanted)
                    return &version;
    return nullptr;
}

const hardware::Prediction* LibraryBridge::fit(LibraryId version) const {
    const auto it = m_fits.find(version);
    return it == m_fits.end() ? nullptr : &it->second;
}

ModelDefaults LibraryBridge::defaultsFor(const QString& path) const {
    if (const auto* found = versionAt(path))
        if (const auto* owner = model(found->model))
            return modelDefaultsFromJson(owner->defaults).value_or(ModelDefaults{});
    return {};
}

void LibraryBridge::edit(Edit work) {
    onDesk([this, work = std::move(work)](Desk& desk) {
        if (const auto done = work(*desk.library); !done)
            fail(done.error());
        deliver([this] { refresh(); });
    });
}

void LibraryBridge::noteUsed(const QString& path) {
    edit([path = pathOf(path)](Library& library) { return library.noteUsed(path); });
}

void LibraryBridge::readDetails(LibraryId id, QObject* context, DetailsDone done) {
    const auto* found = version(id);
    if (!found || m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_deskWorker,
        [this, path = found->path(), context = QPointer<QObject>(context), done = std::move(done)] {
            auto details = readModelDetails(path);
            deliver([context, done, details = std::move(details)] {
                if (context)
                    done(details);
            });
        },
        Qt::QueuedConnection);
}

void LibraryBridge::tryTemplate(TemplateTrial trial, QObject* context, TrialDone done) {
    if (m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_deskWorker,
        [this, trial = std::move(trial), context = QPointer<QObject>(context), done = std::move(done)] {
            auto text =
                tryChatTemplate(trial.source, trial.systemPrompt, trial.question, trial.bos, trial.eos);
            deliver([context, done, text = std::move(text)] {
                if (context)
                    done(text);
            });
        },
        Qt::QueuedConnection);
}

void LibraryBridge::readDefaultHistory(LibraryId model, QObject* context, HistoryDone done) {
    onDesk([this, model, context = QPointer<QObject>(context), done = std::move(done)](Desk& desk) {
        auto history = desk.library->defaultHistory(model);
        if (!history)
            return fail(history.error());
        deliver([context, done, history = std::move(*history)] {
            if (context)
                done(history);
        });
    });
}

void LibraryBridge::run(Task task, std::function<void(Library&, std::stop_token, const ProgressSink&)> work) {
    if (m_shutDown)
        return;
    m_taskStop = std::stop_source();
    m_task = task;
    Q_EMIT taskChanged();
    QMetaObject::invokeMethod(
        m_workWorker,
        [this, library = m_workLibrary, services = m_services, stop = m_taskStop, work = std::move(work)] {
            const auto ready = [&]() -> Result<void> {
                if (!*library) {
                    HEARTH_TRY(*library, Library::open(services->files.library, services->library));
                }
                return {};
            }();
            if (!ready)
                fail(ready.error());
            else
                work(**library, stop.get_token(), gentle([this](double fraction) {
                    deliver([this, fraction] { Q_EMIT taskProgress(fraction); });
                }));
            deliver([this, stop] {
                if (stop == m_taskStop) { // not followed by another one meanwhile
                    m_task = Task::None;
                    Q_EMIT taskChanged();
                }
                refresh();
            });
        },
        Qt::QueuedConnection);
}

void LibraryBridge::cancelTask() {
    m_taskStop.request_stop();
}

void LibraryBridge::import(const QStringList& paths, FileMode mode) {
    std::vector<std::filesystem::path> list;
    for (const QString& path : paths)
        list.push_back(pathOf(path));
    run(Task::Import, [this, list = std::move(list), mode](Library& library, std::stop_token stop,
                                                           const ProgressSink& progress) {
        AddRequest how;
        how.mode = mode;
        auto report = library.import(list, how, std::move(stop), progress);
        if (!report)
            return fail(report.error());
        deliver([this, report = std::move(*report)] { Q_EMIT imported(report); });
    });
}

void LibraryBridge::importFound(std::vector<FoundModel> models, FileMode mode) {
    run(Task::Import, [this, models = std::move(models), mode](Library& library, std::stop_token stop,
                                                               const ProgressSink& progress) {
        ImportReport report;
        std::uint64_t total = 0, before = 0;
        for (const auto& found : models)
            total += found.facts.fileBytes;
        for (const auto& found : models) {
            AddRequest request = found.request();
            request.mode = mode;
            auto added = library.add(request, stop, [&](const Progress& p) {
                progress({"library.import", before + p.done, total});
            });
            before += found.facts.fileBytes;
            if (added)
                report.added.push_back(*added);
            else if (added.error().code == kCancelled)
                break;
            else
                report.problems.push_back({found.path, added.error()});
        }
        deliver([this, report = std::move(report)] { Q_EMIT imported(report); });
    });
}

void LibraryBridge::takeIn(AddRequest request) {
    run(Task::Import, [this, request = std::move(request)](Library& library, std::stop_token stop,
                                                           const ProgressSink& progress) {
        auto added = library.add(request, std::move(stop), progress);
        if (!added)
            return fail(added.error());
        deliver([this, added = *added] {
            ImportReport report;
            report.added.push_back(added);
            Q_EMIT imported(report);
        });
    });
}

void LibraryBridge::verify(std::vector<LibraryId> versions) {
    run(Task::Verify, [this, versions = std::move(versions)](Library& library, std::stop_token stop,
                                                             const ProgressSink& progress) {
        for (const LibraryId id : versions) {
            auto result = library.verify(id, stop, progress);
            if (!result)
                return fail(result.error());
            deliver([this, id, result = std::move(*result)] { Q_EMIT verified(id, result); });
        }
    });
}

void LibraryBridge::scan(const QStringList& folders) {
    std::vector<std::filesystem::path> list;
    for (const QString& folder : folders)
        list.push_back(pathOf(folder));
    run(Task::Scan, [this, list = std::move(list), services = m_services](
                        Library& library, std::stop_token stop, const ProgressSink& progress) {
        auto report = scanForModels(list, services->foreign(), library, std::move(stop), progress);
        if (!report)
            return fail(report.error());
        deliver([this, report = std::move(*report)] { Q_EMIT scanned(report); });
    });
}

void LibraryBridge::move(LibraryId version, const QString& folder) {
    run(Task::Move, [this, version, folder = pathOf(folder)](Library& library, std::stop_token stop,
                                                             const ProgressSink& progress) {
        if (const auto done = library.move(version, folder, std::move(stop), progress); !done)
            fail(done.error());
    });
}

void LibraryBridge::acceptChange(LibraryId version) {
    run(Task::Verify, [this, version](Library& library, std::stop_token stop, const ProgressSink& progress) {
        if (const auto done = library.acceptChange(version, std::move(stop), progress); !done)
            fail(done.error());
    });
}

void LibraryBridge::relocate(LibraryId file, const QString& path) {
    run(Task::Verify, [this, file, path = pathOf(path)](Library& library, std::stop_token stop,
                                                        const ProgressSink& progress) {
        if (const auto done = library.relocate(file, path, std::move(stop), progress); !done)
            fail(done.error());
    });
}

void LibraryBridge::readStorage(const QStringList& candidates) {
    std::vector<std::filesystem::path> list{m_services->library.folder};
    for (const QString& folder : candidates)
        list.push_back(pathOf(folder));
    run(Task::Storage, [this, list = std::move(list),
                        services = m_services](Library& library, std::stop_token, const ProgressSink&) {
        const auto models = library.models();
        if (!models)
            return fail(models.error());
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
        deliver(
            [this, view = storageView(*models, list, now, services->volumes)] { Q_EMIT storageRead(view); });
    });
}

void LibraryBridge::plan(const QuantiseRequest& request, QObject* context, PlanDone done) {
    const auto* source = version(request.source);
    if (!source)
        return;
    run(Task::Plan,
        [this, request, path = source->path(), context = QPointer<QObject>(context), done = std::move(done),
         threads = m_services->threads](Library&, std::stop_token stop, const ProgressSink& progress) {
            auto plan = planFor(request, path, nullptr, threads, std::move(stop), progress);
            deliver([context, done, plan = std::move(plan)] {
                if (context)
                    done(plan);
            });
        });
}

void LibraryBridge::wouldFree(LibraryId version, bool always, QObject* context, FreedDone done) {
    onDesk([this, version, always, context = QPointer<QObject>(context), done = std::move(done)](Desk& desk) {
        const auto bytes = desk.library->wouldFree(version, always);
        if (!bytes)
            return fail(bytes.error());
        deliver([context, done, bytes = *bytes] {
            if (context)
                done(bytes);
        });
    });
}

void LibraryBridge::remove(LibraryId version, bool withFiles) {
    onDesk([this, version, withFiles](Desk& desk) {
        auto done = desk.library->remove(version, withFiles);
        if (!done)
            return fail(done.error());
        deliver([this, done = std::move(*done)] {
            refresh();
            Q_EMIT removed(done);
        });
    });
}

void LibraryBridge::restore(const Removed& removed) {
    edit([removed](Library& library) { return library.restore(removed); });
}

const Job* LibraryBridge::job(JobId id) const {
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const auto& one) { return one.id == id; });
    return it == m_jobs.end() ? nullptr : &*it;
}

void LibraryBridge::addJob(Job job, JobAdded done) {
    onDesk([this, job = std::move(job), done = std::move(done)](Desk& desk) {
        const auto id = desk.jobs->add(job);
        if (!id)
            return fail(id.error());
        m_queue->wake(); // thread-safe; the queue lives as long as this thread
        deliver([this, done, id = *id] {
            refresh();
            if (done)
                done(id);
        });
    });
}

void LibraryBridge::cancelJob(JobId id) {
    m_queue->cancel(id);
    onDesk([this, id, services = m_services](Desk& desk) {
        const auto job = desk.jobs->get(id);
        if (job && (job->state == JobState::Queued || job->state == JobState::Interrupted))
            if (desk.jobs->cancelWaiting(id))
                discardJob(*job, services->files);
        deliver([this] { refresh(); });
    });
}

void LibraryBridge::resumeJob(JobId id) {
    onDesk([this, id](Desk& desk) {
        if (const auto done = desk.jobs->requeue(id); !done)
            return fail(done.error());
        m_queue->wake();
        deliver([this] { refresh(); });
    });
}

void LibraryBridge::forgetJob(JobId id) {
    onDesk([this, id, services = m_services](Desk& desk) {
        if (const auto job = desk.jobs->get(id); job && job->state != JobState::Done)
            discardJob(*job, services->files);
        if (const auto done = desk.jobs->remove(id); !done)
            return fail(done.error());
        deliver([this] { refresh(); });
    });
}

void LibraryBridge::setThreads(std::size_t threads) {
    m_queue->setThreads(threads);
}

} // namespace hearth::gui
