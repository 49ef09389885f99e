#pragma once

#include <vector>

#include <QString>

class QLayout;
class QWidget;

namespace hearth::gui {

/// Deletes everything in a layout, with the layouts in it; the layout itself stays. Not for a slot of one of
/// its widgets, which is gone afterwards.
void emptyLayout(QLayout* layout);

/// While it lives the rows of a layout are made anew, also in a slot of one of their buttons: it takes the
/// former rows out and deletes them when that slot is over. At its end the new rows follow in the order of
/// Tab on what stands before them, and whoever had the keyboard in a row has it in the row of the same object
/// name: on what has the same name there, else on the first that takes it. Where the row is gone, the
/// keyboard goes on to what comes after the rows.
class FreshRows {
public:
    explicit FreshRows(QLayout* rows);
    ~FreshRows();
    FreshRows(const FreshRows&) = delete;
    FreshRows& operator=(const FreshRows&) = delete;

private:
    void place() const;

    QLayout* m_rows;
    std::vector<QWidget*> m_former;
    bool m_keyboard = false; ///< it was in a row
    QString m_row, m_held;   ///< in which, and on what
};

} // namespace hearth::gui
