#include "gui/theme/scroll_ring.h"

#include <QEvent>
#include <QFocusEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>

#include "gui/theme/theme.h"

namespace hearth::gui {

namespace {

/// Lies over its area while that has the keyboard.
class ScrollRing final : public QWidget {
public:
    ScrollRing(QScrollArea& area, const Theme& theme) : QWidget(&area), m_area(area), m_theme(theme) {
        setObjectName(QStringLiteral("scrollRing"));
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
        area.installEventFilter(this);
        for (QScrollBar* bar : {area.verticalScrollBar(), area.horizontalScrollBar()})
            QObject::connect(bar, &QScrollBar::rangeChanged, this, [this] { fit(); });
        fit();
    }

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::FocusIn) {
            const auto reason = static_cast<QFocusEvent*>(event)->reason();
            setVisible(reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason);
            raise();
        } else if (event->type() == QEvent::FocusOut) {
            hide();
        } else if (event->type() == QEvent::Resize) {
            resize(m_area.size());
        }
        return false;
    }
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)));
        const int radius = m_theme.radius(Radius::Small);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    }

private:
    void fit() {
        const bool scrolls = m_area.verticalScrollBar()->maximum() > 0 ||
                             (m_area.horizontalScrollBar()->maximum() > 0 &&
                              m_area.horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff);
        if (!scrolls && m_area.hasFocus())
            return; // where the keyboard is, it stays
        m_area.setFocusPolicy(scrolls ? Qt::StrongFocus : Qt::NoFocus);
    }

    QScrollArea& m_area;
    const Theme& m_theme;
};

} // namespace

void ringScrollArea(QScrollArea& area, const Theme& theme) {
    if (!area.findChild<QWidget*>(QStringLiteral("scrollRing"), Qt::FindDirectChildrenOnly))
        new ScrollRing(area, theme);
}

} // namespace hearth::gui
