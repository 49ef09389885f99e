#pragma once

#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

class TextLabel;

/// A line of a settings or facts card: a name with an explanation at the left, a control or value at the
/// right. The row owns the control and gives it the name and explanation for screen readers.
class SettingRow : public QWidget {
    Q_OBJECT
public:
    SettingRow(Theme& theme, QWidget* control, QWidget* parent = nullptr);

    void setTexts(const QString& name, const QString& explanation = {});

private:
    TextLabel *m_name, *m_explanation;
    QWidget* m_control;
};

} // namespace hearth::gui
