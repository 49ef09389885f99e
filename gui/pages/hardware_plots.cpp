#include "gui/pages/hardware_plots.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include "gui/pages/hardware_words.h"
#include "gui/theme/tabular.h"

namespace hearth::gui {

namespace {

/// The least of 1, 2, 5 × 10ⁿ that is not below value.
double roundedUp(double value) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, 1.0))));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= value)
            return step * power;
    return 10 * power;
}

} // namespace

StaircasePlot::StaircasePlot(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bindFont(this, theme, TextRole::Small);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void StaircasePlot::setName(const QString& name) {
    setAccessibleName(name);
}

void StaircasePlot::setData(std::vector<Point> points, std::vector<Mark> marks) {
    m_points = std::move(points);
    m_marks = std::move(marks);
    m_current = -1;
    double highest = 0;
    QStringList values;
    for (const Point& point : m_points) {
        highest = std::max(highest, point.y);
        values << hardware_words::cacheSize(point.x) + QStringLiteral(": ") +
                      hardware_words::gigabytesPerSecond(point.y);
    }
    m_top = highest > 0 ? highest * 1.08 : 1;
    setAccessibleDescription(values.join(QStringLiteral("; ")));
    update();
}

QSize StaircasePlot::sizeHint() const {
    return {m_theme.px(280), m_theme.px(190)};
}

QRectF StaircasePlot::plotArea() const {
    const QFontMetricsF metrics(font());
    return QRectF(rect()).adjusted(tabularWidth(metrics, QStringLiteral("000.0 GB/s")) + m_theme.space(2),
                                   m_theme.space(2), -m_theme.space(3), -metrics.height() - m_theme.space(2));
}

QPointF StaircasePlot::place(const Point& point) const {
    const QRectF area = plotArea();
    const double first = std::log2(m_points.front().x), last = std::log2(m_points.back().x);
    const double share = last > first ? (std::log2(point.x) - first) / (last - first) : 0.5;
    return {area.left() + share * area.width(), area.bottom() - point.y / m_top * area.height()};
}

void StaircasePlot::paintAxes(QPainter& painter) const {
    const QRectF area = plotArea();
    const QFontMetricsF metrics(font());
    const double step = roundedUp(m_top / 4);
    for (int line = 0; line * step <= m_top; ++line) {
        const double y = line * step;
        const double at = std::round(area.bottom() - y / m_top * area.height()) + 0.5;
        painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
        painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at));
        painter.setPen(m_theme.colour(ColourRole::Muted));
        const QString text = y > 0 ? hardware_words::gigabytesPerSecond(y) : QStringLiteral("0");
        drawTabular(
            painter,
            {area.left() - m_theme.space(2) - tabularWidth(metrics, text), at + metrics.ascent() / 2 - 1},
            text);
    }
    // The regions: a mark where each ends, its name in the middle when there is room.
    double left = area.left(), free = area.left();
    for (const Mark& mark : m_marks) {
        const bool ends = mark.x > 0 && mark.x < m_points.back().x;
        const double right = ends ? std::max(left, place({mark.x, 0}).x()) : area.right();
        if (ends) {
            painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1, Qt::DashLine));
            painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()));
        }
        const double width = metrics.horizontalAdvance(mark.text), begin = (left + right - width) / 2;
        if (begin >= free && begin + width <= area.right() + m_theme.space(3)) {
            painter.setPen(m_theme.colour(ColourRole::Muted));
            painter.drawText(QPointF(begin, area.bottom() + metrics.ascent() + m_theme.space(1)), mark.text);
            free = begin + width + m_theme.space(2);
        }
        left = right;
    }
}

void StaircasePlot::paintPoint(QPainter& painter) const {
    if (m_current < 0 || m_current >= static_cast<int>(m_points.size()))
        return;
    const Point& point = m_points[static_cast<std::size_t>(m_current)];
    const QPointF at = place(point);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(ColourRole::Accent));
    painter.drawEllipse(at, m_theme.space(1), m_theme.space(1));
    const QFontMetricsF metrics(font());
    const QString text = hardware_words::cacheSize(point.x) + QStringLiteral(" · ") +
                         hardware_words::gigabytesPerSecond(point.y);
    const QRectF area = plotArea();
    const double width = tabularWidth(metrics, text) + 2 * m_theme.space(2);
    QRectF box(at.x() - width / 2, at.y() - metrics.height() - 3 * m_theme.space(1), width,
               metrics.height() + m_theme.space(1));
    box.moveLeft(std::clamp(box.left(), area.left(), std::max(area.left(), area.right() - width)));
    if (box.top() < 0)
        box.moveTop(at.y() + m_theme.space(2));
    painter.setBrush(m_theme.colour(ColourRole::Chip));
    painter.drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
    painter.setPen(m_theme.colour(ColourRole::Text));
    drawTabular(painter,
                {box.left() + m_theme.space(2), box.top() + metrics.ascent() + m_theme.space(1) / 2.0}, text);
}

void StaircasePlot::paintEvent(QPaintEvent*) {
    if (m_points.size() < 2)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    paintAxes(painter);
    QPainterPath line;
    for (const Point& point : m_points)
        line.elementCount() == 0 ? line.moveTo(place(point)) : line.lineTo(place(point));
    QPainterPath below = line;
    const QRectF area = plotArea();
    below.lineTo(area.bottomRight());
    below.lineTo(area.bottomLeft());
    below.closeSubpath();
    painter.fillPath(below, m_theme.colour(ColourRole::AccentSoft));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.colour(ColourRole::Accent), 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(line);
    paintPoint(painter);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(m_theme.colour(ColourRole::Accent), 1));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), m_theme.radius(Radius::Small),
                                m_theme.radius(Radius::Small));
    }
}

void StaircasePlot::mouseMoveEvent(QMouseEvent* event) {
    if (m_points.size() < 2)
        return;
    const auto distance = [&](const Point& point) {
        return std::abs(place(point).x() - event->position().x());
    };
    const auto nearest =
        std::min_element(m_points.begin(), m_points.end(),
                         [&](const Point& a, const Point& b) { return distance(a) < distance(b); });
    m_current = static_cast<int>(nearest - m_points.begin());
    update();
}

void StaircasePlot::leaveEvent(QEvent*) {
    m_current = -1;
    update();
}

void StaircasePlot::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || m_points.empty())
        return QWidget::keyPressEvent(event);
    m_current = std::clamp(m_current + step, 0, static_cast<int>(m_points.size()) - 1);
    update();
}

void StaircasePlot::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void StaircasePlot::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

BarPlot::BarPlot(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    bindFont(this, theme, TextRole::Small);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void BarPlot::setName(const QString& name) {
    setAccessibleName(name);
}

void BarPlot::setBars(std::vector<Bar> bars) {
    m_bars = std::move(bars);
    QStringList values;
    for (const Bar& bar : m_bars)
        values << bar.name + QStringLiteral(": ") + bar.figure;
    setAccessibleDescription(values.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QSize BarPlot::sizeHint() const {
    return {m_theme.px(260), m_theme.px(24) * std::max<int>(1, static_cast<int>(m_bars.size()))};
}

QSize BarPlot::minimumSizeHint() const {
    return sizeHint();
}

void BarPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const QFontMetricsF metrics(font());
    double names = 0, figures = 0, highest = 0;
    for (const Bar& bar : m_bars) {
        names = std::max(names, metrics.horizontalAdvance(bar.name));
        figures = std::max(figures, tabularWidth(metrics, bar.figure));
        highest = std::max(highest, bar.value);
    }
    const double row = m_theme.px(24), gap = m_theme.space(3), left = names + gap;
    const double room = std::max(0.0, width() - left - figures - gap);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const double top = row * static_cast<double>(i),
                     base = top + (row + metrics.ascent() - metrics.descent()) / 2;
        painter.setPen(m_theme.colour(ColourRole::Text));
        painter.drawText(QPointF(0, base), m_bars[i].name);
        const double length = highest > 0 ? room * m_bars[i].value / highest : 0, thick = m_theme.px(10);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(ColourRole::Accent));
        painter.drawRoundedRect(QRectF(left, top + (row - thick) / 2, std::max(length, 2.0), thick),
                                m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
        painter.setPen(m_theme.colour(ColourRole::Muted));
        drawTabular(painter, {left + length + m_theme.space(2), base}, m_bars[i].figure);
    }
}

} // namespace hearth::gui
