#include "gui/pages/hardware_plots.h"

#include <algorithm>
#include <cmath>

#include <QAreaSeries>
#include <QBarCategoryAxis>
#include <QBarSet>
#include <QCategoryAxis>
#include <QChart>
#include <QHorizontalBarSeries>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QScatterSeries>
#include <QValueAxis>

#include "gui/pages/hardware_words.h"
#include "gui/theme/tabular.h"

namespace hearth::gui {

namespace {

constexpr int kStairsWidth = 280, kStairsHeight = 210, kBarsWidth = 260, kBarRow = 24, kBarThickness = 10;
constexpr double kGridSteps = 5; ///< lines of the staircase, about

/// The least of 1, 2, 5 × 10ⁿ that is not below value.
double roundedUp(double value) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, 1.0))));
    for (const double step : {1.0, 2.0, 5.0})
        if (step * power >= value)
            return step * power;
    return 10 * power;
}

QCategoryAxis* namedAxis(QChart& chart, Qt::Alignment side, QCategoryAxis::AxisLabelsPosition position) {
    auto* axis = new QCategoryAxis;
    axis->setLabelsPosition(position);
    chart.addAxis(axis, side);
    return axis;
}

} // namespace

StaircasePlot::StaircasePlot(Theme& theme, QWidget* parent)
    : ThemedChart(theme, parent), m_line(new QLineSeries), m_edge(new QLineSeries(this)),
      m_area(new QAreaSeries(m_edge)), m_dot(new QScatterSeries),
      m_sizes(namedAxis(*chart(), Qt::AlignBottom, QCategoryAxis::AxisLabelsPositionOnValue)),
      m_regions(namedAxis(*chart(), Qt::AlignTop, QCategoryAxis::AxisLabelsPositionCenter)),
      m_speeds(namedAxis(*chart(), Qt::AlignLeft, QCategoryAxis::AxisLabelsPositionOnValue)) {
    setFocusPolicy(Qt::TabFocus);
    viewport()->setMouseTracking(true);
    for (QAbstractSeries* series :
         {static_cast<QAbstractSeries*>(m_area), static_cast<QAbstractSeries*>(m_line),
          static_cast<QAbstractSeries*>(m_dot)}) {
        chart()->addSeries(series);
        for (QCategoryAxis* axis : {m_sizes, m_regions, m_speeds})
            series->attachAxis(axis);
    }
    wearTheme();
}

void StaircasePlot::wearTheme() {
    dress(*m_sizes, Qt::NoPen);
    dress(*m_regions, Qt::DashLine);
    dress(*m_speeds, Qt::SolidLine);
    const QColor accent = m_theme.colour(ColourRole::Accent);
    m_area->setPen(Qt::NoPen);
    m_area->setBrush(m_theme.colour(ColourRole::AccentSoft));
    m_line->setPen(QPen(accent, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    m_dot->setMarkerSize(m_theme.space(2));
    m_dot->setBrush(accent);
    m_dot->setBorderColor(accent);
    const int half = QFontMetrics(font()).horizontalAdvance(hardware_words::cacheSize(512 << 20)) / 2;
    chart()->setMargins({0, 0, half, 0}); // half of the last size stands behind the end
    nameSizes();                          // how many there is room for depends on the font
}

QString StaircasePlot::told(const Point& point) {
    return hardware_words::cacheSize(point.x) + QStringLiteral(": ") +
           hardware_words::gigabytesPerSecond(point.y);
}

void StaircasePlot::setData(std::vector<Point> points, std::vector<Mark> marks) {
    m_points = std::move(points);
    m_marks = std::move(marks);
    QList<QPointF> places;
    for (const Point& point : m_points)
        places << QPointF(std::log2(point.x), point.y);
    m_line->replace(places);
    m_edge->replace(places);
    if (places.size() > 1)
        for (QCategoryAxis* axis : {m_sizes, m_regions}) {
            axis->setRange(places.first().x(), places.last().x());
            axis->setStartValue(places.first().x());
        }
    nameSizes();
    nameRegions();
    nameSpeeds();
    setCurrent(-1);
}

/// Powers of two, as many as there is room for.
void StaircasePlot::nameSizes() {
    if (m_points.size() < 2)
        return;
    const double first = std::log2(m_points.front().x), last = std::log2(m_points.back().x);
    const double name = 1.6 * QFontMetricsF(font()).horizontalAdvance(hardware_words::cacheSize(512 << 10));
    const double room = std::max(name, chart()->plotArea().width());
    const double step = std::max(1.0, std::ceil((last - first) * name / room));
    std::vector<std::pair<double, QString>> names;
    for (double at = std::ceil(first); at <= last; at += step)
        names.emplace_back(at, hardware_words::cacheSize(std::exp2(at)));
    setNames(*m_sizes, names);
}

void StaircasePlot::nameRegions() {
    std::vector<std::pair<double, QString>> names;
    const double end = m_points.size() < 2 ? 0 : std::log2(m_points.back().x);
    for (const Mark& mark : m_marks) {
        const bool within = mark.x > 0 && std::log2(mark.x) < end;
        names.emplace_back(within ? std::log2(mark.x) : end, mark.text);
        if (!within)
            break; // nothing was measured behind it
    }
    setNames(*m_regions, names);
}

void StaircasePlot::nameSpeeds() {
    double highest = 1;
    for (const Point& point : m_points)
        highest = std::max(highest, point.y);
    const double top = highest * 1.08, step = roundedUp(top / kGridSteps);
    std::vector<std::pair<double, QString>> names;
    for (int line = 0; line * step <= top; ++line)
        names.emplace_back(line * step,
                           line > 0 ? hardware_words::gigabytesPerSecond(line * step) : QStringLiteral("0"));
    m_speeds->setRange(0, top);
    setNames(*m_speeds, names);
}

void StaircasePlot::setCurrent(int point) {
    m_current = point;
    QStringList values;
    m_dot->clear();
    if (point >= 0) {
        m_dot->append(m_line->at(point));
        values << told(m_points[static_cast<std::size_t>(point)]) + QLatin1Char('\n');
    }
    QStringList all;
    for (const Point& each : m_points)
        all << told(each);
    setAccessibleDescription(values.join(QString()) + all.join(QStringLiteral("; ")));
    viewport()->update();
}

QSize StaircasePlot::sizeHint() const {
    return {m_theme.px(kStairsWidth), m_theme.px(kStairsHeight)};
}

void StaircasePlot::drawForeground(QPainter* painter, const QRectF& exposed) {
    ThemedChart::drawForeground(painter, exposed);
    if (m_current < 0)
        return;
    const QPointF at = chart()->mapToPosition(m_line->at(m_current), m_line);
    painter->setFont(font());
    const QFontMetricsF metrics(font());
    const QString text = told(m_points[static_cast<std::size_t>(m_current)]);
    const QRectF area = chart()->plotArea();
    const double width = tabularWidth(metrics, text) + 2 * m_theme.space(2);
    QRectF box(at.x() - width / 2, at.y() - metrics.height() - 3 * m_theme.space(1), width,
               metrics.height() + m_theme.space(1));
    box.moveLeft(std::clamp(box.left(), area.left(), std::max(area.left(), area.right() - width)));
    if (box.top() < area.top())
        box.moveTop(at.y() + m_theme.space(2));
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.colour(ColourRole::Chip));
    painter->drawRoundedRect(box, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
    painter->setPen(m_theme.colour(ColourRole::Text));
    drawTabular(*painter,
                {box.left() + m_theme.space(2), box.top() + metrics.ascent() + m_theme.space(1) / 2.0}, text);
}

void StaircasePlot::resizeEvent(QResizeEvent* event) {
    ThemedChart::resizeEvent(event);
    nameSizes();
}

bool StaircasePlot::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave)
        setCurrent(-1);
    return ThemedChart::viewportEvent(event);
}

void StaircasePlot::mouseMoveEvent(QMouseEvent* event) {
    ThemedChart::mouseMoveEvent(event);
    if (m_points.empty())
        return;
    const double x = chart()->mapToValue(event->position(), m_line).x();
    const auto distance = [x](const Point& point) { return std::abs(std::log2(point.x) - x); };
    const auto nearest = std::ranges::min_element(m_points, {}, distance);
    setCurrent(static_cast<int>(nearest - m_points.begin()));
}

void StaircasePlot::keyPressEvent(QKeyEvent* event) {
    const int step = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    if (step == 0 || m_points.empty())
        return QWidget::keyPressEvent(event); // not the view's: it would scroll
    setCurrent(std::clamp(m_current + step, 0, static_cast<int>(m_points.size()) - 1));
}

BarPlot::BarPlot(Theme& theme, QWidget* parent)
    : ThemedChart(theme, parent), m_set(new QBarSet({})), m_series(new QHorizontalBarSeries),
      m_names(new QBarCategoryAxis), m_values(new QValueAxis) {
    m_series->append(m_set);
    m_series->setBarWidth(static_cast<double>(kBarThickness) / kBarRow);
    chart()->addSeries(m_series);
    chart()->addAxis(m_names, Qt::AlignLeft);
    chart()->addAxis(m_values, Qt::AlignBottom);
    m_series->attachAxis(m_names);
    m_series->attachAxis(m_values);
    m_values->setVisible(false);
    connect(chart(), &QChart::plotAreaChanged, this, &BarPlot::leaveRoomForFigures);
    wearTheme();
}

void BarPlot::wearTheme() {
    dress(*m_names, Qt::NoPen);
    m_names->setLabelsColor(m_theme.colour(ColourRole::Text));
    m_names->setGridLineVisible(false);
    m_set->setColor(m_theme.colour(ColourRole::Accent));
    m_set->setPen(Qt::NoPen);
    leaveRoomForFigures();
}

void BarPlot::setBars(std::vector<Bar> bars) {
    m_bars = std::move(bars);
    QStringList values, names;
    QList<double> lengths;
    for (const Bar& bar : m_bars)
        values << bar.name + QStringLiteral(": ") + bar.figure;
    // The axis runs upwards, and it wants names that differ: blanks of no width are put behind equal ones.
    for (auto bar = m_bars.rbegin(); bar != m_bars.rend(); ++bar) {
        QString name = bar->name;
        while (names.contains(name))
            name += QChar(0x200B);
        names << name;
        lengths << bar->value;
    }
    setAccessibleDescription(values.join(QStringLiteral("; ")));
    m_set->remove(0, m_set->count());
    m_names->setCategories(names);
    m_set->append(lengths);
    leaveRoomForFigures();
    updateGeometry();
    viewport()->update();
}

/// The longest bar ends where its figure still fits behind it.
void BarPlot::leaveRoomForFigures() {
    const QFontMetricsF metrics(font());
    double highest = 0, figures = 0;
    for (const Bar& bar : m_bars) {
        highest = std::max(highest, bar.value);
        figures = std::max(figures, tabularWidth(metrics, bar.figure));
    }
    const double room = chart()->plotArea().width(), bars = room - figures - 2 * m_theme.space(2);
    m_values->setRange(0, std::max(highest, 1e-9) * (bars > 0 ? room / bars : 1));
}

QSize BarPlot::sizeHint() const {
    return {m_theme.px(kBarsWidth), m_theme.px(kBarRow) * std::max<int>(1, static_cast<int>(m_bars.size()))};
}

void BarPlot::drawForeground(QPainter* painter, const QRectF& exposed) {
    ThemedChart::drawForeground(painter, exposed);
    painter->setFont(font());
    painter->setPen(m_theme.colour(ColourRole::Muted));
    const QFontMetricsF metrics(font());
    const int count = static_cast<int>(m_bars.size());
    for (int i = 0; i < count; ++i) {
        const Bar& bar = m_bars[static_cast<std::size_t>(i)];
        const QPointF end = chart()->mapToPosition(QPointF(bar.value, count - 1 - i), m_series);
        drawTabular(*painter,
                    {end.x() + m_theme.space(2), end.y() + (metrics.ascent() - metrics.descent()) / 2},
                    bar.figure);
    }
}

} // namespace hearth::gui
