#include "gui/bridge/library_bridge.h"

#include <algorithm>
#include <utility>

#include <QMetaType>

#include "engine/base/available_memory.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/hardware/measure/measurement_history.h"
#include "engine/hardware/probe/probe.h"
#include "engine/workbench/jobs/measure_version.h"
#include "gui/bridge/metatypes.h"

namespace hearth::gui {

using namespace workbench;
using security::Action;

namespace {

std::filesystem::path fileOf(const QString& text) {
    return std::filesystem::path(text.toStdU16String());
}

/// A text of somebody's own that the job reads; "" = none.
std::string calibrationTextOf(const Job& job) {
    if (job.kind != JobKind::Quantise)
        return {};
    const auto request = quantiseRequestFrom(job.request);
    return request && request->calibration != "none" && request->calibration != "builtin"
               ? request->calibration
               : std::string();
}

QString textOf(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
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
            HEARTH_TRY(jobs, JobStore::open(services.files.jobs, services.files.asked));
        }
        return {};
    }
};

LibraryBridge::LibraryBridge(LibraryServices services, QObject* parent)
    : QObject(parent), m_deskWorker(new QObject), m_workWorker(new QObject), m_desk(std::make_shared<Desk>()),
      m_workLibrary(std::make_shared<std::unique_ptr<Library>>()) {
    qRegisterMetaType<hearth::Error>();
    // Who asked was checked before; the library says when it is done, in whichever thread that is.
    services.library.guard = [this](Action action, const std::string& path,
                                    const std::function<Result<void>()>& work) {
        auto result = work();
        deliver([this, action, path = QString::fromStdString(path),
                 code = QString::fromStdString(result ? std::string() : result.error().code)] {
            Q_EMIT ended(action, path, code);
        });
        return result;
    };
    m_services = std::make_shared<const LibraryServices>(std::move(services));
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
    onDesk([this, services = m_services](Desk& desk) {
        auto models = desk.library->models();
        auto jobs = desk.jobs->list();
        if (!models)
            return fail(models.error());
        if (!jobs)
            return fail(jobs.error());
        std::map<JobId, std::uint64_t> held;
        for (const Job& job : *jobs)
            if (job.state == JobState::Failed || job.state == JobState::Interrupted)
                if (const auto bytes = workbench::bytesHeld(job, services->files); bytes > 0)
                    held.emplace(job.id, bytes);
        deliver(
            [this, models = std::move(*models), jobs = std::move(*jobs), held = std::move(held)]() mutable {
                m_models = std::move(models);
                m_held = std::move(held);
                noteJobs(jobs);
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

/// Tells which jobs are new and which came to an end since they were last read. The list is cut off: what
/// was added after the newest one is new, not what was not in it.
void LibraryBridge::noteJobs(const std::vector<Job>& now) {
    const JobId newest = m_newestJob;
    if (!now.empty())
        m_newestJob = std::max(newest, now.front().id);
    if (!m_read)
        return;
    for (auto each = now.rbegin(); each != now.rend(); ++each) {
        const bool isNew = each->id > newest;
        const Job* const before = isNew ? nullptr : job(each->id);
        if (isNew)
            Q_EMIT jobAdded(*each, pathOf(each->version));
        if (isOver(each->state) && (isNew || (before && !isOver(before->state))))
            Q_EMIT jobEnded(*each, pathOf(each->version));
    }
}

void LibraryBridge::predictAgain() {
    m_asked.clear();
    predict();
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

QString LibraryBridge::pathOf(LibraryId id) const {
    const auto* found = version(id);
    return found ? textOf(found->path()) : QString();
}

const LibraryVersion* LibraryBridge::versionAt(const QString& path) const {
    const auto wanted = fileOf(path);
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

void LibraryBridge::edit(LibraryId version, Edit work) {
    whenAllowed(Action::Change, pathOf(version), [this, work = std::move(work)] { change(work); });
}

void LibraryBridge::editDefaults(LibraryId version, DefaultsEdit work) {
    const auto* owner = modelOfVersion(version);
    if (!owner)
        return;
    const auto edited = [work = std::move(work)](const std::string& json) {
        auto defaults = modelDefaultsFromJson(json).value_or(ModelDefaults{});
        work(defaults);
        return workbench::toJson(defaults);
    };
    const LibraryId id = owner->id;
    for (auto& one : m_models)
        if (one.id == id)
            one.defaults = edited(one.defaults);
    whenAllowed(
        Action::Change, pathOf(version),
        [this, id, edited] {
            change([id, edited](Library& library) -> Result<void> {
                HEARTH_TRY(const auto now, library.model(id));
                return library.setDefaults(id, edited(now.defaults));
            });
        },
        [this](const Error& error) {
            refresh(); // it is as it was
            Q_EMIT failed(error);
        });
}

void LibraryBridge::change(Edit work) {
    onDesk([this, work = std::move(work)](Desk& desk) {
        if (const auto done = work(*desk.library); !done)
            fail(done.error());
        deliver([this] { refresh(); });
    });
}

void LibraryBridge::noteUsed(const QString& path) {
    change([path = fileOf(path)](Library& library) { return library.noteUsed(path); });
}

/// read(path) in the worker's thread, done(result) in this one unless `context` has gone.
template <class Read, class Done>
void LibraryBridge::readFile(LibraryId id, QObject* context, Read read, Done done) {
    const auto* found = version(id);
    if (!found || m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_deskWorker,
        [this, path = found->path(), read, context = QPointer<QObject>(context), done = std::move(done)] {
            auto result = read(path);
            deliver([context, done, result = std::move(result)] {
                if (context)
                    done(result);
            });
        },
        Qt::QueuedConnection);
}

void LibraryBridge::readMixBits(LibraryId id, QObject* context, MixBitsDone done) {
    readFile(id, context, &workbench::bitsOfMixes, std::move(done));
}

void LibraryBridge::readDetails(LibraryId id, QObject* context, DetailsDone done) {
    readFile(id, context, &workbench::readModelDetails, std::move(done));
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
    whenAllowed(Action::Remove, pathOf(version), [this, version, withFiles] {
        onDesk([this, version, withFiles](Desk& desk) {
            auto done = desk.library->remove(version, withFiles);
            if (!done)
                return fail(done.error());
            deliver([this, done = std::move(*done)] {
                refresh();
                Q_EMIT removed(done);
            });
        });
    });
}

void LibraryBridge::restore(const Removed& removed) {
    const auto& versions = removed.model.versions;
    whenAllowed(
        Action::Create, versions.empty() ? QString() : textOf(versions.front().path()),
        [this, removed] { change([removed](Library& library) { return library.restore(removed); }); });
}

const Job* LibraryBridge::job(JobId id) const {
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [&](const auto& one) { return one.id == id; });
    return it == m_jobs.end() ? nullptr : &*it;
}

void LibraryBridge::addJob(Job job, QObject* context, JobAdded done) {
    const auto tell = [context = QPointer<QObject>(context),
                       done = std::move(done)](const Result<JobId>& id) {
        if (context)
            done(id);
    };
    job.owner = m_owner;
    const bool makes = job.kind != JobKind::Ask;
    const QString path = pathOf(job.version);
    const auto refused = [tell](const Error& refusal) { tell(tl::unexpected<Error>(refusal)); };
    const auto add = [this, job, tell] {
        onDesk([this, job, tell](Desk& desk) {
            const auto id = desk.jobs->add(job);
            if (id)
                m_queue->wake(); // thread-safe; the queue lives as long as this thread
            deliver([this, tell, id = id] {
                refresh();
                tell(id);
            });
        });
    };
    const auto calibrate = [this, text = calibrationTextOf(job), add, refused] {
        if (text.empty())
            return add();
        Target target = Target::of(security::Resource::CalibrationData);
        target.object = text;
        whenThingAllowed(Action::Use, std::move(target), add, refused);
    };
    const auto make = [this, makes, path, calibrate, refused] {
        makes ? whenAllowed(Action::Create, path, calibrate, refused) : calibrate();
    };
    // Who may not load a model makes no other of it either.
    QStringList read;
    for (const LibraryId id : versionsRead(job))
        if (const QString file = pathOf(id); !file.isEmpty())
            read << file;
    whenAllAllowed(Action::Use, read, make, refused);
}

const LibraryVersion* LibraryBridge::referenceOf(LibraryId version) const {
    const LibraryModel* const model = modelOfVersion(version);
    const LibraryVersion* const measured = this->version(version);
    return model && measured ? workbench::referenceOf(*model, *measured) : nullptr;
}

bool LibraryBridge::canMeasure(LibraryId version) const {
    return referenceOf(version) != nullptr;
}

const Job* LibraryBridge::measuring(LibraryId version) const {
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [version](const Job& one) {
        return one.kind == JobKind::Measure && one.version == version && !isOver(one.state);
    });
    return it == m_jobs.end() ? nullptr : &*it;
}

void LibraryBridge::measure(LibraryId version, QObject* context, JobAdded done) {
    const LibraryVersion* const reference = referenceOf(version);
    if (!reference || measuring(version))
        return;
    Job job;
    job.kind = JobKind::Measure;
    job.title = modelOfVersion(version)->name;
    job.model = modelOfVersion(version)->id;
    job.version = version;
    job.request = measureRequest(reference->id, version);
    addJob(std::move(job), context, std::move(done));
}

std::string LibraryBridge::freeTarget(const std::string& model, const std::string& label) const {
    std::vector<std::string> promised;
    for (const Job& job : m_jobs) {
        if (isOver(job.state))
            continue;
        if (job.kind == JobKind::Convert) {
            if (const auto request = convertRequestFrom(job.request))
                promised.push_back(request->target);
        } else if (job.kind == JobKind::Quantise) {
            if (const auto request = quantiseRequestFrom(job.request))
                promised.push_back(request->target);
        }
    }
    return workbench::freeTarget(folder(), model, label, promised).string();
}

std::uint64_t LibraryBridge::bytesHeld(JobId id) const {
    const auto it = m_held.find(id);
    return it == m_held.end() ? 0 : it->second;
}

void LibraryBridge::cancelJob(JobId id) {
    whenJobAllowed(id, [this, id] {
        m_queue->cancel(id);
        onDesk([this, id, services = m_services](Desk& desk) {
            const auto job = desk.jobs->get(id);
            if (job && (job->state == JobState::Queued || job->state == JobState::Interrupted)) {
                if (desk.jobs->cancelWaiting(id))
                    discardJob(*job, services->files);
                else
                    m_queue->cancel(id); // it began meanwhile
            }
            deliver([this] { refresh(); });
        });
    });
}

void LibraryBridge::resumeJob(JobId id) {
    whenJobAllowed(id, [this, id] {
        onDesk([this, id](Desk& desk) {
            if (const auto done = desk.jobs->requeue(id); !done)
                return fail(done.error());
            m_queue->wake();
            deliver([this] { refresh(); });
        });
    });
}

void LibraryBridge::forgetJob(JobId id) {
    whenJobAllowed(id, [this, id] {
        onDesk([this, id, services = m_services](Desk& desk) {
            if (const auto job = desk.jobs->get(id); job && job->state != JobState::Done)
                discardJob(*job, services->files);
            if (const auto done = desk.jobs->remove(id); !done)
                return fail(done.error());
            deliver([this] { refresh(); });
        });
    });
}

void LibraryBridge::forgetAsked() {
    m_services->files.asked->forget();
    for (Job& job : m_jobs)
        if (job.kind == JobKind::Ask) {
            for (std::string* text : {&job.request, &job.result})
                std::string("{}").swap(*text); // an assignment would leave the rest of the text in its place
            m_queue->cancel(job.id);
        }
    // What is on its way to the desk or back.
    onDesk([services = m_services](Desk&) { services->files.asked->forget(); });
    refresh();
}

void LibraryBridge::setThreads(std::size_t threads) {
    m_queue->setThreads(threads);
}

} // namespace hearth::gui
