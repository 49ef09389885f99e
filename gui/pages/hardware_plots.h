#pragma once

#include <vector>

#include <QString>

#include "gui/widgets/themed_chart.h"

class QAreaSeries;
class QBarCategoryAxis;
class QBarSet;
class QHorizontalBarSeries;
class QLineSeries;
class QScatterSeries;
class QValueAxis;

namespace hearth::gui {

/// A line over a logarithmic axis of sizes, with the regions between marks named above it (the cache
/// staircase). The value under the pointer, or at the place of the arrow keys, stands beside the line. Screen
/// readers get every value, the one at that place first.
class StaircasePlot : public ThemedChart {
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
    /// Points in rising x; marks too, the last one without an end (x = 0) names what lies behind.
    void setData(std::vector<Point> points, std::vector<Mark> marks);
    [[nodiscard]] int current() const { return m_current; } ///< the point that is told, -1 = none

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void wearTheme() override;
    void drawForeground(QPainter* painter, const QRectF& exposed) override;
    void resizeEvent(QResizeEvent* event) override;
    bool viewportEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] static QString told(const Point& point);
    void nameSizes();
    void nameRegions();
    void nameSpeeds();
    void setCurrent(int point);

    std::vector<Point> m_points;
    std::vector<Mark> m_marks;
    int m_current = -1;
    QLineSeries *m_line, *m_edge; ///< the same points twice: an area's edge is no series of its own
    QAreaSeries* m_area;
    QScatterSeries* m_dot;
    QCategoryAxis *m_sizes, *m_regions, *m_speeds;
};

/// Horizontal bars with their names at the left and figures behind them.
class BarPlot : public ThemedChart {
    Q_OBJECT
public:
    struct Bar {
        QString name, figure;
        double value = 0;
    };

    explicit BarPlot(Theme& theme, QWidget* parent = nullptr);
    void setBars(std::vector<Bar> bars);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void wearTheme() override;
    void drawForeground(QPainter* painter, const QRectF& exposed) override;

private:
    void leaveRoomForFigures();

    std::vector<Bar> m_bars;
    QBarSet* m_set;
    QHorizontalBarSeries* m_series;
    QBarCategoryAxis* m_names;
    QValueAxis* m_values;
};

} // namespace hearth::gui
