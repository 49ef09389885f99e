#include "gui/pages/hardware_advice.h"

#include <algorithm>
#include <optional>

#include <QEvent>
#include <QGridLayout>

#include "gui/pages/hardware_words.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

void empty(QGridLayout* grid) {
    while (QLayoutItem* item = grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

RecommendationCard::RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_upgradesTitle(new SectionHeader(theme)), m_best(new QGridLayout), m_upgrades(new QGridLayout) {
    for (QGridLayout* grid : {m_best, m_upgrades}) {
        grid->setHorizontalSpacing(theme.space(5));
        grid->setVerticalSpacing(theme.space(2));
        grid->setColumnStretch(1, 1);
    }
    body()->addWidget(m_title);
    body()->addLayout(m_best);
    body()->addWidget(m_upgradesTitle);
    body()->addLayout(m_upgrades);
    connect(&bridge, &HardwareBridge::fitChanged, this, &RecommendationCard::show);
    show();
}

void RecommendationCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        show();
    Card::changeEvent(event);
}

void RecommendationCard::show() {
    const auto fit = m_bridge.fit();
    const bool something = fit && fit->measured && !fit->content.recommendations.empty();
    setVisible(something);
    empty(m_best);
    empty(m_upgrades);
    if (!something)
        return;
    m_title->setTexts(
        tr("Best for this machine"),
        tr("The most capable models that fit into the free memory and answer at reading speed."));
    const auto add = [this](QGridLayout* grid, const QString& name, const QString& what,
                            const QString& gain) {
        const int row = grid->rowCount();
        auto* middle = new TextLabel(m_theme, TextRole::Body, ColourRole::Text, what);
        middle->setWordWrap(true);
        grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0,
                        Qt::AlignTop);
        grid->addWidget(middle, row, 1);
        grid->addWidget(new NumberLabel(m_theme, TextRole::Body, ColourRole::Muted, gain), row, 2,
                        Qt::AlignTop | Qt::AlignRight);
    };
    std::optional<Purpose> last;
    for (const auto& [purpose, row] : fit->content.recommendations)
        if (last != purpose) { // the best of each
            last = purpose;
            add(m_best, hardware_words::purpose(purpose),
                text(row.entry->name) + QStringLiteral(" · ") + text(row.prediction.quantisation),
                tr("%1 tokens/s").arg(hardware_words::decimal(row.prediction.decodeTps)));
        }
    m_upgradesTitle->setVisible(!fit->content.upgrades.empty());
    m_upgradesTitle->setTexts(
        tr("What would help"),
        tr("For %1. Estimated from data sheets, not measured.").arg(text(fit->content.upgradesFor)));
    for (const Upgrade& upgrade : fit->content.upgrades) {
        const double gain = std::max(upgrade.decodeGain, upgrade.loadGain);
        const QString room =
            upgrade.largestModel.empty()
                ? QString()
                : tr("room for %1 %2").arg(text(upgrade.largestModel), text(upgrade.largestQuantisation));
        QString factor;
        if (gain > 1.05)
            factor =
                (upgrade.decodeGain == gain ? tr("answers %1 times as fast") : tr("loads %1 times as fast"))
                    .arg(hardware_words::decimal(gain));
        add(m_upgrades, hardware_words::upgrade(upgrade), room, factor);
    }
}

} // namespace hearth::gui
