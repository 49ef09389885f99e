#include "gui/widgets/layouts.h"

#include <algorithm>

#include <QLayout>
#include <QWidget>

namespace hearth::gui {

namespace {

bool stopsTab(const QWidget* widget) {
    return widget->focusPolicy() & Qt::TabFocus;
}

/// Those that Tab stops at, the widget itself included.
std::vector<QWidget*> stopsIn(QWidget* widget) {
    std::vector<QWidget*> out;
    if (stopsTab(widget))
        out.push_back(widget);
    for (QWidget* each : widget->findChildren<QWidget*>())
        if (stopsTab(each) && !each->focusProxy())
            out.push_back(each);
    return out;
}

/// The last widget before `rows` in `layout`, which holds it at any depth; whether it was met.
bool findBefore(const QLayout& layout, const QLayout& rows, QWidget*& before) {
    for (int i = 0; i < layout.count(); ++i) {
        QLayoutItem* item = layout.itemAt(i);
        if (item->layout() == &rows)
            return true;
        if (item->widget())
            before = item->widget();
        else if (item->layout() && findBefore(*item->layout(), rows, before))
            return true;
    }
    return false;
}

} // namespace

void emptyLayout(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        delete item->widget();
        if (item->layout())
            emptyLayout(item->layout());
        delete item;
    }
}

FreshRows::FreshRows(QLayout* rows) : m_rows(rows) {
    const QWidget* parent = rows->parentWidget();
    const QWidget* keyboard = parent ? parent->window()->focusWidget() : nullptr;
    while (QLayoutItem* item = rows->takeAt(0)) {
        if (QWidget* row = item->widget()) {
            m_former.push_back(row);
            if (keyboard && (row == keyboard || row->isAncestorOf(keyboard))) {
                m_keyboard = true;
                m_row = row->objectName();
                m_held = keyboard->objectName();
            }
        }
        delete item;
    }
}

FreshRows::~FreshRows() {
    if (m_rows->parentWidget())
        place();
    for (QWidget* row : m_former) {
        row->hide();
        row->deleteLater();
    }
}

void FreshRows::place() const {
    QWidget* parent = m_rows->parentWidget();
    QWidget* before = nullptr;
    if (parent->layout() == m_rows || !parent->layout() || !findBefore(*parent->layout(), *m_rows, before))
        before = nullptr;
    const auto isFormer = [this](const QWidget* widget) {
        return std::any_of(m_former.begin(), m_former.end(), [widget](const QWidget* row) {
            return row == widget || row->isAncestorOf(widget);
        });
    };
    if (before) {
        if (const auto stops = stopsIn(before); !stops.empty()) {
            before = stops.back();
        } else { // Qt orders by stops only: the one in front of what stands there
            QWidget* stop = before->previousInFocusChain();
            while (stop != before && (!stopsTab(stop) || isFormer(stop)))
                stop = stop->previousInFocusChain();
            before = stopsTab(stop) ? stop : nullptr;
        }
    }
    QWidget* next = nullptr;
    bool same = false;
    for (int i = 0; i < m_rows->count(); ++i) {
        QWidget* row = m_rows->itemAt(i)->widget();
        if (!row)
            continue;
        if (m_keyboard)
            row->show(); // what a layout takes in is shown later, and who is not takes no keyboard
        for (QWidget* each : stopsIn(row)) {
            if (before)
                QWidget::setTabOrder(before, each);
            before = each;
            if (m_row.isEmpty() || row->objectName() != m_row || !each->isEnabled() || same)
                continue;
            same = each->objectName() == m_held;
            if (same || !next)
                next = each;
        }
    }
    if (!m_keyboard)
        return;
    for (QWidget* each = before ? before->nextInFocusChain() : nullptr; !next && each && each != before;
         each = each->nextInFocusChain())
        if (stopsTab(each) && each->isEnabled() && each->isVisible() && !isFormer(each))
            next = each;
    if (next)
        next->setFocus();
}

} // namespace hearth::gui
