#pragma once

#include <QFrame>
#include <QVBoxLayout>

#include "gui/theme/theme.h"

class QHBoxLayout;
class QLabel;
class QScrollArea;

namespace hearth::gui {

class TextLabel;

/// A rounded, bordered surface with a vertical layout; the building block of pages.
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QVBoxLayout* body() { return m_body; }
    /// Ground other than Surface (a soft tone for notices); the border then takes the same tone.
    void setGround(ColourRole ground);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    QVBoxLayout* m_body;
    ColourRole m_ground = ColourRole::Surface;
};

/// A 1 px line in the border colour.
class Divider : public QWidget {
    Q_OBJECT
public:
    explicit Divider(Theme& theme, Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
};

/// A plain area filled with a palette colour (headers, side lists); follows the theme.
class Ground : public QWidget {
    Q_OBJECT
public:
    Ground(Theme& theme, ColourRole colour, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    ColourRole m_colour;
};

/// A small round label: neutral, or in a verdict's colours.
class Chip : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Neutral, Accent, Good, Caution, Bad };

    explicit Chip(Theme& theme, const QString& text = {}, Kind kind = Kind::Neutral,
                  QWidget* parent = nullptr);

    [[nodiscard]] QString text() const { return m_text; }
    void setText(const QString& text); ///< an empty text hides the chip
    void setKind(Kind kind);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    QString m_text;
    Kind m_kind;
};

/// The band above a page: title, room for chips and actions, a line below. Where the actions do not fit
/// beside the title, they stand below it.
class PageHeader : public Ground {
    Q_OBJECT
public:
    explicit PageHeader(Theme& theme, const QString& title = {}, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setBack(QWidget* button);                             ///< left of the title; the header owns it
    [[nodiscard]] QHBoxLayout* beside() { return m_beside; }   ///< right of the title
    [[nodiscard]] QHBoxLayout* actions() { return m_actions; } ///< at the right edge
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void arrange();
    [[nodiscard]] int backWidth() const;

    Theme& m_theme;
    TextLabel* m_title;
    QWidget* m_back = nullptr;
    QHBoxLayout *m_first, *m_second, *m_beside, *m_actions;
    bool m_below = false; ///< the actions are in the second line
};

/// A scrolled column for reading, at most metrics::kContentWidth wide and centred.
class ReadingColumn : public QWidget {
    Q_OBJECT
public:
    explicit ReadingColumn(Theme& theme, QWidget* parent = nullptr);

    [[nodiscard]] QVBoxLayout* body() { return m_body; }
    [[nodiscard]] QScrollArea* area() { return m_area; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refresh();

    Theme& m_theme;
    QScrollArea* m_area;
    QWidget* m_column;
    QVBoxLayout* m_body;
};

/// What a page shows while it has nothing: an icon, what the page is for, and the first step.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(Theme& theme, const QString& icon, QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& explanation);
    /// Below the words: the button of the first step, hints, chips.
    [[nodiscard]] QVBoxLayout* actions() { return m_actions; }

private:
    void refresh();

    Theme& m_theme;
    QString m_iconName;
    QLabel* m_icon;
    TextLabel *m_title, *m_explanation;
    QVBoxLayout* m_actions;
};

} // namespace hearth::gui
