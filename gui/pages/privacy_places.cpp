#include "gui/pages/privacy_places.h"

#include <algorithm>

#include <QDesktopServices>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QTableView>
#include <QUrl>

#include "gui/models/data_location_model.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::Action;
using security::RecordLanguage;
using security::Resource;

namespace {

constexpr int kShownRows = 8;

} // namespace

PlacesCard::PlacesCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "places"), m_model(new DataLocationModel(this)), m_table(new QTableView),
      m_sum(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_open(new Button(theme, ButtonKind::Plain)) {
    m_table->setObjectName(QStringLiteral("placesTable"));
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setWordWrap(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->viewport()->setAutoFillBackground(false);
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false); // Tab leaves the table; arrows move in it
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    bindText(m_table, theme, TextRole::Small, ColourRole::Text);
    m_open->setIconName(QStringLiteral("folder"));
    body()->addWidget(m_table);
    auto* line = new QHBoxLayout;
    line->addWidget(m_sum, 1);
    line->addWidget(m_open);
    body()->addLayout(line);
    connect(m_open, &QAbstractButton::clicked, this, [this] {
        const auto folder = m_bridge.accounts().paths().folderOf(m_bridge.accounts().owner());
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(folder.string())));
    });
    connect(m_model, &QAbstractItemModel::modelReset, this, &PlacesCard::fitHeight);
    connect(&theme, &Theme::changed, this, &PlacesCard::fitHeight);
    retranslate();
    fitHeight();
}

void PlacesCard::fitHeight() {
    const int row = m_theme.smallControlHeight();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(row);
    QHeaderView* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(DataLocationModel::Path, QHeaderView::Stretch);
    header->resizeSection(DataLocationModel::Kind, m_theme.space(42));
    header->resizeSection(DataLocationModel::Size, m_theme.space(22));
    header->resizeSection(DataLocationModel::Protection, m_theme.space(24));
    m_table->setFixedHeight(header->sizeHint().height() +
                            row * std::clamp(m_model->rowCount(), 1, kShownRows) + 2);
}

void PlacesCard::retranslate() {
    m_title->setTexts(tr("Where data lies"),
                      tr("Every file that Hearth writes. Files that you export go where you say."));
    m_table->setAccessibleName(tr("Files"));
    m_open->setText(tr("Open folder"));
    m_sum->setText(tr("%n files", nullptr, m_model->rowCount()) + QStringLiteral(" · ") +
                   humanBytes(m_model->bytes()));
    Q_EMIT m_model->headerDataChanged(Qt::Horizontal, 0, DataLocationModel::kColumns - 1);
}

void PlacesCard::refresh() {
    if (!rights().own(Action::View, Resource::PersonalData))
        return;
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.locations(desk.actor); },
        [this](const Result<std::vector<workbench::DataLocation>>& found) {
            if (!found)
                return showFailure(found.error());
            m_model->setLocations(*found);
            retranslate();
            Q_EMIT listed(m_model->rowCount());
        });
}

LawsCard::LawsCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "laws"), m_rights(grid()), m_breach(grid()),
      m_breachTitle(new TextLabel(theme, TextRole::Strong, ColourRole::Text)) {
    m_rights->setColumnStretch(4, 1);
    m_breach->setColumnStretch(1, 1);
    body()->addLayout(m_rights);
    body()->addWidget(new Divider(theme));
    body()->addWidget(m_breachTitle);
    body()->addLayout(m_breach);
    retranslate();
}

void LawsCard::retranslate() {
    m_title->setTexts(tr("Your rights, law by law"),
                      tr("European Union (GDPR), California (CCPA), China (PIPL)."));
    m_breachTitle->setText(tr("After a breach"));
    const RecordLanguage language = chinese() ? RecordLanguage::Chinese : RecordLanguage::English;
    empty(m_rights);
    empty(m_breach);
    int row = 0, column = 0;
    for (const QString& head :
         {tr("Right"), QStringLiteral("GDPR"), QStringLiteral("CCPA"), QStringLiteral("PIPL"), tr("How")})
        m_rights->addWidget(new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted, head), row,
                            column++);
    for (const security::RightRow& each : rightsOfPeople(language)) {
        ++row;
        column = 0;
        for (const std::string* text : {&each.right, &each.gdpr, &each.ccpa, &each.pipl, &each.how}) {
            auto* label = new TextLabel(m_theme, TextRole::Small,
                                        column == 0 || column == 4 ? ColourRole::Text : ColourRole::Muted,
                                        QString::fromStdString(*text));
            label->setWordWrap(true);
            m_rights->addWidget(label, row, column++, Qt::AlignTop);
        }
    }
    row = 0;
    for (const security::BreachRule& each : breachRules(language)) {
        m_breach->addWidget(
            new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Text, QString::fromStdString(each.law)),
            row, 0, Qt::AlignTop);
        auto* rule =
            new TextLabel(m_theme, TextRole::Small, ColourRole::Text, QString::fromStdString(each.rule));
        rule->setWordWrap(true);
        m_breach->addWidget(rule, row++, 1);
    }
}

} // namespace hearth::gui
