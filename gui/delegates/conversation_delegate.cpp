#include "gui/delegates/conversation_delegate.h"

#include <QLineEdit>
#include <QPainter>

#include "gui/models/conversation_list_model.h"

namespace hearth::gui {

namespace {

using Model = ConversationListModel;

constexpr int kRow = 60, kHeading = 38, kPadX = 10, kGap = 8; ///< px at scale 1; the gap is below a row
constexpr int kEditor = 30;

} // namespace

bool ConversationDelegate::beginsGroup(const QModelIndex& index) const {
    return index.row() == 0 ||
           index.data(Model::GroupRole).value<Model::Group>() !=
               index.siblingAtRow(index.row() - 1).data(Model::GroupRole).value<Model::Group>();
}

int ConversationDelegate::headingHeight(const QModelIndex& index) const {
    return beginsGroup(index) ? m_theme.px(kHeading) : 0;
}

QString ConversationDelegate::headingOf(const QModelIndex& index) const {
    switch (index.data(Model::GroupRole).value<Model::Group>()) {
    case Model::Group::Today:
        return tr("Today");
    case Model::Group::Yesterday:
        return tr("Yesterday");
    case Model::Group::ThisWeek:
        return tr("This week");
    case Model::Group::Earlier:
        return tr("Earlier");
    }
    return {};
}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
    return {m_theme.px(100), m_theme.px(kRow + kGap) + headingHeight(index)};
}

void ConversationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    QRect row = option.rect;
    const int padX = m_theme.px(kPadX);
    if (const int heading = headingHeight(index)) {
        painter->setFont(m_theme.font(TextRole::SmallStrong));
        painter->setPen(m_theme.colour(ColourRole::Muted));
        painter->drawText(QRect(row.left() + padX, row.top(), row.width() - padX, heading - m_theme.space(1)),
                          Qt::AlignVCenter | Qt::AlignLeft, headingOf(index));
        row.setTop(row.top() + heading);
    }
    row.setHeight(m_theme.px(kRow));
    drawGround(*painter, QRectF(row).adjusted(0.5, 0.5, -0.5, -0.5), option, Ground::Lifted);
    const QRect inside = row.adjusted(padX, m_theme.px(9), -padX, -m_theme.px(9));
    QString title = index.data(Model::TitleRole).toString();
    if (title.isEmpty())
        title = tr("Untitled chat");
    painter->setFont(m_theme.font(TextRole::Body));
    painter->setPen(m_theme.colour(ColourRole::Text));
    painter->drawText(inside, Qt::AlignTop | Qt::AlignLeft,
                      QFontMetrics(painter->font()).elidedText(title, Qt::ElideRight, inside.width()));
    const QString model = index.data(Model::ModelRole).toString();
    const QString count = tr("%n message(s)", nullptr, index.data(Model::MessageCountRole).toInt());
    painter->setFont(m_theme.font(TextRole::Small));
    painter->setPen(m_theme.colour(ColourRole::Muted));
    const QFontMetrics small(painter->font());
    const QString tail = QStringLiteral(" · ") + count;
    const QString line =
        model.isEmpty()
            ? count
            : small.elidedText(model, Qt::ElideRight, inside.width() - small.horizontalAdvance(tail)) + tail;
    painter->drawText(inside, Qt::AlignBottom | Qt::AlignLeft, line);
    painter->restore();
}

QWidget* ConversationDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&,
                                            const QModelIndex&) const {
    auto* editor = new QLineEdit(parent);
    editor->setAccessibleName(tr("New title"));
    editor->setMaxLength(200);
    return editor;
}

/// Once: a view fills an open editor again whenever its row changes, and the chat that is being renamed may
/// be answered in just then. What was typed stays.
void ConversationDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const {
    constexpr const char* kFilled = "hearthFilled";
    if (editor->property(kFilled).toBool())
        return;
    QStyledItemDelegate::setEditorData(editor, index);
    editor->setProperty(kFilled, true);
}

void ConversationDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                                const QModelIndex& index) const {
    const QRect row = option.rect.adjusted(0, headingHeight(index), 0, 0);
    editor->setGeometry(row.left(), row.top() + m_theme.space(1) / 2, row.width(),
                        std::max(m_theme.px(kEditor), editor->sizeHint().height()));
}

} // namespace hearth::gui
