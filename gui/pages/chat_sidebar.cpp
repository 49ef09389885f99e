#include "gui/pages/chat_sidebar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QMenu>
#include <QTimer>

#include "gui/delegates/conversation_delegate.h"
#include "gui/delegates/search_result_delegate.h"
#include "gui/models/conversation_list_model.h"
#include "gui/pages/history_search.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kSearchDelayMs = 120; ///< typing on does not ask the database for every letter
constexpr int kIndent = 10;         ///< px at scale 1: where the words of the rows begin

void dress(QListView* list) {
    list->setFrameShape(QFrame::NoFrame);
    list->setMouseTracking(true);
    list->setUniformItemSizes(false);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setSelectionMode(QAbstractItemView::SingleSelection);
    list->setResizeMode(QListView::Adjust);
}

} // namespace

ChatSidebar::ChatSidebar(Theme& theme, ConversationListModel& model, HistorySearch& search, QWidget* parent)
    : Ground(theme, ColourRole::SideList, parent), m_theme(theme), m_model(model), m_finder(search),
      m_results(new SearchResultsModel(this)), m_search(new SearchField(theme)),
      m_new(new IconButton(theme, QStringLiteral("plus"), {}, ButtonKind::Primary)),
      m_import(new IconButton(theme, QStringLiteral("import"), {})), m_list(new QListView),
      m_places(new QListView), m_state(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_nothing(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_trashButton(new Button(theme, ButtonKind::Ghost)), m_error(new ErrorBox(theme)) {
    m_search->setObjectName(QStringLiteral("chatSearch"));
    m_places->setObjectName(QStringLiteral("chatPlaces"));
    m_state->setObjectName(QStringLiteral("chatSearchState"));
    m_import->setObjectName(QStringLiteral("chatImport"));
    m_nothing->setWordWrap(true);
    m_nothing->setAlignment(Qt::AlignTop | Qt::AlignHCenter);
    m_nothing->setMargin(theme.space(4));
    m_state->setWordWrap(true);
    m_state->setIndent(theme.px(kIndent));
    dress(m_list);
    m_list->setModel(&model);
    m_list->setItemDelegate(new ConversationDelegate(theme, m_list));
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->installEventFilter(this);
    dress(m_places);
    m_places->setModel(m_results);
    m_places->setItemDelegate(new SearchResultDelegate(theme, m_places));
    m_places->installEventFilter(this);
    m_search->installEventFilter(this);
    layOut();
    connectSearch();

    connect(m_new, &QToolButton::clicked, this, &ChatSidebar::newAsked);
    connect(m_import, &QToolButton::clicked, this, &ChatSidebar::importAsked);
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
        showList();
    });
    connect(&model, &ConversationListModel::failed, this,
            [this](const Error& error) { m_error->showError(error); });
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, [this] {
            setCurrent(m_current);
            showList();
        });
    connect(m_error, &ErrorBox::actionRequested, this, [this] {
        m_error->clear();
        m_model.reload();
        m_finder.build();
    });
    retranslate();
}

void ChatSidebar::layOut() {
    auto* top = new QHBoxLayout;
    top->setSpacing(m_theme.px(10));
    top->addWidget(m_search, 1);
    top->addWidget(m_new);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_trashButton);
    bottom->addStretch(1);
    bottom->addWidget(m_import);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(m_theme.space(3), m_theme.px(14), m_theme.space(3), m_theme.space(3));
    column->setSpacing(m_theme.space(1));
    column->addLayout(top);
    column->addWidget(m_error);
    column->addWidget(m_state);
    column->addWidget(m_list, 1);
    column->addWidget(m_places, 1);
    column->addWidget(m_nothing, 1);
    column->addLayout(bottom);
}

void ChatSidebar::connectSearch() {
    auto* delay = new QTimer(this);
    delay->setSingleShot(true);
    delay->setInterval(kSearchDelayMs);
    connect(delay, &QTimer::timeout, this, [this] {
        const QString words = m_search->text().trimmed();
        m_model.setFilter(m_trash ? words : QString());
        if (const QString query = m_trash ? QString() : words; query != m_finder.query()) {
            m_found = m_more = false;
            if (query.isEmpty())
                m_results->setResults({});
            m_finder.setQuery(query);
        }
        showList();
    });
    connect(m_search, &QLineEdit::textChanged, delay, qOverload<>(&QTimer::start));
    connect(&m_finder, &HistorySearch::found, this,
            [this](const std::vector<SearchResult>& results, bool more) {
                const auto* before = m_results->at(m_places->currentIndex().row());
                const auto place = before ? std::pair(before->conversation, before->message)
                                          : std::pair<store::RowId, store::RowId>();
                m_found = true;
                m_more = more;
                m_results->setResults(results);
                if (const int row = m_results->rowOf(place.first, place.second); before && row >= 0)
                    m_places->setCurrentIndex(m_results->index(row));
                showList();
            });
    connect(&m_finder, &HistorySearch::buildingChanged, this, &ChatSidebar::showList);
    connect(&m_finder, &HistorySearch::failed, this, [this](const Error& error) {
        if (isSearching())
            m_error->showError(error);
    });
    connect(m_places, &QListView::clicked, this, &ChatSidebar::openPlace);
    connect(m_places, &QListView::activated, this, &ChatSidebar::openPlace);
}

void ChatSidebar::retranslate() {
    m_search->setHint(m_trash ? tr("Search the trash…") : tr("Search chats…"));
    m_new->setName(tr("New chat (Ctrl+N)"));
    m_import->setName(tr("Import chats from a file…"));
    m_list->setAccessibleName(m_trash ? tr("Chats in the trash") : tr("Chats"));
    m_places->setAccessibleName(tr("Places that were found"));
    m_trashButton->setIconName(m_trash ? QStringLiteral("chevron-left") : QStringLiteral("trash"));
    m_trashButton->setText(m_trash ? tr("Back to the chats") : tr("Trash"));
    m_error->setAction(tr("Try again"));
    showList();
}

void ChatSidebar::setImportAllowed(bool allowed) {
    m_import->setVisible(allowed);
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

bool ChatSidebar::isSearching() const {
    return !m_trash && !m_finder.query().isEmpty();
}

void ChatSidebar::showList() {
    const bool searching = isSearching(), places = m_results->rowCount() > 0;
    const bool empty = m_model.rowCount() == 0 && !m_model.isLoading();
    if (searching && m_finder.isBuilding())
        m_state->setText(tr("Still reading your chats: %n message(s) so far.", nullptr,
                            static_cast<int>(m_finder.messagesRead())));
    else if (searching && places)
        m_state->setText(m_more ? tr("The newest %n place(s):", nullptr, m_results->rowCount())
                                : tr("%n place(s):", nullptr, m_results->rowCount()));
    else
        m_state->clear();
    m_nothing->setText(searching                     ? tr("No chat has these words.")
                       : !m_model.filter().isEmpty() ? tr("No chat has this in its title.")
                       : m_trash                     ? tr("The trash is empty.")
                                                     : tr("Your chats will be listed here."));
    m_state->setVisible(!m_state->text().isEmpty());
    m_nothing->setVisible(searching ? m_found && !places && !m_finder.isBuilding() : empty);
    m_list->setVisible(!searching && !empty);
    m_places->setVisible(searching && !m_nothing->isVisibleTo(this));
}

void ChatSidebar::openPlace(const QModelIndex& index) {
    if (const SearchResult* place = m_results->at(index.row()))
        Q_EMIT placeAsked(SearchResult(*place)); // the list may change meanwhile
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

/// From the field into the list of places, and to the first one at once.
bool ChatSidebar::keyInSearch(int key) {
    if (!isSearching() || m_results->rowCount() == 0)
        return false;
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (key != Qt::Key_Down && !enter)
        return false;
    if (!m_places->currentIndex().isValid())
        m_places->setCurrentIndex(m_results->index(0));
    m_places->setFocus(Qt::ShortcutFocusReason);
    if (enter)
        openPlace(m_places->currentIndex());
    return true;
}

bool ChatSidebar::keyInPlaces(int key) {
    if (key == Qt::Key_Return || key == Qt::Key_Enter)
        openPlace(m_places->currentIndex());
    else if (key == Qt::Key_Up && m_places->currentIndex().row() <= 0)
        m_search->setFocus(Qt::ShortcutFocusReason);
    else
        return false;
    return true;
}

bool ChatSidebar::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress && (watched == m_search || watched == m_places)) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->modifiers() & ~Qt::KeypadModifier)
            return Ground::eventFilter(watched, event);
        if (watched == m_search ? keyInSearch(key->key()) : keyInPlaces(key->key()))
            return true;
    }
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
        m_places->viewport()->update();
    }
    Ground::changeEvent(event);
}

} // namespace hearth::gui
