#include "gui/pages/privacy_page.h"

#include <QEvent>
#include <QVBoxLayout>

#include "gui/pages/privacy_backups.h"
#include "gui/pages/privacy_breaches.h"
#include "gui/pages/privacy_figures.h"
#include "gui/pages/privacy_mine.h"
#include "gui/pages/privacy_places.h"
#include "gui/pages/privacy_retention.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/page_parts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

PrivacyPage::PrivacyPage(Theme& theme, PrivacyBridge& bridge, QWidget* parent)
    : QWidget(parent), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_promise(new TextLabel(theme, TextRole::Body, ColourRole::Muted)) {
    auto* column = new ReadingColumn(theme);
    m_promise->setWordWrap(true);
    column->body()->addWidget(m_promise);
    m_cards = {
        new MyDataCard(theme, bridge),    new ConsentCard(theme, bridge), new BackupsCard(theme, bridge),
        new RetentionCard(theme, bridge), new PlacesCard(theme, bridge),  new FiguresCard(theme, bridge),
        new BreachCard(theme, bridge),    new RecordCard(theme, bridge),  new LawsCard(theme, bridge)};
    for (PrivacyCard* card : m_cards)
        column->body()->addWidget(card);
    column->body()->addStretch(1);
    stackPage(this, m_header, column);
    for (const auto signal : {&AccountsBridge::stateChanged, &AccountsBridge::rightsChanged})
        connect(&bridge.accounts(), signal, this, [this] {
            if (isVisible())
                refresh();
        });
    retranslate();
}

void PrivacyPage::retranslate() {
    m_header->setTitle(tr("Privacy"));
    m_promise->setText(
        tr("Nothing leaves this machine without an action of yours: no telemetry, no cloud. This "
           "page shows what is kept, and does what the law gives you a right to."));
}

void PrivacyPage::refresh() {
    const auto state = m_bridge.accounts().state();
    if (state != AccountsBridge::State::SinglePerson && state != AccountsBridge::State::Open)
        return;
    for (PrivacyCard* card : m_cards)
        card->refresh();
}

void PrivacyPage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    refresh();
}

void PrivacyPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
