#include "gui/pages/models_jobs.h"

#include <utility>

#include <QDateTime>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>

#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

using workbench::Job;
using workbench::JobKind;
using workbench::JobState;

JobsCard::JobsCard(Theme& theme, LibraryBridge& bridge, Show show, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_show(show), m_title(new SectionHeader(theme)),
      m_rows(new QVBoxLayout) {
    m_rows->setSpacing(theme.space(2));
    body()->addWidget(m_title);
    body()->addLayout(m_rows);
    connect(&bridge, &LibraryBridge::jobsChanged, this, &JobsCard::rebuild);
    connect(&bridge, &LibraryBridge::jobProgressed, this, &JobsCard::showProgress);
    rebuild();
}

void JobsCard::setModel(qint64 model) {
    m_model = model;
    rebuild();
}

void JobsCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        rebuild();
    Card::changeEvent(event);
}

QString JobsCard::phase(const std::string& phase) {
    if (phase == "job.calibrate")
        return tr("Reading the calibration text");
    if (phase == "job.plan")
        return tr("Measuring how sensitive each tensor is");
    if (phase == "job.quantise")
        return tr("Quantising");
    if (phase == "job.convert")
        return tr("Converting");
    if (phase == "job.record")
        return tr("Computing the checksum");
    if (phase == "job.reference")
        return tr("Measuring the source");
    if (phase == "job.measure")
        return tr("Measuring the new version");
    if (phase == "job.ask")
        return tr("Asking");
    return tr("Starting");
}

QString JobsCard::state(const Job& job) {
    switch (job.state) {
    case JobState::Queued:
        return tr("waiting");
    case JobState::Running:
        return tr("running");
    case JobState::Done:
        return tr("done");
    case JobState::Failed:
        return job.error ? errorText(*job.error).title : tr("failed");
    case JobState::Cancelled:
        return tr("cancelled");
    case JobState::Interrupted:
        return tr("interrupted; it can go on where it was");
    }
    return {};
}

QString JobsCard::what(const Job& job) {
    if (job.kind == JobKind::Convert)
        return tr("Convert a folder");
    if (job.kind == JobKind::Measure)
        return tr("Measure");
    if (job.kind == JobKind::Ask)
        return tr("Ask versions");
    const auto request = workbench::quantiseRequestFrom(job.request);
    if (!request)
        return tr("Quantise");
    return tr("Quantise to %1")
        .arg(QString::fromStdString(!request->label.empty() ? request->label : request->mix));
}

QWidget* JobsCard::makeRow(const Job& job) {
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("job-%1").arg(job.id));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(4));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addStretch(1); // the two lines stay together beside a longer text
    words->addWidget(
        new ElidedLabel(m_theme, TextRole::Strong, ColourRole::Text, QString::fromStdString(job.title)));
    QString about = what(job);
    if (m_show == Show::HistoryOfModel)
        about += QStringLiteral(" · ") +
                 QLocale().toString(QDateTime::fromMSecsSinceEpoch(job.createdMs), QLocale::ShortFormat);
    words->addWidget(new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted, about));
    words->addStretch(1);
    line->addLayout(words, 2);
    const std::uint64_t held = m_bridge.bytesHeld(job.id);
    const auto button = [&](const char* name, const QString& text, ButtonKind kind, auto action) {
        auto* one = new Button(m_theme, kind, text);
        one->setObjectName(QLatin1String(name));
        connect(one, &QAbstractButton::clicked, this, action);
        line->addWidget(one);
        return one;
    };
    if (job.state == JobState::Running) {
        auto* progress = new ProgressLine(m_theme);
        progress->setText(
            phase(m_bridge.jobProgress().job == job.id ? m_bridge.jobProgress().phase : std::string()));
        progress->setFraction(-1);
        line->addWidget(progress, 3);
        m_lines.emplace_back(job.id, progress);
    } else {
        QString text = JobsCard::state(job);
        if (held > 0)
            text += QStringLiteral(" · ") + tr("its work so far takes %1 of the disk").arg(humanBytes(held));
        if (job.error)
            text += QLatin1Char('\n') + errorText(*job.error).explanation;
        auto* state =
            new TextLabel(m_theme, TextRole::Small,
                          job.state == JobState::Failed ? ColourRole::BadText : ColourRole::Muted, text);
        state->setWordWrap(true);
        line->addWidget(state, 3);
    }
    const qint64 id = job.id;
    const bool may = m_bridge.may(security::Action::Create);
    if (may && (job.state == JobState::Interrupted || job.state == JobState::Failed))
        button("resumeJob", job.state == JobState::Failed ? tr("Try again") : tr("Go on"), ButtonKind::Plain,
               [this, id] { m_bridge.resumeJob(id); });
    if (job.state == JobState::Done && (job.kind == JobKind::Quantise || job.kind == JobKind::Measure))
        button("showJob", tr("Compare"), ButtonKind::Plain, [this, id] { Q_EMIT resultAsked(id); });
    if (!may)
        return row;
    Button* const end =
        workbench::isOver(job.state)
            ? button("forgetJob", tr("Forget"), ButtonKind::Ghost, [this, id] { m_bridge.forgetJob(id); })
            : button("cancelJob", tr("Cancel"), ButtonKind::Plain, [this, id] { m_bridge.cancelJob(id); });
    if (held > 0)
        end->setToolTip(tr("Frees %1 of the disk").arg(humanBytes(held)));
    return row;
}

void JobsCard::rebuild() {
    m_title->setTexts(m_show == Show::Open ? tr("At work") : tr("History of jobs"), {});
    m_lines.clear();
    const FreshRows fresh(m_rows);
    int shown = 0;
    for (const Job& job : m_bridge.jobs()) {
        if (job.kind == JobKind::Ask)
            continue; // belongs to the page that asks
        // A failed one stays until it is looked at.
        const bool settled = job.state == JobState::Done || job.state == JobState::Cancelled;
        if (m_show == Show::Open ? settled : job.model != m_model)
            continue;
        if (shown++)
            m_rows->addWidget(new Divider(m_theme));
        m_rows->addWidget(makeRow(job));
    }
    if (shown == 0 && m_show == Show::HistoryOfModel)
        m_rows->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted,
                                        tr("Nothing has been done with this model yet.")));
    setVisible(shown > 0 || m_show == Show::HistoryOfModel);
}

void JobsCard::showProgress(qint64 job) {
    const auto& progress = m_bridge.jobProgress();
    for (const auto& [id, line] : m_lines)
        if (id == job) {
            if (std::exchange(m_phase, progress.phase) != progress.phase)
                line->restart();
            line->setText(phase(progress.phase));
            line->setFraction(progress.total ? double(progress.done) / double(progress.total) : -1);
        }
}

} // namespace hearth::gui
