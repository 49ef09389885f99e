#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include "gui/bridge/engine_backend.h"
#include "gui/bridge/metatypes.h"
#include "gui/bridge/model_key.h"

namespace hearth::gui {

/// The engine as the window sees it: every call returns at once, the work happens in the engine thread that
/// this object owns, results come back as signals. Streamed pieces and load progress are gathered and emitted
/// once per display frame (kFrameMs).
///
/// Lives in the GUI thread. The backend is made, used and destroyed in the engine thread. The destructor
/// stops what runs and joins; a stop takes effect within one token or one prompt batch.
class EngineBridge : public QObject {
    Q_OBJECT

public:
    static constexpr int kFrameMs = 16; ///< one frame of a 60 Hz display

    /// Identifies an answer or a count; 0 = none.
    using Ticket = quint64;

    explicit EngineBridge(EngineBackendFactory factory, QObject* parent = nullptr);
    ~EngineBridge() override;

    /// Who decides whether a model may be loaded, and knows what opens a sealed one: asked in the GUI thread,
    /// it calls `answer` there, now or later. Empty = everything may, and nothing sealed opens.
    using Guard =
        std::function<void(const QString& path, std::function<void(const Result<ModelKey>&)> answer)>;
    void setGuard(Guard guard) { m_guard = std::move(guard); }

    /// Loads a model in place of the one in memory; a running answer is stopped first. A second load while
    /// one runs cancels that one, silently. Ends with loaded() or loadFailed() (base.cancelled after
    /// cancelLoad(); the guard's error).
    void load(const QString& path, const runtime::LoadOptions& options);
    void cancelLoad();
    void eject();
    /// Keeps the model and forgets the conversation that it computed last, after what runs now. A model that
    /// was opened with a key goes.
    void forget();
    void setThreads(std::size_t threads);

    [[nodiscard]] bool isLoading() const { return m_loading != 0; }
    [[nodiscard]] bool isAnswering() const { return m_answering != 0; }
    [[nodiscard]] const QString& loadingPath() const { return m_loadingPath; }
    [[nodiscard]] const std::optional<workbench::ModelSummary>& model() const { return m_model; }

    /// Counts the prompt tokens of a turn. Requests that have not started when a newer one comes are dropped
    /// silently: only the newest is answered.
    Ticket countTokens(workbench::TurnRequest request);

    using Tokens = Result<std::vector<workbench::TokenInfo>>;
    /// Looks up what the model reads a text as, or what it calls its tokens, after what the engine is doing
    /// now; `done` runs in the GUI thread unless `context` has gone. Errors as workbench::ModelHost's.
    void findTokens(QObject* context, const QString& text, std::function<void(const Tokens&)> done);
    void findTokens(QObject* context, std::vector<runtime::TokenId> ids,
                    std::function<void(const Tokens&)> done);

    /// Answers a turn; one at a time (a programmer's error otherwise, answered with chat.busy).
    Ticket answer(workbench::TurnRequest request);
    void stop();

    /// Stops, joins the engine thread and delivers what was outstanding, in order, before it returns. Called
    /// by the destructor; earlier by an owner that wants to write the last results. Idempotent.
    void shutdown();

Q_SIGNALS:
    void modelChanged(); ///< model(), isLoading() or loadingPath() changed
    void loadProgress(const QString& phase, quint64 done, quint64 total);
    void loaded(const hearth::workbench::ModelSummary& summary);
    void loadFailed(const QString& path, const hearth::Error& error);
    void tokensCounted(quint64 ticket, quint64 tokens);
    void countFailed(quint64 ticket, const hearth::Error& error);
    void promptProgress(quint64 ticket, quint64 done, quint64 total);
    /// What came since the last frame; `tokens` is how many tokens it took.
    void pieces(quint64 ticket, const QString& answer, const QString& reasoning, quint64 tokens);
    void answered(quint64 ticket, const hearth::runtime::GenerationResult& result);
    void answerFailed(quint64 ticket, const hearth::Error& error);

private:
    struct Mailbox;
    void post(std::function<void(EngineBackend&)> work);
    void loadAllowed(Ticket ticket, const QString& path, const runtime::LoadOptions& options,
                     const ModelKey& key);
    void lookUp(QObject* context, std::function<Tokens(EngineBackend&)> ask,
                std::function<void(const Tokens&)> done);
    void drain();
    void updateTimer();

    std::shared_ptr<Mailbox> m_mailbox;
    QThread m_thread;
    QObject* m_worker = nullptr; ///< context of queued calls; lives in m_thread
    QTimer m_frame;
    Guard m_guard;
    std::stop_source m_loadStop, m_answerStop;
    Ticket m_nextTicket = 1, m_loading = 0, m_answering = 0;
    QString m_loadingPath;
    std::optional<workbench::ModelSummary> m_model;
    bool m_asking = false; ///< the guard has not answered for m_loading yet
    bool m_shutDown = false;
};

} // namespace hearth::gui
