#include "engine/workbench/chat.h"

namespace hearth::workbench {

namespace {

using store::Message;
using store::MessageState;
using store::Role;
using store::RowId;

/// More than any branch has; the store reads what there is.
constexpr std::size_t kAll = std::size_t{1} << 32;

} // namespace

struct ChatHistory::Impl {
    std::unique_ptr<store::History> history;

    /// The conversation up to and with the message `last`, which must be on the active branch, and then
    /// `text`.
    Result<TurnRequest> request(RowId conversation, RowId last, const std::string* text) const {
        TurnRequest out;
        out.conversation = conversation;
        HEARTH_TRY(const store::Conversation settings, history->conversation(conversation));
        HEARTH_TRY(out.params, paramsFromJson(settings.parametersJson));
        HEARTH_TRY(const auto branch, history->branch(conversation, 0, kAll));
        if (!settings.systemPrompt.empty()) {
            out.messages.push_back({"system", settings.systemPrompt});
            out.sources.push_back(0);
        }
        for (const Message& message : branch) {
            add(out, message);
            if (message.id == last)
                break;
        }
        if (text) {
            Message typed;
            typed.content = *text;
            add(out, typed);
        }
        return out;
    }

    static void add(TurnRequest& out, const Message& message) {
        const bool user = message.role == Role::User;
        if (message.role == Role::Assistant && message.content.empty() &&
            message.state != MessageState::Complete)
            return; // stopped or failed before it said anything
        if (user && !out.messages.empty() && out.messages.back().role == "user") {
            out.messages.back().content += "\n\n" + message.content;
            return;
        }
        out.messages.push_back({user                           ? "user"
                                : message.role == Role::System ? "system"
                                                               : "assistant",
                                message.content, message.reasoning});
        out.sources.push_back(message.id);
    }

    /// The Streaming answer below a user's message.
    Result<RowId> emptyAnswer(RowId conversation, RowId question) const {
        Message answer;
        answer.conversation = conversation;
        answer.parent = question;
        answer.role = Role::Assistant;
        answer.state = MessageState::Streaming;
        return history->appendMessage(answer);
    }

    /// A new user's message below `parent` with its answer.
    Result<Turn> ask(RowId conversation, RowId parent, const std::string& text) const {
        Turn turn;
        Message question;
        question.conversation = conversation;
        question.parent = parent;
        question.content = text;
        HEARTH_TRY(turn.userMessage, history->appendMessage(question));
        HEARTH_TRY(turn.answer, emptyAnswer(conversation, turn.userMessage));
        HEARTH_TRY(turn.request, request(conversation, turn.userMessage, nullptr));
        return turn;
    }

    /// Runs `work` as one transaction of the store.
    template <class Work>
    Result<Turn> together(Work&& work) const {
        Turn turn;
        const auto step = [&]() -> Result<void> {
            HEARTH_TRY(turn, work());
            return {};
        };
        HEARTH_CHECK(history->transaction(step));
        return turn;
    }
};

ChatHistory::ChatHistory(std::unique_ptr<store::History> history) : m_impl(std::make_unique<Impl>()) {
    m_impl->history = std::move(history);
}

ChatHistory::~ChatHistory() = default;

store::History& ChatHistory::store() {
    return *m_impl->history;
}

Result<ChatHistory::Turn> ChatHistory::beginTurn(RowId conversation, const std::string& text) {
    return m_impl->together([&]() -> Result<Turn> {
        HEARTH_TRY(const store::Conversation before, store().conversation(conversation));
        HEARTH_TRY(Turn turn, m_impl->ask(conversation, before.activeLeaf, text));
        if (before.title.empty())
            HEARTH_CHECK(store().rename(conversation, titleFrom(text)));
        HEARTH_CHECK(store().saveDraft(conversation, ""));
        return turn;
    });
}

Result<ChatHistory::Turn> ChatHistory::beginRegenerate(RowId answer) {
    return m_impl->together([&]() -> Result<Turn> {
        HEARTH_TRY(const Message old, store().message(answer));
        if (old.role != Role::Assistant || old.parent == 0)
            return fail("workbench.not_an_answer", "message " + std::to_string(answer) + " is no answer");
        Turn turn;
        turn.userMessage = old.parent;
        HEARTH_TRY(turn.answer, m_impl->emptyAnswer(old.conversation, old.parent));
        HEARTH_TRY(turn.request, m_impl->request(old.conversation, old.parent, nullptr));
        return turn;
    });
}

Result<ChatHistory::Turn> ChatHistory::beginEdit(RowId userMessage, const std::string& text) {
    return m_impl->together([&]() -> Result<Turn> {
        HEARTH_TRY(const Message old, store().message(userMessage));
        if (old.role != Role::User)
            return fail("workbench.not_a_user_message",
                        "message " + std::to_string(userMessage) + " is not the person's");
        return m_impl->ask(old.conversation, old.parent, text);
    });
}

Result<TurnRequest> ChatHistory::previewTurn(RowId conversation, const std::string& text) {
    return m_impl->request(conversation, 0, &text);
}

Result<void> ChatHistory::checkpoint(RowId answer, const std::string& content, const std::string& reasoning) {
    HEARTH_TRY(Message message, store().message(answer));
    if (message.state != MessageState::Streaming)
        return {}; // its end has been written already
    message.content = content;
    message.reasoning = reasoning;
    return store().updateMessage(message);
}

Result<void> ChatHistory::finishTurn(RowId answer, const runtime::GenerationResult& result,
                                     const std::string& modelName) {
    HEARTH_TRY(Message message, store().message(answer));
    message.content = result.answer;
    message.reasoning = result.reasoning;
    message.state =
        result.stop == runtime::StopReason::Cancelled ? MessageState::Stopped : MessageState::Complete;
    message.modelName = modelName;
    message.errorCode.clear();
    message.statsJson = statsToJson(result);
    return store().updateMessage(message);
}

Result<void> ChatHistory::failTurn(RowId answer, const std::string& content, const std::string& reasoning,
                                   const Error& error) {
    HEARTH_TRY(Message message, store().message(answer));
    message.content = content;
    message.reasoning = reasoning;
    message.state = MessageState::Failed;
    message.errorCode = error.code;
    return store().updateMessage(message);
}

} // namespace hearth::workbench
