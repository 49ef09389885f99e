#include "gui/widgets/setting_row.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "gui/widgets/labels.h"

namespace hearth::gui {

SettingRow::SettingRow(Theme& theme, QWidget* control, QWidget* parent)
    : QWidget(parent), m_name(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_control(control) {
    m_explanation->setWordWrap(true);
    m_name->setWordWrap(true);
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.space(1) / 2);
    words->addStretch(1);
    words->addWidget(m_name);
    words->addWidget(m_explanation);
    words->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.space(5));
    row->addLayout(words, 1);
    row->addWidget(control, 0, Qt::AlignVCenter);
}

void SettingRow::setTexts(const QString& name, const QString& explanation) {
    m_name->setText(name);
    m_explanation->setText(explanation);
    m_explanation->setVisible(!explanation.isEmpty());
    m_control->setAccessibleName(name);
    m_control->setAccessibleDescription(explanation);
}

} // namespace hearth::gui
