#pragma once

#include <utility>
#include <vector>

#include <QChartView>

#include "gui/theme/theme.h"

class QAbstractAxis;
class QCategoryAxis;

namespace hearth::gui {

/// A chart of Qt Charts in the theme's colours and font on the ground of what it lies on. The wheel stays
/// with the page around it. Whoever derives from it adds series and axes and tells screen readers every value
/// by the accessible description.
class ThemedChart : public QChartView {
    Q_OBJECT
public:
    void setName(const QString& name) { setAccessibleName(name); }

protected:
    explicit ThemedChart(Theme& theme, QWidget* parent);
    /// Colours and fonts of axes and series. Called after a change of the theme, and to be called once by the
    /// constructor of who derives from it.
    virtual void wearTheme() = 0;

    /// The theme's colours for an axis; `grid` are its lines across the chart.
    void dress(QAbstractAxis& axis, Qt::PenStyle grid);
    /// Names at values, in rising order, instead of those of `axis`. A name that was there before is left
    /// out.
    static void setNames(QCategoryAxis& axis, const std::vector<std::pair<double, QString>>& names);

    void wheelEvent(QWheelEvent* event) override;
    void drawForeground(QPainter* painter, const QRectF& exposed) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    Theme& m_theme;
};

} // namespace hearth::gui
