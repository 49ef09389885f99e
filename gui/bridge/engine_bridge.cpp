#include "gui/bridge/engine_bridge.h"

#include <mutex>
#include <utility>
#include <vector>

#include <QPointer>

#include "engine/security/crypto/sealed_memory.h"

namespace hearth::gui {

namespace {

struct Fraction {
    std::string phase;
    std::uint64_t done = 0, total = 0;
};

std::filesystem::path toPath(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
}

Result<std::shared_ptr<const security::ByteView>> openSealed(const std::filesystem::path& file,
                                                             const ModelKey& key, std::stop_token stop,
                                                             const ProgressSink& progress) {
    const security::FileSecret secret =
        key.isPassword ? security::FileSecret(security::FilePassword{key.secret->bytes(), {}})
                       : security::FileKey{key.secret->bytes()};
    HEARTH_TRY(auto memory, security::OpenedMemory::open(file, secret, security::kModelContext,
                                                         std::move(stop), progress));
    return security::OpenedMemory::shared(std::move(memory));
}

} // namespace

/// Where the engine thread leaves what it has; the GUI thread empties it. Outcomes are closures that run in
/// the GUI thread after the pieces that came before them.
struct EngineBridge::Mailbox {
    std::mutex mutex;
    std::unique_ptr<EngineBackend> backend; ///< engine thread only
    bool sealed = false;                    ///< engine thread only: the model in memory was opened with a key
    std::string answer, reasoning;
    std::uint64_t tokens = 0;
    std::optional<Fraction> load, prompt;
    std::optional<std::pair<Ticket, workbench::TurnRequest>> count;
    std::vector<std::function<void()>> outcomes;

    void addPiece(const runtime::Piece& piece) {
        const std::lock_guard lock(mutex);
        (piece.kind == runtime::PieceKind::Answer ? answer : reasoning) += piece.text;
        ++tokens;
    }
    void setProgress(std::optional<Fraction>& slot, const Progress& progress) {
        const std::lock_guard lock(mutex);
        slot = Fraction{std::string(progress.phase), progress.done, progress.total};
    }
    void addOutcome(std::function<void()> outcome) {
        const std::lock_guard lock(mutex);
        outcomes.push_back(std::move(outcome));
    }
};

EngineBridge::EngineBridge(EngineBackendFactory factory, QObject* parent)
    : QObject(parent), m_mailbox(std::make_shared<Mailbox>()), m_worker(new QObject) {
    m_thread.setObjectName(QStringLiteral("engine"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_frame.setTimerType(Qt::PreciseTimer);
    m_frame.setInterval(kFrameMs);
    connect(&m_frame, &QTimer::timeout, this, &EngineBridge::drain);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_worker, [box = m_mailbox, make = std::move(factory)] { box->backend = make(); },
        Qt::QueuedConnection);
}

EngineBridge::~EngineBridge() {
    blockSignals(true);
    shutdown();
}

void EngineBridge::shutdown() {
    if (m_shutDown)
        return;
    m_shutDown = true;
    m_loadStop.request_stop();
    m_answerStop.request_stop();
    QMetaObject::invokeMethod(
        m_worker,
        [box = m_mailbox, thread = &m_thread] {
            box->backend.reset();
            thread->quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
    drain();
    m_frame.stop();
}

void EngineBridge::post(std::function<void(EngineBackend&)> work) {
    if (m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_worker,
        [this, box = m_mailbox, work = std::move(work)] {
            work(*box->backend);
            // The bridge outlives its thread, so it is a safe address for the wake-up.
            QMetaObject::invokeMethod(this, &EngineBridge::drain, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void EngineBridge::load(const QString& path, const runtime::LoadOptions& options) {
    m_loadStop.request_stop();
    m_loadStop = std::stop_source();
    const Ticket ticket = m_loading = m_nextTicket++;
    m_loadingPath = path;
    Q_EMIT modelChanged();
    if (!m_guard) {
        loadAllowed(ticket, path, options, {});
        return;
    }
    m_asking = true;
    m_guard(path, [this, self = QPointer(this), ticket, path, options](const Result<ModelKey>& allowed) {
        if (!self || m_loading != ticket || m_shutDown)
            return;
        m_asking = false;
        if (allowed) {
            loadAllowed(ticket, path, options, *allowed);
            return;
        }
        m_loading = 0;
        m_loadingPath.clear();
        Q_EMIT modelChanged();
        Q_EMIT loadFailed(path, allowed.error());
    });
}

void EngineBridge::loadAllowed(Ticket ticket, const QString& path, const runtime::LoadOptions& options,
                               const ModelKey& key) {
    m_answerStop.request_stop();
    post([this, box = m_mailbox, ticket, path, options, key,
          stop = m_loadStop.get_token()](EngineBackend& backend) {
        const auto show = [&](const Progress& progress) { box->setProgress(box->load, progress); };
        const auto load = [&]() -> Result<workbench::ModelSummary> {
            if (!key.secret)
                return backend.load(toPath(path), options, stop, show);
            runtime::LoadOptions opened = options;
            HEARTH_TRY(opened.bytes, openSealed(toPath(path), key, stop, show));
            return backend.load(toPath(path), opened, stop, show);
        };
        auto result = load();
        if (result)
            box->sealed = key.secret != nullptr;
        box->addOutcome([this, ticket, path, result = std::move(result), now = backend.summary()] {
            m_model = now;
            const bool superseded = m_loading != ticket;
            if (!superseded) {
                m_loading = 0;
                m_loadingPath.clear();
            }
            Q_EMIT modelChanged();
            if (superseded)
                return;
            if (result)
                Q_EMIT loaded(*result);
            else
                Q_EMIT loadFailed(path, result.error());
        });
    });
    updateTimer();
}

void EngineBridge::cancelLoad() {
    m_loadStop.request_stop();
    if (!std::exchange(m_asking, false))
        return;
    m_loading = 0;
    const QString path = std::exchange(m_loadingPath, QString());
    Q_EMIT modelChanged();
    Q_EMIT loadFailed(path, Error{kCancelled, "stopped", std::nullopt, {}});
}

void EngineBridge::eject() {
    m_answerStop.request_stop();
    m_loadStop.request_stop();
    post([this, box = m_mailbox](EngineBackend& backend) {
        backend.eject();
        box->addOutcome([this] {
            m_model.reset();
            Q_EMIT modelChanged();
        });
    });
}

void EngineBridge::forget() {
    if (std::exchange(m_asking, false)) { // who asked for that model is no longer there to hear of it
        m_loading = 0;
        m_loadingPath.clear();
        Q_EMIT modelChanged();
    }
    {
        const std::lock_guard lock(m_mailbox->mutex);
        m_mailbox->count.reset();
    }
    post([this, box = m_mailbox](EngineBackend& backend) {
        box->sealed ? backend.eject() : backend.forget();
        box->addOutcome([this, now = backend.summary()] {
            if (m_model.has_value() == now.has_value())
                return;
            m_model = now;
            Q_EMIT modelChanged();
        });
    });
}

void EngineBridge::setThreads(std::size_t threads) {
    post([threads](EngineBackend& backend) { backend.setThreads(threads); });
}

EngineBridge::Ticket EngineBridge::countTokens(workbench::TurnRequest request) {
    const Ticket ticket = m_nextTicket++;
    bool waiting = false;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        waiting = m_mailbox->count.has_value();
        m_mailbox->count.emplace(ticket, std::move(request));
    }
    if (waiting)
        return ticket; // the queued call will find this newer request
    post([this, box = m_mailbox](EngineBackend& backend) {
        std::optional<std::pair<Ticket, workbench::TurnRequest>> taken;
        {
            const std::lock_guard lock(box->mutex);
            taken = std::exchange(box->count, std::nullopt);
        }
        if (!taken)
            return;
        box->addOutcome([this, id = taken->first, result = backend.countTokens(taken->second)] {
            if (result)
                Q_EMIT tokensCounted(id, *result);
            else
                Q_EMIT countFailed(id, result.error());
        });
    });
    return ticket;
}

void EngineBridge::findTokens(QObject* context, const QString& text,
                              std::function<void(const Tokens&)> done) {
    lookUp(
        context, [text = text.toStdString()](EngineBackend& backend) { return backend.tokensOf(text); },
        std::move(done));
}

void EngineBridge::findTokens(QObject* context, std::vector<runtime::TokenId> ids,
                              std::function<void(const Tokens&)> done) {
    lookUp(
        context, [ids = std::move(ids)](EngineBackend& backend) { return backend.tokensWith(ids); },
        std::move(done));
}

void EngineBridge::lookUp(QObject* context, std::function<Tokens(EngineBackend&)> ask,
                          std::function<void(const Tokens&)> done) {
    post([box = m_mailbox, guard = QPointer<QObject>(context), ask = std::move(ask),
          done = std::move(done)](EngineBackend& backend) {
        box->addOutcome([guard, done, found = ask(backend)] {
            if (guard)
                done(found);
        });
    });
}

EngineBridge::Ticket EngineBridge::answer(workbench::TurnRequest request) {
    const Ticket ticket = m_nextTicket++;
    if (m_answering) {
        m_mailbox->addOutcome([this, ticket] {
            Q_EMIT answerFailed(ticket, Error{"chat.busy", "an answer is being generated", std::nullopt, {}});
        });
        QMetaObject::invokeMethod(this, &EngineBridge::drain, Qt::QueuedConnection);
        return ticket;
    }
    m_answering = ticket;
    m_answerStop = std::stop_source();
    post([this, box = m_mailbox, ticket, request = std::move(request),
          stop = m_answerStop.get_token()](EngineBackend& backend) {
        auto result = backend.answer(
            request, stop, [&](const runtime::Piece& piece) { box->addPiece(piece); },
            [&](const Progress& progress) { box->setProgress(box->prompt, progress); });
        box->addOutcome([this, ticket, result = std::move(result)] {
            m_answering = 0;
            if (result)
                Q_EMIT answered(ticket, *result);
            else
                Q_EMIT answerFailed(ticket, result.error());
        });
    });
    updateTimer();
    return ticket;
}

void EngineBridge::stop() {
    m_answerStop.request_stop();
}

void EngineBridge::drain() {
    std::string answer, reasoning;
    std::uint64_t tokens = 0;
    std::optional<Fraction> load, prompt;
    std::vector<std::function<void()>> outcomes;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        answer.swap(m_mailbox->answer);
        reasoning.swap(m_mailbox->reasoning);
        tokens = std::exchange(m_mailbox->tokens, 0);
        load.swap(m_mailbox->load);
        prompt.swap(m_mailbox->prompt);
        outcomes.swap(m_mailbox->outcomes);
    }
    if (load && m_loading)
        Q_EMIT loadProgress(QString::fromStdString(load->phase), load->done, load->total);
    if (prompt && m_answering)
        Q_EMIT promptProgress(m_answering, prompt->done, prompt->total);
    if (tokens && m_answering)
        Q_EMIT pieces(m_answering, QString::fromStdString(answer), QString::fromStdString(reasoning), tokens);
    for (const auto& outcome : outcomes)
        outcome();
    updateTimer();
}

void EngineBridge::updateTimer() {
    const bool wanted = !m_shutDown && (m_loading || m_answering);
    if (wanted != m_frame.isActive())
        wanted ? m_frame.start() : m_frame.stop();
}

} // namespace hearth::gui
