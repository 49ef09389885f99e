#pragma once

#include <memory>

#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPixmap>

#include "gui/theme/metrics.h"
#include "gui/theme/palette.h"

class QApplication;
class QWidget;

namespace hearth::gui {

class IconStore;
class SystemAppearance;

/// The look in force: colours, fonts, sizes, icons. Built once by the application before any widget and
/// handed to widgets by reference; it outlives them. GUI thread only.
///
/// Widgets read it when they paint or lay out and listen to changed() (colour scheme, font scale or reduced
/// motion changed) to refresh what they cached. Nothing here fails: a missing font or icon falls back.
class Theme : public QObject {
    Q_OBJECT
public:
    enum class Mode { System, Light, Dark };
    Q_ENUM(Mode)

    explicit Theme(QObject* parent = nullptr);
    ~Theme() override;

    /// Makes the application wear this theme: style, palette, font and style sheet, now and after each
    /// change.
    void install(QApplication& application);

    [[nodiscard]] Mode mode() const { return m_mode; }
    void setMode(Mode mode); ///< System follows the desktop's colour scheme while the program runs
    [[nodiscard]] bool isDark() const { return palette().dark; }

    [[nodiscard]] double fontScale() const { return m_fontScale; }
    void setFontScale(double scale); ///< clamped to metrics::kMinFontScale…kMaxFontScale

    [[nodiscard]] const Palette& palette() const;
    [[nodiscard]] const QColor& colour(ColourRole role) const { return palette()[role]; }

    [[nodiscard]] QFont font(TextRole role) const;
    [[nodiscard]] int px(double size) const; ///< a size of metrics.h at the current scale, at least 1 for > 0
    [[nodiscard]] int space(int steps) const { return px(steps * metrics::kSpaceStep); }
    [[nodiscard]] int radius(Radius radius) const;
    [[nodiscard]] int controlHeight() const { return px(metrics::kControlHeight); }
    [[nodiscard]] int smallControlHeight() const { return px(metrics::kSmallControlHeight); }
    [[nodiscard]] int iconSize() const { return px(metrics::kIconSize); }
    [[nodiscard]] int smallIconSize() const { return px(metrics::kSmallIconSize); }

    /// An icon of resources/icons ("send", "trash", …) drawn in a palette colour. `size` in
    /// device-independent pixels (0 = iconSize()); cached per colour, size and device pixel ratio. Unknown
    /// names give a null pixmap and a warning in the log.
    [[nodiscard]] QPixmap pixmap(const QString& name, ColourRole colour, int size = 0,
                                 qreal devicePixelRatio = 1.0) const;
    /// The same as a QIcon that renders itself sharp at any pixel ratio. Fetch it again after changed().
    [[nodiscard]] QIcon icon(const QString& name, ColourRole colour, int size = 0) const;

    /// Length for an animation: metrics::kAnimationMs, or 0 when the system asks for reduced motion.
    [[nodiscard]] int animationMs() const;

    /// For tests and screenshots: overrides what the desktop says.
    void setSystemAppearance(bool dark, bool reducedMotion);

Q_SIGNALS:
    void changed();

private:
    void refresh();

    QApplication* m_application = nullptr;
    std::unique_ptr<SystemAppearance> m_system;
    std::unique_ptr<IconStore> m_icons;
    Mode m_mode = Mode::System;
    double m_fontScale = 1.0;
};

/// Keeps the widget's font at the role's while both live.
void bindFont(QWidget* widget, Theme& theme, TextRole role);
/// The same, and the text colour; for labels and other palette-painted widgets.
void bindText(QWidget* widget, Theme& theme, TextRole role, ColourRole colour);

} // namespace hearth::gui
