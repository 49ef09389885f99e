#include "gui/delegates/people_delegates.h"

#include <QPainter>

#include "gui/models/people_words.h"
#include "gui/models/permission_table_model.h"
#include "gui/models/profile_list_model.h"
#include "gui/models/token_list_model.h"

namespace hearth::gui {

namespace {

constexpr int kRow = 56, kCellWidth = 64, kCellHeight = 34; ///< px at scale 1

/// Two lines at the left, a chip at the right.
void write(QPainter* painter, const QRect& room, const Theme& theme, const QString& first, bool faded,
           const QString& second, const QString& chip, ColourRole chipGround, ColourRole chipInk) {
    painter->setFont(theme.font(TextRole::Small));
    int right = room.right();
    if (!chip.isEmpty()) {
        const int width = painter->fontMetrics().horizontalAdvance(chip) + theme.space(4);
        const int height = theme.px(22);
        const QRectF place(right - width, room.center().y() - height / 2.0, width, height);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.colour(chipGround));
        painter->drawRoundedRect(place, height / 2.0, height / 2.0);
        painter->setPen(theme.colour(chipInk));
        painter->drawText(place, Qt::AlignCenter, chip);
        right -= width + theme.space(3);
    }
    const int middle = room.center().y();
    const QRect upper(room.left(), room.top(), right - room.left(), middle - room.top());
    const QRect lower(room.left(), middle, right - room.left(), room.bottom() - middle);
    painter->setPen(theme.colour(ColourRole::MutedStrong));
    painter->drawText(lower, Qt::AlignTop | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(second, Qt::ElideRight, lower.width()));
    painter->setFont(theme.font(TextRole::Strong));
    painter->setPen(theme.colour(faded ? ColourRole::Muted : ColourRole::Text));
    painter->drawText(upper, Qt::AlignBottom | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(first, Qt::ElideRight, upper.width()));
}

} // namespace

QSize PeopleRowDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {m_theme.px(200), m_theme.px(kRow)};
}

QRect PeopleRowDelegate::drawRow(QPainter& painter, const QStyleOptionViewItem& option) const {
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect row = option.rect.adjusted(1, 1, -1, -1);
    drawGround(painter, row, option, Ground::Tinted);
    const int pad = m_theme.space(3);
    return row.adjusted(pad, 0, -pad, 0);
}

void ProfileDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const {
    painter->save();
    const QRect room = drawRow(*painter, option);
    const bool disabled = index.data(ProfileListModel::DisabledRole).toBool();
    const bool password = index.data(ProfileListModel::PasswordRole).toBool();
    const QString role =
        people_words::role(static_cast<security::Role>(index.data(ProfileListModel::RoleRole).toInt()));
    const QString more = index.data(ProfileListModel::ExplanationRole).toString();
    const bool self = index.data(ProfileListModel::SelfRole).toBool();
    write(painter, room, m_theme, index.data(Qt::DisplayRole).toString(), disabled,
          more.isEmpty() ? role : QStringLiteral("%1 · %2").arg(role, more),
          disabled    ? tr("disabled")
          : !password ? tr("password reset")
          : self      ? tr("you")
                      : QString(),
          disabled    ? ColourRole::BadSoft
          : !password ? ColourRole::CautionSoft
                      : ColourRole::Chip,
          disabled    ? ColourRole::BadText
          : !password ? ColourRole::CautionText
                      : ColourRole::MutedStrong);
    painter->restore();
}

void TokenDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    painter->save();
    const QRect room = drawRow(*painter, option);
    const bool usable = index.data(TokenListModel::UsableRole).toBool();
    QStringList words{index.data(TokenListModel::ScopeRole).toString()};
    if (const QString owner = index.data(TokenListModel::OwnerRole).toString(); !owner.isEmpty())
        words << owner;
    words << index.data(TokenListModel::UsedRole).toString();
    write(painter, room, m_theme, index.data(Qt::DisplayRole).toString(), !usable,
          words.join(QStringLiteral(" · ")), index.data(TokenListModel::StateRole).toString(),
          usable ? ColourRole::GoodSoft : ColourRole::Chip,
          usable ? ColourRole::GoodText : ColourRole::MutedStrong);
    painter->restore();
}

QSize RightDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {m_theme.px(kCellWidth), m_theme.px(kCellHeight)};
}

void RightDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(option.rect).adjusted(2.5, 2.5, -2.5, -2.5);
    const QVariant tick = index.data(Qt::CheckStateRole);
    const QString word = index.data(Qt::DisplayRole).toString();
    ColourRole soft = ColourRole::Chip, ink = ColourRole::Muted;
    bool fill = true;
    if (tick.isValid()) {
        const bool on = tick.toInt() == Qt::Checked;
        soft = on ? ColourRole::GoodSoft : ColourRole::Chip;
    } else if (word.isEmpty()) {
        fill = false; // nobody may ever do this
    } else {
        const auto scope = static_cast<security::Scope>(index.data(PermissionTableModel::ScopeRole).toInt());
        soft = scope == security::Scope::All   ? ColourRole::GoodSoft
               : scope == security::Scope::Own ? ColourRole::CautionSoft
                                               : ColourRole::Chip;
        ink = scope == security::Scope::All   ? ColourRole::GoodText
              : scope == security::Scope::Own ? ColourRole::CautionText
                                              : ColourRole::MutedStrong;
    }
    if (const bool focused = option.state & QStyle::State_HasFocus; fill || focused) {
        painter->setPen(focused ? QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)) : QPen(Qt::NoPen));
        painter->setBrush(fill ? QBrush(m_theme.colour(soft)) : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
    }
    if (tick.isValid() && tick.toInt() == Qt::Checked) {
        const int side = m_theme.smallIconSize();
        painter->drawPixmap(QRect(static_cast<int>(box.center().x()) - side / 2,
                                  static_cast<int>(box.center().y()) - side / 2, side, side),
                            m_theme.pixmap(QStringLiteral("check"), ColourRole::GoodText, side,
                                           painter->device()->devicePixelRatioF()));
    }
    painter->setFont(m_theme.font(TextRole::Small));
    painter->setPen(m_theme.colour(ink));
    painter->drawText(box, Qt::AlignCenter, word);
    painter->restore();
}

} // namespace hearth::gui
