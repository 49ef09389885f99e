#include "gui/delegates/model_delegate.h"

#include <QPainter>

#include "gui/models/model_picker_model.h"
#include "gui/theme/human.h"
#include "gui/widgets/error_text.h"

namespace hearth::gui {

namespace {

using Model = ModelPickerModel;

constexpr int kRow = 38, kHeading = 28, kPadX = 10; ///< px at scale 1

} // namespace

ModelDelegate::ModelDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

bool ModelDelegate::beginsGroup(const QModelIndex& index) const {
    if (index.row() == 0)
        return true;
    const QModelIndex above = index.siblingAtRow(index.row() - 1);
    return index.data(Model::RecentRole) != above.data(Model::RecentRole) ||
           index.data(Model::GuideRole) != above.data(Model::GuideRole);
}

QSize ModelDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    return {m_theme.px(360), m_theme.px(kRow) + (beginsGroup(index) ? m_theme.px(kHeading) : 0)};
}

void ModelDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect row = option.rect;
    const int padX = m_theme.px(kPadX);
    if (beginsGroup(index)) {
        painter->setFont(m_theme.font(TextRole::SmallStrong));
        painter->setPen(m_theme.colour(ColourRole::Muted));
        const QRect heading(row.left() + padX, row.top(), row.width(), m_theme.px(kHeading));
        painter->drawText(heading, Qt::AlignVCenter | Qt::AlignLeft,
                          index.data(Model::GuideRole).toBool()    ? tr("Comes with Hearth")
                          : index.data(Model::RecentRole).toBool() ? tr("Opened lately")
                                                                   : tr("In your folders"));
        row.setTop(heading.bottom() + 1);
    }
    if (option.state & (QStyle::State_Selected | QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.colour(option.state & QStyle::State_Selected ? ColourRole::AccentSoft
                                                                               : ColourRole::Hover));
        painter->drawRoundedRect(row, m_theme.radius(Radius::Button), m_theme.radius(Radius::Button));
    }
    const QRect inside = row.adjusted(padX, 0, -padX, 0);
    const QString problem = index.data(Model::ProblemRole).toString();
    const QString size = problem.isEmpty() ? humanBytes(index.data(Model::BytesRole).toULongLong())
                                           : errorText({problem.toStdString(), {}, std::nullopt, {}}).title;
    painter->setFont(m_theme.font(TextRole::Small));
    painter->setPen(m_theme.colour(!problem.isEmpty() ? ColourRole::CautionText : ColourRole::MutedStrong));
    painter->drawText(inside, Qt::AlignVCenter | Qt::AlignRight, size);
    const QFontMetrics small(painter->font());
    int room = inside.width() - small.horizontalAdvance(size) - m_theme.space(4);

    const QString type = index.data(Model::QuantisationRole).toString();
    const int chip = type.isEmpty() ? 0 : small.horizontalAdvance(type) + m_theme.space(4);
    painter->setFont(m_theme.font(TextRole::Strong));
    const QFontMetrics strong(painter->font());
    const QString name = strong.elidedText(index.data(Model::NameRole).toString(), Qt::ElideMiddle,
                                           room - chip - m_theme.space(2));
    painter->setPen(m_theme.colour(!problem.isEmpty() ? ColourRole::Muted : ColourRole::Text));
    painter->drawText(inside, Qt::AlignVCenter | Qt::AlignLeft, name);
    if (chip) {
        const int height = m_theme.px(22);
        const QRectF place(inside.left() + strong.horizontalAdvance(name) + m_theme.space(2),
                           row.center().y() - height / 2.0, chip, height);
        painter->setPen(Qt::NoPen);
        painter->setBrush(m_theme.colour(ColourRole::Chip));
        painter->drawRoundedRect(place, height / 2.0, height / 2.0);
        painter->setFont(m_theme.font(TextRole::Small));
        painter->setPen(m_theme.colour(ColourRole::MutedStrong));
        painter->drawText(place, Qt::AlignCenter, type);
    }
    painter->restore();
}

} // namespace hearth::gui
