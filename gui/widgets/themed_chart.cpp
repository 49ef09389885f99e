#include "gui/widgets/themed_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <QPainter>
#include <QWheelEvent>

namespace hearth::gui {

ThemedChart::ThemedChart(Theme& theme, QWidget* parent) : QChartView(parent), m_theme(theme) {
    setFrameShape(QFrame::NoFrame);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    setRenderHint(QPainter::Antialiasing);
    setFocusPolicy(Qt::NoFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    chart()->setBackgroundVisible(false);
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    bindFont(this, theme, TextRole::Small);
    connect(&theme, &Theme::changed, this, [this] {
        wearTheme();
        updateGeometry();
        viewport()->update();
    });
}

void ThemedChart::dress(QAbstractAxis& axis, Qt::PenStyle grid) {
    axis.setLabelsFont(m_theme.font(TextRole::Small));
    axis.setLabelsColor(m_theme.colour(ColourRole::Muted));
    axis.setLineVisible(false);
    axis.setGridLinePen(QPen(m_theme.colour(ColourRole::Border), 1, grid));
    axis.setTruncateLabels(false);
}

void ThemedChart::setNames(QCategoryAxis& axis, const std::vector<std::pair<double, QString>>& names) {
    for (const QString& name : axis.categoriesLabels())
        axis.remove(name);
    for (const auto& [value, name] : names)
        axis.append(name, value);
}

void ThemedChart::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

void ThemedChart::drawForeground(QPainter* painter, const QRectF&) {
    if (!hasFocus())
        return;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(QPen(m_theme.colour(ColourRole::Accent), 1));
    painter->drawRoundedRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5),
                             m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
}

void ThemedChart::focusInEvent(QFocusEvent* event) {
    QChartView::focusInEvent(event);
    viewport()->update();
}

void ThemedChart::focusOutEvent(QFocusEvent* event) {
    QChartView::focusOutEvent(event);
    viewport()->update();
}

} // namespace hearth::gui
