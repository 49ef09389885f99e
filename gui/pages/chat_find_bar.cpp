#include "gui/pages/chat_find_bar.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

#include "gui/models/message_list_model.h"
#include "gui/pages/chat_message_view.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kNumbers = 96;   ///< px at scale 1: the field does not move while the numbers change
constexpr qint64 kAround = 20; ///< messages read in front of a match far up

} // namespace

ChatFindBar::ChatFindBar(Theme& theme, HistoryBridge& history, MessageListModel& messages,
                         ChatMessageView& view, QWidget* parent)
    : Ground(theme, ColourRole::SideList, parent), m_theme(theme), m_messages(messages), m_view(view),
      m_search(history, messages), m_field(new SearchField(theme)),
      m_numbers(new NumberLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_previous(new IconButton(theme, QStringLiteral("chevron-up"), {})),
      m_next(new IconButton(theme, QStringLiteral("chevron-down"), {})),
      m_close(new IconButton(theme, QStringLiteral("close"), {})) {
    hide();
    auto* row = new QHBoxLayout;
    row->setContentsMargins(theme.space(6), theme.space(2), theme.space(2), theme.space(2));
    row->setSpacing(theme.space(1));
    row->addWidget(m_field, 1);
    row->addSpacing(theme.space(1));
    for (QWidget* widget : std::initializer_list<QWidget*>{m_numbers, m_previous, m_next, m_close})
        row->addWidget(widget);
    setLayout(row);
    const auto fit = [this, &theme] { m_numbers->setFixedWidth(theme.px(kNumbers)); };
    connect(&theme, &Theme::changed, this, fit);
    fit();

    m_field->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString& words) {
        const auto current = m_search.current();
        const qint64 here = current ? current->index : m_messages.firstIndex() + m_view.topRow();
        m_search.setQuery(words, m_begin.value_or(here));
        showNumbers();
    });
    connect(m_previous, &QToolButton::clicked, &m_search, &ChatSearch::previous);
    connect(m_next, &QToolButton::clicked, &m_search, &ChatSearch::next);
    connect(m_close, &QToolButton::clicked, this, &ChatFindBar::close);
    connect(&m_search, &ChatSearch::changed, this, [this] {
        const auto current = m_search.current().value_or(ChatSearch::Match{});
        m_view.setFind(m_search.needle(), current.message, current.message ? current.inMessage : -1);
        showNumbers();
    });
    connect(&m_search, &ChatSearch::currentChosen, this, &ChatFindBar::goThere);
    connect(&m_search, &ChatSearch::failed, this, &ChatFindBar::failed);
    connect(&messages, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_going)
            goThere();
    });
    connect(&messages, &QAbstractItemModel::modelReset, this, &ChatFindBar::close); // another chat
    retranslate();
}

void ChatFindBar::open(const QString& words) {
    show();
    if (!words.isEmpty())
        m_field->setText(words);
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    Q_EMIT opened();
}

void ChatFindBar::openAt(const QString& words, qint64 index) {
    show();
    m_field->clear(); // the same words may be looked for at another place
    m_begin = index;
    m_field->setText(words);
    m_begin.reset();
    Q_EMIT opened();
}

void ChatFindBar::close() {
    m_going = false;
    if (isHidden())
        return;
    const bool hadKeyboard = isAncestorOf(QApplication::focusWidget());
    m_field->clear(); // ends the search
    hide();
    Q_EMIT closed(hadKeyboard);
}

void ChatFindBar::next() {
    if (isHidden())
        open();
    else
        m_search.next();
}

void ChatFindBar::previous() {
    if (isHidden())
        open();
    else
        m_search.previous();
}

void ChatFindBar::goThere() {
    m_going = false;
    const auto current = m_search.current();
    if (!current)
        return;
    if (m_messages.rowOf(current->message) >= 0) {
        m_view.showCurrentMatch();
    } else if (current->index < m_messages.firstIndex()) {
        m_going = true; // a page may be on its way already: when it is there, this comes back
        m_messages.fetchOlderTo(current->index - kAround);
    }
}

void ChatFindBar::showNumbers() {
    const bool asked = !m_search.needle().isEmpty(), found = m_search.total() > 0;
    if (!asked)
        m_numbers->setText({});
    else if (found)
        m_numbers->setText(tr("%1 of %2").arg(m_search.currentNumber()).arg(m_search.total()));
    else
        m_numbers->setText(m_search.isSearching() ? tr("Searching…") : tr("Not found"));
    m_numbers->setColour(asked && !found && !m_search.isSearching() ? ColourRole::CautionText
                                                                    : ColourRole::Muted);
    m_previous->setEnabled(found);
    m_next->setEnabled(found);
    m_field->setAccessibleDescription(m_numbers->text());
}

bool ChatFindBar::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_field &&
        (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride)) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (key->key() != Qt::Key_Escape && !enter)
            return Ground::eventFilter(watched, event);
        event->accept();
        if (event->type() == QEvent::ShortcutOverride)
            return true; // Escape in the field ends finding, and does not stop an answer
        if (!enter)
            close();
        else if (key->modifiers() & Qt::ShiftModifier)
            previous();
        else
            next();
        return true;
    }
    return Ground::eventFilter(watched, event);
}

void ChatFindBar::retranslate() {
    m_field->setHint(tr("Find in this chat…"));
    m_previous->setName(tr("Match before (Shift+Enter)"));
    m_next->setName(tr("Next match (Enter)"));
    m_close->setName(tr("End finding (Esc)"));
    showNumbers();
}

void ChatFindBar::paintEvent(QPaintEvent* event) {
    Ground::paintEvent(event);
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), m_theme.colour(ColourRole::Border));
}

void ChatFindBar::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Ground::changeEvent(event);
}

} // namespace hearth::gui
