#include "gui/pages/discover_page.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/models/downloads_model.h"
#include "gui/pages/discover_downloads.h"
#include "gui/pages/discover_endpoints.h"
#include "gui/pages/discover_search.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

DiscoverPage::DiscoverPage(Theme& theme, HubBridge& bridge, DownloadsModel& downloads, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_model(downloads), m_header(new PageHeader(theme)),
      m_parts(new SegmentedControl(theme)), m_stack(new QStackedWidget),
      m_search(new DiscoverSearch(theme, bridge)),
      m_downloads(new DiscoverDownloads(theme, bridge, downloads)),
      m_endpoints(new DiscoverEndpoints(theme, bridge)) {
    m_parts->setObjectName(QStringLiteral("parts"));
    m_header->beside()->addWidget(m_parts);
    m_stack->addWidget(m_search);
    m_stack->addWidget(m_downloads);
    m_stack->addWidget(m_endpoints);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_stack, 1);
    connect(m_parts, &SegmentedControl::chosen, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_search, &DiscoverSearch::downloadsAsked, this, &DiscoverPage::showDownloads);
    connect(m_search, &DiscoverSearch::endpointsAsked, this, [this] {
        m_parts->setCurrentIndex(2);
        m_stack->setCurrentIndex(2);
    });
    connect(m_downloads, &DiscoverDownloads::modelAsked, this, &DiscoverPage::modelAsked);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &DiscoverPage::retranslate);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &DiscoverPage::retranslate);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &DiscoverPage::retranslate);
    retranslate();
}

void DiscoverPage::setRights(Rights rights) {
    m_search->setGuard(std::move(rights.download));
    m_endpoints->setRights(rights.maySet, std::move(rights.set));
}

void DiscoverPage::showDownloads() {
    m_parts->setCurrentIndex(1);
    m_stack->setCurrentIndex(1);
    m_downloads->setFocus();
}

void DiscoverPage::lookFor(const QString& words) {
    m_parts->setCurrentIndex(0);
    m_stack->setCurrentIndex(0);
    m_search->lookFor(words);
}

void DiscoverPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void DiscoverPage::retranslate() {
    m_header->setTitle(tr("Discover"));
    const int open = m_model.unfinished();
    m_parts->setChoices(
        {tr("Search"), open > 0 ? tr("Downloads (%1)").arg(open) : tr("Downloads"), tr("Hubs")});
}

} // namespace hearth::gui
