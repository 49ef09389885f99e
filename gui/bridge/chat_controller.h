#pragma once

#include <optional>

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include "gui/bridge/engine_bridge.h"
#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

/// What a conversation that has no row yet starts with.
struct NewChat {
    QString systemPrompt;
    QString parametersJson;
};

/// The order in which a chat's steps happen: the user's message is on disk, then the engine computes, what
/// streams is saved about every second, then the end is written. One answer at a time in the whole program;
/// it goes on into its own conversation whatever the window shows.
///
/// Lives in the GUI thread; borrows both bridges, which outlive it. shutdown() before they go.
class ChatController : public QObject {
    Q_OBJECT

public:
    static constexpr int kCheckpointMs = 1000; ///< at most this much of an answer is lost to a crash

    ChatController(EngineBridge& engine, HistoryBridge& history, QObject* parent = nullptr);
    ~ChatController() override;

    /// Sends `text`; conversation 0 makes a new one (conversationCreated()). Ends with turnBegan() or
    /// refused().
    void send(store::RowId conversation, const QString& text, const NewChat& setup = {});
    void regenerate(store::RowId conversation, store::RowId answer);
    void edit(store::RowId conversation, store::RowId userMessage, const QString& text);
    void stop();
    /// Empties what it remembers of chats; only while it is not busy.
    void forget();

    /// Makes the neighbouring version of a message the active one; `index` is its place in the branch, handed
    /// back with branchSwitched(). Refused while this conversation is being answered.
    void switchVersion(store::RowId conversation, store::RowId message, int step, qint64 index);

    /// Asks for the exact prompt tokens of the chat with `text` added; requests within kCountDelayMs and
    /// outdated ones are dropped. Ends with counted() or countUnavailable().
    void countTokens(store::RowId conversation, const QString& text, const NewChat& setup = {});
    static constexpr int kCountDelayMs = 150;

    [[nodiscard]] bool isBusy() const { return m_phase != Phase::Idle; }
    [[nodiscard]] store::RowId busyConversation() const { return m_conversation; }
    [[nodiscard]] store::RowId answerId() const { return m_answer; }
    /// What has streamed of the running answer so far.
    [[nodiscard]] const QString& content() const { return m_content; }
    [[nodiscard]] const QString& reasoning() const { return m_reasoning; }
    [[nodiscard]] quint64 streamedTokens() const { return m_tokens; }

    [[nodiscard]] EngineBridge& engine() { return m_engine; }
    [[nodiscard]] HistoryBridge& history() { return m_history; }

    /// Stops the answer, waits for the engine's thread (at most a token or a prompt batch) and writes how it
    /// ended. Idempotent.
    void shutdown();

Q_SIGNALS:
    void busyChanged();
    void conversationCreated(qint64 conversation);
    void turnBegan(qint64 conversation, qint64 userMessage, qint64 answer);
    void promptProgress(qint64 conversation, quint64 done, quint64 total);
    void streamed(qint64 conversation, qint64 answer, const QString& content, const QString& reasoning);
    /// The end of a turn is on disk: complete, stopped or failed.
    void turnEnded(qint64 conversation, qint64 answer);
    void turnFailed(qint64 conversation, qint64 answer, const hearth::Error& error);
    /// Nothing was written and nothing is lost: the text is still the person's.
    void refused(qint64 conversation, const hearth::Error& error);
    void branchSwitched(qint64 conversation, qint64 index);
    void counted(qint64 conversation, quint64 tokens);
    void countUnavailable(qint64 conversation, const hearth::Error& error);

private:
    enum class Phase { Idle, Beginning, Answering, Finishing };
    using Turn = workbench::ChatHistory::Turn;
    using Begin = std::function<Result<std::pair<store::RowId, Turn>>(workbench::ChatHistory&)>;

    bool refuse(store::RowId conversation);
    void begin(store::RowId conversation, Begin work);
    void began(store::RowId asked, store::RowId conversation, Turn turn);
    void checkpoint();
    void finish(const runtime::GenerationResult& result);
    void fail(const Error& error);
    void end(std::function<Result<void>(workbench::ChatHistory&)> write, std::optional<Error> error);
    void setPhase(Phase phase);
    void previewNow();

    EngineBridge& m_engine;
    HistoryBridge& m_history;
    Phase m_phase = Phase::Idle;
    bool m_stopAsked = false;
    EngineBridge::Ticket m_ticket = 0;
    store::RowId m_conversation = 0, m_answer = 0;
    QString m_content, m_reasoning;
    quint64 m_tokens = 0;
    bool m_unsaved = false;
    QTimer m_checkpoint, m_countDelay;

    struct CountWish {
        store::RowId conversation = 0;
        QString text;
        NewChat setup;
    };
    CountWish m_wish;
    quint64 m_wishNumber = 0;
    EngineBridge::Ticket m_countTicket = 0;
};

} // namespace hearth::gui
