#pragma once

#include <map>
#include <optional>

#include <QObject>
#include <QTimer>

#include "gui/bridge/chat_controller.h"
#include "gui/delegates/message_row.h"

namespace hearth::gui {

class MessageListModel;

/// What the chat page shows and does, without a widget: the conversation on screen, its draft and parameters,
/// the token count, and how its turns go on. GUI thread; borrows controller and model.
class ChatDesk : public QObject {
    Q_OBJECT

public:
    static constexpr int kDraftDelayMs = 400; ///< what is typed is on disk this soon after a pause

    ChatDesk(ChatController& controller, MessageListModel& messages, QObject* parent = nullptr);

    /// What new chats begin with.
    void setUsual(const runtime::GenerationParams& params, const QString& systemPrompt);
    [[nodiscard]] const runtime::GenerationParams& usual() const { return m_usual; }
    [[nodiscard]] const QString& usualSystemPrompt() const { return m_usualSystem; }

    void open(store::RowId conversation); ///< 0 = a new chat
    /// Opens a chat so that `message`, which may be on another branch, is on the one on screen: placeFound()
    /// once its end is there. refused() when the message is gone, or on another branch than the one that is
    /// being answered.
    void openAt(store::RowId conversation, store::RowId message);
    /// The one that was on screen when the program ended, unless the person has begun something else
    /// meanwhile.
    void openLast();
    [[nodiscard]] store::RowId conversation() const { return m_conversation; }

    [[nodiscard]] const runtime::GenerationParams& params() const { return m_params; }
    [[nodiscard]] const QString& systemPrompt() const { return m_systemPrompt; }
    void setParameters(const QString& systemPrompt, const runtime::GenerationParams& params);

    void setDraft(const QString& text); ///< the person typed
    [[nodiscard]] const QString& draft() const { return m_draft; }
    void flush(); ///< writes what is waiting
    void send(const QString& text);
    void regenerate(store::RowId answer);
    void edit(store::RowId userMessage, const QString& text);
    void switchVersion(store::RowId message, int step);

    /// Whether the conversation on screen is the one being answered.
    [[nodiscard]] bool isAnswering() const;
    [[nodiscard]] qint64 usedTokens() const; ///< −1 = not known
    [[nodiscard]] RowContext contextOf(const store::Message& message) const;
    void recount();

Q_SIGNALS:
    void conversationShown(qint64 conversation);   ///< its first messages (or none) are there
    void placeFound(qint64 message, qint64 index); ///< its place in the branch
    void draftLoaded(const QString& text);         ///< at first nothing, when another chat is opened
    void leaving(); ///< another chat is about to be opened; then parametersLoaded()
    void parametersLoaded();
    void meterChanged();
    void contextsChanged();
    void sent(); ///< what was sent is no longer in draft(); what was typed since is
    void refused(const hearth::Error& error);

private:
    [[nodiscard]] NewChat setup() const;
    void loadDraft();
    void readDraft();
    void writeDraft();
    void takeHeader();
    void turnBegan(qint64 conversation, qint64 userMessage);
    void catchUp();

    ChatController& m_controller;
    MessageListModel& m_messages;
    store::RowId m_conversation = 0;
    runtime::GenerationParams m_usual, m_params;
    QString m_usualSystem, m_systemPrompt, m_draft, m_sent;
    quint64 m_steps = 0;       ///< of the person's: opened, typed, set or sent something
    quint64 m_draftNumber = 0; ///< of the last reading of a draft
    NewChat m_sentSetup;       ///< what a new chat was sent with
    bool m_draftDirty = false, m_sending = false;
    bool m_draftKnown = false;     ///< what was kept is in m_draft
    bool m_keptUnseen = false;     ///< as something was sent, it was not
    bool m_parametersKnown = true; ///< m_params are those of m_conversation
    struct Goal {
        store::RowId message = 0;
        qint64 index = 0;
    };
    std::optional<Goal> m_goal; ///< of openAt(), until the chat is there
    qint64 m_editIndex = -1;
    qint64 m_counted = -1;
    QString m_waiting;
    std::map<store::RowId, Error> m_errors;
    QTimer m_draftDelay;
};

} // namespace hearth::gui
