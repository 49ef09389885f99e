#include "gui/delegates/library_delegate.h"

#include <QApplication>
#include <QPainter>

#include "gui/delegates/fit_colours.h"
#include "gui/models/library_model.h"
#include "gui/theme/tabular.h"

namespace hearth::gui {

namespace {

constexpr int kRowHeight = 40, kCardWidth = 258, kCardHeight = 184; ///< px at scale 1

FitColours verdictColours(const QModelIndex& index) {
    const auto state = static_cast<workbench::FileState>(index.data(LibraryModel::StateRole).toInt());
    const bool usable = state != workbench::FileState::Missing && state != workbench::FileState::Changed &&
                        index.data(LibraryModel::RunnableRole).toBool();
    if (usable && index.data(LibraryModel::FitRole).toInt() < 0)
        return {ColourRole::Chip, ColourRole::MutedStrong}; // nothing is known about how it fits
    return coloursOf(usable ? static_cast<hardware::Fit>(index.data(LibraryModel::FitRole).toInt())
                            : hardware::Fit::DoesNotFit);
}

} // namespace

LibraryDelegate::LibraryDelegate(Theme& theme, Shape shape, QObject* parent)
    : ThemedDelegate(theme, parent), m_shape(shape) {}

QSize LibraryDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    if (m_shape == Shape::CardShape)
        return {m_theme.px(kCardWidth), m_theme.px(kCardHeight)};
    const QFontMetrics metrics(m_theme.font(TextRole::Body));
    return {metrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + m_theme.space(8),
            m_theme.px(kRowHeight)};
}

int LibraryDelegate::paintVerdict(QPainter& painter, const QRect& room, const QModelIndex& index) const {
    const QString word = index.data(Qt::DisplayRole).toString();
    if (word.isEmpty())
        return 0;
    const FitColours colours = verdictColours(index);
    painter.setFont(m_theme.font(TextRole::Small));
    const QFontMetrics metrics(painter.font());
    const int height = metrics.height() + m_theme.space(1);
    const int width = std::min(room.width(), metrics.horizontalAdvance(word) + m_theme.space(5));
    const QRectF chip(room.left(), room.center().y() - height / 2.0, width, height);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(colours.ground));
    painter.drawRoundedRect(chip, height / 2.0, height / 2.0);
    painter.setPen(m_theme.colour(colours.ink));
    painter.drawText(chip, Qt::AlignCenter,
                     metrics.elidedText(word, Qt::ElideRight, width - m_theme.space(2)));
    return width;
}

void LibraryDelegate::paintCell(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
    const auto* rows = qobject_cast<const LibraryFilterModel*>(index.model());
    const bool selected = option.state & QStyle::State_Selected;
    if (selected || isRowUnderPointer(option))
        painter.fillRect(option.rect, m_theme.colour(selected ? ColourRole::AccentSoft : ColourRole::Hover));
    painter.fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                     m_theme.colour(ColourRole::Border));
    drawRowRing(painter, option, index);
    const QRect room = option.rect.adjusted(m_theme.space(2), 0, -m_theme.space(2), 0); // as the headings
    const int column = index.column();
    if (column == LibraryModel::Fit) {
        paintVerdict(painter, room, index);
        return;
    }
    if (column == LibraryModel::Name && rows && !rows->beginsModel(index.row()))
        return; // the name stands above
    const QString word = index.data(Qt::DisplayRole).toString();
    const auto state = static_cast<workbench::FileState>(index.data(LibraryModel::StateRole).toInt());
    const bool aside = column == LibraryModel::Source || column == LibraryModel::Licence;
    painter.setFont(m_theme.font(column == LibraryModel::Name ? TextRole::Strong
                                 : aside                      ? TextRole::Small
                                                              : TextRole::Body));
    painter.setPen(m_theme.colour(aside || state == workbench::FileState::Missing
                                      ? (selected ? ColourRole::MutedStrong : ColourRole::Muted)
                                      : ColourRole::Text));
    const QFontMetricsF metrics(painter.font());
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    if (alignment & Qt::AlignRight) {
        drawTabular(painter,
                    {room.right() - tabularWidth(metrics, word),
                     room.center().y() + (metrics.ascent() - metrics.descent()) / 2},
                    word);
        return;
    }
    painter.drawText(room, int(alignment),
                     painter.fontMetrics().elidedText(word, Qt::ElideRight, room.width()));
}

void LibraryDelegate::paintCard(QPainter& painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
    const bool selected = option.state & QStyle::State_Selected;
    const bool focused = (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Active);
    const int gap = m_theme.space(1);
    const QRectF card = QRectF(option.rect).adjusted(gap + 0.5, gap + 0.5, -gap - 0.5, -gap - 0.5);
    painter.setPen(
        QPen(m_theme.colour(focused ? ColourRole::Accent : ColourRole::Border), focused ? m_theme.px(2) : 1));
    painter.setBrush(m_theme.colour(selected                                 ? ColourRole::AccentSoft
                                    : option.state & QStyle::State_MouseOver ? ColourRole::Hover
                                                                             : ColourRole::Surface));
    const ColourRole faded = selected ? ColourRole::MutedStrong : ColourRole::Muted;
    painter.drawRoundedRect(card, m_theme.radius(Radius::Card), m_theme.radius(Radius::Card));
    const int edge = m_theme.space(4);
    QRect room = card.toRect().adjusted(edge, edge - gap, -edge, -edge + gap);
    const auto cell = [&](int column) { return index.siblingAtColumn(column); };
    const auto word = [&](int column) {
        const QString text = cell(column).data().toString();
        return text == LibraryModel::unknown() ? QString() : text;
    };
    const auto joined = [](QStringList words) {
        words.removeAll(QString());
        return words.join(QStringLiteral(" · "));
    };
    const auto line = [&](TextRole role, ColourRole colour, const QString& text) {
        painter.setFont(m_theme.font(role));
        painter.setPen(m_theme.colour(colour));
        const int height = painter.fontMetrics().height();
        painter.drawText(QRect(room.left(), room.top(), room.width(), height),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
        room.setTop(room.top() + height + m_theme.px(3));
    };
    const QString memory = word(LibraryModel::Memory), context = word(LibraryModel::Context);
    line(TextRole::Strong, ColourRole::Text, word(LibraryModel::Name));
    line(TextRole::Small, ColourRole::MutedStrong,
         joined({word(LibraryModel::Version), word(LibraryModel::Family), word(LibraryModel::Parameters)}));
    line(TextRole::Small, ColourRole::MutedStrong,
         joined({word(LibraryModel::Size),
                 memory.isEmpty() ? QString() : tr("needs %1 of memory").arg(memory)}));
    line(TextRole::Small, ColourRole::MutedStrong,
         joined({context.isEmpty() ? QString() : tr("context %1").arg(context), word(LibraryModel::Speed)}));
    line(TextRole::Small, faded, joined({word(LibraryModel::Licence), word(LibraryModel::Source)}));
    const int height = QFontMetrics(m_theme.font(TextRole::Small)).height() + m_theme.space(1);
    const QRect last(room.left(), room.bottom() - height, room.width(), height);
    const int chip = paintVerdict(painter, last, cell(LibraryModel::Fit));
    painter.setFont(m_theme.font(TextRole::Small));
    painter.setPen(m_theme.colour(faded));
    const QRect used = last.adjusted(chip + m_theme.space(2), 0, 0, 0);
    painter.drawText(used, Qt::AlignRight | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(tr("last used: %1").arg(word(LibraryModel::LastUsed)),
                                                      Qt::ElideRight, used.width()));
}

void LibraryDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_shape == Shape::CardShape)
        paintCard(*painter, option, index);
    else
        paintCell(*painter, option, index);
    painter->restore();
}

} // namespace hearth::gui
