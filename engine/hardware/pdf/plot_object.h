#pragma once

#include <string>
#include <vector>

#include <QtCore/QObject>
#include <QtGui/QTextObjectInterface>

namespace hearth::hardware {

/// Draws <img src="plot:N"> of a text document from SVG, as vectors. Owned by the caller; must outlive the
/// document's use.
class PlotObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    explicit PlotObject(std::vector<std::string> plots) : m_plots(std::move(plots)) {}
    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;

private:
    [[nodiscard]] QByteArray plotOf(const QTextFormat& format) const;
    std::vector<std::string> m_plots;
};

} // namespace hearth::hardware
