#include "gui/delegates/version_switcher.h"

#include <QHBoxLayout>

#include "gui/widgets/buttons.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

VersionSwitcher::VersionSwitcher(Theme& theme, QWidget* parent)
    : QWidget(parent),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {}, ButtonKind::Ghost, this)),
      m_forward(new IconButton(theme, QStringLiteral("chevron-right"), {}, ButtonKind::Ghost, this)),
      m_label(new NumberLabel(theme, TextRole::Small, ColourRole::Muted, {}, this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_back);
    row->addWidget(m_label);
    row->addWidget(m_forward);
    const auto fit = [this, &theme] {
        for (IconButton* button : {m_back, m_forward})
            button->setFixedWidth(theme.space(5));
    };
    connect(&theme, &Theme::changed, this, fit);
    fit();
    connect(m_back, &QToolButton::clicked, this, [this] { Q_EMIT stepAsked(-1); });
    connect(m_forward, &QToolButton::clicked, this, [this] { Q_EMIT stepAsked(+1); });
    retranslate();
    setVersion(0, 1, true);
}

void VersionSwitcher::setVersion(int index, int count, bool enabled) {
    m_index = index;
    m_count = count;
    m_label->setText(QStringLiteral("%1/%2").arg(index + 1).arg(count));
    m_back->setEnabled(enabled && index > 0);
    m_forward->setEnabled(enabled && index + 1 < count);
    setVisible(count > 1);
    setAccessibleName(tr("Version %1 of %2").arg(index + 1).arg(count));
}

void VersionSwitcher::retranslate() {
    m_back->setName(tr("Earlier version"));
    m_forward->setName(tr("Later version"));
    setAccessibleName(tr("Version %1 of %2").arg(m_index + 1).arg(m_count));
}

void VersionSwitcher::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
