#include "gui/pages/discover_card.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>

#include "gui/delegates/hub_delegates.h"
#include "gui/models/downloads_model.h"
#include "gui/pages/discover_actions.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

namespace {

constexpr std::size_t kMostRows = 3; ///< the page below is what was come for
constexpr int kNameWidth = 190;      ///< px at scale 1, at least: a usual name and its type

} // namespace

DownloadsCard::DownloadsCard(Theme& theme, HubBridge& bridge, DownloadsModel& model, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_model(model),
      m_title(new SectionHeader(theme)), m_all(new Button(theme, ButtonKind::Ghost)),
      m_list(new QVBoxLayout) {
    setObjectName(QStringLiteral("downloadsCard"));
    m_all->setObjectName(QStringLiteral("allDownloads"));
    m_list->setSpacing(theme.space(2));
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_all);
    body()->addLayout(top);
    body()->addLayout(m_list);
    connect(m_all, &QAbstractButton::clicked, this, &DownloadsCard::allAsked);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&model, signal, this, &DownloadsCard::update);
    connect(&model, &QAbstractItemModel::dataChanged, this, &DownloadsCard::update);
    update();
}

void DownloadsCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        update();
    Card::changeEvent(event);
}

/// What runs comes first: that is what somebody wants to see.
std::vector<QModelIndex> DownloadsCard::unfinished() const {
    std::vector<QModelIndex> out;
    for (int row = 0; row < m_model.rowCount(); ++row)
        if (const QModelIndex index = m_model.index(row);
            DownloadsModel::stateOf(index) != hub::DownloadState::Finished)
            out.push_back(index);
    std::stable_partition(out.begin(), out.end(), [](const QModelIndex& index) {
        return DownloadsModel::stateOf(index) == hub::DownloadState::Active;
    });
    return out;
}

void DownloadsCard::update() {
    auto wanted = unfinished();
    const auto all = wanted.size();
    wanted.resize(std::min(all, kMostRows));
    const bool same = std::equal(wanted.begin(), wanted.end(), m_rows.begin(), m_rows.end(),
                                 [](const QModelIndex& index, const Row& row) { return row.index == index; });
    if (!same) {
        const FreshRows fresh(m_list);
        m_rows.clear();
        for (const QModelIndex& index : wanted) {
            if (!m_rows.empty())
                m_list->addWidget(new Divider(m_theme));
            m_rows.push_back(makeRow(index));
            m_list->addWidget(m_rows.back().widget);
        }
    }
    m_title->setTexts(tr("Downloads"), {});
    m_all->setText(all > m_rows.size() ? tr("Show all %1").arg(all) : tr("Show all"));
    for (const Row& row : m_rows)
        show(row);
    setVisible(!m_rows.empty());
}

DownloadsCard::Row DownloadsCard::makeRow(const QModelIndex& index) {
    Row row{index,
            new QWidget,
            new ElidedLabel(m_theme, TextRole::Strong, ColourRole::Text),
            new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted),
            new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted),
            new Chip(m_theme),
            new ProgressLine(m_theme),
            new Button(m_theme, ButtonKind::Plain),
            new IconButton(m_theme, QStringLiteral("close"), {}, ButtonKind::Plain)};
    row.widget->setObjectName(
        QStringLiteral("download-%1").arg(index.data(DownloadsModel::IdRole).toULongLong()));
    row.name->setElideMode(Qt::ElideMiddle);
    row.step->setObjectName(QStringLiteral("downloadStep"));
    row.away->setObjectName(QStringLiteral("downloadAway"));
    auto* name = new QHBoxLayout;
    name->setSpacing(m_theme.space(2));
    name->addWidget(row.name);
    name->addWidget(row.type);
    name->addStretch(1);
    auto* words = new QVBoxLayout;
    words->setSpacing(m_theme.space(1));
    words->addLayout(name);
    words->addWidget(row.about);
    words->addStrut(m_theme.px(kNameWidth));
    auto* middle = new QVBoxLayout;
    middle->setSpacing(m_theme.space(1));
    middle->addStretch(1);
    middle->addWidget(row.line);
    middle->addWidget(row.state);
    middle->addStretch(1);
    auto* line = new QHBoxLayout(row.widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(4));
    line->addLayout(words, 2);
    line->addLayout(middle, 4);
    line->addWidget(row.step);
    line->addWidget(row.away);
    connect(row.step, &QAbstractButton::clicked, this, [this, at = row.index] { takeStep(m_bridge, at); });
    connect(row.away, &QAbstractButton::clicked, this,
            [this, at = row.index] { removeDownload(this, m_bridge, at); });
    return row;
}

void DownloadsCard::show(const Row& row) {
    using Model = DownloadsModel;
    const QModelIndex index = row.index;
    const auto state = DownloadsModel::stateOf(index);
    const QString name = index.data(Model::NameRole).toString();
    row.name->setText(name);
    row.type->setText(index.data(Model::QuantisationRole).toString());
    QStringList about{index.data(Model::EndpointRole).toString()};
    if (const auto bytes = index.data(Model::BytesRole).toULongLong(); bytes > 0)
        about << humanBytes(bytes);
    if (const auto memory = index.data(Model::MemoryRole).toULongLong(); memory > 0)
        about << tr("needs %1 of memory").arg(humanBytes(memory));
    about.removeAll(QString());
    row.about->setText(about.join(QStringLiteral(" · ")));
    row.state->setText(DownloadDelegate::stateText(index));
    row.state->setColour(state == hub::DownloadState::Failed ? ColourRole::BadText : ColourRole::Muted);
    const bool verifying =
        index.data(Model::PhaseRole).toInt() == static_cast<int>(hub::TransferPhase::Verifying);
    row.line->setColour(state == hub::DownloadState::Failed   ? ColourRole::Bad
                        : state == hub::DownloadState::Paused ? ColourRole::Caution
                        : verifying                           ? ColourRole::Good
                                                              : ColourRole::Accent);
    row.line->setFraction(std::max(0.0, index.data(Model::FractionRole).toDouble()));
    row.line->setAccessibleName(tr("Progress of %1").arg(name));
    row.step->setText(stepWord(index));
    row.step->setAccessibleName(stepWord(index) + QStringLiteral(": ") + name);
    row.away->setName(tr("Cancel the download of %1").arg(name));
}

} // namespace hearth::gui
