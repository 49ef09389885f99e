#include <chrono>
#include <utility>

#include "gui/bridge/library_bridge.h"

#include "engine/base/utc_time.h"
namespace hearth::gui {

using namespace workbench;
using security::Action;

namespace {

std::filesystem::path fileOf(const QString& text) {
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
        list.push_back(fileOf(path));
    whenAllowed(
        Action::Create, paths.size() == 1 ? paths.front() : QString(), [this, list = std::move(list), mode] {
            run(Task::Import,
                [this, list, mode](Library& library, std::stop_token stop, const ProgressSink& progress) {
                    AddRequest how;
                    how.mode = mode;
                    auto report = library.import(list, how, std::move(stop), progress);
                    if (!report)
                        return fail(report.error());
                    deliver([this, report = std::move(*report)] { Q_EMIT imported(report); });
                });
        });
}

void LibraryBridge::importFound(std::vector<FoundModel> models, FileMode mode) {
    whenAllowed(Action::Create, {}, [this, models = std::move(models), mode] {
        run(Task::Import,
            [this, models, mode](Library& library, std::stop_token stop, const ProgressSink& progress) {
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
        list.push_back(fileOf(folder));
    run(Task::Scan, [this, list = std::move(list), services = m_services](
                        Library& library, std::stop_token stop, const ProgressSink& progress) {
        auto report = scanForModels(list, services->foreign(), library, std::move(stop), progress);
        if (!report)
            return fail(report.error());
        deliver([this, report = std::move(*report)] { Q_EMIT scanned(report); });
    });
}

void LibraryBridge::move(LibraryId version, const QString& folder) {
    whenAllowed(Action::Change, pathOf(version), [this, version, folder] {
        run(Task::Move, [this, version, folder = fileOf(folder)](Library& library, std::stop_token stop,
                                                                 const ProgressSink& progress) {
            if (const auto done = library.move(version, folder, std::move(stop), progress); !done)
                fail(done.error());
        });
    });
}

void LibraryBridge::acceptChange(LibraryId version) {
    whenAllowed(Action::Change, pathOf(version), [this, version] {
        run(Task::Verify,
            [this, version](Library& library, std::stop_token stop, const ProgressSink& progress) {
                if (const auto done = library.acceptChange(version, std::move(stop), progress); !done)
                    fail(done.error());
            });
    });
}

void LibraryBridge::relocate(LibraryId file, const QString& path) {
    whenAllowed(Action::Change, path, [this, file, path] {
        run(Task::Verify, [this, file, path = fileOf(path)](Library& library, std::stop_token stop,
                                                            const ProgressSink& progress) {
            if (const auto done = library.relocate(file, path, std::move(stop), progress); !done)
                fail(done.error());
        });
    });
}

namespace {

security::FileSecret secretOf(const ModelKey& key) {
    return key.isPassword ? security::FileSecret(security::FilePassword{key.secret->bytes(), {}})
                          : security::FileKey{key.secret->bytes()};
}

} // namespace

void LibraryBridge::askKey(const QString& path, QObject* context, KeyAnswer done) {
    if (!m_keys) // then only a password can have sealed it
        return done(ModelKey{{}, !path.isEmpty()});
    m_keys(path, [context = QPointer<QObject>(context), done = std::move(done)](const Result<ModelKey>& key) {
        if (context)
            done(key);
    });
}

void LibraryBridge::seal(LibraryId version, const ModelKey& key, bool removeReadable, QObject* context,
                         SealDone done) {
    const auto tell = [context = QPointer<QObject>(context),
                       done = std::move(done)](const Result<SealedVersion>& result) {
        if (context)
            done(result);
    };
    if (!key.secret)
        return tell(hearth::fail("crypto.needs_key", "there is no key to seal with"));
    whenAllowed(
        Action::Change, pathOf(version),
        [this, version, key, removeReadable, tell] {
            run(Task::Seal, [this, version, key, removeReadable, tell](Library& library, std::stop_token stop,
                                                                       const ProgressSink& progress) {
                auto result = library.seal(version, secretOf(key), removeReadable, std::move(stop), progress);
                deliver([tell, result = std::move(result)] { tell(result); });
            });
        },
        [tell](const Error& refusal) { tell(tl::unexpected<Error>(refusal)); });
}

void LibraryBridge::unseal(LibraryId version, const ModelKey& key, QObject* context, UnsealDone done) {
    const auto tell = [context = QPointer<QObject>(context),
                       done = std::move(done)](const Result<std::filesystem::path>& result) {
        if (context)
            done(result);
    };
    if (!key.secret)
        return tell(hearth::fail("crypto.needs_key", "there is no key to open it with"));
    whenAllowed(
        Action::Export, pathOf(version),
        [this, version, key, tell] {
            run(Task::Unseal, [this, version, key, tell](Library& library, std::stop_token stop,
                                                         const ProgressSink& progress) {
                auto result = library.unseal(version, secretOf(key), std::move(stop), progress);
                deliver([tell, result = std::move(result)] { tell(result); });
            });
        },
        [tell](const Error& refusal) { tell(tl::unexpected<Error>(refusal)); });
}

void LibraryBridge::readStorage(const QStringList& candidates) {
    std::vector<std::filesystem::path> list{m_services->library.folder};
    for (const QString& folder : candidates)
        list.push_back(fileOf(folder));
    run(Task::Storage, [this, list = std::move(list),
                        services = m_services](Library& library, std::stop_token, const ProgressSink&) {
        const auto models = library.models();
        if (!models)
            return fail(models.error());
        deliver([this, view = storageView(*models, list, unixMsNow(), services->volumes)] {
            Q_EMIT storageRead(view);
        });
    });
}

void LibraryBridge::plan(const QuantiseRequest& request, QObject* context, PlanDone done) {
    const auto* source = version(request.source);
    if (!source)
        return;
    if (m_task == Task::Plan)
        m_taskStop.request_stop(); // nobody waits for the former plan any more
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

} // namespace hearth::gui
