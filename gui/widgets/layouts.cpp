#include "gui/widgets/layouts.h"

#include <QLayout>
#include <QWidget>

namespace hearth::gui {

void emptyLayout(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        delete item->widget();
        if (item->layout())
            emptyLayout(item->layout());
        delete item;
    }
}

} // namespace hearth::gui
