#include "gui/pages/chat_message_view.h"

#include <algorithm>
#include <utility>

#include <QApplication>
#include <QScrollBar>

#include "gui/models/message_list_model.h"
#include "gui/widgets/buttons.h"

namespace hearth::gui {

namespace {

constexpr int kTop = 26, kGap = 20, kBottom = 24, kSide = 24; ///< px at scale 1
constexpr int kOverscan = 300; ///< rows this far outside are made already, so that scrolling shows no blanks
constexpr int kOlderWithin = 900; ///< older messages are read when the top is this near
constexpr int kMatchMargin = 40;  ///< a match is not left at the very edge
constexpr int kAtEnd = 4;         ///< as good as at the end

} // namespace

ChatMessageView::ChatMessageView(Theme& theme, CodeHighlighter& highlighter, MessageListModel& model,
                                 QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_highlighter(highlighter), m_model(model),
      m_context([](const store::Message&) { return RowContext{}; }),
      m_jump(new IconButton(theme, QStringLiteral("chevron-down"), {}, ButtonKind::Plain, this)) {
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setAutoFillBackground(false);
    viewport()->setBackgroundRole(QPalette::Window); // labels on it then use the colour for window text
    verticalScrollBar()->setSingleStep(theme.px(22));
    m_jump->hide();
    connect(m_jump, &QToolButton::clicked, this, &ChatMessageView::scrollToEnd);
    connect(&theme, &Theme::changed, this, [this] {
        estimateAll();
        scheduleArrange();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &ChatMessageView::resetRows);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first, int last) {
        std::vector<Row> rows(static_cast<std::size_t>(last - first + 1));
        for (int row = first; row <= last; ++row)
            rows[static_cast<std::size_t>(row - first)].height =
                estimateHeight(*m_model.messageAt(row), m_theme, columnWidth());
        m_rows.insert(m_rows.begin() + first, rows.begin(), rows.end());
        if (first <= m_anchorRow && !m_follow)
            m_anchorRow += last - first + 1; // the same message stays where it is
        arrange();
    });
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) {
                for (int row = first; row <= last; ++row)
                    dropWidget(m_model.messageAt(row)->id);
            });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex&, int first, int last) {
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        m_anchorRow = std::min(m_anchorRow, std::max(0, static_cast<int>(m_rows.size()) - 1));
        scheduleArrange(); // rows in their place may follow at once
    });
    connect(&model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex& last) {
                for (int row = first.row(); row <= last.row(); ++row) {
                    if (auto* widget = rowWidget(m_model.messageAt(row)->id))
                        fill(widget, row);
                    else
                        m_rows[static_cast<std::size_t>(row)] = {
                            estimateHeight(*m_model.messageAt(row), m_theme, columnWidth()), false};
                }
                arrange();
            });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { showFocused(now); });
    retranslate();
    resetRows();
}

ChatMessageView::~ChatMessageView() = default;

void ChatMessageView::setContext(std::function<RowContext(const store::Message&)> context) {
    m_context = std::move(context);
}

int ChatMessageView::columnWidth() const {
    const int room = viewport()->width() - 2 * m_theme.px(kSide);
    return std::max(1, std::min(m_theme.px(metrics::kContentWidth), room));
}

int ChatMessageView::totalHeight() const {
    return m_tops.empty() ? 0 : m_tops.back() - m_theme.px(kGap) + m_theme.px(kBottom);
}

MessageRow* ChatMessageView::rowWidget(store::RowId message) const {
    const auto found = m_widgets.find(message);
    return found == m_widgets.end() ? nullptr : found->second;
}

void ChatMessageView::resetRows() {
    for (auto& [id, widget] : m_widgets)
        widget->deleteLater(), widget->hide();
    m_widgets.clear();
    m_rows.assign(static_cast<std::size_t>(m_model.rowCount()), {});
    m_follow = true;
    m_anchorRow = m_anchorOffset = 0;
    estimateAll();
    arrange();
}

void ChatMessageView::estimateAll() {
    const int width = columnWidth();
    for (std::size_t row = 0; row < m_rows.size(); ++row)
        m_rows[row] = {estimateHeight(*m_model.messageAt(static_cast<int>(row)), m_theme, width), false};
}

void ChatMessageView::fill(MessageRow* widget, int row) {
    const store::Message& message = *m_model.messageAt(row);
    widget->setMessage(message, m_context(message));
    m_rows[static_cast<std::size_t>(row)] = {widget->heightFor(columnWidth()), true};
}

void ChatMessageView::ensureWidget(int row) {
    const store::Message& message = *m_model.messageAt(row);
    if (auto* present = rowWidget(message.id)) {
        Row& known = m_rows[static_cast<std::size_t>(row)];
        if (!known.measured)
            known = {present->heightFor(columnWidth()), true};
        return;
    }
    auto* widget = makeMessageRow(message.role, m_theme, m_highlighter, viewport());
    const auto id = message.id;
    m_widgets[id] = widget;
    connect(widget, &MessageRow::heightChanged, this, [this, id] {
        if (const int at = m_model.rowOf(id); at >= 0)
            m_rows[static_cast<std::size_t>(at)].measured = false;
        arrange();
    });
    connect(widget, &MessageRow::regenerateAsked, this, [this, id] { Q_EMIT regenerateAsked(id); });
    connect(widget, &MessageRow::editAsked, this, [this, id] { editBefore(id); });
    connect(widget, &MessageRow::editSubmitted, this,
            [this, id](const QString& text) { Q_EMIT editSubmitted(id, text); });
    connect(widget, &MessageRow::versionAsked, this, [this, id](int step) { Q_EMIT versionAsked(id, step); });
    connect(widget, &MessageRow::linkAsked, this, &ChatMessageView::linkAsked);
    fill(widget, row);
    if (!m_find.needle.isEmpty())
        markRow(widget);
}

void ChatMessageView::dropWidget(store::RowId message) {
    if (const auto found = m_widgets.find(message); found != m_widgets.end()) {
        found->second->hide();
        found->second->deleteLater(); // it may be the sender of what brought us here
        m_widgets.erase(found);
    }
}

void ChatMessageView::scheduleArrange() {
    if (std::exchange(m_scheduled, true))
        return;
    QMetaObject::invokeMethod(this, &ChatMessageView::arrange, Qt::QueuedConnection);
}

void ChatMessageView::arrange() {
    if (m_arranging || m_rows.size() != static_cast<std::size_t>(m_model.rowCount()))
        return; // between two signals of the model
    m_arranging = true;
    m_scheduled = false;
    const int gap = m_theme.px(kGap), width = columnWidth(), view = viewport()->height();
    const int count = static_cast<int>(m_rows.size());
    if (width != m_width) // heights belong to a width
        estimateAll();
    QScrollBar* bar = verticalScrollBar();
    int value = 0, first = 0, last = -1;
    // Measuring a row can move the others, and so bring new ones into sight; it settles within a few rounds.
    for (int round = 0; round < 6; ++round) {
        m_tops.resize(static_cast<std::size_t>(count) + 1);
        int top = m_theme.px(kTop);
        for (int row = 0; row < count; ++row) {
            m_tops[static_cast<std::size_t>(row)] = top;
            top += m_rows[static_cast<std::size_t>(row)].height + gap;
        }
        m_tops[static_cast<std::size_t>(count)] = top;
        bar->setRange(0, std::max(0, count ? totalHeight() - view : 0));
        bar->setPageStep(view);
        if (m_follow || count == 0)
            value = bar->maximum();
        else
            value = std::clamp(m_tops[static_cast<std::size_t>(std::min(m_anchorRow, count - 1))] +
                                   m_anchorOffset,
                               0, bar->maximum());
        const auto rowAt = [&](int y) {
            const auto found = std::upper_bound(m_tops.begin(), m_tops.end() - 1, y);
            return std::max(0, static_cast<int>(found - m_tops.begin()) - 1);
        };
        first = rowAt(value - kOverscan);
        last = count ? rowAt(value + view + kOverscan) : -1;
        bool moved = false;
        for (int row = first; row <= last; ++row) {
            const int before = m_rows[static_cast<std::size_t>(row)].height;
            ensureWidget(row);
            moved |= before != m_rows[static_cast<std::size_t>(row)].height;
        }
        if (!moved)
            break;
    }
    bar->setValue(value);
    // Centred in the whole view, so that nothing moves when the scroll bar comes.
    const int left = std::max(0, std::min((this->width() - width) / 2, viewport()->width() - width));
    std::vector<store::RowId> gone;
    for (auto& [id, widget] : m_widgets) {
        const int row = m_model.rowOf(id);
        if (row >= first && row <= last) {
            widget->setGeometry(left, m_tops[static_cast<std::size_t>(row)] - value, width,
                                m_rows[static_cast<std::size_t>(row)].height);
            widget->show();
        } else if (row >= 0 && (widget->isEditing() || widget->isAncestorOf(QApplication::focusWidget()))) {
            widget->move(left, -2 * widget->height() - view); // kept with its text, out of sight
        } else {
            gone.push_back(id);
        }
    }
    for (const auto id : gone)
        dropWidget(id);
    m_width = width;
    m_arranging = false;
    rememberAnchor();
    placeJump();
    if (value < kOlderWithin && m_model.canFetchOlder())
        m_model.fetchOlder();
}

void ChatMessageView::rememberAnchor() {
    if (m_rows.empty() || m_tops.empty())
        return;
    const int value = verticalScrollBar()->value();
    const auto found = std::upper_bound(m_tops.begin(), m_tops.end() - 1, value);
    m_anchorRow = std::max(0, static_cast<int>(found - m_tops.begin()) - 1);
    m_anchorOffset = value - m_tops[static_cast<std::size_t>(m_anchorRow)];
}

void ChatMessageView::scrollContentsBy(int, int) {
    if (m_arranging)
        return;
    m_follow = verticalScrollBar()->value() >= verticalScrollBar()->maximum() - kAtEnd;
    rememberAnchor();
    arrange();
}

void ChatMessageView::scrollToEnd() {
    m_follow = true;
    arrange();
}

void ChatMessageView::setFind(const QString& needle, store::RowId message, int match) {
    m_find = {needle, message, match};
    for (auto& [id, widget] : m_widgets)
        markRow(widget);
}

void ChatMessageView::markRow(MessageRow* widget) {
    widget->setFind(m_find.needle, widget->messageId() == m_find.message ? m_find.match : -1);
}

void ChatMessageView::showMessage(store::RowId message) {
    const int row = m_model.rowOf(message);
    if (row < 0)
        return;
    m_follow = false;
    m_anchorRow = row;
    m_anchorOffset = -m_theme.px(kTop);
    arrange();
}

void ChatMessageView::showThoughts(store::RowId message, const QString& needle) {
    showMessage(message);
    MessageRow* widget = rowWidget(message);
    if (!widget)
        return;
    widget->showThoughts(needle);
    refreshRows(); // it is higher now
    showMessage(message);
    const QRect place = widget->showThoughts(needle).translated(widget->pos());
    if (const int over = place.bottom() - (viewport()->height() - m_theme.px(kMatchMargin)); over > 0)
        verticalScrollBar()->setValue(verticalScrollBar()->value() + over);
}

void ChatMessageView::showCurrentMatch() {
    if (m_model.rowOf(m_find.message) < 0)
        return;
    if (!rowWidget(m_find.message))
        showMessage(m_find.message);
    const int view = viewport()->height(), margin = std::min(m_theme.px(kMatchMargin), view / 4);
    // Rows between here and there may turn out higher than was estimated; it settles within a few rounds.
    for (int round = 0; round < 4; ++round) {
        MessageRow* widget = rowWidget(m_find.message);
        if (!widget)
            return;
        const QRect place = widget->showMatch(m_find.match).translated(widget->pos());
        if (place.top() >= margin && place.bottom() <= view - margin)
            return;
        QScrollBar* bar = verticalScrollBar();
        const int before = bar->value();
        bar->setValue(before + place.center().y() - view / 3);
        if (bar->value() == before)
            return; // the first or last lines of all
    }
}

void ChatMessageView::refreshRows() {
    for (auto& [id, widget] : m_widgets)
        if (const int row = m_model.rowOf(id); row >= 0)
            fill(widget, row);
    arrange();
}

void ChatMessageView::editBefore(store::RowId message) {
    for (int row = m_model.rowOf(message); row >= 0; --row) {
        if (m_model.messageAt(row)->role != store::Role::User)
            continue;
        m_follow = false;
        const store::RowId id = m_model.messageAt(row)->id;
        if (!rowWidget(id))
            showMessage(id);
        if (auto* widget = rowWidget(id))
            widget->beginEdit();
        return;
    }
}

void ChatMessageView::showFocused(QWidget* widget) {
    if (!widget || !viewport()->isAncestorOf(widget) || QApplication::mouseButtons() != Qt::NoButton)
        return;
    const QRect place(widget->mapTo(viewport(), QPoint()), widget->size());
    QScrollBar* bar = verticalScrollBar();
    if (place.top() < 0 || place.height() > viewport()->height())
        bar->setValue(bar->value() + place.top() - m_theme.space(4));
    else if (place.bottom() > viewport()->height())
        bar->setValue(bar->value() + place.bottom() - viewport()->height() + m_theme.space(4));
}

void ChatMessageView::placeJump() {
    const bool wanted = !m_follow && !m_rows.empty();
    if (wanted) {
        const QRect area = viewport()->geometry();
        m_jump->move(area.center().x() - m_jump->width() / 2,
                     area.bottom() - m_jump->height() - m_theme.space(2));
        m_jump->raise();
    }
    m_jump->setVisible(wanted);
}

void ChatMessageView::resizeEvent(QResizeEvent*) {
    arrange();
}

void ChatMessageView::retranslate() {
    m_jump->setName(tr("Jump to the newest message"));
    setAccessibleName(tr("Messages"));
}

void ChatMessageView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QAbstractScrollArea::changeEvent(event);
}

} // namespace hearth::gui
