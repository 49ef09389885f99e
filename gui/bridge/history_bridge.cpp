#include "gui/bridge/history_bridge.h"

#include <filesystem>

namespace hearth::gui {

HistoryFactory historyFile(const QString& path) {
    return [path]() -> Result<std::unique_ptr<workbench::ChatHistory>> {
        HEARTH_TRY(auto history, store::History::open(std::filesystem::path(path.toStdU16String())));
        HEARTH_TRY([[maybe_unused]] const auto interrupted, history->recoverInterrupted());
        return std::make_unique<workbench::ChatHistory>(std::move(history));
    };
}

namespace {

Error closedError() {
    return {"vault.closed", "no history is open", std::nullopt, {}};
}

} // namespace

/// Store thread only.
struct HistoryBridge::Worker {
    std::unique_ptr<workbench::ChatHistory> history;
    Error openError = closedError();
};

HistoryBridge::HistoryBridge(QObject* parent)
    : QObject(parent), m_state(std::make_shared<Worker>()), m_worker(new QObject) {
    m_thread.setObjectName(QStringLiteral("store"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

HistoryBridge::HistoryBridge(HistoryFactory factory, QObject* parent) : HistoryBridge(parent) {
    open(std::move(factory));
}

void HistoryBridge::open(HistoryFactory factory) {
    if (m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_worker,
        [this, state = m_state, make = std::move(factory), epoch = m_epoch] {
            state->history.reset(); // one at a time: the former may be the same file
            auto result = make();
            if (result)
                state->history = std::move(*result);
            else
                state->openError = result.error();
            deliver([this, ok = result.has_value(), error = state->openError, epoch] {
                if (epoch != m_epoch)
                    return;
                if (ok)
                    Q_EMIT opened();
                else
                    Q_EMIT openFailed(error);
            });
        },
        Qt::QueuedConnection);
}

void HistoryBridge::close() {
    if (m_shutDown)
        return;
    ++m_epoch;
    QMetaObject::invokeMethod(
        m_worker,
        [this, state = m_state, epoch = m_epoch] {
            state->history.reset();
            state->openError = closedError();
            deliver([this, epoch] {
                if (epoch == m_epoch)
                    Q_EMIT closed();
            });
        },
        Qt::QueuedConnection);
}

HistoryBridge::~HistoryBridge() {
    blockSignals(true);
    shutdown();
}

void HistoryBridge::shutdown() {
    if (m_shutDown)
        return;
    m_shutDown = true;
    QMetaObject::invokeMethod(
        m_worker,
        [state = m_state, thread = &m_thread] {
            state->history.reset(); // closes the database in the thread that opened it
            thread->quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

void HistoryBridge::post(Job job) {
    if (m_shutDown)
        return;
    QMetaObject::invokeMethod(
        m_worker, [state = m_state, job = std::move(job)] { job(state->history.get(), state->openError); },
        Qt::QueuedConnection);
}

void HistoryBridge::deliver(std::function<void()> call) {
    QMetaObject::invokeMethod(this, std::move(call), Qt::QueuedConnection);
}

void HistoryBridge::write(std::function<Result<void>(workbench::ChatHistory&)> work, store::RowId changed) {
    request(this, std::move(work), [this, changed](const Result<void>& result) {
        if (!result)
            Q_EMIT writeFailed(result.error());
        else if (changed)
            Q_EMIT conversationChanged(changed);
    });
}

} // namespace hearth::gui
