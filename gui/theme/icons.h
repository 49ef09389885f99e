#pragma once

#include <QColor>
#include <QHash>
#include <QIcon>
#include <QPixmap>
#include <QString>

namespace hearth::gui {

/// Renders the SVG icons of resources/icons in one colour and remembers the pixmaps. The files draw with
/// stroke or fill "currentColor"; that word is replaced before rendering. GUI thread only.
class IconStore {
public:
    /// `size` in device-independent pixels. A null pixmap for an unknown name.
    [[nodiscard]] QPixmap pixmap(const QString& name, const QColor& colour, int size, qreal devicePixelRatio);
    [[nodiscard]] QIcon icon(const QString& name, const QColor& colour, int size);
    void clear() { m_pixmaps.clear(); }

private:
    [[nodiscard]] QByteArray source(const QString& name);

    QHash<QString, QByteArray> m_sources;
    QHash<QString, QPixmap> m_pixmaps;
};

} // namespace hearth::gui
