#include "gui/theme/icons.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <QtDebug>

namespace hearth::gui {

namespace {

QPixmap render(const QByteArray& svg, const QColor& colour, int size, qreal devicePixelRatio) {
    QByteArray coloured = svg;
    coloured.replace("currentColor", colour.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(coloured);
    const int pixels = qMax(1, qRound(size * devicePixelRatio));
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

/// Draws the SVG at whatever size and pixel ratio the widget asks for, so icons stay sharp on any screen.
class SvgIconEngine final : public QIconEngine {
public:
    SvgIconEngine(QByteArray svg, QColor colour, int size)
        : m_svg(std::move(svg)), m_colour(std::move(colour)), m_size(size) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const qreal opacity = painter->opacity();
        if (mode == QIcon::Disabled)
            painter->setOpacity(opacity * 0.45);
        const int side = qMin(rect.width(), rect.height());
        QRect square(0, 0, side, side);
        square.moveCenter(rect.center());
        painter->drawPixmap(square, render(m_svg, m_colour, side, painter->device()->devicePixelRatioF()));
        painter->setOpacity(opacity);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override {
        return size.isEmpty() ? QSize(m_size, m_size) : size;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new SvgIconEngine(m_svg, m_colour, m_size); }

private:
    QByteArray m_svg;
    QColor m_colour;
    int m_size;
};

} // namespace

QByteArray IconStore::source(const QString& name) {
    if (const auto known = m_sources.constFind(name); known != m_sources.constEnd())
        return *known;
    QFile file(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
    QByteArray svg;
    if (file.open(QIODevice::ReadOnly))
        svg = file.readAll();
    else
        qWarning("unknown icon %s", qUtf8Printable(name));
    m_sources.insert(name, svg);
    return svg;
}

QPixmap IconStore::pixmap(const QString& name, const QColor& colour, int size, qreal devicePixelRatio) {
    const QString key =
        QStringLiteral("%1/%2/%3/%4").arg(name, colour.name()).arg(size).arg(devicePixelRatio);
    if (const auto known = m_pixmaps.constFind(key); known != m_pixmaps.constEnd())
        return *known;
    const QByteArray svg = source(name);
    const QPixmap pixmap = svg.isEmpty() ? QPixmap() : render(svg, colour, size, devicePixelRatio);
    m_pixmaps.insert(key, pixmap);
    return pixmap;
}

QIcon IconStore::icon(const QString& name, const QColor& colour, int size) {
    const QByteArray svg = source(name);
    return svg.isEmpty() ? QIcon() : QIcon(new SvgIconEngine(svg, colour, size));
}

} // namespace hearth::gui
