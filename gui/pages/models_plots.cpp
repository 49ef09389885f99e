#include "gui/pages/models_plots.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include "gui/theme/human.h"
#include "gui/theme/tabular.h"

namespace hearth::gui {

namespace {

constexpr int kBar = 26, kLegendRow = 22, kLegendColumn = 230, kPartRow = 27;

} // namespace

ShareBar::ShareBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(false);
    setSizePolicy(policy);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void ShareBar::setParts(std::vector<Part> parts, const QString& rest) {
    if (parts.size() > kShown + 1) {
        Part all{rest, {}, 0};
        for (std::size_t i = kShown; i < parts.size(); ++i)
            all.value += parts[i].value;
        parts.resize(kShown);
        parts.push_back(all);
    }
    m_parts = std::move(parts);
    QString words;
    for (const Part& part : m_parts)
        words += part.name + QLatin1Char(' ') + part.figure + QStringLiteral("; ");
    setAccessibleDescription(words);
    updateGeometry();
    update();
}

int ShareBar::legendColumns() const {
    return std::max(1, width() / m_theme.px(kLegendColumn));
}

QSize ShareBar::sizeHint() const {
    const int columns = legendColumns(), count = static_cast<int>(m_parts.size());
    return {m_theme.px(480),
            m_theme.px(kBar) + m_theme.space(2) + (count + columns - 1) / columns * m_theme.px(kLegendRow)};
}

void ShareBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    updateGeometry();
}

QColor ShareBar::colourOf(std::size_t index) const {
    // One accent that fades: largest first, so neighbours always differ.
    const QColor from = m_theme.colour(ColourRole::Accent), to = m_theme.colour(ColourRole::Border);
    const double t = m_parts.size() < 2 ? 0 : 0.85 * double(index) / double(m_parts.size() - 1);
    return QColor::fromRgbF(float(from.redF() + t * (to.redF() - from.redF())),
                            float(from.greenF() + t * (to.greenF() - from.greenF())),
                            float(from.blueF() + t * (to.blueF() - from.blueF())));
}

void ShareBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    double sum = 0;
    for (const Part& part : m_parts)
        sum += part.value;
    if (sum <= 0)
        return;
    const QRectF bar(0, 0, width(), m_theme.px(kBar));
    QPainterPath round;
    round.addRoundedRect(bar, m_theme.radius(Radius::Small), m_theme.radius(Radius::Small));
    painter.setClipPath(round);
    double left = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const double part = m_parts[i].value / sum * bar.width();
        painter.fillRect(QRectF(left, 0, std::max(1.0, part - 1), bar.height()), colourOf(i));
        left += part;
    }
    painter.setClipping(false);
    painter.setFont(m_theme.font(TextRole::Small));
    const int columns = legendColumns(), row = m_theme.px(kLegendRow), column = width() / columns;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const QRect place(int(i) % columns * column,
                          int(bar.height()) + m_theme.space(2) + int(i) / columns * row, column, row);
        const int dot = m_theme.px(9);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(i));
        painter.drawRoundedRect(QRectF(place.left(), place.center().y() - dot / 2.0, dot, dot), m_theme.px(2),
                                m_theme.px(2));
        const QString figure =
            m_parts[i].figure.isEmpty() ? QString() : QStringLiteral("  ") + m_parts[i].figure;
        const QRect words = place.adjusted(dot + m_theme.space(2), 0, -m_theme.space(2), 0);
        const QString name =
            painter.fontMetrics().elidedText(m_parts[i].name, Qt::ElideMiddle,
                                             words.width() - painter.fontMetrics().horizontalAdvance(figure));
        painter.setPen(m_theme.colour(ColourRole::Text));
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setPen(m_theme.colour(ColourRole::Muted));
        painter.drawText(words.adjusted(painter.fontMetrics().horizontalAdvance(name), 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter, figure);
    }
}

QualityPlot::QualityPlot(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void QualityPlot::setPoints(std::vector<Point> points) {
    std::erase_if(points, [](const Point& p) { return !(p.divergence > 0) || !(p.bytes > 0); });
    std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return a.bytes < b.bytes; });
    m_points = std::move(points);
    describe();
    update();
}

void QualityPlot::describe() {
    setAccessibleName(tr("Size against quality, all versions"));
    QString words;
    for (const Point& point : m_points)
        words += tr("%1: %2, mean KL divergence %3")
                     .arg(point.name, humanBytes(static_cast<std::uint64_t>(point.bytes)),
                          QString::number(point.divergence, 'g', 3)) +
                 QStringLiteral("; ");
    setAccessibleDescription(words);
}

void QualityPlot::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        describe();
    QWidget::changeEvent(event);
}

void QualityPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(m_theme.font(TextRole::Small));
    const QFontMetricsF metrics(painter.font());
    const double left = m_theme.px(58), bottom = height() - metrics.height() * 2 - m_theme.space(2);
    const QRectF area(left, metrics.height() + m_theme.space(2), width() - left - m_theme.space(4),
                      bottom - metrics.height() - m_theme.space(2));
    double low = 1e9, high = 0, largest = 0, smallest = 1e30;
    for (const Point& p : m_points) {
        low = std::min(low, p.divergence);
        high = std::max(high, p.divergence);
        largest = std::max(largest, p.bytes);
        smallest = std::min(smallest, p.bytes);
    }
    painter.setPen(m_theme.colour(ColourRole::Muted));
    painter.drawText(QPointF(0, metrics.ascent()), tr("mean KL divergence"));
    painter.drawText(QRectF(area.left(), height() - metrics.height(), area.width(), metrics.height()),
                     Qt::AlignCenter, tr("file size"));
    painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
    painter.drawLine(area.topLeft(), area.bottomLeft());
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    if (m_points.empty()) {
        painter.setPen(m_theme.colour(ColourRole::Muted));
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, tr("No version has been measured yet."));
        return;
    }
    const int from = static_cast<int>(std::floor(std::log10(low))),
              to = std::max(from + 1, static_cast<int>(std::ceil(std::log10(high))));
    const double span = std::max(largest - smallest, largest * 0.05);
    const double x0 = smallest - span * 0.12, x1 = largest + span * 0.16;
    const auto place = [&](double bytes, double divergence) {
        return QPointF(area.left() + (bytes - x0) / (x1 - x0) * area.width(),
                       area.bottom() - (std::log10(divergence) - from) / (to - from) * area.height());
    };
    for (int power = from; power <= to; ++power) {
        const double y = place(x0, std::pow(10.0, power)).y();
        painter.setPen(QPen(m_theme.colour(ColourRole::Border), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(m_theme.colour(ColourRole::Muted));
        const QString label = QString::number(std::pow(10.0, power), 'g', 3);
        painter.drawText(QPointF(area.left() - metrics.horizontalAdvance(label) - m_theme.space(2),
                                 y + metrics.ascent() / 2 - 1),
                         label);
    }
    double taken = 0; // by the sizes so far
    for (int step = 0; step <= 4; ++step) {
        const double bytes = x0 + (x1 - x0) * (step + 0.5) / 5;
        const QString label = humanBytes(static_cast<std::uint64_t>(std::max(0.0, bytes)));
        const double width = metrics.horizontalAdvance(label), x = place(bytes, 1).x() - width / 2;
        if (x < taken)
            continue;
        painter.drawText(QPointF(x, area.bottom() + metrics.height()), label);
        taken = x + width + m_theme.space(2);
    }
    QPainterPath line;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF p = place(m_points[i].bytes, m_points[i].divergence);
        i == 0 ? line.moveTo(p) : line.lineTo(p);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.colour(ColourRole::Accent), 2));
    painter.drawPath(line);
    std::vector<const Point*> order; // the current one's name has the choice
    for (const Point& point : m_points)
        order.insert(point.current ? order.begin() : order.end(), &point);
    const auto fontOf = [this](const Point& point) {
        return m_theme.font(point.current ? TextRole::SmallStrong : TextRole::Small);
    };
    const auto nameOf = [](const Point& point) {
        return point.current ? tr("%1 this version").arg(point.name) : point.name;
    };
    std::vector<Name> names;
    for (const Point* point : order) {
        const QPointF p = place(point->bytes, point->divergence);
        const double r = m_theme.px(point->current ? 7 : 5);
        painter.setPen(QPen(m_theme.colour(ColourRole::Surface), 2));
        painter.setBrush(m_theme.colour(ColourRole::Accent));
        painter.drawEllipse(p, r, r);
        const QFontMetricsF own(fontOf(*point));
        names.push_back({p, QSizeF(own.horizontalAdvance(nameOf(*point)), own.height())});
    }
    const auto places = placeNames(area, names, m_theme.px(7), m_theme.space(1));
    painter.setPen(m_theme.colour(ColourRole::Text));
    for (std::size_t i = 0; i < order.size(); ++i) {
        painter.setFont(fontOf(*order[i]));
        painter.drawText(places[i], Qt::AlignCenter | Qt::TextDontClip, nameOf(*order[i]));
    }
}

std::vector<QRectF> QualityPlot::placeNames(const QRectF& area, const std::vector<Name>& names, double radius,
                                            double gap) {
    std::vector<QRectF> out, taken;
    for (const Name& name : names)
        taken.emplace_back(name.point.x() - radius, name.point.y() - radius, 2 * radius, 2 * radius);
    constexpr int kSteps = 6; // half lines away from the point
    for (const auto& [point, size] : names) {
        const double beside = radius + gap, half = size.height() / 2;
        std::optional<QRectF> best;
        bool free = false;
        for (int step = 0; step <= kSteps && !free; ++step)
            for (const double x : {point.x() + beside, point.x() - beside - size.width()})
                for (const double y : {point.y() - size.height() - step * half, point.y() + step * half}) {
                    const QRectF room(QPointF(x, y), size);
                    if (free || room.left() < area.left() || room.right() > area.right())
                        continue;
                    free = room.top() >= area.top() - size.height() && room.bottom() <= area.bottom() &&
                           std::none_of(taken.begin(), taken.end(),
                                        [&room](const QRectF& other) { return room.intersects(other); });
                    if (free || !best) // better on another name than cut off
                        best = room;
                }
        out.push_back(best.value_or(QRectF(point, size)));
        taken.push_back(out.back());
    }
    return out;
}

PartBars::PartBars(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void PartBars::setBars(std::vector<Bar> bars) {
    m_bars = std::move(bars);
    QString words;
    for (const Bar& bar : m_bars)
        words += bar.name + QLatin1Char(' ') + bar.figure + QStringLiteral("; ");
    setAccessibleDescription(words);
    updateGeometry();
    update();
}

QSize PartBars::sizeHint() const {
    return {m_theme.px(380), static_cast<int>(m_bars.size()) * m_theme.px(kPartRow)};
}

void PartBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int row = m_theme.px(kPartRow), names = m_theme.px(130), thick = m_theme.px(8);
    const QFontMetrics small(m_theme.font(TextRole::Small));
    int figures = 0; // as wide as the widest
    for (const Bar& bar : m_bars)
        figures = std::max(figures, small.horizontalAdvance(bar.figure) + m_theme.space(3));
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars[i];
        const QRect place(0, int(i) * row, width(), row);
        painter.setFont(m_theme.font(TextRole::Body));
        painter.setPen(m_theme.colour(ColourRole::Text));
        painter.drawText(
            place.adjusted(0, 0, names - width(), 0), Qt::AlignVCenter | Qt::AlignLeft,
            painter.fontMetrics().elidedText(bar.name, Qt::ElideRight, names - m_theme.space(2)));
        const QRectF track(names, place.center().y() - thick / 2.0, width() - names - figures, thick);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(ColourRole::Border));
        painter.drawRoundedRect(track, thick / 2.0, thick / 2.0);
        QColor fill = m_theme.colour(ColourRole::Accent);
        if (!bar.strong)
            fill.setAlphaF(0.65F);
        painter.setBrush(fill);
        painter.drawRoundedRect(
            QRectF(track.left(), track.top(), track.width() * std::clamp(bar.fraction, 0.0, 1.0), thick),
            thick / 2.0, thick / 2.0);
        painter.setFont(m_theme.font(TextRole::Small));
        painter.setPen(m_theme.colour(ColourRole::Muted));
        painter.drawText(place.adjusted(width() - figures, 0, 0, 0), Qt::AlignVCenter | Qt::AlignRight,
                         bar.figure);
    }
}

} // namespace hearth::gui
