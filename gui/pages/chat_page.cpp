#include "gui/pages/chat_page.h"

#include <QFileDialog>
#include <QShortcut>
#include <QStackedWidget>
#include <QTextEdit>

#include "gui/models/model_picker_model.h"
#include "gui/models/search_results_model.h"
#include "gui/pages/chat_composer.h"
#include "gui/pages/chat_export.h"
#include "gui/pages/chat_find_bar.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_model_bar.h"
#include "gui/pages/chat_page_parts.h"
#include "gui/pages/chat_parameters.h"
#include "gui/pages/chat_questions.h"
#include "gui/pages/chat_sidebar.h"
#include "gui/pages/guide_links.h"
#include "gui/pages/guide_welcome.h"
#include "gui/widgets/buttons.h"

namespace hearth::gui {

ChatPage::ChatPage(Theme& theme, ChatController& controller, ModelPickerModel& models, QWidget* parent)
    : QWidget(parent), m(std::make_unique<Parts>(theme, controller, models, *this)) {
    connect(&theme, &Theme::changed, this, [this] { m->fit(width()); });
    connectList();
    connectChat();
    connectFind();
    connectPlaces();
    connectModel();
    connectGuide();
    retranslate();
}

ChatPage::~ChatPage() {
    flush();
}

void ChatPage::connectList() {
    connect(m->sidebar, &ChatSidebar::newAsked, this, &ChatPage::newChat);
    connect(m->sidebar, &ChatSidebar::openAsked, this, &ChatPage::openConversation);
    connect(m->sidebar, &ChatSidebar::importAsked, this,
            [this] { askWhatToImport(this, [this](const QString& file) { importChats(file); }); });
    connect(m->sidebar, &ChatSidebar::trashAsked, this, [this](qint64 id, const QString& title) {
        m->conversations.setTrashed(id, true);
        if (id == conversation())
            newChat();
        m->toasts.showUndo(tr("“%1” is in the trash.").arg(title),
                           [this, id] { m->conversations.setTrashed(id, false); });
    });
    connect(m->sidebar, &ChatSidebar::restoreAsked, this, &ChatPage::restore);
    connect(m->sidebar, &ChatSidebar::purgeAsked, this, [this](qint64 id, const QString& title) {
        askToPurge(this, title, [this, id] { m->conversations.purge(id); });
    });
}

void ChatPage::connectChat() {
    ChatDesk& desk = m->desk;
    connect(m->composer, &ChatComposer::sendAsked, this, [this](const QString& text) {
        m->notice->clear();
        m->parameters->flush();
        m->desk.send(text);
    });
    connect(m->composer, &ChatComposer::stopAsked, &m->controller, &ChatController::stop);
    connect(m->composer, &ChatComposer::textEdited, this, [this] { m->desk.setDraft(m->composer->text()); });
    connect(m->composer, &ChatComposer::dropOldestAsked, this, [this] {
        auto params = m->desk.params();
        params.contextPolicy = runtime::ContextPolicy::DropOldest;
        m->desk.setParameters(m->desk.systemPrompt(), params);
        m->parameters->show(m->desk.systemPrompt(), params, m->desk.usual());
    });
    connect(&desk, &ChatDesk::sent, this, [this] {
        m->composer->setText(m->desk.draft());
        m->view->scrollToEnd();
    });
    connect(&desk, &ChatDesk::draftLoaded, m->composer, &ChatComposer::setText);
    connect(&desk, &ChatDesk::conversationShown, this, [this](qint64 id) {
        m->sidebar->setCurrent(id);
        showState();
    });
    connect(&desk, &ChatDesk::leaving, m->parameters, &ChatParameters::leave);
    connect(&desk, &ChatDesk::parametersLoaded, this, [this] {
        m->parameters->flush(); // what is being set in this chat stays
        m->parameters->show(m->desk.systemPrompt(), m->desk.params(), m->desk.usual());
        showMeter();
    });
    connect(&desk, &ChatDesk::meterChanged, this, &ChatPage::showMeter);
    connect(&desk, &ChatDesk::contextsChanged, this, [this] {
        m->view->refreshRows();
        showState();
    });
    connect(&desk, &ChatDesk::refused, this, &ChatPage::showRefusal);
    connect(m->view, &ChatMessageView::regenerateAsked, &desk, &ChatDesk::regenerate);
    connect(m->view, &ChatMessageView::editSubmitted, &desk, &ChatDesk::edit);
    connect(m->view, &ChatMessageView::versionAsked, &desk, &ChatDesk::switchVersion);
    connect(m->view, &ChatMessageView::linkAsked, this,
            [this](const QString& target) { askToOpenLink(this, target); });
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m->messages, signal, this, &ChatPage::showState);
    connect(m->exportButton, &QPushButton::clicked, this, &ChatPage::askExport);
    connect(m->parametersButton, &QPushButton::toggled, this, [this](bool on) {
        m->parameters->setVisible(on);
        m->fit(width());
    });
    connect(m->parameters, &ChatParameters::closeAsked, this,
            [this] { m->parametersButton->setChecked(false); });
    connect(m->parameters, &ChatParameters::changed, this,
            [this] { m->desk.setParameters(m->parameters->systemPrompt(), m->parameters->params()); });
    connect(&m->controller.history(), &HistoryBridge::openFailed, this, &ChatPage::showRefusal);
    connect(&m->controller.history(), &HistoryBridge::writeFailed, this, &ChatPage::showRefusal);

    auto* again = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_R), this);
    again->setContext(Qt::WidgetWithChildrenShortcut);
    connect(again, &QShortcut::activated, this, [this] {
        const auto* last = m->messages.messageAt(m->messages.rowCount() - 1);
        if (last && last->role == store::Role::Assistant && !m->controller.isBusy())
            m->desk.regenerate(last->id);
    });
}

void ChatPage::connectFind() {
    connect(m->find, &ChatFindBar::failed, this, &ChatPage::showRefusal);
    connect(m->find, &ChatFindBar::opened, this, &ChatPage::showState);
    connect(m->find, &ChatFindBar::closed, this, [this](bool hadKeyboard) {
        showState();
        if (hadKeyboard)
            m->composer->focusText();
    });
    connect(m->escape, &QShortcut::activated, this,
            [this] { m->controller.isBusy() ? m->controller.stop() : m->find->close(); });
    connect(&m->controller, &ChatController::busyChanged, this, &ChatPage::showState);
    const auto on = [this](QKeySequence::StandardKey keys, void (ChatPage::*act)()) {
        auto* shortcut = new QShortcut(QKeySequence(keys), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    on(QKeySequence::FindNext, &ChatPage::findNext);
    on(QKeySequence::FindPrevious, &ChatPage::findPrevious);
}

/// From what a search over all chats found to its place.
void ChatPage::connectPlaces() {
    connect(m->sidebar, &ChatSidebar::placeAsked, this, &ChatPage::openPlace);
    connect(&m->desk, &ChatDesk::placeFound, this, [this](qint64 message, qint64 index) {
        if (message != m->goal.message)
            return;
        m->goal.index = index;
        goToPlace();
    });
    connect(&m->desk, &ChatDesk::refused, this, [this] { m->goal = {}; });
    connect(&m->messages, &QAbstractItemModel::rowsInserted, this, &ChatPage::goToPlace);
}

void ChatPage::goToPlace() {
    const Parts::Goal goal = m->goal;
    if (goal.message == 0 || goal.index < 0)
        return;
    const bool marked = !goal.words.isEmpty() && !goal.thoughts; // by the search in the chat
    if (!marked && m->messages.rowOf(goal.message) < 0) {
        m->messages.fetchOlderTo(goal.index); // when they are there, this comes back
        return;
    }
    m->goal = {};
    if (goal.thoughts)
        m->view->showThoughts(goal.message, goal.words);
    else if (!marked)
        m->view->showMessage(goal.message);
    else
        m->find->openAt(goal.words, goal.index);
}

void ChatPage::connectModel() {
    EngineBridge& engine = m->controller.engine();
    connect(m->bar, &ChatModelBar::openAsked, this, &ChatPage::openModel);
    connect(m->bar, &ChatModelBar::chooseFileAsked, this, &ChatPage::chooseModelFile);
    connect(m->firstStep, &QPushButton::clicked, this, &ChatPage::chooseModelFile);
    connect(&engine, &EngineBridge::modelChanged, this, [this] {
        showState();
        showMeter();
        m->desk.recount();
    });
    connect(&engine, &EngineBridge::loaded, this, [this](const workbench::ModelSummary& summary) {
        m->loadError->clear();
        m->notice->clear();
        m->composer->focusText();
        if (m->ownDefaults) {
            const OwnDefaults own = m->ownDefaults(QString::fromStdString(summary.path.string()));
            runtime::GenerationParams usual = own.params.value_or(runtime::GenerationParams{});
            usual.contextPolicy = m->contextPolicy;
            m->desk.setUsual(usual, own.systemPrompt);
        }
        Q_EMIT modelOpened(QString::fromStdString(summary.path.string()));
    });
    connect(&engine, &EngineBridge::loadFailed, this, [this](const QString&, const Error& error) {
        if (error.code == kCancelled)
            return;
        m->loadError->showError(error);
        m->loadError->setAction(tr("Choose another…"));
    });
    connect(m->offer, &ErrorBox::actionRequested, this, &ChatPage::protectionAsked);
    connect(m->offer, &ErrorBox::dismissed, this, [this] {
        m->offering = false;
        Q_EMIT protectionDeclined();
    });
    connect(m->loadError, &ErrorBox::actionRequested, this, &ChatPage::chooseModelFile);
    connect(m->notice, &ErrorBox::actionRequested, this, &ChatPage::chooseModelFile);
}

void ChatPage::connectGuide() {
    connect(m->welcome, &GuideWelcome::asked, this, [this](const QString& question) {
        m->notice->clear();
        m->desk.send(question);
    });
    connect(m->composer, &ChatComposer::textEdited, this, &ChatPage::showState);
    connect(&m->desk, &ChatDesk::draftLoaded, this, &ChatPage::showState);
    connect(m->links, &GuideLinks::pageAsked, this, &ChatPage::pageAsked);
    connect(m->links, &GuideLinks::copied, this,
            [this](const QString& command) { m->toasts.show(tr("“%1” was copied.").arg(command)); });
    // What an answer leads to stands until the next one is asked for, or another chat is on screen.
    connect(&m->controller, &ChatController::busyChanged, this, [this] {
        if (m->controller.isBusy())
            m->links->offer({});
    });
    connect(&m->desk, &ChatDesk::conversationShown, this, [this] { m->links->offer({}); });
    connect(&m->controller, &ChatController::turnEnded, this, [this](qint64 id) {
        if (id == conversation() && m->hasGuide())
            m->links->offer(m->controller.content());
    });
}

void ChatPage::start() {
    m->conversations.reload();
    m->search.build();
    m->desk.openLast();
}

void ChatPage::setDefaults(const runtime::LoadOptions& options, runtime::ContextPolicy policy) {
    m->loadOptions = options;
    m->contextPolicy = policy;
    auto usual = m->desk.usual();
    usual.contextPolicy = policy;
    m->desk.setUsual(usual, m->desk.usualSystemPrompt()); // that is the model's, not the settings'
}

void ChatPage::setOwnDefaults(std::function<OwnDefaults(const QString&)> ask) {
    m->ownDefaults = std::move(ask);
}

void ChatPage::openModel(const QString& path) {
    m->loadError->clear();
    runtime::LoadOptions options = m->loadOptions;
    if (m->ownDefaults) {
        const OwnDefaults own = m->ownDefaults(path);
        if (own.contextTokens)
            options.contextTokens = own.contextTokens;
        options.chatTemplate = own.chatTemplate;
    }
    m->controller.engine().load(path, options);
}

void ChatPage::chooseModelFile() {
    auto* dialog = new QFileDialog(this, tr("Open a model"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("GGUF models (*.gguf)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &ChatPage::openModel);
    dialog->open();
}

void ChatPage::newChat() {
    openConversation(0);
    m->composer->focusText();
}

void ChatPage::openConversation(qint64 conversation) {
    if (conversation != 0 && conversation == m->desk.conversation())
        return;
    m->notice->clear();
    m->goal = {};
    m->desk.open(conversation);
}

void ChatPage::openPlace(const SearchResult& place) {
    if (place.trashed) {
        askToRestore(this, place.title, [this, living = place]() mutable {
            living.trashed = false;
            restore(living.conversation, living.title);
            openPlace(living);
        });
        return;
    }
    if (place.message == 0) {
        openConversation(place.conversation);
        return;
    }
    m->notice->clear();
    m->goal = {place.message, place.needle, place.thoughts, -1};
    m->desk.openAt(place.conversation, place.message);
}

void ChatPage::restore(qint64 conversation, const QString& title) {
    m->conversations.setTrashed(conversation, false);
    m->toasts.show(title.isEmpty() ? tr("The chat is back among your chats.")
                                   : tr("“%1” is back among your chats.").arg(title));
}

qint64 ChatPage::conversation() const {
    return m->desk.conversation();
}

void ChatPage::focusSearch() {
    if (m->sidebar->isHidden())
        m->parametersButton->setChecked(false); // they stand in its place
    m->sidebar->focusSearch();
}

void ChatPage::find() {
    if (m->messages.rowCount() == 0) {
        focusSearch();
        return;
    }
    // Words of one line that are selected in a message are what the person wants to find.
    const auto* text = qobject_cast<QTextEdit*>(QApplication::focusWidget());
    const QString selected =
        text && m->view->isAncestorOf(text) ? text->textCursor().selectedText() : QString();
    m->find->open(selected.contains(QChar(QChar::ParagraphSeparator)) ? QString() : selected);
}

void ChatPage::findNext() {
    if (m->messages.rowCount() > 0)
        m->find->next();
}

void ChatPage::findPrevious() {
    if (m->messages.rowCount() > 0)
        m->find->previous();
}

void ChatPage::flush() {
    m->parameters->flush();
    m->desk.flush();
}

void ChatPage::showState() {
    m->stack->setCurrentWidget(m->messages.rowCount() > 0 ? static_cast<QWidget*>(m->view) : m->empty);
    m->composer->setBusy(m->desk.isAnswering());
    m->exportButton->setEnabled(m->desk.conversation() != 0);
    m->escape->setEnabled(m->controller.isBusy() || !m->find->isHidden());
    m->parameters->setGuide(m->hasGuide());
    m->describeEmptiness();
}

void ChatPage::showMeter() {
    const auto& model = m->controller.engine().model();
    m->composer->setMeter({m->desk.usedTokens(), model ? static_cast<qint64>(model->contextTokens) : 0,
                           m->desk.params().contextPolicy == runtime::ContextPolicy::DropOldest});
}

void ChatPage::showRefusal(const Error& error) {
    m->notice->showError(error);
    m->notice->setAction(error.code == "workbench.no_model" || error.code == "guide.missing"
                             ? tr("Open a model…")
                             : QString());
}

void ChatPage::offerProtection() {
    m->offering = true;
    showOffer();
}

void ChatPage::showOffer() {
    if (!m->offering)
        return;
    m->offer->showText(ErrorBox::Severity::Info, tr("Your chats are not protected yet"),
                       tr("Everybody who can use this account of the computer can read them. A password "
                          "encrypts them; it can be set at any time in the settings."));
    m->offer->setAction(tr("Protect my chats…"));
}

void ChatPage::retranslate() {
    m->retranslate(width());
    showOffer();
    showState();
}

void ChatPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ChatPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m->fit(width());
}

void ChatPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!focusWidget())
        m->composer->focusText();
}

} // namespace hearth::gui
