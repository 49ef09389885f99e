#pragma once

#include <vector>

#include <QRectF>
#include <QString>
#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// Parts of a whole as one bar cut into pieces, with a legend below; screen readers get every share.
class ShareBar : public QWidget {
    Q_OBJECT
public:
    struct Part {
        QString name, figure;
        double value = 0;
    };
    explicit ShareBar(Theme& theme, QWidget* parent = nullptr);
    /// Largest first; what comes after kShown is drawn as one.
    void setParts(std::vector<Part> parts, const QString& rest);
    static constexpr std::size_t kShown = 9;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {m_theme.px(200), sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] int legendColumns() const;
    [[nodiscard]] QColor colourOf(std::size_t index) const;
    Theme& m_theme;
    std::vector<Part> m_parts;
};

/// File size against mean KL divergence (logarithmic) of a model's versions; the current one stands out.
class QualityPlot : public QWidget {
    Q_OBJECT
public:
    struct Point {
        QString name;
        double bytes = 0, divergence = 0; ///< divergence > 0
        bool current = false;
    };
    explicit QualityPlot(Theme& theme, QWidget* parent = nullptr);
    void setPoints(std::vector<Point> points);
    [[nodiscard]] std::size_t count() const { return m_points.size(); }

    /// Where the names of points stand: beside them, inside `area`, and as far as there is room on no other
    /// name and no point; whose comes first has the choice.
    struct Name {
        QPointF point;
        QSizeF size;
    };
    [[nodiscard]] static std::vector<QRectF> placeNames(const QRectF& area, const std::vector<Name>& names,
                                                        double radius, double gap);

    [[nodiscard]] QSize sizeHint() const override { return {m_theme.px(480), m_theme.px(320)}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {m_theme.px(280), m_theme.px(220)}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void describe();
    Theme& m_theme;
    std::vector<Point> m_points; ///< by size
};

/// Thin bars with a name at the left and a word at the right ("attn_v ▬▬▬ Q6_K").
class PartBars : public QWidget {
    Q_OBJECT
public:
    struct Bar {
        QString name, figure;
        double fraction = 0;
        bool strong = false;
    };
    explicit PartBars(Theme& theme, QWidget* parent = nullptr);
    void setBars(std::vector<Bar> bars);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {m_theme.px(220), sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    std::vector<Bar> m_bars;
};

} // namespace hearth::gui
