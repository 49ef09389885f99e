#include "gui/pages/chat_page.h"

#include <filesystem>
#include <span>

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QUrl>

#include "engine/base/atomic_file.h"
#include "gui/delegates/code_highlighter.h"
#include "gui/models/conversation_list_model.h"
#include "gui/models/message_list_model.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_composer.h"
#include "gui/pages/chat_desk.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_model_bar.h"
#include "gui/pages/chat_parameters.h"
#include "gui/pages/chat_sidebar.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kBottom = 20, kSide = 24, kNarrowest = 240; ///< px at scale 1
constexpr int kNarrowPage = 900, kNarrowList = 190; ///< below this width words become icons, px at scale 1

/// A widget of at most the reading column's width, centred.
QHBoxLayout* centred(QWidget* widget) {
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(widget, 1000);
    row->addStretch(1);
    return row;
}

} // namespace

struct ChatPage::Parts {
    Parts(Theme& theme_, ChatController& controller_, ModelPickerModel& models_, ChatPage& page)
        : theme(theme_), controller(controller_), models(models_), conversations(controller_.history()),
          messages(controller_.history()), desk(controller_, messages), toasts(theme_, &page) {}

    Theme& theme;
    ChatController& controller;
    ModelPickerModel& models;
    CodeHighlighter highlighter;
    ConversationListModel conversations;
    MessageListModel messages;
    ChatDesk desk;
    ToastHost toasts;
    runtime::LoadOptions loadOptions;

    ChatSidebar* sidebar = nullptr;
    ChatModelBar* bar = nullptr;
    Button *parametersButton = nullptr, *exportButton = nullptr;
    ErrorBox *loadError = nullptr, *notice = nullptr;
    QStackedWidget* stack = nullptr;
    EmptyState* empty = nullptr;
    Button* firstStep = nullptr;
    ChatMessageView* view = nullptr;
    ChatComposer* composer = nullptr;
    ChatParameters* parameters = nullptr;
    QString failedModel;
};

ChatPage::ChatPage(Theme& theme, ChatController& controller, ModelPickerModel& models, QWidget* parent)
    : QWidget(parent), m(std::make_unique<Parts>(theme, controller, models, *this)) {
    build();
    connectList();
    connectChat();
    connectModel();
    retranslate();
    showState();
}

ChatPage::~ChatPage() {
    flush();
}

void ChatPage::build() {
    Theme& theme = m->theme;
    m->sidebar = new ChatSidebar(theme, m->conversations);
    m->bar = new ChatModelBar(theme, m->controller.engine(), m->models);
    m->parametersButton = new Button(theme, ButtonKind::Plain);
    m->parametersButton->setCheckable(true);
    m->exportButton = new Button(theme, ButtonKind::Plain);
    m->bar->actions()->addWidget(m->parametersButton);
    m->bar->actions()->addWidget(m->exportButton);
    m->loadError = new ErrorBox(theme);
    m->loadError->setDismissable(true);
    m->notice = new ErrorBox(theme);
    m->notice->setDismissable(true);
    m->view = new ChatMessageView(theme, m->highlighter, m->messages);
    m->view->setContext(
        [desk = &m->desk](const store::Message& message) { return desk->contextOf(message); });
    m->empty = new EmptyState(theme, QStringLiteral("flame"));
    m->firstStep = new Button(theme, ButtonKind::Primary);
    m->empty->actions()->addWidget(m->firstStep, 0, Qt::AlignHCenter);
    m->stack = new QStackedWidget;
    m->stack->setMinimumWidth(theme.px(kNarrowest)); // less than its words ask for: the window decides
    m->stack->addWidget(m->empty);
    m->stack->addWidget(m->view);
    m->composer = new ChatComposer(theme);
    m->parameters = new ChatParameters(theme);
    m->parameters->hide();

    auto* content = new QVBoxLayout;
    content->setContentsMargins(0, 0, 0, theme.px(kBottom));
    content->setSpacing(theme.space(2));
    auto* top = centred(m->loadError);
    top->setContentsMargins(theme.px(kSide), theme.space(2), theme.px(kSide), 0);
    content->addLayout(top);
    content->addWidget(m->stack, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m->notice, m->composer}) {
        auto* row = centred(widget);
        row->setContentsMargins(theme.px(kSide), 0, theme.px(kSide), 0);
        content->addLayout(row);
    }
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addLayout(content, 1);
    middle->addWidget(m->parameters);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m->bar);
    right->addLayout(middle, 1);
    auto* whole = new QHBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addWidget(m->sidebar);
    whole->addWidget(new Divider(theme, Qt::Vertical));
    whole->addLayout(right, 1);

    m->parametersButton->setCheckable(true);
    connect(&theme, &Theme::changed, this, &ChatPage::fit);
}

/// Sizes that depend on the theme, and on how much room there is.
void ChatPage::fit() {
    Theme& theme = m->theme;
    const bool narrow = width() < theme.px(kNarrowPage);
    m->sidebar->setFixedWidth(theme.px(narrow ? kNarrowList : metrics::kSideListWidth));
    const int column = theme.px(metrics::kContentWidth);
    m->composer->setMaximumWidth(column + 2 * theme.px(kBottom));
    m->loadError->setMaximumWidth(column);
    m->notice->setMaximumWidth(column);
    const auto show = [narrow](Button* button, const QString& word, const char* icon) {
        button->setText(narrow ? QString() : word);
        button->setIconName(narrow ? QString::fromLatin1(icon) : QString());
        button->setToolTip(narrow ? word : QString());
    };
    show(m->parametersButton, tr("Parameters"), "sliders");
    show(m->exportButton, tr("Export"), "export");
}

void ChatPage::connectList() {
    connect(m->sidebar, &ChatSidebar::newAsked, this, &ChatPage::newChat);
    connect(m->sidebar, &ChatSidebar::openAsked, this, &ChatPage::openConversation);
    connect(m->sidebar, &ChatSidebar::trashAsked, this, [this](qint64 id, const QString& title) {
        m->conversations.setTrashed(id, true);
        if (id == conversation())
            newChat();
        m->toasts.showUndo(tr("“%1” is in the trash.").arg(title),
                           [this, id] { m->conversations.setTrashed(id, false); });
    });
    connect(m->sidebar, &ChatSidebar::restoreAsked, this, [this](qint64 id, const QString& title) {
        m->conversations.setTrashed(id, false);
        m->toasts.show(tr("“%1” is back among your chats.").arg(title));
    });
    connect(m->sidebar, &ChatSidebar::purgeAsked, this, &ChatPage::askPurge);
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
        m->composer->setText({});
        m->view->scrollToEnd();
    });
    connect(&desk, &ChatDesk::draftLoaded, m->composer, &ChatComposer::setText);
    connect(&desk, &ChatDesk::conversationShown, this, [this](qint64 id) {
        m->sidebar->setCurrent(id);
        showState();
    });
    connect(&desk, &ChatDesk::parametersLoaded, this, [this] {
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
    connect(m->view, &ChatMessageView::linkAsked, this, &ChatPage::askLink);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m->messages, signal, this, &ChatPage::showState);
    connect(m->exportButton, &QPushButton::clicked, this, &ChatPage::askExport);
    connect(m->parametersButton, &QPushButton::toggled, m->parameters, &QWidget::setVisible);
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
    auto* stop = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    stop->setContext(Qt::WidgetWithChildrenShortcut);
    stop->setEnabled(false);
    connect(stop, &QShortcut::activated, &m->controller, &ChatController::stop);
    connect(&m->controller, &ChatController::busyChanged, stop,
            [this, stop] { stop->setEnabled(m->controller.isBusy()); });
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
        Q_EMIT modelOpened(QString::fromStdString(summary.path.string()));
    });
    connect(&engine, &EngineBridge::loadFailed, this, [this](const QString& path, const Error& error) {
        if (error.code == kCancelled)
            return;
        m->failedModel = path;
        m->loadError->showError(error);
        m->loadError->setAction(tr("Choose another…"));
    });
    connect(m->loadError, &ErrorBox::actionRequested, this, &ChatPage::chooseModelFile);
    connect(m->notice, &ErrorBox::actionRequested, this, &ChatPage::chooseModelFile);
}

void ChatPage::start() {
    m->conversations.reload();
    m->desk.openLast();
}

void ChatPage::setDefaults(const runtime::LoadOptions& options, runtime::ContextPolicy policy) {
    m->loadOptions = options;
    auto usual = m->desk.usual();
    usual.contextPolicy = policy;
    m->desk.setUsual(usual);
}

void ChatPage::openModel(const QString& path) {
    m->loadError->clear();
    m->controller.engine().load(path, m->loadOptions);
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
    m->parameters->flush();
    m->notice->clear();
    m->desk.open(conversation);
}

qint64 ChatPage::conversation() const {
    return m->desk.conversation();
}

void ChatPage::focusSearch() {
    m->sidebar->focusSearch();
}

void ChatPage::flush() {
    m->parameters->flush();
    m->desk.flush();
}

void ChatPage::showState() {
    const bool hasModel = m->controller.engine().model().has_value(),
               loading = m->controller.engine().isLoading();
    m->stack->setCurrentWidget(m->messages.rowCount() > 0 ? static_cast<QWidget*>(m->view) : m->empty);
    m->composer->setBusy(m->desk.isAnswering());
    m->exportButton->setEnabled(m->desk.conversation() != 0);
    m->firstStep->setVisible(!hasModel && !loading);
    m->empty->setTexts(tr("Talk with a model on your own machine"),
                       loading ? tr("The model is being loaded. You can write your first message meanwhile.")
                       : hasModel
                           ? tr("Write your first message below. Nothing of it leaves this computer.")
                           : tr("Open a model file (GGUF), or drop one anywhere on this window. Nothing that "
                                "you write leaves this computer."));
}

void ChatPage::showMeter() {
    const auto& model = m->controller.engine().model();
    m->composer->setMeter({m->desk.usedTokens(), model ? static_cast<qint64>(model->contextTokens) : 0,
                           m->desk.params().contextPolicy == runtime::ContextPolicy::DropOldest});
}

void ChatPage::showRefusal(const Error& error) {
    m->notice->showError(error);
    m->notice->setAction(error.code == "workbench.no_model" ? tr("Open a model…") : QString());
}

void ChatPage::askExport() {
    const QStringList filters{tr("Markdown, what is on screen (*.md)"),
                              tr("Plain text, what is on screen (*.txt)"),
                              tr("JSON, everything with all versions (*.json)")};
    auto* dialog = new QFileDialog(this, tr("Export this chat"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QStringLiteral("md"));
    static const QStringList suffixes{QStringLiteral("md"), QStringLiteral("txt"), QStringLiteral("json")};
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, filters](const QString& filter) {
        dialog->setDefaultSuffix(suffixes.value(filters.indexOf(filter)));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        const QString suffix = QFileInfo(file).suffix().toLower();
        exportTo(file, suffix == QLatin1String("json")  ? store::ExportFormat::Json
                       : suffix == QLatin1String("txt") ? store::ExportFormat::PlainText
                                                        : store::ExportFormat::Markdown);
    });
    dialog->open();
}

void ChatPage::exportTo(const QString& file, store::ExportFormat format) {
    m->controller.history().request(
        this,
        [file, format, id = conversation()](workbench::ChatHistory& history) -> Result<void> {
            HEARTH_TRY(auto out, AtomicFile::create(std::filesystem::path(file.toStdU16String())));
            HEARTH_CHECK(store::exportConversations(history.store(), id, format, [&](std::string_view text) {
                return out.write(std::as_bytes(std::span(text)));
            }));
            return out.commit();
        },
        [this, file](const Result<void>& written) {
            if (written)
                m->toasts.show(tr("The chat was written to %1.").arg(QFileInfo(file).fileName()));
            else
                showRefusal(written.error());
        });
}

void ChatPage::askPurge(qint64 id, const QString& title) {
    auto* box = new QMessageBox(QMessageBox::Question, tr("Delete for good"),
                                tr("Delete “%1” with all its messages? This cannot be undone.").arg(title),
                                QMessageBox::Cancel, this);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    auto* erase = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    connect(erase, &QAbstractButton::clicked, this, [this, id] { m->conversations.purge(id); });
    box->open();
}

/// Nothing opens by itself: the whole address is shown first, and only web and mail addresses can be opened.
void ChatPage::askLink(const QString& target) {
    const QUrl url(target, QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    const bool opens =
        url.isValid() && (scheme == QLatin1String("https") || scheme == QLatin1String("http") ||
                          scheme == QLatin1String("mailto"));
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Open this link?"),
                        opens ? tr("The model wrote a link to this address. Opening it leaves Hearth:")
                              : tr("The model wrote a link that Hearth does not open:"),
                        QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("linkQuestion"));
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(target);
    box->setAttribute(Qt::WA_DeleteOnClose);
    if (opens) {
        auto* open = box->addButton(tr("Open in browser"), QMessageBox::AcceptRole);
        connect(open, &QAbstractButton::clicked, this, [url] { QDesktopServices::openUrl(url); });
    }
    box->setDefaultButton(QMessageBox::Cancel);
    box->open();
}

void ChatPage::retranslate() {
    m->parametersButton->setAccessibleName(tr("Parameters of this chat"));
    m->exportButton->setAccessibleName(tr("Export this chat to a file"));
    m->firstStep->setText(tr("Open a model…"));
    fit();
    showState();
}

void ChatPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ChatPage::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fit();
}

void ChatPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (!focusWidget())
        m->composer->focusText();
}

} // namespace hearth::gui
