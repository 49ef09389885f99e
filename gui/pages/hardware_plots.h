#pragma once

#include <vector>

#include <QString>
#include <QWidget>

#include "gui/theme/theme.h"

namespace hearth::gui {

/// A line over a logarithmic axis of sizes, with marks where something changes (the cache staircase). The
/// value under the pointer, or at the cursor keys' place, stands beside it. Screen readers get every value.
class StaircasePlot : public QWidget {
    Q_OBJECT
public:
    struct Point {
        double x = 0; ///< bytes, greater than 0
        double y = 0; ///< bytes per second
    };
    struct Mark {
        double x = 0; ///< where the region ends
        QString text; ///< of the region to its left
    };

    explicit StaircasePlot(Theme& theme, QWidget* parent = nullptr);
    void setName(const QString& name);
    /// Points in rising x; marks too, the last one without an end (x = 0) names what lies behind.
    void setData(std::vector<Point> points, std::vector<Mark> marks);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] QPointF place(const Point& point) const;
    void paintAxes(QPainter& painter) const;
    void paintPoint(QPainter& painter) const;

    Theme& m_theme;
    std::vector<Point> m_points;
    std::vector<Mark> m_marks;
    double m_top = 1;
    int m_current = -1; ///< point that is told, -1 = none
};

/// Horizontal bars with their names at the left and figures at the right.
class BarPlot : public QWidget {
    Q_OBJECT
public:
    struct Bar {
        QString name, figure;
        double value = 0;
    };

    explicit BarPlot(Theme& theme, QWidget* parent = nullptr);
    void setName(const QString& name);
    void setBars(std::vector<Bar> bars);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    std::vector<Bar> m_bars;
};

} // namespace hearth::gui
