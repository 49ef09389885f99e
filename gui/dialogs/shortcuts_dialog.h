#pragma once

#include <QDialog>

#include "gui/theme/theme.h"

class QVBoxLayout;

namespace hearth::gui {

/// What the keys do (F1). Shown without blocking; deletes itself when closed.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(Theme& theme, QWidget* parent);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    Theme& m_theme;
    QVBoxLayout* m_layout;
    QWidget* m_list = nullptr;
};

} // namespace hearth::gui
