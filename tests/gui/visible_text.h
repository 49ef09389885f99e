#pragma once

#include <QLabel>
#include <QString>

#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::test {

/// Whether somebody sees it when the page is on screen. What was put into a layout a moment ago is not
/// visible to Qt before the events of that layout; here it is, so that no test depends on when those come.
inline bool isShownIn(const QWidget& page, const QWidget* widget) {
    for (; widget && widget != &page; widget = widget->parentWidget()) {
        const bool awaitsItsLayout =
            !widget->isWindow() && !widget->testAttribute(Qt::WA_WState_ExplicitShowHide);
        if (widget->isHidden() && !awaitsItsLayout)
            return false;
    }
    return true;
}

/// Everything that labels and chips of a page show, a line each; spaces that keep numbers and units together
/// are ordinary ones.
inline QString allText(const QWidget& page) {
    QString all;
    const auto add = [&](const auto& labels) {
        for (const auto* label : labels)
            if (isShownIn(page, label))
                all += label->text() + QLatin1Char('\n');
    };
    add(page.findChildren<QLabel*>());
    add(page.findChildren<gui::ElidedLabel*>());
    add(page.findChildren<gui::NumberLabel*>());
    add(page.findChildren<gui::Chip*>());
    return all.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' '));
}

} // namespace hearth::test
