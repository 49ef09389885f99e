#pragma once

#include <QAbstractButton>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// One page on the navigation rail: an icon over a word. Checkable; the checked one is the page shown.
class NavItem : public QAbstractButton {
    Q_OBJECT
public:
    NavItem(Theme& theme, const QString& icon, QWidget* parent = nullptr);

    void setWord(const QString& word, const QString& shortcut = {}); ///< the shortcut goes to the tool tip
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    Theme& m_theme;
    QString m_icon;
};

} // namespace hearth::gui
