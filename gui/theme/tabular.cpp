#include "gui/theme/tabular.h"

#include <algorithm>

#include <QPainter>

namespace hearth::gui {

namespace {

bool isDigit(QChar c) {
    return c >= u'0' && c <= u'9';
}

qreal digitWidth(const QFontMetricsF& metrics) {
    qreal widest = 0;
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QChar(digit)));
    return widest;
}

/// Calls part(text, isDigit, left, width) for each digit and each stretch between digits; returns the width.
template <class Part>
qreal layOut(const QFontMetricsF& metrics, const QString& text, const Part& part) {
    const qreal cell = digitWidth(metrics);
    qreal x = 0;
    for (qsizetype i = 0; i < text.size();) {
        if (isDigit(text[i])) {
            part(text.mid(i, 1), true, x, cell);
            x += cell;
            ++i;
            continue;
        }
        const auto end = std::find_if(text.begin() + i, text.end(), isDigit) - text.begin();
        const QString between = text.mid(i, end - i);
        const qreal width = metrics.horizontalAdvance(between);
        part(between, false, x, width);
        x += width;
        i = end;
    }
    return x;
}

} // namespace

qreal tabularWidth(const QFontMetricsF& metrics, const QString& text) {
    return layOut(metrics, text, [](const QString&, bool, qreal, qreal) {});
}

void drawTabular(QPainter& painter, const QPointF& baseline, const QString& text) {
    const QFontMetricsF metrics(painter.font(), painter.device());
    layOut(metrics, text, [&](const QString& piece, bool digit, qreal left, qreal width) {
        const qreal inset = digit ? (width - metrics.horizontalAdvance(piece)) / 2 : 0;
        painter.drawText(baseline + QPointF(left + inset, 0), piece);
    });
}

} // namespace hearth::gui
