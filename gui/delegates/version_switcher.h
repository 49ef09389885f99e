#pragma once

#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

class IconButton;
class NumberLabel;

/// ‹ 2/3 › between the versions of a message; hidden when there is only one.
class VersionSwitcher : public QWidget {
    Q_OBJECT

public:
    explicit VersionSwitcher(Theme& theme, QWidget* parent = nullptr);
    void setVersion(int index, int count, bool enabled);

Q_SIGNALS:
    void stepAsked(int step);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    IconButton *m_back, *m_forward;
    NumberLabel* m_label;
    int m_index = 0, m_count = 1;
};

} // namespace hearth::gui
