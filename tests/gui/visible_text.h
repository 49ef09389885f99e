#pragma once

#include <QLabel>
#include <QString>

#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::test {

/// Everything that labels and chips of a page show, a line each; spaces that keep numbers and units together
/// are ordinary ones.
inline QString allText(const QWidget& page) {
    QString all;
    const auto add = [&](const auto& labels) {
        for (const auto* label : labels)
            if (label->isVisibleTo(&page))
                all += label->text() + QLatin1Char('\n');
    };
    add(page.findChildren<QLabel*>());
    add(page.findChildren<gui::ElidedLabel*>());
    add(page.findChildren<gui::NumberLabel*>());
    add(page.findChildren<gui::Chip*>());
    return all.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' '));
}

} // namespace hearth::test
