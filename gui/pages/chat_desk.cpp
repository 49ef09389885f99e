#include "gui/pages/chat_desk.h"

#include <utility>

#include "gui/models/message_list_model.h"

namespace hearth::gui {

namespace {

constexpr const char* kLastKey = "chat.last"; ///< setting: id of the conversation on screen

/// Where a message stands in the branch on screen, nullopt = on another one. Children come after their
/// parents, so the ids of a branch rise.
Result<std::optional<std::size_t>> placeInBranch(store::History& store, store::RowId conversation,
                                                 store::RowId message) {
    HEARTH_TRY(const std::size_t length, store.branchLength(conversation));
    std::size_t low = 0, high = length;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        HEARTH_TRY(const auto found, store.branch(conversation, middle, 1));
        if (found.empty())
            break;
        if (found.front().id == message)
            return middle;
        (found.front().id < message ? low : high) = found.front().id < message ? middle + 1 : middle;
    }
    return std::nullopt;
}

/// A kept draft with what was typed before it could be shown.
QString withKept(const std::string& kept, const QString& typed) {
    const QString line = kept.empty() || typed.isEmpty() ? QString() : QStringLiteral("\n");
    return QString::fromStdString(kept) + line + typed;
}

} // namespace

ChatDesk::ChatDesk(ChatController& controller, MessageListModel& messages, QObject* parent)
    : QObject(parent), m_controller(controller), m_messages(messages) {
    m_draftDelay.setSingleShot(true);
    m_draftDelay.setInterval(kDraftDelayMs);
    connect(&m_draftDelay, &QTimer::timeout, this, [this] {
        if (m_draftKnown) // or else when it is
            writeDraft();
    });

    connect(&messages, &MessageListModel::opened, this, [this](qint64 conversation) {
        if (conversation != m_conversation)
            return;
        takeHeader();
        Q_EMIT conversationShown(conversation);
        if (const auto goal = std::exchange(m_goal, std::nullopt))
            Q_EMIT placeFound(goal->message, goal->index);
        recount();
    });
    connect(&messages, &MessageListModel::failed, this, &ChatDesk::refused);

    connect(&controller, &ChatController::conversationCreated, this, [this](qint64 conversation) {
        if (m_conversation != 0 || !m_sending)
            return; // the person has gone elsewhere meanwhile
        m_draftDelay.stop();
        m_draftDirty = false;
        m_draftKnown = true;
        ++m_draftNumber; // of a new chat, which this is no longer
        m_conversation = conversation;
        const NewChat now = setup();
        if (now.systemPrompt != m_sentSetup.systemPrompt || now.parametersJson != m_sentSetup.parametersJson)
            setParameters(m_systemPrompt, m_params); // set while it was being written
    });
    connect(&controller, &ChatController::turnBegan, this, &ChatDesk::turnBegan);
    connect(&controller, &ChatController::streamed, this,
            [this](qint64 conversation, qint64 answer, const QString& content, const QString& reasoning) {
                if (conversation != m_conversation)
                    return;
                m_messages.append(answer, content, reasoning);
                Q_EMIT meterChanged();
            });
    connect(&controller, &ChatController::promptProgress, this,
            [this](qint64 conversation, quint64 done, quint64 total) {
                if (conversation != m_conversation || total == 0 || m_controller.streamedTokens() > 0)
                    return;
                m_waiting = tr("Reading the conversation… %1 %").arg(100 * done / total);
                Q_EMIT contextsChanged();
            });
    connect(&controller, &ChatController::turnFailed, this,
            [this](qint64, qint64 answer, const Error& error) { m_errors.insert_or_assign(answer, error); });
    connect(&controller, &ChatController::turnEnded, this, [this](qint64 conversation, qint64 answer) {
        if (conversation != m_conversation)
            return;
        if (const int row = m_messages.rowOf(answer); row >= 0)
            m_messages.refreshFrom(m_messages.firstIndex() + row);
        recount();
    });
    connect(&controller, &ChatController::busyChanged, this, [this] {
        if (!m_controller.isBusy())
            m_waiting.clear();
        Q_EMIT contextsChanged();
    });
    connect(&controller, &ChatController::refused, this, [this](qint64, const Error& error) {
        m_sending = false;
        m_editIndex = -1;
        Q_EMIT refused(error);
    });
    connect(&controller, &ChatController::branchSwitched, this, [this](qint64 conversation, qint64 index) {
        if (conversation != m_conversation)
            return;
        m_messages.refreshFrom(index);
        recount();
    });
    connect(&controller, &ChatController::counted, this, [this](qint64 conversation, quint64 tokens) {
        if (conversation != m_conversation)
            return;
        m_counted = static_cast<qint64>(tokens);
        Q_EMIT meterChanged();
    });
    connect(&controller, &ChatController::countUnavailable, this, [this] {
        m_counted = -1;
        Q_EMIT meterChanged();
    });
}

void ChatDesk::setUsual(const runtime::GenerationParams& params, const QString& systemPrompt) {
    // What the person set or wrote there themselves stays.
    const bool unset = workbench::toJson(m_params) == workbench::toJson(m_usual);
    const bool untouched = m_systemPrompt.isEmpty() || m_systemPrompt == m_usualSystem;
    m_usual = params;
    m_usualSystem = systemPrompt;
    if (m_conversation == 0) {
        if (unset)
            m_params = params;
        if (untouched)
            m_systemPrompt = systemPrompt;
        Q_EMIT parametersLoaded();
        Q_EMIT meterChanged();
    }
}

NewChat ChatDesk::setup() const {
    return {m_systemPrompt, QString::fromStdString(workbench::toJson(m_params))};
}

void ChatDesk::open(store::RowId conversation) {
    Q_EMIT leaving();
    ++m_steps;
    flush();
    m_conversation = conversation;
    m_counted = -1;
    m_sending = false;
    m_editIndex = -1;
    m_goal.reset();
    m_controller.history().write([conversation](workbench::ChatHistory& history) {
        return history.store().setSetting(kLastKey, std::to_string(conversation));
    });
    loadDraft();
    catchUp();
    m_parametersKnown = false;
    m_messages.open(conversation);
}

void ChatDesk::openAt(store::RowId conversation, store::RowId message) {
    const bool answering = m_controller.isBusy() && m_controller.busyConversation() == conversation;
    m_controller.history().request(
        this,
        [=](workbench::ChatHistory& history) -> Result<std::size_t> {
            if (!answering)
                HEARTH_CHECK(history.store().activate(message));
            HEARTH_TRY(const auto place, placeInBranch(history.store(), conversation, message));
            if (place)
                return *place;
            return fail(answering ? "chat.busy" : "store.not_found",
                        "message " + std::to_string(message) + " is not on this branch");
        },
        [this, conversation, message, steps = ++m_steps](const Result<std::size_t>& place) {
            if (steps != m_steps)
                return; // the person has gone elsewhere meanwhile
            if (!place) {
                Q_EMIT refused(place.error());
                return;
            }
            open(conversation);
            m_goal = {message, static_cast<qint64>(*place)};
        });
}

void ChatDesk::openLast() {
    m_controller.history().request(
        this,
        [](workbench::ChatHistory& history) -> Result<store::RowId> {
            HEARTH_TRY(const auto value, history.store().setting(kLastKey));
            const auto id = QString::fromStdString(value.value_or("0")).toLongLong();
            const auto row = history.store().conversation(id);
            return row && !row->trashedMs ? id : 0;
        },
        [this, steps = m_steps](const Result<store::RowId>& id) {
            if (steps == m_steps)
                open(id.value_or(0));
            else if (m_draftNumber == 0)
                readDraft(); // a new chat it is
        });
}

void ChatDesk::takeHeader() {
    m_parametersKnown = true;
    if (m_conversation == 0) {
        m_params = m_usual;
        m_systemPrompt = m_usualSystem;
    } else {
        const auto& header = m_messages.header();
        m_systemPrompt = QString::fromStdString(header.systemPrompt);
        m_params = m_usual;
        if (!header.parametersJson.empty()) {
            auto params = workbench::paramsFromJson(header.parametersJson);
            if (params)
                m_params = std::move(*params);
            else
                Q_EMIT refused(params.error());
        }
    }
    Q_EMIT parametersLoaded();
}

void ChatDesk::setParameters(const QString& systemPrompt, const runtime::GenerationParams& params) {
    ++m_steps;
    if (!m_parametersKnown)
        return; // they are another chat's
    m_systemPrompt = systemPrompt;
    m_params = params;
    if (m_conversation != 0)
        m_controller.history().write(
            [id = m_conversation, now = setup()](workbench::ChatHistory& history) -> Result<void> {
                HEARTH_TRY(auto row, history.store().conversation(id));
                row.systemPrompt = now.systemPrompt.toStdString();
                row.parametersJson = now.parametersJson.toStdString();
                return history.store().updateConversation(row);
            });
    Q_EMIT meterChanged();
    recount();
}

void ChatDesk::loadDraft() {
    if (!std::exchange(m_draft, {}).isEmpty())
        Q_EMIT draftLoaded(m_draft);
    m_draftDirty = false;
    readDraft();
}

void ChatDesk::readDraft() {
    m_draftKnown = false;
    m_controller.history().request(
        this, [id = m_conversation](workbench::ChatHistory& history) { return history.store().draft(id); },
        [this, number = ++m_draftNumber](const Result<std::string>& draft) {
            if (number != m_draftNumber || !draft)
                return;
            m_draftKnown = true;
            if (m_draftDirty)
                m_draftDelay.start();
            if (draft->empty())
                return;
            // What was typed meanwhile stands below it.
            m_draft = withKept(*draft, m_draft);
            Q_EMIT draftLoaded(m_draft);
            recount();
        });
}

void ChatDesk::setDraft(const QString& text) {
    ++m_steps;
    m_draft = text;
    m_draftDirty = true;
    m_draftDelay.start();
    recount();
}

void ChatDesk::writeDraft() {
    m_draftDelay.stop();
    if (!std::exchange(m_draftDirty, false))
        return;
    m_controller.history().write([id = m_conversation, known = m_draftKnown,
                                  text = m_draft](workbench::ChatHistory& history) -> Result<void> {
        std::string kept;
        if (!known) { // the person was quicker than the disk, and leaves already
            HEARTH_TRY(kept, history.store().draft(id));
        }
        return history.store().saveDraft(id, withKept(kept, text).toStdString());
    });
}

void ChatDesk::flush() {
    writeDraft();
}

void ChatDesk::send(const QString& text) {
    ++m_steps;
    m_keptUnseen = !m_draftKnown;
    if (m_draftKnown)
        writeDraft();
    m_sent = text;
    m_sentSetup = setup();
    m_sending = true;
    m_controller.send(m_conversation, text, m_sentSetup);
}

void ChatDesk::regenerate(store::RowId answer) {
    m_controller.regenerate(m_conversation, answer);
}

void ChatDesk::edit(store::RowId userMessage, const QString& text) {
    const int row = m_messages.rowOf(userMessage);
    if (row < 0)
        return;
    m_editIndex = m_messages.firstIndex() + row;
    m_controller.edit(m_conversation, userMessage, text);
}

void ChatDesk::switchVersion(store::RowId message, int step) {
    if (const int row = m_messages.rowOf(message); row >= 0)
        m_controller.switchVersion(m_conversation, message, step, m_messages.firstIndex() + row);
}

void ChatDesk::turnBegan(qint64 conversation, qint64 userMessage) {
    if (conversation != m_conversation)
        return;
    const bool sending = std::exchange(m_sending, false);
    const qint64 edited = std::exchange(m_editIndex, -1);
    if (sending) {
        // The text is a message now. What new chats and this one had as draft has become of no use.
        const bool created = m_messages.conversation() != conversation;
        if (m_draft.startsWith(m_sent))
            m_draft.remove(0, m_sent.size()); // typing went on while it was being written
        m_draftDirty = !m_draft.isEmpty();
        if (m_draftDirty)
            m_draftDelay.start();
        else
            m_draftDelay.stop();
        m_controller.history().write(
            [conversation, created, unseen = m_keptUnseen](workbench::ChatHistory& history) -> Result<void> {
                if (created) {
                    HEARTH_CHECK(history.store().setSetting(kLastKey, std::to_string(conversation)));
                }
                return unseen ? Result<void>() : history.store().saveDraft(created ? 0 : conversation, {});
            });
        Q_EMIT sent();
    }
    if (m_messages.conversation() != conversation)
        m_messages.open(conversation);
    else if (const int row = m_messages.rowOf(userMessage); row >= 0)
        m_messages.refreshFrom(m_messages.firstIndex() + row);
    else if (edited >= 0)
        m_messages.refreshFrom(edited);
    else
        m_messages.refreshTail();
}

/// What streamed into the conversation while another one was on screen.
void ChatDesk::catchUp() {
    if (isAnswering())
        m_messages.setStreamed(m_controller.answerId(), m_controller.content(), m_controller.reasoning());
    else
        m_messages.setStreamed(0, {}, {});
}

bool ChatDesk::isAnswering() const {
    return m_controller.isBusy() && m_controller.busyConversation() == m_conversation;
}

void ChatDesk::recount() {
    m_controller.countTokens(m_conversation, m_draft, setup());
}

qint64 ChatDesk::usedTokens() const {
    if (m_counted < 0)
        return -1;
    return isAnswering() ? m_counted + static_cast<qint64>(m_controller.streamedTokens()) : m_counted;
}

RowContext ChatDesk::contextOf(const store::Message& message) const {
    RowContext out;
    out.busy = m_controller.isBusy();
    out.streaming = isAnswering() && message.id == m_controller.answerId();
    if (out.streaming)
        out.waiting = m_waiting;
    if (const auto error = m_errors.find(message.id); error != m_errors.end())
        out.error = error->second;
    return out;
}

} // namespace hearth::gui
