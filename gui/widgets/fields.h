#pragma once

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSlider>
#include <QSpinBox>
#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

class IconButton;
class TextLabel;

/// A line edit with a magnifier and a clear button. Escape clears; typing is reported at once.
class SearchField : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(Theme& theme, QWidget* parent = nullptr);
    void setHint(const QString& hint); ///< placeholder and accessible name

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    QAction* m_magnifier;
};

/// A combo box that does not change when a page is scrolled over it: the wheel needs focus first.
class ComboBox : public QComboBox {
    Q_OBJECT
public:
    explicit ComboBox(Theme& theme, const QString& name = {}, QWidget* parent = nullptr);

    /// The pop-up had the pointer, and the field is not told when it goes: it would look pointed at for good.
    void hidePopup() override;

protected:
    void paintEvent(QPaintEvent* event) override; ///< what there is no room for ends in "…"
    void wheelEvent(QWheelEvent* event) override;
};

/// A number with its range, same wheel rule.
class NumberField : public QSpinBox {
    Q_OBJECT
public:
    explicit NumberField(Theme& theme, const QString& name = {}, QWidget* parent = nullptr);

protected:
    void wheelEvent(QWheelEvent* event) override;
};

/// A parameter: its name, a slider, the exact number, what it does, and a way back to the usual value.
///
/// Values are doubles in [minimum, maximum] in steps of `step`.
class LabelledSlider : public QWidget {
    Q_OBJECT
public:
    struct Range {
        double minimum = 0, maximum = 1, step = 0.01, usual = 0;
        int decimals = 2;
    };

    LabelledSlider(Theme& theme, const Range& range, QWidget* parent = nullptr);

    /// `explanation` says what low and high values do.
    void setTexts(const QString& name, const QString& explanation);
    void setSuffix(const QString& suffix); ///< after the number, for example " %"
    void setRange(const Range& range);
    [[nodiscard]] double value() const;
    void setValue(double value); ///< does not emit changed()

Q_SIGNALS:
    void changed(double value); ///< by the person

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();
    void report(double value);

    Theme& m_theme;
    Range m_range;
    TextLabel *m_name, *m_explanation;
    QSlider* m_slider;
    QDoubleSpinBox* m_number;
    IconButton* m_reset;
};

} // namespace hearth::gui
