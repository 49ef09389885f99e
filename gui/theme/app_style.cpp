#include "gui/theme/app_style.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollArea>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTableView>
#include <QWidget>

#include "gui/theme/scroll_ring.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

AppStyle::AppStyle(const Theme& theme)
    : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))), m_theme(theme) {}

int AppStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                        QStyleHintReturn* data) const {
    switch (hint) {
    case SH_Widget_Animation_Duration:
        return m_theme.animationMs();
    case SH_EtchDisabledText:
        return 0;
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_ComboBox_Popup:
        return 0;                    // a list below the field, as wide as it, instead of one over it
    case SH_Menu_SpaceActivatesItem: // ticks a menu's entry, as it does a box
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    default:
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_ListViewIconSize:
        return m_theme.smallIconSize();
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return m_theme.space(2);
    case PM_ToolTipLabelFrameWidth:
        return m_theme.space(1);
    case PM_TextCursorWidth:
        return m_theme.px(2);
    case PM_MessageBoxIconSize:
        return m_theme.px(32);
    case PM_FocusFrameHMargin: // an item's text begins one pixel after it; in a table, where its heading does
        return qobject_cast<const QTableView*>(widget) ? m_theme.space(2) - 1
                                                       : QProxyStyle::pixelMetric(metric, option, widget);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QIcon AppStyle::standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const {
    const auto themed = [this](const char* name, ColourRole colour) {
        return m_theme.icon(QLatin1String(name), colour, m_theme.px(32));
    };
    switch (icon) {
    case SP_MessageBoxQuestion:
    case SP_MessageBoxInformation:
        return themed("info", ColourRole::Accent);
    case SP_MessageBoxWarning:
        return themed("warning", ColourRole::Caution);
    case SP_MessageBoxCritical:
        return themed("error", ColourRole::Bad);
    default:
        return QProxyStyle::standardIcon(icon, option, widget);
    }
}

void AppStyle::polish(QWidget* widget) {
    QProxyStyle::polish(widget);
    if (widget->inherits("QMenu") || widget->inherits("QComboBoxPrivateContainer"))
        widget->installEventFilter(this);
    else if (auto* area = qobject_cast<QScrollArea*>(widget))
        ringScrollArea(*area, m_theme);
}

bool AppStyle::eventFilter(QObject* watched, QEvent* event) {
    // A mask and not a translucent window: without a compositor translucent corners turn black.
    if (event->type() == QEvent::Resize) {
        auto* popup = qobject_cast<QWidget*>(watched);
        const qreal radius = m_theme.radius(Radius::Button);
        QPainterPath path;
        path.addRoundedRect(popup->rect(), radius, radius);
        popup->setMask(QRegion(path.toFillPolygon().toPolygon()));
    }
    return QProxyStyle::eventFilter(watched, event);
}

void AppStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                             const QWidget* widget) const {
    if (element == PE_FrameFocusRect) {
        // One focus mark for everything Fusion still draws: a rounded accent line instead of dots.
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.colour(ColourRole::Accent), m_theme.px(2)));
        painter->setBrush(Qt::NoBrush);
        const qreal radius = m_theme.radius(Radius::Small);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), radius, radius);
        painter->restore();
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

} // namespace hearth::gui
