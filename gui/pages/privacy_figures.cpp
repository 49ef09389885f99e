#include "gui/pages/privacy_figures.h"

#include <algorithm>

#include <QDate>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>

#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::Action;
using security::Measure;
using security::Resource;
using workbench::UsageWeek;

namespace {

using Weeks = QList<UsageWeek>;

Result<Weeks> readWeeks(workbench::PrivacyOffice& office, AccountsDesk& desk) {
    HEARTH_TRY(const auto weeks, office.weeks(desk.actor, FiguresCard::kWeeks));
    return Weeks(weeks.begin(), weeks.end());
}

QString epsilon(std::uint32_t thousandths) {
    return QLocale().toString(thousandths / 1000.0, 'f', 1);
}

QString dayText(std::int64_t day, const QString& format) {
    return QLocale().toString(QDate(1970, 1, 1).addDays(day), format);
}

/// The standard deviation of what was added to each figure.
QString noiseText(const security::ReleasedWeek& week, Measure measure) {
    return QLocale().toString(security::deviationOf(week, measure), 'f', 0);
}

constexpr int kNoise = security::ReleasedWeek::kDays + 1; // the column after the days

QString weekText(std::int64_t monday) {
    const QString format = QStringLiteral("yyyy-MM-dd");
    return dayText(monday, format) + QStringLiteral(" – ") + dayText(monday + 6, format);
}

} // namespace

FiguresCard::FiguresCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "figures"),
      m_earlier(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_later(new IconButton(theme, QStringLiteral("chevron-right"), {})),
      m_week(new TextLabel(theme, TextRole::SmallStrong, ColourRole::Text)),
      m_cost(new TextLabel(theme, TextRole::Small, ColourRole::Text)),
      m_release(new Button(theme, ButtonKind::Plain)), m_meter(new ProgressLine(theme)),
      m_hint(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_grid(grid()) {
    m_earlier->setObjectName(QStringLiteral("earlierWeek"));
    m_later->setObjectName(QStringLiteral("laterWeek"));
    m_cost->setObjectName(QStringLiteral("releaseCost"));
    m_release->setObjectName(QStringLiteral("releaseFigures"));
    m_meter->setObjectName(QStringLiteral("privacyBudget"));
    for (TextLabel* each : {m_cost, m_hint})
        each->setWordWrap(true);
    m_meter->setIsShare(true);
    auto* choice = new QHBoxLayout;
    choice->addWidget(m_earlier);
    choice->addWidget(m_week);
    choice->addWidget(m_later);
    choice->addStretch(1);
    body()->addLayout(choice);
    m_grid->setHorizontalSpacing(theme.space(2)); // many columns
    body()->addLayout(m_grid);
    body()->addWidget(m_meter);
    body()->addWidget(m_cost);
    auto* line = new QHBoxLayout;
    line->addWidget(m_release);
    line->addStretch(1);
    body()->addLayout(line);
    body()->addWidget(m_hint);
    connect(m_earlier, &QAbstractButton::clicked, this, [this] { showWeek(m_back + 1); });
    connect(m_later, &QAbstractButton::clicked, this, [this] { showWeek(m_back - 1); });
    connect(m_release, &QAbstractButton::clicked, this, &FiguresCard::release);
    retranslate();
}

void FiguresCard::retranslate() {
    m_title->setTexts(
        tr("Usage figures"),
        tr("Sums over everybody who agreed, with noise that hides each person. They are released "
           "for a whole week at once; a week that was released is shown again unchanged and "
           "costs nothing more."));
    m_earlier->setName(tr("Earlier week"));
    m_later->setName(tr("Later week"));
    m_release->setText(tr("Release this week…"));
    m_hint->setText(
        tr("What one person adds to a week is bounded for each measure, and the noise is a discrete "
           "Laplace distribution: whether a person took part in a week changes the chance of "
           "anything that is shown here by a factor of at most e to the week's epsilon, and in a "
           "whole month of at most e to the month's budget. Figures can be negative; ± is the standard "
           "deviation of the noise: in small groups figures are mostly noise. A week belongs to the month "
           "of its Thursday (UTC)."));
    showNow();
}

void FiguresCard::refresh() {
    const bool sees = rights().own(Action::View, Resource::Statistics);
    setVisible(sees);
    if (!sees)
        return;
    m_bridge.request(this, readWeeks, [this](const Result<Weeks>& weeks) {
        if (!weeks)
            return showFailure(weeks.error());
        m_weeks = *weeks;
        showWeek(m_back);
    });
}

void FiguresCard::showWeek(int back) {
    m_back = std::clamp(back, 0, std::max(0, int(m_weeks.size()) - 1));
    showNow();
}

void FiguresCard::showNow() {
    empty(m_grid);
    const bool known = !m_weeks.empty();
    for (QWidget* each :
         {static_cast<QWidget*>(m_week), static_cast<QWidget*>(m_meter), static_cast<QWidget*>(m_cost)})
        each->setVisible(known);
    m_earlier->setEnabled(known && m_back + 1 < int(m_weeks.size()));
    m_later->setEnabled(known && m_back > 0);
    m_release->setVisible(known && !m_weeks[m_back].figures);
    if (!known)
        return;
    const UsageWeek& week = m_weeks[m_back];
    m_release->setEnabled(!m_busy && week.affordable());
    m_week->setText(weekText(week.monday));
    m_meter->setText(tr("Privacy budget of %1: ε %2 of %3 spent")
                         .arg(dayText(week.monday + 3, QStringLiteral("yyyy-MM")), epsilon(week.spent),
                              epsilon(week.budget)));
    m_meter->setFraction(week.budget ? double(week.spent) / week.budget : 0);
    m_meter->setColour(week.affordable() ? ColourRole::Accent : ColourRole::Bad);
    m_cost->setText(
        week.figures ? tr("This week was released; looking at it costs nothing.")
        : week.affordable()
            ? tr("Not released. All figures of this week together cost ε %1; then ε %2 of the month are "
                 "left.")
                  .arg(epsilon(week.cost), epsilon(week.budget - week.spent - week.cost))
            : tr("Not released, and it cannot be any more: it costs ε %1, and only ε %2 of the month are "
                 "left.")
                  .arg(epsilon(week.cost), epsilon(week.budget - std::min(week.spent, week.budget))));
    if (!week.figures)
        return;
    fillGrid(*week.figures);
    fillWeek(*week.figures);
}

QString FiguresCard::measureWord(Measure measure) {
    switch (measure) {
    case Measure::Messages:
        return tr("Messages");
    case Measure::Answers:
        return tr("Answers");
    case Measure::Tokens:
        return tr("Tokens");
    case Measure::ModelLoads:
        return tr("Models loaded");
    case Measure::Seconds:
        return tr("Seconds computed");
    }
    return {};
}

void FiguresCard::fillGrid(const security::ReleasedWeek& week) {
    for (int day = 0; day < security::ReleasedWeek::kDays; ++day)
        m_grid->addWidget(new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted,
                                        dayText(week.monday + day, QStringLiteral("MM-dd"))),
                          0, day + 1, Qt::AlignRight);
    m_grid->addWidget(new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted, QStringLiteral("±")),
                      0, kNoise, Qt::AlignRight);
    for (int measure = 0; measure < security::kMeasures; ++measure) {
        m_grid->addWidget(new TextLabel(m_theme, TextRole::Small, ColourRole::Text,
                                        measureWord(static_cast<Measure>(measure))),
                          measure + 1, 0);
        for (int day = 0; day < security::ReleasedWeek::kDays; ++day) {
            const auto value = week.sums[static_cast<std::size_t>(measure)][static_cast<std::size_t>(day)];
            auto* number = new NumberLabel(m_theme, TextRole::Small, ColourRole::Text,
                                           QLocale().toString(qlonglong{value}));
            number->setToolTip(number->text()); // large ones do not fit into a narrow window
            m_grid->addWidget(number, measure + 1, day + 1, Qt::AlignRight);
        }
        m_grid->addWidget(new NumberLabel(m_theme, TextRole::Small, ColourRole::Muted,
                                          noiseText(week, static_cast<Measure>(measure))),
                          measure + 1, kNoise, Qt::AlignRight);
    }
}

/// What follows for the week as a whole: the models by name, the most loaded first, and means.
void FiguresCard::fillWeek(const security::ReleasedWeek& week) {
    int row = security::kMeasures + 1;
    const auto line = [&](const QString& name, QWidget* value, int columns) {
        m_grid->addWidget(new ElidedLabel(m_theme, TextRole::Small, ColourRole::Text, name), row, 0);
        m_grid->addWidget(value, row++, 1, 1, columns, columns == 1 ? Qt::AlignRight : Qt::AlignLeft);
    };
    const auto heading = [&](const QString& text) {
        m_grid->addWidget(new TextLabel(m_theme, TextRole::SmallStrong, ColourRole::Muted, text), row++, 0, 1,
                          kNoise + 1);
    };
    heading(tr("An answer of this week on average"));
    const security::WeekMeans means = security::meansOf(week);
    const auto mean = [&](const QString& name, const std::optional<security::Mean>& value) {
        const auto number = [](double x) { return QLocale().toString(x, 'f', 1); };
        line(name,
             new TextLabel(m_theme, TextRole::Small, ColourRole::Text,
                           value ? tr("%1 ± %2").arg(number(value->value), number(value->deviation))
                                 : tr("hidden by the noise: too few answers")),
             security::ReleasedWeek::kDays);
    };
    mean(tr("Length in tokens"), means.tokens);
    mean(tr("Time in seconds"), means.seconds);
    if (week.models.empty())
        return; // released before models were told apart
    heading(tr("Loads by model in this week, each ± %1").arg(noiseText(week, Measure::ModelLoads)));
    auto models = week.models;
    std::stable_sort(models.begin(), models.end(),
                     [](const auto& a, const auto& b) { return a.loads > b.loads; });
    const std::size_t rest = models.size() - std::min(models.size(), kMostModels);
    models.resize(models.size() - rest);
    for (const security::ModelUse& each : models)
        line(each.model.empty() ? tr("Other models") : QString::fromStdString(each.model),
             new NumberLabel(m_theme, TextRole::Small, ColourRole::Text,
                             QLocale().toString(qlonglong{each.loads})),
             1);
    if (rest > 0)
        heading(
            tr("%n model(s) with fewer loads: hearthctl privacy figures lists them.", nullptr, int(rest)));
}

void FiguresCard::release() {
    if (m_weeks.empty() || m_busy)
        return;
    const UsageWeek& week = m_weeks[m_back];
    if (week.figures)
        return;
    ask("releaseQuestion", tr("Release the figures of %1?").arg(weekText(week.monday)),
        tr("This spends ε %1 of the privacy budget of %2 for everybody, of which ε %3 of %4 are spent. It "
           "cannot "
           "be taken back.")
            .arg(epsilon(week.cost), dayText(week.monday + 3, QStringLiteral("yyyy-MM")), epsilon(week.spent),
                 epsilon(week.budget)),
        tr("Release"), [this, monday = week.monday] { releaseNow(monday); });
}

void FiguresCard::releaseNow(std::int64_t monday) {
    m_error->clear();
    m_busy = true;
    m_release->setEnabled(false);
    m_bridge.releaseWeek(this, monday, [this](const Result<void>& done) {
        m_busy = false;
        if (!done) {
            showFailure(done.error());
            return refresh();
        }
        // The others' budget changed too.
        m_bridge.request(this, readWeeks, [this](const Result<Weeks>& weeks) {
            if (!weeks)
                return showFailure(weeks.error());
            m_weeks = *weeks;
            showWeek(m_back);
            Q_EMIT released(security::ReleasedWeek::kDays * security::kMeasures);
        });
    });
}

} // namespace hearth::gui
