#include "gui/pages/hardware_advice.h"

#include <algorithm>
#include <optional>

#include <QGridLayout>

#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

} // namespace

RecommendationCard::RecommendationCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : HardwareCard(theme, bridge, parent), m_upgradesTitle(new SectionHeader(theme)), m_best(addGrid()) {
    body()->addWidget(m_upgradesTitle);
    m_upgrades = addGrid();
    connect(&bridge, &HardwareBridge::fitChanged, this, &RecommendationCard::fill);
    fill();
}

void RecommendationCard::fill() {
    const auto fit = m_bridge.fit();
    const bool something = fit && fit->measured && !fit->content.recommendations.empty();
    setVisible(something);
    emptyLayout(m_best);
    emptyLayout(m_upgrades);
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
        grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0);
        grid->addWidget(middle, row, 1);
        grid->addWidget(new NumberLabel(m_theme, TextRole::Body, ColourRole::Muted, gain), row, 2,
                        Qt::AlignVCenter | Qt::AlignRight);
    };
    std::optional<Purpose> last;
    for (const auto& [purpose, row] : fit->content.recommendations)
        if (last != purpose) { // the best of each
            last = purpose;
            QString what = text(row.entry->name) + QStringLiteral(" · ") + text(row.prediction.quantisation);
            if (purpose == Purpose::LongDocuments)
                what = tr("%1, context %2").arg(what, humanCount(row.prediction.context));
            add(m_best, hardware_words::purpose(purpose), what,
                tr("%1 tokens/s").arg(humanRate(row.prediction.decodeTps)));
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
