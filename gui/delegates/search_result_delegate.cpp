#include "gui/delegates/search_result_delegate.h"

#include <algorithm>

#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <QTextLayout>

#include "gui/models/search_results_model.h"

namespace hearth::gui {

namespace {

using Model = SearchResultsModel;

constexpr int kPadX = 10, kPadY = 8, kGap = 4; ///< px at scale 1; the gap is below a row
constexpr int kLines = 2;                      ///< of the excerpt

/// Where the match is in a text.
struct Mark {
    int at = 0, length = 0;
};

/// Writes `text` over at most `lines` lines; the last ends in "…" where there is more.
void write(QPainter& painter, const QRect& room, const QString& text, const QFont& font, ColourRole ink,
           Mark mark, int lines, const Theme& theme) {
    const QFontMetrics metrics(font);
    painter.setPen(theme.colour(ink));
    int top = room.top();
    qsizetype from = 0;
    for (int line = 0; line < lines && from < text.size(); ++line) {
        const bool last = line + 1 == lines;
        const QString rest = text.mid(from);
        QTextLayout layout(last ? metrics.elidedText(rest, Qt::ElideRight, room.width()) : rest, font);
        QTextOption option(Qt::AlignLeft);
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setTextOption(option);
        const int begin = std::max(0, mark.at - static_cast<int>(from));
        const int end =
            std::min(mark.at + mark.length - static_cast<int>(from), static_cast<int>(layout.text().size()));
        if (end > begin) {
            QTextLayout::FormatRange range;
            range.start = begin;
            range.length = end - begin;
            range.format.setBackground(theme.colour(ColourRole::Mark));
            range.format.setForeground(theme.colour(ColourRole::Text));
            layout.setFormats({range});
        }
        layout.beginLayout();
        QTextLine laid = layout.createLine();
        laid.setLineWidth(room.width());
        layout.endLayout();
        layout.draw(&painter, QPointF(room.left(), top));
        from += std::max(1, laid.textLength());
        top += metrics.height();
    }
}

} // namespace

QString SearchResultDelegate::dayText(const QDate& day, const QDate& today) {
    const QLocale locale;
    if (day.year() != today.year())
        return locale.toString(day, QLocale::ShortFormat);
    return locale.language() == QLocale::Chinese ? locale.toString(day, QStringLiteral("M月d日"))
                                                 : locale.toString(day, QStringLiteral("d MMM"));
}

QSize SearchResultDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    int height = QFontMetrics(m_theme.font(TextRole::Body)).height() + 2 * m_theme.px(kPadY);
    if (!index.data(Model::ExcerptRole).toString().isEmpty())
        height += kLines * QFontMetrics(m_theme.font(TextRole::Small)).height() + m_theme.space(1);
    return {m_theme.px(100), height + m_theme.px(kGap)};
}

void SearchResultDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect row = option.rect;
    row.setHeight(row.height() - m_theme.px(kGap));
    drawGround(*painter, QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), option, Ground::Lifted);
    const QRect inside =
        row.adjusted(m_theme.px(kPadX), m_theme.px(kPadY), -m_theme.px(kPadX), -m_theme.px(kPadY));
    const QFont small = m_theme.font(TextRole::Small), body = m_theme.font(TextRole::Body);
    const bool trashed = index.data(Model::TrashedRole).toBool();
    QString day = dayText(index.data(Model::TimeRole).toDateTime().date(), QDate::currentDate());
    if (trashed)
        day = tr("Trash") + QStringLiteral(" · ") + day;
    const int dayWidth = QFontMetrics(small).horizontalAdvance(day);
    const int titleHeight = QFontMetrics(body).height();
    const QRect first(inside.left(), inside.top(), inside.width(), titleHeight);
    painter->setFont(small);
    painter->setPen(m_theme.colour(ColourRole::Muted));
    painter->drawText(first, Qt::AlignVCenter | Qt::AlignRight, day);
    const QString excerpt = index.data(Model::ExcerptRole).toString();
    const Mark mark{index.data(Model::MarkAtRole).toInt(), index.data(Model::MarkLengthRole).toInt()};
    write(*painter, first.adjusted(0, 0, -dayWidth - m_theme.space(2), 0),
          index.data(Model::TitleRole).toString(), body, trashed ? ColourRole::Muted : ColourRole::Text,
          excerpt.isEmpty() ? mark : Mark{}, 1, m_theme);
    if (!excerpt.isEmpty())
        write(*painter, inside.adjusted(0, titleHeight + m_theme.space(1), 0, 0), excerpt, small,
              ColourRole::Muted, mark, kLines, m_theme);
    painter->restore();
}

} // namespace hearth::gui
