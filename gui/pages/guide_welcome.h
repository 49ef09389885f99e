#pragma once

#include <vector>

#include <QStringList>
#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;

/// Questions to begin with while the built-in Guide is in memory, as buttons, in the language of the window.
/// GUI thread.
class GuideWelcome : public QWidget {
    Q_OBJECT

public:
    explicit GuideWelcome(Theme& theme, QWidget* parent = nullptr);

    /// Each is a phrasing that the Guide was taught (capitals and question marks apart); a test compares.
    [[nodiscard]] static QStringList questions();

Q_SIGNALS:
    void asked(const QString& question);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    std::vector<Button*> m_buttons;
};

} // namespace hearth::gui
