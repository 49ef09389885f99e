#include "gui/pages/quantise_wizard.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/models/library_model.h"
#include "gui/pages/models_jobs.h"
#include "gui/pages/quantise_compare.h"
#include "gui/pages/quantise_steps.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using workbench::JobState;

QuantiseWizard::QuantiseWizard(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_previous(new Button(theme, ButtonKind::Plain)), m_next(new Button(theme, ButtonKind::Primary)),
      m_discard(new Button(theme, ButtonKind::Plain)), m_keep(new Button(theme, ButtonKind::Plain)),
      m_default(new Button(theme, ButtonKind::Primary)), m_cancel(new Button(theme, ButtonKind::Plain)),
      m_steps(new StepBar(theme)), m_stack(new QStackedWidget), m_target(new TargetStep(theme, bridge)),
      m_calibration(new CalibrationStep(theme)), m_compare(new QuantiseCompare(theme, bridge)) {
    const std::pair<Button*, const char*> names[]{{m_previous, "wizardBack"}, {m_next, "wizardNext"},
                                                  {m_discard, "discard"},     {m_keep, "keep"},
                                                  {m_default, "keepDefault"}, {m_cancel, "cancelRun"}};
    for (const auto& [button, name] : names) {
        button->setObjectName(QLatin1String(name));
        if (button != m_cancel)
            m_header->actions()->addWidget(button);
    }
    m_back->setObjectName(QStringLiteral("leaveWizard"));
    m_header->setBack(m_back);
    for (QWidget* page : {makeSource(), static_cast<QWidget*>(m_target), static_cast<QWidget*>(m_calibration),
                          makeRun(), static_cast<QWidget*>(m_compare)}) {
        auto* area = new QScrollArea;
        area->setWidget(page);
        area->setWidgetResizable(true);
        area->setFrameShape(QFrame::NoFrame);
        area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        area->viewport()->setAutoFillBackground(false);
        page->setAutoFillBackground(false);
        m_stack->addWidget(area);
    }
    auto* body = new QVBoxLayout;
    const int edge = theme.space(6);
    body->setContentsMargins(edge, theme.space(4), edge, edge);
    body->setSpacing(theme.px(12));
    body->addWidget(m_steps);
    body->addWidget(m_stack, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);

    auto* leave = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    leave->setContext(Qt::WidgetWithChildrenShortcut);
    connect(leave, &QShortcut::activated, this, &QuantiseWizard::backAsked);
    connect(m_back, &QAbstractButton::clicked, this, &QuantiseWizard::backAsked);
    connect(m_previous, &QAbstractButton::clicked, this, [this] { go(m_step - 1); });
    connect(m_next, &QAbstractButton::clicked, this, [this] { m_step == Run ? run() : go(m_step + 1); });
    connect(m_discard, &QAbstractButton::clicked, this,
            [this] { Q_EMIT discardAsked(m_compare->version()); });
    connect(m_keep, &QAbstractButton::clicked, this, &QuantiseWizard::backAsked);
    connect(m_default, &QAbstractButton::clicked, this, [this] {
        m_bridge.edit(m_compare->version(), [id = m_compare->version()](workbench::Library& library) {
            return library.setDefault(id);
        });
        Q_EMIT backAsked();
    });
    connect(m_cancel, &QAbstractButton::clicked, this, [this] { m_bridge.cancelJob(m_job); });
    connect(m_target, &TargetStep::readyChanged, this, &QuantiseWizard::showButtons);
    connect(m_calibration, &CalibrationStep::changed, this, &QuantiseWizard::showButtons);
    connect(&bridge, &LibraryBridge::jobsChanged, this, &QuantiseWizard::showJob);
    connect(&bridge, &LibraryBridge::jobProgressed, this, [this](qint64 job) {
        if (job != m_job)
            return;
        const auto& progress = m_bridge.jobProgress();
        if (std::exchange(m_phase, progress.phase) != progress.phase)
            m_progress->restart();
        m_progress->setText(JobsCard::phase(progress.phase));
        m_progress->setFraction(progress.total ? double(progress.done) / double(progress.total) : -1);
    });
    retranslate();
}

QWidget* QuantiseWizard::makeSource() {
    m_sourceTitle = new SectionHeader(m_theme);
    m_versions = new ComboBox(m_theme);
    m_versions->setObjectName(QStringLiteral("sourceVersion"));
    m_sourceFacts = new TextLabel(m_theme, TextRole::Body, ColourRole::Muted);
    m_sourceFacts->setWordWrap(true);
    auto* card = new Card(m_theme);
    card->body()->addWidget(m_sourceTitle);
    card->body()->addWidget(m_versions, 0, Qt::AlignLeft);
    card->body()->addWidget(m_sourceFacts);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);
    layout->addStretch(1);
    connect(m_versions, &QComboBox::activated, this, [this](int index) {
        m_source = m_versions->itemData(index).toLongLong();
        m_target->setSource(m_source);
        showSource();
    });
    return page;
}

QWidget* QuantiseWizard::makeRun() {
    m_runTitle = new SectionHeader(m_theme);
    m_summary = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
    m_summary->setWordWrap(true);
    m_labelWord = new TextLabel(m_theme, TextRole::Body, ColourRole::Muted);
    m_label = new QLineEdit;
    m_label->setObjectName(QStringLiteral("versionLabel"));
    m_label->setMaxLength(80);
    m_leave = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted);
    m_leave->setWordWrap(true);
    m_progress = new ProgressLine(m_theme);
    m_error = new ErrorBox(m_theme);
    auto* card = new Card(m_theme);
    auto* label = new QHBoxLayout;
    label->addWidget(m_labelWord);
    label->addWidget(m_label, 1);
    auto* line = new QHBoxLayout;
    line->addWidget(m_progress, 1);
    line->addWidget(m_cancel);
    card->body()->addWidget(m_runTitle);
    card->body()->addWidget(m_summary);
    card->body()->addLayout(label);
    card->body()->addLayout(line);
    card->body()->addWidget(m_leave);
    card->body()->addWidget(m_error);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);
    layout->addStretch(1);
    return page;
}

void QuantiseWizard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void QuantiseWizard::retranslate() {
    m_back->setName(tr("Leave"));
    m_previous->setText(tr("Back"));
    m_discard->setText(tr("Discard"));
    m_keep->setText(tr("Keep"));
    m_cancel->setText(tr("Cancel"));
    m_steps->setSteps({tr("Source"), tr("Target"), tr("Calibration"), tr("Run"), tr("Compare")});
    m_sourceTitle->setTexts(
        tr("What is quantised"),
        tr("Best the original: every further step from an already coarse version loses more."));
    m_versions->setAccessibleName(tr("What is quantised"));
    m_runTitle->setTexts(tr("Ready"), {});
    m_labelWord->setText(tr("Name of the version"));
    m_label->setAccessibleName(tr("Name of the version"));
    m_leave->setText(
        tr("You may leave this page, or end the program: the work goes on in the background, and after an "
           "end it can go on where it was."));
    showTitle();
    showSource();
    showButtons();
}

void QuantiseWizard::start(qint64 version) {
    m_source = version;
    m_job = 0;
    m_error->clear();
    m_label->clear();
    m_target->setSource(version);
    m_calibration->offerOwn(m_bridge.mayCalibrate());
    go(Source);
}

void QuantiseWizard::showVersion(qint64 version) {
    m_source = version;
    m_compare->setVersion(version);
    go(Compare);
}

void QuantiseWizard::go(int step) {
    m_step = step;
    m_stack->setCurrentIndex(step);
    m_steps->setCurrent(step);
    m_steps->setVisible(!isFromElsewhere());
    showTitle();
    if (step == Source)
        showSource();
    if (step == Run)
        showSummary();
    showButtons();
}

bool QuantiseWizard::isFromElsewhere() const {
    const auto* version = m_step == Compare ? m_bridge.version(m_compare->version()) : nullptr;
    return version && version->parent == 0;
}

void QuantiseWizard::showTitle() {
    if (const auto* model = m_bridge.modelOfVersion(m_step == Compare ? m_compare->version() : m_source))
        m_header->setTitle((isFromElsewhere() ? tr("Compare · %1") : tr("Quantise · %1"))
                               .arg(QString::fromStdString(model->name)));
}

void QuantiseWizard::showSource() {
    const auto* model = m_bridge.modelOfVersion(m_source);
    const auto* version = m_bridge.version(m_source);
    if (!model || !version)
        return;
    const QSignalBlocker quiet(m_versions);
    m_versions->clear();
    for (const auto& one : model->versions)
        if (one.state() != workbench::FileState::Missing && !one.sealed())
            m_versions->addItem(QString::fromStdString(one.label) + QStringLiteral(" · ") +
                                    humanBytes(one.bytes()),
                                qint64(one.id));
    m_versions->setCurrentIndex(m_versions->findData(m_source));
    m_sourceFacts->setText(tr("%1, %2 parameters, %3")
                               .arg(QString::fromStdString(model->family), humanParameters(model->parameters),
                                    LibraryModel::lineage(*model, *version)));
}

void QuantiseWizard::showSummary() {
    const auto* version = m_bridge.version(m_source);
    if (!version)
        return;
    const QString calibration = m_calibration->choice() == QLatin1String("none") ? tr("without calibration")
                                : m_calibration->choice() == QLatin1String("builtin")
                                    ? tr("calibrated with the built-in text")
                                    : tr("calibrated with a text of yours");
    m_summary->setText(
        tr("%1 to %2, %3.").arg(QString::fromStdString(version->label), m_target->label(), calibration));
    if (m_job == 0)
        m_label->setText(m_target->label());
}

void QuantiseWizard::showButtons() {
    const auto* job = m_bridge.job(m_job);
    const bool busy = m_job != 0 && job && !workbench::isOver(job->state);
    const bool compare = m_step == Compare;
    m_previous->setVisible(m_step > Source && !compare && !busy);
    m_next->setVisible(!compare && !busy);
    m_next->setText(m_step == Run ? tr("Start") : tr("Next"));
    m_next->setEnabled(m_step == Target        ? m_target->ready()
                       : m_step == Calibration ? !m_calibration->choice().isEmpty()
                                               : true);
    const auto* shown = m_bridge.version(m_compare->version());
    const bool fresh = compare && !isFromElsewhere();
    m_keep->setVisible(fresh);
    m_discard->setVisible(fresh && m_bridge.may(security::Action::Remove));
    m_default->setText(compare && !fresh ? tr("Set as default") : tr("Keep as default"));
    m_default->setVisible(compare && shown && !shown->isDefault && m_bridge.may(security::Action::Change));
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    m_leave->setVisible(busy);
    m_label->setEnabled(!busy);
    m_runTitle->setTexts(busy ? tr("At work") : tr("Ready"), {});
}

void QuantiseWizard::run() {
    const auto* model = m_bridge.modelOfVersion(m_source);
    if (!model)
        return;
    workbench::QuantiseRequest request;
    m_target->fill(request);
    request.calibration = m_calibration->choice().toStdString();
    request.measure = m_calibration->measures();
    request.label = m_label->text().trimmed().isEmpty() ? m_target->label().toStdString()
                                                        : m_label->text().trimmed().toStdString();
    request.target = m_bridge.freeTarget(model->name, request.label);
    workbench::Job job;
    job.kind = workbench::JobKind::Quantise;
    job.title = model->name;
    job.model = model->id;
    job.version = m_source;
    job.request = workbench::toJson(request);
    m_error->clear();
    m_next->setEnabled(false);
    m_progress->restart();
    m_progress->setText(tr("Waiting"));
    m_progress->setFraction(-1);
    m_bridge.addJob(std::move(job), this, [this](const Result<workbench::JobId>& id) {
        if (id)
            m_job = *id;
        else
            m_error->showError(id.error());
        showJob();
    });
}

void QuantiseWizard::showJob() {
    const auto* job = m_bridge.job(m_job);
    if (job && m_step == Run) {
        if (job->state == JobState::Done) {
            for (const auto& model : m_bridge.models())
                for (const auto& version : model.versions)
                    if (version.job == job->id) {
                        m_job = 0;
                        m_compare->setVersion(version.id);
                        return go(Compare);
                    }
        } else if (job->state == JobState::Failed && job->error) {
            m_error->showError(*job->error);
            m_job = 0;
        } else if (job->state == JobState::Cancelled) {
            m_error->showText(ErrorBox::Severity::Info, tr("Cancelled"), tr("Nothing was left behind."));
            m_job = 0;
        }
    }
    showButtons();
}

} // namespace hearth::gui
