#include "gui/pages/chat_sidebar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QTimer>

#include "gui/delegates/conversation_delegate.h"
#include "gui/models/conversation_list_model.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kSearchDelayMs = 120; ///< typing on does not ask the database for every letter

} // namespace

ChatSidebar::ChatSidebar(Theme& theme, ConversationListModel& model, QWidget* parent)
    : Ground(theme, ColourRole::SideList, parent), m_theme(theme), m_model(model),
      m_search(new SearchField(theme)),
      m_new(new IconButton(theme, QStringLiteral("plus"), {}, ButtonKind::Primary)), m_list(new QListView),
      m_nothing(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_trashButton(new Button(theme, ButtonKind::Ghost)), m_error(new ErrorBox(theme)) {
    m_nothing->setWordWrap(true);
    m_nothing->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
    m_nothing->setMargin(theme.space(4));
    m_list->setModel(&model);
    m_list->setItemDelegate(new ConversationDelegate(theme, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(false);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setResizeMode(QListView::Adjust);
    m_list->installEventFilter(this);

    auto* top = new QHBoxLayout;
    top->setSpacing(theme.px(10));
    top->addWidget(m_search, 1);
    top->addWidget(m_new);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_trashButton);
    bottom->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.px(14), theme.space(3), theme.space(3));
    column->setSpacing(theme.space(1));
    column->addLayout(top);
    column->addWidget(m_error);
    column->addWidget(m_list, 1);
    column->addWidget(m_nothing, 1);
    column->addLayout(bottom);

    auto* delay = new QTimer(this);
    delay->setSingleShot(true);
    delay->setInterval(kSearchDelayMs);
    connect(delay, &QTimer::timeout, this, [this] { m_model.setFilter(m_search->text().trimmed()); });
    connect(m_search, &QLineEdit::textChanged, delay, qOverload<>(&QTimer::start));
    connect(m_new, &QToolButton::clicked, this, &ChatSidebar::newAsked);
    const auto open = [this](const QModelIndex& index) {
        if (!m_trash)
            Q_EMIT openAsked(m_model.idAt(index.row()));
    };
    connect(m_list, &QListView::clicked, this, open);
    connect(m_list, &QListView::activated, this, open);
    connect(m_list, &QListView::customContextMenuRequested, this,
            [this](const QPoint& at) { openMenu(m_list->viewport()->mapToGlobal(at)); });
    connect(m_trashButton, &QPushButton::clicked, this, [this] { showTrash(!m_trash); });
    connect(&model, &ConversationListModel::pageLoaded, this, [this] {
        m_error->clear();
        setCurrent(m_current);
        showEmptiness();
    });
    connect(&model, &ConversationListModel::failed, this,
            [this](const Error& error) { m_error->showError(error); });
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, [this] {
            setCurrent(m_current);
            showEmptiness();
        });
    connect(m_error, &ErrorBox::actionRequested, &model, &ConversationListModel::reload);
    retranslate();
    showEmptiness();
}

void ChatSidebar::retranslate() {
    m_search->setHint(m_trash ? tr("Search the trash…") : tr("Search chats…"));
    m_new->setName(tr("New chat (Ctrl+N)"));
    m_list->setAccessibleName(m_trash ? tr("Chats in the trash") : tr("Chats"));
    m_trashButton->setIconName(m_trash ? QStringLiteral("chevron-left") : QStringLiteral("trash"));
    m_trashButton->setText(m_trash ? tr("Back to the chats") : tr("Trash"));
    m_error->setAction(tr("Try again"));
    showEmptiness();
}

void ChatSidebar::focusSearch() {
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ChatSidebar::setCurrent(qint64 conversation) {
    m_current = conversation;
    const int row = m_trash ? -1 : m_model.rowOf(conversation);
    if (row < 0)
        m_list->selectionModel()->clear();
    else if (m_list->currentIndex().row() != row || !m_list->selectionModel()->isRowSelected(row, {}))
        m_list->selectionModel()->setCurrentIndex(m_model.index(row), QItemSelectionModel::ClearAndSelect);
}

void ChatSidebar::showTrash(bool trash) {
    m_trash = trash;
    m_search->clear();
    m_model.setTrash(trash);
    m_new->setEnabled(!trash);
    retranslate();
}

void ChatSidebar::showEmptiness() {
    const bool empty = m_model.rowCount() == 0 && !m_model.isLoading();
    m_nothing->setText(!m_model.filter().isEmpty() ? tr("No chat has this in its title.")
                       : m_trash                   ? tr("The trash is empty.")
                                                   : tr("Your chats will be listed here."));
    m_nothing->setVisible(empty);
    m_list->setVisible(!empty);
}

void ChatSidebar::withCurrent(const std::function<void(qint64, const QString&)>& act) {
    const QModelIndex index = m_list->currentIndex();
    if (const auto id = m_model.idAt(index.row()); index.isValid() && id)
        act(id, index.data(ConversationListModel::TitleRole).toString());
}

void ChatSidebar::openMenu(const QPoint& global) {
    withCurrent([&](qint64 id, const QString& title) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        if (m_trash) {
            menu->addAction(tr("Restore"), this, [=, this] { Q_EMIT restoreAsked(id, title); });
            menu->addAction(tr("Delete for good…"), this, [=, this] { Q_EMIT purgeAsked(id, title); });
        } else {
            menu->addAction(tr("Rename"), QKeySequence(Qt::Key_F2), this,
                            [this] { m_list->edit(m_list->currentIndex()); });
            menu->addAction(tr("Move to the trash"), QKeySequence(Qt::SHIFT | Qt::Key_Delete), this,
                            [=, this] { Q_EMIT trashAsked(id, title); });
        }
        menu->popup(global);
    });
}

bool ChatSidebar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Delete && key->modifiers() == Qt::ShiftModifier) {
            withCurrent([this](qint64 id, const QString& title) {
                m_trash ? Q_EMIT purgeAsked(id, title) : Q_EMIT trashAsked(id, title);
            });
            return true;
        }
        if (key->key() == Qt::Key_Menu) {
            openMenu(m_list->viewport()->mapToGlobal(m_list->visualRect(m_list->currentIndex()).center()));
            return true;
        }
    }
    return Ground::eventFilter(watched, event);
}

void ChatSidebar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        m_model.refreshPresentation();
    }
    Ground::changeEvent(event);
}

} // namespace hearth::gui
