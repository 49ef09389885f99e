#pragma once

#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

class Button;
class ChatEdit;
class NumberLabel;
class TextLabel;

/// Where a message is written: the text field, the token meter and the button that sends or stops. Knows
/// nothing of conversations; the page says what the meter shows and what sending means.
class ChatComposer : public QWidget {
    Q_OBJECT

public:
    explicit ChatComposer(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString& text); ///< does not emit textEdited()
    void focusText();

    void setBusy(bool busy); ///< an answer is being written: the button stops it

    /// What the meter knows: prompt tokens of what would be sent, of the context's. `used` < 0 = not known.
    struct Meter {
        qint64 used = -1;
        qint64 context = 0;
        bool dropsOldest = false; ///< what happens when it does not fit
    };
    void setMeter(const Meter& meter);
    [[nodiscard]] bool isOverfull() const;

    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void sendAsked(const QString& text);
    void stopAsked();
    void textEdited();
    void dropOldestAsked(); ///< the person lets older turns be left out

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    class Bar;
    void retranslate();
    void showState();
    void fit();

    Theme& m_theme;
    ChatEdit* m_edit;
    QWidget* m_row;
    NumberLabel* m_count;
    Bar* m_bar;
    Button *m_send, *m_stop, *m_drop;
    QWidget* m_notice;
    TextLabel* m_note;
    Meter m_meter;
    bool m_busy = false, m_quiet = false;
};

} // namespace hearth::gui
