#pragma once

#include <QProxyStyle>

namespace hearth::gui {

class Theme;

/// Fusion with the product's metrics: calm pop-ups, no system animations, focus frames left to the style
/// sheet, pop-ups with round corners on any window system, icons of questions from the
/// product's family. Owned by the QApplication; the theme outlives it.
class AppStyle final : public QProxyStyle {
    Q_OBJECT
public:
    explicit AppStyle(const Theme& theme);

    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                                QStyleHintReturn* data) const override;
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption* option,
                                  const QWidget* widget) const override;
    [[nodiscard]] QIcon standardIcon(StandardPixmap icon, const QStyleOption* option,
                                     const QWidget* widget) const override;
    using QProxyStyle::polish;
    void polish(QWidget* widget) override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace hearth::gui
