#pragma once

#include "gui/delegates/code_highlighter.h"
#include "gui/models/conversation_list_model.h"
#include "gui/models/message_list_model.h"
#include "gui/pages/chat_desk.h"
#include "gui/pages/chat_page.h"
#include "gui/pages/history_search.h"
#include "gui/widgets/feedback.h"

class QShortcut;
class QStackedWidget;

namespace hearth::gui {

class Button;
class ChatComposer;
class ChatFindBar;
class ChatMessageView;
class ChatModelBar;
class ChatParameters;
class ChatSidebar;
class EmptyState;
class GuideLinks;
class GuideWelcome;

/// What the chat page consists of, where it stands, how wide it is and what it is called. Nothing here acts:
/// the page connects it. Private to chat_page.cpp and chat_page_files.cpp.
struct ChatPage::Parts {
    Parts(Theme& theme, ChatController& controller, ModelPickerModel& models, ChatPage& page);

    /// Sizes that depend on the theme, and on how much room the page has.
    void fit(int pageWidth);
    void retranslate(int pageWidth);
    /// What the middle shows while there are no messages.
    void describeEmptiness();
    /// The built-in Guide is in memory, and not on its way out.
    [[nodiscard]] bool hasGuide() const;

    Theme& theme;
    ChatController& controller;
    ModelPickerModel& models;
    CodeHighlighter highlighter;
    ConversationListModel conversations;
    MessageListModel messages;
    HistorySearch search; ///< in all chats
    ChatDesk desk;
    ToastHost toasts;
    struct Goal {
        store::RowId message = 0;
        QString words;         ///< to mark; "" = none
        bool thoughts = false; ///< they stand in the reasoning before the answer
        qint64 index = -1;     ///< in the branch, once its chat is there
    };
    Goal goal; ///< a place that is being opened; message 0 = none
    runtime::LoadOptions loadOptions;
    bool offering = false; ///< to protect the chats
    runtime::ContextPolicy contextPolicy = runtime::ContextPolicy::Stop;
    std::function<OwnDefaults(const QString&)> ownDefaults; ///< empty = no file asks for anything
    ExportRights exportRights;
    bool mayImport = true;
    Guard importGuard;

    ChatSidebar* sidebar;
    ChatModelBar* bar;
    Button *parametersButton, *exportButton;
    ErrorBox *loadError, *notice, *offer;
    QStackedWidget* stack; ///< the messages, or the words of emptiness
    EmptyState* empty;
    Button* firstStep;
    GuideWelcome* welcome; ///< questions for the Guide, under the words of emptiness
    GuideLinks* links;     ///< to what the Guide's answer names
    ChatMessageView* view;
    ChatFindBar* find;
    ChatComposer* composer;
    ChatParameters* parameters;
    QShortcut* escape; ///< stops the answer, else ends finding

private:
    void layOut(ChatPage& page);
};

} // namespace hearth::gui
