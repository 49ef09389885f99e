#pragma once

#include <QLabel>
#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A label in a type role and colour of the theme; plain text unless asked otherwise, so that names and model
/// output can never be read as markup. `wrap` breaks lines at words.
class TextLabel : public QLabel {
    Q_OBJECT
public:
    TextLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text = {},
              QWidget* parent = nullptr);

    [[nodiscard]] TextLabel* wrapped();
    void setColour(ColourRole colour);

private:
    void refresh();

    Theme& m_theme;
    TextRole m_role;
    ColourRole m_colour;
};

/// One line that gives way: shows "…" at the right (or in the middle, for paths) and the whole text as a
/// tool tip when it does not fit.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    ElidedLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text = {},
                QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    void setElideMode(Qt::TextElideMode mode);
    void setColour(ColourRole colour);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    TextRole m_role;
    ColourRole m_colour;
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideRight;
};

/// One line of numbers in tabular figures ("1 342 / 8 192 tokens", "31.4 tokens/s"). Where there is no room
/// it ends in "…"; the tool tip is the owner's.
class NumberLabel : public QWidget {
    Q_OBJECT
public:
    NumberLabel(Theme& theme, TextRole role, ColourRole colour, const QString& text = {},
                QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text);
    void setColour(ColourRole colour);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    TextRole m_role;
    ColourRole m_colour;
    QString m_text;
};

/// A page's or card's heading with an optional muted explanation below.
class SectionHeader : public QWidget {
    Q_OBJECT
public:
    explicit SectionHeader(Theme& theme, const QString& title = {}, const QString& explanation = {},
                           QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& explanation);

private:
    TextLabel* m_title;
    TextLabel* m_explanation;
};

} // namespace hearth::gui
