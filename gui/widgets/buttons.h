#pragma once

#include <QAbstractButton>
#include <QPushButton>
#include <QToolButton>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// Primary: at most one a page. Plain: bordered. Ghost: words only, in rows of small actions. Danger: plain
/// with a red word, for what destroys (and then asks or can be undone).
enum class ButtonKind { Primary, Plain, Ghost, Danger };

/// A push button in the product's look with an optional icon left of its word.
class Button : public QPushButton {
    Q_OBJECT
public:
    Button(Theme& theme, ButtonKind kind, const QString& text = {}, QWidget* parent = nullptr);

    void setIconName(const QString& name); ///< of resources/icons; empty = none
    void setKind(ButtonKind kind);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); } ///< a word is never cut

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    ButtonKind m_kind;
    QString m_icon;
};

/// A square button with only an icon. The name is its tool tip and what a screen reader says.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    IconButton(Theme& theme, const QString& icon, const QString& name, ButtonKind kind = ButtonKind::Ghost,
               QWidget* parent = nullptr);

    void setName(const QString& name);
    void setIconName(const QString& icon);
    void setIconColour(ColourRole colour);

private:
    void refresh();

    Theme& m_theme;
    ButtonKind m_kind;
    QString m_icon;
    ColourRole m_colour;
};

/// An on/off switch. Its text stands beside it in the page; set it as accessible name too.
class Toggle : public QAbstractButton {
    Q_OBJECT
public:
    explicit Toggle(Theme& theme, const QString& name = {}, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void checkStateSet() override; ///< also called when signals are blocked

private:
    void slide(bool on);

    Theme& m_theme;
    qreal m_knob = 0; ///< 0 = off … 1 = on
};

/// A few exclusive choices side by side ("System | Light | Dark"). Left and right keys move.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(Theme& theme, const QString& name = {}, QWidget* parent = nullptr);

    /// Replaces the choices and keeps the current index where it still exists.
    void setChoices(const QStringList& texts, const QStringList& icons = {});
    [[nodiscard]] int currentIndex() const { return m_current; }
    void setCurrentIndex(int index); ///< does not emit chosen()

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void chosen(int index); ///< by the person, not by setCurrentIndex()

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void choose(int index);
    [[nodiscard]] QRect segment(int index) const;
    [[nodiscard]] int segmentWidth(int index) const;
    void describe();

    Theme& m_theme;
    QString m_name;
    QStringList m_texts, m_icons;
    int m_current = 0;
};

} // namespace hearth::gui
