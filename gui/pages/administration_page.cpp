#include "gui/pages/administration_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/pages/people_section.h"
#include "gui/pages/rights_section.h"
#include "gui/pages/token_section.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

AdministrationPage::AdministrationPage(Theme& theme, AccountsBridge& accounts, ToastHost& toasts,
                                       const QStringList& models, QWidget* parent)
    : QWidget(parent), m_header(new PageHeader(theme)), m_part(new SegmentedControl(theme)),
      m_stack(new QStackedWidget), m_people(new PeopleSection(theme, accounts, toasts)),
      m_new(new Button(theme, ButtonKind::Primary)) {
    m_part->setObjectName(QStringLiteral("administrationPart"));
    m_new->setObjectName(QStringLiteral("newProfile"));
    m_new->setIconName(QStringLiteral("plus"));
    m_header->beside()->addWidget(m_part);
    m_header->actions()->addWidget(m_new);
    for (QWidget* part :
         {static_cast<QWidget*>(m_people), static_cast<QWidget*>(new RightsSection(theme, accounts, models)),
          static_cast<QWidget*>(new TokenSection(theme, accounts, toasts))}) {
        auto* column = new ReadingColumn(theme);
        column->body()->addWidget(part);
        column->body()->addStretch(1);
        m_stack->addWidget(column);
    }
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connect(m_part, &SegmentedControl::chosen, this, [this](int part) {
        m_stack->setCurrentIndex(part);
        m_new->setVisible(part == 0);
    });
    connect(m_new, &QAbstractButton::clicked, m_people, &PeopleSection::askNew);
    retranslate();
}

void AdministrationPage::retranslate() {
    m_header->setTitle(tr("Administration"));
    m_part->setChoices({tr("People"), tr("Rights"), tr("Keys for programs")});
    m_new->setText(tr("New profile…"));
}

void AdministrationPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
