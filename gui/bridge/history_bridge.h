#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <QObject>
#include <QPointer>
#include <QThread>

#include "gui/bridge/metatypes.h"

namespace hearth::gui {

using HistoryFactory = std::function<Result<std::unique_ptr<workbench::ChatHistory>>()>;

/// Opens the history file, for the real program and for tests on a temporary folder. Answers that a crash
/// left unfinished become stopped ones.
[[nodiscard]] HistoryFactory historyFile(const QString& path);

/// The history as the window sees it: requests go to a store thread that this object owns, in order; answers
/// come back in the GUI thread. Lives in the GUI thread. The destructor lets every queued write finish and
/// joins.
///
/// When the history could not be opened, every request ends with that error; while none is open, with
/// vault.closed.
class HistoryBridge : public QObject {
    Q_OBJECT

public:
    explicit HistoryBridge(QObject* parent = nullptr); ///< with no history open
    explicit HistoryBridge(HistoryFactory factory, QObject* parent = nullptr);
    ~HistoryBridge() override;

    /// Opens another history in the place of the present one: opened() or openFailed().
    void open(HistoryFactory factory);
    /// Finishes the writes that are queued and closes the file, with it the key: closed(). Answers that are
    /// still on their way are thrown away, at once.
    void close();

    /// Runs `work(ChatHistory&)`, which returns a Result, in the store thread, then `done(result)` in the GUI
    /// thread, unless `context` has been destroyed by then.
    template <class Work, class Done>
    void request(QObject* context, Work work, Done done) {
        using R = std::invoke_result_t<Work, workbench::ChatHistory&>;
        post([this, epoch = m_epoch, guard = QPointer<QObject>(context), work = std::move(work),
              done = std::move(done)](workbench::ChatHistory* history, const Error& openError) mutable {
            auto result = std::make_shared<R>(history ? work(*history) : R(tl::unexpected<Error>(openError)));
            deliver([this, epoch, guard, done = std::move(done), result]() mutable {
                if (guard && epoch == m_epoch)
                    done(std::move(*result));
            });
        });
    }

    /// A write whose only interesting outcome is its failure (writeFailed()); with `changed` ≠ 0 the bridge
    /// announces conversationChanged(changed) afterwards.
    void write(std::function<Result<void>(workbench::ChatHistory&)> work, store::RowId changed = 0);

    /// Finishes what is queued, closes the history and joins. Called by the destructor. Idempotent.
    void shutdown();

Q_SIGNALS:
    void opened();
    void openFailed(const hearth::Error& error);
    void closed(); ///< nothing of the history is in memory any more
    void writeFailed(const hearth::Error& error);
    /// Title, place in the list, trash state, parameters or messages of a conversation changed on disk.
    void conversationChanged(qint64 conversation);

private:
    struct Worker;
    using Job = std::function<void(workbench::ChatHistory*, const Error&)>;
    void post(Job job);
    void deliver(std::function<void()> call);

    std::shared_ptr<Worker> m_state;
    QThread m_thread;
    QObject* m_worker = nullptr;
    quint64 m_epoch = 0; ///< counted up by each close
    bool m_shutDown = false;
};

} // namespace hearth::gui
