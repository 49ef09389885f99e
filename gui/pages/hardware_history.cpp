#include "gui/pages/hardware_history.h"

#include <algorithm>
#include <cmath>

#include <QGridLayout>

#include "gui/pages/hardware_plots.h"
#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

constexpr std::size_t kShown = 8;
constexpr std::size_t kChangesTold = 3; ///< of one measurement; the largest

} // namespace

HistoryCard::HistoryCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : HardwareCard(theme, bridge, parent), m_bars(new BarPlot(theme)) {
    m_bars->setObjectName(QStringLiteral("history"));
    body()->addWidget(m_bars);
    m_changes = addGrid();
    connect(&bridge, &HardwareBridge::measurementsChanged, this, &HistoryCard::fill);
    fill();
}

void HistoryCard::fill() {
    const auto& all = m_bridge.measurements();
    setVisible(all.size() > 1);
    m_title->setTexts(tr("Earlier measurements"),
                      tr("Memory bandwidth with all threads, newest last, and what changed by more than %1 % "
                         "from one to the next.")
                          .arg(std::lround(100 * kNotableChange)));
    m_bars->setName(tr("Earlier measurements"));
    std::vector<BarPlot::Bar> bars;
    emptyLayout(m_changes);
    for (std::size_t i = all.size() - std::min(all.size(), kShown); i < all.size(); ++i) {
        bars.push_back({hardware_words::localTime(all[i].time),
                        hardware_words::gigabytesPerSecond(all[i].readBandwidth()), all[i].readBandwidth()});
        if (i == 0)
            continue;
        const Comparison comparison = compare(all[i - 1], all[i]);
        QStringList changes, causes;
        for (const Change& change : comparison.changes)
            if (changes.size() < static_cast<qsizetype>(kChangesTold))
                changes << hardware_words::change(change);
        if (const auto more = static_cast<qsizetype>(comparison.changes.size()) - changes.size(); more > 0)
            changes << tr("and %n more", nullptr, static_cast<int>(more));
        for (const Cause& cause : comparison.causes)
            causes << hardware_words::cause(cause);
        const int row = m_changes->rowCount();
        m_changes->addWidget(new TextLabel(m_theme, TextRole::Small, ColourRole::Muted,
                                           hardware_words::localTime(all[i].time)),
                             row, 0, Qt::AlignTop);
        auto* what = new TextLabel(
            m_theme, TextRole::Small, comparison.dropped() ? ColourRole::CautionText : ColourRole::Text,
            changes.isEmpty() ? tr("as the one before") : changes.join(QStringLiteral(" · ")));
        what->setWordWrap(true);
        m_changes->addWidget(what, row, 1);
        if (causes.isEmpty())
            continue;
        auto* why = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, causes.join(QLatin1Char(' ')));
        why->setWordWrap(true);
        m_changes->addWidget(why, row + 1, 1);
    }
    m_bars->setBars(std::move(bars));
}

RunsCard::RunsCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : HardwareCard(theme, bridge, parent), m_runs(addGrid()) {
    connect(&bridge, &HardwareBridge::fitChanged, this, &RunsCard::fill);
    fill();
}

void RunsCard::fill() {
    const auto fit = m_bridge.fit();
    const bool something = fit && !fit->content.runs.empty();
    setVisible(something);
    emptyLayout(m_runs);
    if (!something)
        return;
    const Correction& correction = fit->content.correction;
    m_title->setTexts(
        tr("Predicted and real"),
        correction.decode == 1 && correction.prefill == 1
            ? tr("Every answer is put beside what was predicted for it; predictions are corrected once three "
                 "of them tell the same machine's speed. Nothing of what was written is stored.")
            : tr("From real answers, predictions on this page are multiplied with %1 (answering) and %2 "
                 "(prompts). Nothing of what was written is stored.")
                  .arg(hardware_words::decimal(correction.decode),
                       hardware_words::decimal(correction.prefill)));
    const auto add = [this](int row, const QStringList& cells, ColourRole colour) {
        for (int column = 0; column < cells.size(); ++column) {
            if (column < 2) {
                m_runs->addWidget(new TextLabel(m_theme, TextRole::Small, colour, cells[column]), row,
                                  column);
                continue;
            }
            m_runs->addWidget(new NumberLabel(m_theme, TextRole::Small, colour, cells[column]), row, column,
                              Qt::AlignRight);
        }
    };
    add(0, {tr("When"), tr("Model"), tr("predicted"), tr("real"), tr("real ÷ predicted")}, ColourRole::Muted);
    const auto& runs = fit->content.runs;
    int row = 1;
    for (auto it = runs.rbegin(); it != runs.rend() && row <= static_cast<int>(kShown); ++it, ++row)
        add(row,
            {hardware_words::localTime(it->time),
             QString::fromStdString(it->model + " · " + it->quantisation),
             tr("%1 tokens/s").arg(humanRate(it->predictedDecodeTps)),
             tr("%1 tokens/s").arg(humanRate(it->actualDecodeTps)),
             it->predictedDecodeTps > 0
                 ? hardware_words::decimal(it->actualDecodeTps / it->predictedDecodeTps)
                 : QString()},
            ColourRole::Text);
}

} // namespace hearth::gui
