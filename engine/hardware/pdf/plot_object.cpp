#include "engine/hardware/pdf/plot_object.h"

#include <QtGui/QTextDocument>
#include <QtGui/QTextFormat>
#include <QtSvg/QSvgRenderer>

namespace hearth::hardware {

QByteArray PlotObject::plotOf(const QTextFormat& format) const {
    const QString name = format.toImageFormat().name(); // "plot:3"
    bool isNumber = false;
    const auto index =
        static_cast<std::size_t>(name.mid(name.indexOf(QLatin1Char(':')) + 1).toULongLong(&isNumber));
    return isNumber && index < m_plots.size() ? QByteArray::fromStdString(m_plots[index]) : QByteArray();
}

QSizeF PlotObject::intrinsicSize(QTextDocument* document, int, const QTextFormat& format) {
    QSizeF size = QSvgRenderer(plotOf(format)).defaultSize();
    // Never wider than the page.
    const double room = document->pageSize().width() - 2 * document->documentMargin();
    if (room > 0 && size.width() > room)
        size *= room / size.width();
    return size;
}

void PlotObject::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int,
                            const QTextFormat& format) {
    QSvgRenderer(plotOf(format)).render(painter, rect);
}

} // namespace hearth::hardware
