#include "gui/pages/privacy_figures.h"

#include <QDate>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>

#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::Action;
using security::Measure;
using security::Resource;

FiguresCard::FiguresCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "figures"), m_release(new Button(theme, ButtonKind::Plain)),
      m_meter(new ProgressLine(theme)), m_hint(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_grid(grid()) {
    m_release->setObjectName(QStringLiteral("releaseFigures"));
    m_meter->setObjectName(QStringLiteral("privacyBudget"));
    m_hint->setWordWrap(true);
    body()->addLayout(m_grid);
    body()->addWidget(m_meter);
    body()->addWidget(m_hint);
    auto* line = new QHBoxLayout;
    line->addWidget(m_release);
    line->addStretch(1);
    body()->addLayout(line);
    connect(m_release, &QAbstractButton::clicked, this, &FiguresCard::release);
    retranslate();
}

void FiguresCard::retranslate() {
    m_title->setTexts(
        tr("Usage figures"),
        tr("Sums over everybody who agreed, with noise that hides each person. A figure that was "
           "released once is shown again unchanged and costs nothing more."));
    m_release->setText(tr("Release the last 7 days"));
    m_hint->setText(tr("What one person adds to a day is bounded, and the noise is a discrete Laplace "
                       "distribution: whatever one person did on a day changes the chance of any figure by a "
                       "factor of at most e to the epsilon. Figures can be negative."));
    if (m_budget)
        showBudget(*m_budget);
    show(m_figures);
}

void FiguresCard::refresh() {
    const bool sees = rights().own(Action::View, Resource::Statistics);
    setVisible(sees);
    if (!sees)
        return;
    m_bridge.request(
        this, [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.budget(desk.actor); },
        [this](const Result<workbench::PrivacyBudget>& budget) {
            if (!budget)
                return showFailure(budget.error());
            showBudget(*budget);
        });
}

void FiguresCard::showBudget(const workbench::PrivacyBudget& budget) {
    m_budget = budget;
    const auto epsilon = [](std::uint32_t thousandths) {
        return QLocale().toString(thousandths / 1000.0, 'f', 1);
    };
    m_meter->setText(tr("Privacy budget of the month: ε %1 of %2 spent, %3 a figure")
                         .arg(epsilon(budget.spent), epsilon(budget.budget), epsilon(budget.perFigure)));
    m_meter->setFraction(budget.budget ? double(budget.spent) / budget.budget : 0);
    m_meter->setColour(budget.spent + budget.perFigure > budget.budget ? ColourRole::Bad
                                                                       : ColourRole::Accent);
}

QString FiguresCard::measureWord(Measure measure) {
    switch (measure) {
    case Measure::Messages:
        return tr("Messages");
    case Measure::Answers:
        return tr("Answers");
    case Measure::Tokens:
        return tr("Tokens (hundreds)");
    case Measure::ModelLoads:
        return tr("Models loaded");
    case Measure::Minutes:
        return tr("Minutes computed");
    }
    return {};
}

void FiguresCard::show(const std::vector<workbench::UsageFigure>& figures) {
    m_figures = figures;
    empty(m_grid);
    if (figures.empty())
        return;
    std::vector<std::int64_t> days;
    for (const auto& each : figures)
        if (days.empty() || days.back() != each.day)
            days.push_back(each.day);
    for (std::size_t i = 0; i < days.size(); ++i)
        m_grid->addWidget(
            new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted,
                          QLocale().toString(QDate(1970, 1, 1).addDays(days[i]), QStringLiteral("MM-dd"))),
            0, static_cast<int>(i) + 1, Qt::AlignRight);
    for (int i = 0; i < security::kMeasures; ++i)
        m_grid->addWidget(
            new TextLabel(m_theme, TextRole::Small, ColourRole::Text, measureWord(static_cast<Measure>(i))),
            i + 1, 0);
    for (const auto& each : figures) {
        const auto column = std::find(days.begin(), days.end(), each.day) - days.begin();
        auto* label =
            new NumberLabel(m_theme, TextRole::Small, each.value ? ColourRole::Text : ColourRole::Muted,
                            each.value ? QLocale().toString(qlonglong{*each.value}) : QStringLiteral("–"));
        if (!each.value)
            label->setToolTip(errorText(Error{each.refusal, {}}).title);
        m_grid->addWidget(label, static_cast<int>(each.measure) + 1, static_cast<int>(column) + 1,
                          Qt::AlignRight);
    }
}

void FiguresCard::release() {
    m_error->clear();
    m_release->setEnabled(false);
    using Both = std::pair<std::vector<workbench::UsageFigure>, workbench::PrivacyBudget>;
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) -> Result<Both> {
            Both out;
            HEARTH_TRY(out.first, office.figures(desk.actor, kDays));
            HEARTH_TRY(out.second, office.budget(desk.actor));
            return out;
        },
        [this](const Result<Both>& both) {
            m_release->setEnabled(true);
            if (!both)
                return showFailure(both.error());
            show(both->first);
            showBudget(both->second);
            Q_EMIT released(static_cast<int>(both->first.size()));
        });
}

} // namespace hearth::gui
