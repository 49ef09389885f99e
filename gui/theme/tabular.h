#pragma once

#include <QFontMetricsF>
#include <QPointF>
#include <QString>

class QPainter;

namespace hearth::gui {

/// Numbers in tabular figures: every digit takes the width of the font's widest one, so that counters do not
/// jitter and columns line up. Qt reaches a font's own "tnum" feature only from 6.7 on; this works with any
/// font. Text between digits is drawn as usual.
[[nodiscard]] qreal tabularWidth(const QFontMetricsF& metrics, const QString& text);
/// Draws in the painter's font and pen; `baseline` is the left end of the base line.
void drawTabular(QPainter& painter, const QPointF& baseline, const QString& text);

} // namespace hearth::gui
