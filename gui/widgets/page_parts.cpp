#include "gui/widgets/page_parts.h"

#include <algorithm>

#include <QListView>
#include <QVBoxLayout>

#include "gui/widgets/surfaces.h"

namespace hearth::gui {

void stackPage(QWidget* page, QWidget* header, QWidget* content) {
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header);
    layout->addWidget(content, 1);
}

Card* centredCard(QWidget* page, Theme& theme, int width) {
    auto* card = new Card(theme);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(card);
    middle->addStretch(1);
    auto* column = new QVBoxLayout(page);
    column->addStretch(2);
    column->addLayout(middle);
    column->addStretch(3);
    const auto fit = [card, &theme, width] { card->setFixedWidth(theme.px(width)); };
    fit();
    QObject::connect(&theme, &Theme::changed, card, fit);
    return card;
}

void dressCardList(QListView* list) {
    list->setFrameShape(QFrame::NoFrame);
    list->setMouseTracking(true);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list->viewport()->setAutoFillBackground(false);
}

void fitCardList(QListView* list, int most) {
    const int rows = std::clamp(list->model()->rowCount(), 1, most);
    list->setFixedHeight(rows * std::max(1, list->sizeHintForRow(0)) + 2);
}

} // namespace hearth::gui
