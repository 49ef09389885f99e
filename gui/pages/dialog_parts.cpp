#include "gui/pages/dialog_parts.h"

#include <QDialog>
#include <QVBoxLayout>

#include "gui/theme/theme.h"

namespace hearth::gui {

QVBoxLayout* dressDialog(QDialog* dialog, Theme& theme, int width) {
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setMinimumWidth(theme.px(width));
    auto* column = new QVBoxLayout(dialog);
    const int edge = theme.space(6);
    column->setContentsMargins(edge, edge, edge, edge);
    column->setSpacing(theme.space(3));
    return column;
}

QHBoxLayout* dialogButtons(std::initializer_list<QWidget*> buttons) {
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    for (QWidget* button : buttons)
        row->addWidget(button);
    return row;
}

} // namespace hearth::gui
