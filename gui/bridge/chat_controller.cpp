#include "gui/bridge/chat_controller.h"

#include <utility>

namespace hearth::gui {

namespace {

/// What would be sent from a chat without a row: only its system prompt and this text.
Result<workbench::TurnRequest> firstTurn(const NewChat& setup, const std::string& text) {
    workbench::TurnRequest request;
    if (!setup.parametersJson.isEmpty()) {
        HEARTH_TRY(request.params, workbench::paramsFromJson(setup.parametersJson.toStdString()));
    }
    if (!setup.systemPrompt.isEmpty())
        request.messages.push_back({"system", setup.systemPrompt.toStdString()});
    request.messages.push_back({"user", text});
    return request;
}

} // namespace

ChatController::ChatController(EngineBridge& engine, HistoryBridge& history, QObject* parent)
    : QObject(parent), m_engine(engine), m_history(history) {
    m_checkpoint.setInterval(kCheckpointMs);
    connect(&m_checkpoint, &QTimer::timeout, this, &ChatController::checkpoint);
    m_countDelay.setSingleShot(true);
    m_countDelay.setInterval(kCountDelayMs);
    connect(&m_countDelay, &QTimer::timeout, this, &ChatController::previewNow);

    connect(&m_engine, &EngineBridge::pieces, this,
            [this](quint64 ticket, const QString& content, const QString& reasoning, quint64 tokens) {
                if (ticket != m_ticket || m_phase != Phase::Answering)
                    return;
                m_content += content;
                m_reasoning += reasoning;
                m_tokens += tokens;
                m_unsaved = true;
                Q_EMIT streamed(m_conversation, m_answer, content, reasoning);
            });
    connect(&m_engine, &EngineBridge::promptProgress, this,
            [this](quint64 ticket, quint64 done, quint64 total) {
                if (ticket == m_ticket)
                    Q_EMIT promptProgress(m_conversation, done, total);
            });
    connect(&m_engine, &EngineBridge::answered, this,
            [this](quint64 ticket, const runtime::GenerationResult& result) {
                if (ticket == m_ticket)
                    finish(result);
            });
    connect(&m_engine, &EngineBridge::answerFailed, this, [this](quint64 ticket, const Error& error) {
        if (ticket == m_ticket)
            fail(error);
    });
    connect(&m_engine, &EngineBridge::tokensCounted, this, [this](quint64 ticket, quint64 tokens) {
        if (ticket == m_countTicket)
            Q_EMIT counted(m_wish.conversation, tokens);
    });
    connect(&m_engine, &EngineBridge::countFailed, this, [this](quint64 ticket, const Error& error) {
        if (ticket == m_countTicket)
            Q_EMIT countUnavailable(m_wish.conversation, error);
    });
}

ChatController::~ChatController() {
    blockSignals(true);
    shutdown();
}

void ChatController::setPhase(Phase phase) {
    const bool wasBusy = isBusy();
    m_phase = phase;
    if (wasBusy != isBusy())
        Q_EMIT busyChanged();
}

bool ChatController::refuse(store::RowId conversation) {
    if (isBusy()) {
        Q_EMIT refused(conversation, Error{"chat.busy", "an answer is being generated", std::nullopt, {}});
        return true;
    }
    if (!m_engine.model()) {
        Q_EMIT refused(conversation, Error{"workbench.no_model", "no model is loaded", std::nullopt, {}});
        return true;
    }
    return false;
}

void ChatController::send(store::RowId conversation, const QString& text, const NewChat& setup) {
    if (refuse(conversation))
        return;
    begin(conversation,
          [conversation, text = text.toStdString(), setup, model = m_engine.model()->path.string()](
              workbench::ChatHistory& history) -> Result<std::pair<store::RowId, Turn>> {
              std::pair<store::RowId, Turn> out{conversation, {}};
              // All or nothing: a refused first message leaves no empty conversation behind.
              auto written = history.store().transaction([&]() -> Result<void> {
                  if (conversation == 0) {
                      HEARTH_TRY(out.first, history.store().createConversation({}));
                  }
                  HEARTH_TRY(auto row, history.store().conversation(out.first));
                  if (conversation == 0) {
                      row.systemPrompt = setup.systemPrompt.toStdString();
                      row.parametersJson = setup.parametersJson.toStdString();
                  }
                  row.modelPath = model;
                  HEARTH_CHECK(history.store().updateConversation(row));
                  HEARTH_TRY(out.second, history.beginTurn(out.first, text));
                  return {};
              });
              if (!written)
                  return tl::unexpected<Error>(std::move(written).error());
              return out;
          });
}

void ChatController::regenerate(store::RowId conversation, store::RowId answer) {
    if (refuse(conversation))
        return;
    begin(conversation,
          [conversation, answer](workbench::ChatHistory& history) -> Result<std::pair<store::RowId, Turn>> {
              HEARTH_TRY(auto turn, history.beginRegenerate(answer));
              return std::pair(conversation, std::move(turn));
          });
}

void ChatController::edit(store::RowId conversation, store::RowId userMessage, const QString& text) {
    if (refuse(conversation))
        return;
    begin(conversation,
          [conversation, userMessage, text = text.toStdString()](
              workbench::ChatHistory& history) -> Result<std::pair<store::RowId, Turn>> {
              HEARTH_TRY(auto turn, history.beginEdit(userMessage, text));
              return std::pair(conversation, std::move(turn));
          });
}

void ChatController::begin(store::RowId conversation, Begin work) {
    m_stopAsked = false;
    m_conversation = conversation;
    m_answer = 0;
    m_content.clear();
    m_reasoning.clear();
    m_tokens = 0;
    m_unsaved = false;
    setPhase(Phase::Beginning);
    m_history.request(this, std::move(work),
                      [this, conversation](Result<std::pair<store::RowId, Turn>> result) {
                          if (!result) {
                              m_conversation = 0;
                              setPhase(Phase::Idle);
                              Q_EMIT refused(conversation, result.error());
                              return;
                          }
                          began(conversation, result->first, std::move(result->second));
                      });
}

void ChatController::began(store::RowId asked, store::RowId conversation, Turn turn) {
    m_conversation = conversation;
    m_answer = turn.answer;
    if (asked == 0)
        Q_EMIT conversationCreated(conversation);
    setPhase(Phase::Answering);
    m_ticket = m_engine.answer(std::move(turn.request));
    if (m_stopAsked)
        m_engine.stop();
    m_checkpoint.start();
    Q_EMIT turnBegan(conversation, turn.userMessage, turn.answer);
    Q_EMIT m_history.conversationChanged(conversation);
}

void ChatController::stop() {
    if (m_phase == Phase::Beginning)
        m_stopAsked = true;
    else if (m_phase == Phase::Answering)
        m_engine.stop();
}

void ChatController::checkpoint() {
    if (m_phase != Phase::Answering || !std::exchange(m_unsaved, false))
        return;
    m_history.write(
        [answer = m_answer, content = m_content, reasoning = m_reasoning](workbench::ChatHistory& history) {
            return history.checkpoint(answer, content.toStdString(), reasoning.toStdString());
        });
}

void ChatController::finish(const runtime::GenerationResult& result) {
    const QString model = m_engine.model() ? QString::fromStdString(m_engine.model()->name) : QString();
    end([answer = m_answer, result, name = model.toStdString()](
            workbench::ChatHistory& history) { return history.finishTurn(answer, result, name); },
        std::nullopt);
}

void ChatController::fail(const Error& error) {
    if (error.code == kCancelled) { // stopped before the engine had a result to give
        runtime::GenerationResult result;
        result.answer = m_content.toStdString();
        result.reasoning = m_reasoning.toStdString();
        result.stop = runtime::StopReason::Cancelled;
        result.stats.generatedTokens = m_tokens;
        finish(result);
        return;
    }
    end(
        [answer = m_answer, content = m_content, reasoning = m_reasoning,
         error](workbench::ChatHistory& history) {
            return history.failTurn(answer, content.toStdString(), reasoning.toStdString(), error);
        },
        error);
}

void ChatController::end(std::function<Result<void>(workbench::ChatHistory&)> write,
                         std::optional<Error> error) {
    m_checkpoint.stop();
    m_ticket = 0;
    setPhase(Phase::Finishing);
    m_history.request(this, std::move(write), [this, error = std::move(error)](const Result<void>& written) {
        const auto conversation = std::exchange(m_conversation, 0);
        const auto answer = std::exchange(m_answer, 0);
        setPhase(Phase::Idle);
        Q_EMIT turnEnded(conversation, answer);
        if (error)
            Q_EMIT turnFailed(conversation, answer, *error);
        else if (!written)
            Q_EMIT turnFailed(conversation, answer, written.error());
        Q_EMIT m_history.conversationChanged(conversation);
    });
}

void ChatController::switchVersion(store::RowId conversation, store::RowId message, int step, qint64 index) {
    if (isBusy() && m_conversation == conversation) {
        Q_EMIT refused(conversation, Error{"chat.busy", "an answer is being generated", std::nullopt, {}});
        return;
    }
    m_history.request(
        this, [=](workbench::ChatHistory& history) { return history.store().switchVersion(message, step); },
        [=, this](const Result<void>& result) {
            if (!result) {
                Q_EMIT refused(conversation, result.error());
                return;
            }
            Q_EMIT branchSwitched(conversation, index);
            Q_EMIT m_history.conversationChanged(conversation);
        });
}

void ChatController::countTokens(store::RowId conversation, const QString& text, const NewChat& setup) {
    m_wish = {conversation, text, setup};
    ++m_wishNumber;
    m_countTicket = 0; // an answer under way is about an older text
    if (!m_countDelay.isActive())
        m_countDelay.start();
}

void ChatController::previewNow() {
    if (!m_engine.model() || m_phase != Phase::Idle)
        return; // asked again when a model is there or the answer has ended
    m_history.request(
        this,
        [wish = m_wish](workbench::ChatHistory& history) -> Result<workbench::TurnRequest> {
            if (wish.conversation == 0)
                return firstTurn(wish.setup, wish.text.toStdString());
            return history.previewTurn(wish.conversation, wish.text.toStdString());
        },
        [this, number = m_wishNumber](Result<workbench::TurnRequest> request) {
            if (number != m_wishNumber)
                return;
            if (!request)
                Q_EMIT countUnavailable(m_wish.conversation, request.error());
            else
                m_countTicket = m_engine.countTokens(std::move(*request));
        });
}

void ChatController::forget() {
    m_countDelay.stop();
    ++m_wishNumber; // what is being counted comes back in vain
    m_countTicket = 0;
    m_wish = {};
    if (isBusy())
        return;
    m_content.clear();
    m_reasoning.clear();
    m_tokens = 0;
}

void ChatController::shutdown() {
    m_countDelay.stop();
    stop();
    m_engine.shutdown(); // delivers the outcome, and so queues its write
}

} // namespace hearth::gui
