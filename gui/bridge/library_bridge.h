#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThread>

#include "engine/base/error.h"
#include "engine/hardware/predict/predict.h"
#include "engine/optimize/quantize/plan.h"
#include "engine/workbench/gate.h"
#include "engine/workbench/jobs/convert_job.h"
#include "engine/workbench/jobs/job_queue.h"
#include "engine/workbench/jobs/quality.h"
#include "engine/workbench/jobs/quantise_job.h"
#include "engine/workbench/library/foreign_folders.h"
#include "engine/workbench/library/library.h"
#include "engine/workbench/library/model_defaults.h"
#include "engine/workbench/library/model_details.h"
#include "engine/workbench/library/storage_view.h"
#include "gui/bridge/model_key.h"
#include "gui/bridge/rights.h"

namespace hearth::gui {

/// What the bridge asks of the engine; tests put folders and machines of their own here.
struct LibraryServices {
    workbench::JobFiles files;
    workbench::LibraryOptions library;
    std::size_t threads = 0; ///< of jobs; 0 = one per usable core
    /// What predictions are made from. Called in a worker thread; may take a tenth of a second.
    std::function<std::pair<hardware::Measurement, hardware::MemoryRoom>()> machine;
    std::function<std::vector<workbench::ForeignFolder>()> foreign;
    workbench::VolumeLookup volumes;
};

/// The real ones, over the data folder.
[[nodiscard]] LibraryServices libraryServices(const std::filesystem::path& dataFolder, std::size_t threads);

/// The library of models as the window sees it: every call returns at once; what is quick is done in one
/// thread, what reads or writes whole files in another, one thing at a time, and jobs in the queue's. Results
/// come back as signals and stay readable. Lives in the GUI thread; the destructor stops what runs and joins.
class LibraryBridge : public QObject {
    Q_OBJECT

public:
    /// Long work that a person waits for.
    enum class Task { None, Import, Verify, Scan, Move, Storage, Plan, Seal, Unseal };
    Q_ENUM(Task)

    explicit LibraryBridge(LibraryServices services, QObject* parent = nullptr);
    ~LibraryBridge() override; ///< as shutdown()

    /// Asks for permission and hands the answer over in the GUI thread; `path` is of the model file that is
    /// meant, "" where there is none or several. Whatever takes in, changes, removes or makes something, or
    /// loads a model, asks first; a refusal comes as failed(). What became of it is told by ended(). Without
    /// a guard everything is allowed.
    using Answer = std::function<void(const Result<void>&)>;
    using Guard = std::function<void(security::Action action, const QString& path, Answer answer)>;
    void setGuard(Guard guard) { m_guard = std::move(guard); }
    /// The same for what is no model file: going on with, stopping or forgetting somebody's job; reading a
    /// text to calibrate with.
    using ThingGuard = std::function<void(security::Action action, workbench::Target target, Answer answer)>;
    void setThingGuard(ThingGuard guard) { m_thingGuard = std::move(guard); }
    /// Who is before the window: whose jobs are added.
    void setOwner(security::ProfileId owner) { m_owner = owner; }
    /// What seals models, or opens a sealed one: asks and hands it over in the GUI thread. For "": the key of
    /// the person before the window, without a secret where there are no profiles. For a file: what opens it;
    /// isPassword without a secret = a password, which is to be asked for.
    using KeyAnswer = std::function<void(const Result<ModelKey>&)>;
    using Keys = std::function<void(const QString& path, KeyAnswer answer)>;
    void setKeys(Keys keys) { m_keys = std::move(keys); }
    /// `done` runs in the GUI thread unless `context` has gone; without setKeys() there are no profiles.
    void askKey(const QString& path, QObject* context, KeyAnswer done);
    /// Of the person before the window: what pages offer. The guard decides.
    void setRights(const Rights& rights) { m_rights = rights; }
    [[nodiscard]] bool may(security::Action action) const {
        return m_rights.own(action, security::Resource::Model);
    }
    /// Whether texts of one's own can be offered for calibrating.
    [[nodiscard]] bool mayCalibrate() const {
        return m_rights.all(security::Action::Use, security::Resource::CalibrationData);
    }

    /// Reads everything again: changed(), then fitChanged() as predictions come. Also done after each change.
    void refresh();
    /// Whether models() is what there is, not what there will be.
    [[nodiscard]] bool isRead() const { return m_read; }
    [[nodiscard]] const std::vector<workbench::LibraryModel>& models() const { return m_models; }
    /// nullptr = not there. Valid until changed().
    [[nodiscard]] const workbench::LibraryModel* model(workbench::LibraryId model) const;
    [[nodiscard]] const workbench::LibraryModel* modelOfVersion(workbench::LibraryId version) const;
    [[nodiscard]] const workbench::LibraryVersion* version(workbench::LibraryId version) const;
    [[nodiscard]] const workbench::LibraryVersion* versionAt(const QString& path) const;
    /// What loading it takes and how fast it answers; nullptr while unknown.
    [[nodiscard]] const hardware::Prediction* fit(workbench::LibraryId version) const;
    /// How a model file is to be opened and talked to; empty for one that is not in the library.
    [[nodiscard]] workbench::ModelDefaults defaultsFor(const QString& path) const;
    [[nodiscard]] std::filesystem::path folder() const { return m_services->library.folder; }

    /// Predicts everything anew, after this machine was measured.
    void predictAgain();

    /// A change of a version, or of its model, that takes no time (names, notes, defaults): refreshes
    /// afterwards, or failed().
    using Edit = std::function<Result<void>(workbench::Library&)>;
    void edit(workbench::LibraryId version, Edit work);
    /// Edits how its model is opened and talked to. `work` gets what holds then, here and in the desk's
    /// thread: models() has it at once, so that what is opened next is opened like that.
    using DefaultsEdit = std::function<void(workbench::ModelDefaults&)>;
    void editDefaults(workbench::LibraryId version, DefaultsEdit work);
    void noteUsed(const QString& path); ///< by who was allowed to load it: asks nobody

    using DetailsDone = std::function<void(const Result<workbench::ModelDetails>&)>;
    /// Reads a file's table of contents; `done` runs in the GUI thread unless `context` has gone.
    void readDetails(workbench::LibraryId version, QObject* context, DetailsDone done);
    using MixBitsDone = std::function<void(const Result<std::vector<workbench::MixBits>>&)>;
    /// workbench::bitsOfMixes(); `done` as readDetails().
    void readMixBits(workbench::LibraryId version, QObject* context, MixBitsDone done);
    struct TemplateTrial {
        std::string source, systemPrompt, question, bos, eos;
    };
    using TrialDone = std::function<void(const Result<std::string>&)>;
    /// What a chat template makes of a small conversation; a hostile one takes seconds until it is stopped.
    void tryTemplate(TemplateTrial trial, QObject* context, TrialDone done);
    using HistoryDone = std::function<void(const std::vector<workbench::DefaultChange>&)>;
    void readDefaultHistory(workbench::LibraryId model, QObject* context, HistoryDone done);

    // One at a time; a second one waits. taskChanged(), taskProgress()…, then the signal named, or failed().
    void import(const QStringList& paths, workbench::FileMode mode);                       ///< imported()
    void importFound(std::vector<workbench::FoundModel> models, workbench::FileMode mode); ///< imported()
    void verify(std::vector<workbench::LibraryId> versions);                               ///< verified()
    void scan(const QStringList& folders);                                                 ///< scanned()
    void move(workbench::LibraryId version, const QString& folder);
    void acceptChange(workbench::LibraryId version);
    void relocate(workbench::LibraryId file, const QString& path);
    void readStorage(const QStringList& candidates); ///< storageRead()
    using PlanDone = std::function<void(const Result<optimize::QuantizePlan>&)>;
    void plan(const workbench::QuantiseRequest& request, QObject* context, PlanDone done);
    /// Library::seal() and unseal(); `done` gets refusals too and runs unless `context` has gone. The key is
    /// overwritten afterwards.
    using SealDone = std::function<void(const Result<workbench::SealedVersion>&)>;
    void seal(workbench::LibraryId version, const ModelKey& key, bool removeReadable, QObject* context,
              SealDone done);
    using UnsealDone = std::function<void(const Result<std::filesystem::path>&)>;
    void unseal(workbench::LibraryId version, const ModelKey& key, QObject* context, UnsealDone done);
    [[nodiscard]] Task task() const { return m_task; }
    void cancelTask();

    using FreedDone = std::function<void(std::uint64_t bytes)>;
    void wouldFree(workbench::LibraryId version, bool always, QObject* context, FreedDone done);
    void remove(workbench::LibraryId version, bool withFiles); ///< removed()
    void restore(const workbench::Removed& removed);

    /// Jobs, newest first.
    [[nodiscard]] const std::vector<workbench::Job>& jobs() const { return m_jobs; }
    [[nodiscard]] const workbench::Job* job(workbench::JobId id) const;
    /// Of the job that runs; the phase is "" when none has been told.
    [[nodiscard]] const workbench::JobProgress& jobProgress() const { return m_jobProgress; }
    /// What a job that could be gone on with has left on the disk; 0 = nothing.
    [[nodiscard]] std::uint64_t bytesHeld(workbench::JobId id) const;
    using JobAdded = std::function<void(const Result<workbench::JobId>&)>;
    /// `done` runs in the GUI thread unless `context` has gone.
    void addJob(workbench::Job job, QObject* context, JobAdded done);
    /// Ends what was asked of versions and forgets it with the answers, for the window is about to lock.
    void forgetAsked();
    /// Whether there is a version to measure this one against: workbench::referenceOf().
    [[nodiscard]] bool canMeasure(workbench::LibraryId version) const;
    /// The job that does, waits to, or was interrupted; nullptr = none.
    [[nodiscard]] const workbench::Job* measuring(workbench::LibraryId version) const;
    /// Adds a job that measures it; nothing unless canMeasure(), nor where one is measuring() it.
    void measure(workbench::LibraryId version, QObject* context, JobAdded done);
    /// A file of the library's folder that neither exists nor is promised to a job.
    [[nodiscard]] std::string freeTarget(const std::string& model, const std::string& label) const;
    void cancelJob(workbench::JobId id); ///< running, waiting or interrupted: what it made goes
    void resumeJob(workbench::JobId id);
    void forgetJob(workbench::JobId id); ///< out of the history

    void setThreads(std::size_t threads);
    void shutdown(); ///< idempotent

Q_SIGNALS:
    void changed();
    void fitChanged();
    void jobsChanged();
    void jobProgressed(qint64 job);
    void taskChanged();
    void taskProgress(double fraction); ///< negative = unknown
    void imported(const hearth::workbench::ImportReport& report);
    void verified(qint64 version, const hearth::workbench::Verification& result);
    void scanned(const hearth::workbench::ScanReport& report);
    void storageRead(const hearth::workbench::StorageView& view);
    void removed(const hearth::workbench::Removed& removed);
    void failed(const hearth::Error& error);
    /// Something that the guard had allowed has ended; `code` says what went wrong, "" = it was done.
    void ended(hearth::security::Action action, const QString& path, const QString& code);
    /// `path` is the version that the job starts from, "" = none.
    void jobAdded(const hearth::workbench::Job& job, const QString& path);
    void jobEnded(const hearth::workbench::Job& job, const QString& path); ///< see its state

private:
    struct Desk;
    /// `refused` gets a refusal; without one it goes to failed().
    [[nodiscard]] Answer whenAnswered(std::function<void()> work, std::function<void(const Error&)> refused);
    void whenThingAllowed(security::Action action, workbench::Target target, std::function<void()> work,
                          std::function<void(const Error&)> refused = {});
    void whenJobAllowed(workbench::JobId id, std::function<void()> work);
    void whenAllowed(security::Action action, const QString& path, std::function<void()> work,
                     std::function<void(const Error&)> refused = {});
    /// The same for each of the paths in turn.
    void whenAllAllowed(security::Action action, QStringList paths, std::function<void()> work,
                        std::function<void(const Error&)> refused);
    [[nodiscard]] QString pathOf(workbench::LibraryId version) const; ///< "" = it is not there
    void onDesk(std::function<void(Desk&)> work);
    template <class Read, class Done>
    void readFile(workbench::LibraryId version, QObject* context, Read read, Done done);
    void change(Edit work);
    void deliver(std::function<void()> call);
    void fail(const Error& error);
    void run(Task task, std::function<void(workbench::Library&, std::stop_token, const ProgressSink&)> work);
    void predict();
    [[nodiscard]] const workbench::LibraryVersion* referenceOf(workbench::LibraryId version) const;
    void noteJobs(const std::vector<workbench::Job>& now);

    std::shared_ptr<const LibraryServices> m_services;
    Guard m_guard;
    ThingGuard m_thingGuard;
    security::ProfileId m_owner = 0;
    Keys m_keys;
    Rights m_rights = Rights::singlePerson();
    QThread m_deskThread, m_workThread;
    QObject *m_deskWorker, *m_workWorker;                               ///< contexts of queued calls
    std::shared_ptr<Desk> m_desk;                                       ///< of the desk thread
    std::shared_ptr<std::unique_ptr<workbench::Library>> m_workLibrary; ///< of the work thread
    std::unique_ptr<workbench::JobQueue> m_queue;
    std::vector<workbench::LibraryModel> m_models;
    std::map<workbench::LibraryId, hardware::Prediction> m_fits;
    std::set<workbench::LibraryId> m_asked;           ///< predictions on their way or refused
    std::vector<workbench::Job> m_jobs;               ///< newest first
    std::map<workbench::JobId, std::uint64_t> m_held; ///< of jobs that left something
    workbench::JobId m_newestJob = 0;                 ///< of those ever read
    workbench::JobProgress m_jobProgress;
    Task m_task = Task::None;
    std::stop_source m_taskStop, m_end;
    bool m_read = false, m_shutDown = false;
};

} // namespace hearth::gui
