#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include "gui/models/library_model.h"
#include "gui/pages/models_plots.h"
#include "gui/pages/models_tabs.h"
#include "gui/pages/quantise_compare.h"
#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using workbench::JobState;

namespace {

/// Of the last try; nullptr = it did not fail, or was forgotten.
const Error* whyNotMeasured(const LibraryBridge& bridge, qint64 version) {
    const auto& jobs = bridge.jobs(); // newest first
    const auto last = std::find_if(jobs.begin(), jobs.end(), [version](const workbench::Job& each) {
        return each.kind == workbench::JobKind::Measure && each.version == version;
    });
    return last != jobs.end() && last->state == JobState::Failed && last->error ? &*last->error : nullptr;
}

} // namespace

ModelsVersions::ModelsVersions(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_chartTitle(new SectionHeader(theme)), m_rows(new QVBoxLayout), m_plot(new QualityPlot(theme)),
      m_rollBack(new Button(theme, ButtonKind::Plain)) {
    m_rollBack->setObjectName(QStringLiteral("rollBack"));
    m_rollBack->setIconName(QStringLiteral("undo"));
    m_rows->setSpacing(theme.space(2));
    auto* list = new Card(theme);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_rollBack, 0, Qt::AlignTop);
    list->body()->addLayout(head);
    list->body()->addLayout(m_rows);
    auto* chart = new Card(theme);
    chart->body()->addWidget(m_chartTitle);
    chart->body()->addWidget(m_plot, 1);
    m_plot->setMinimumHeight(theme.px(260));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(list);
    layout->addWidget(chart, 1);
    connect(&bridge, &LibraryBridge::changed, this, &ModelsVersions::show); // jobs change with it
    connect(m_rollBack, &QAbstractButton::clicked, this, [this] {
        if (const auto* model = m_bridge.modelOfVersion(m_version))
            m_bridge.edit(m_version, [id = model->id](workbench::Library& library) -> Result<void> {
                return library.rollBack(id).map([](auto) {});
            });
    });
}

void ModelsVersions::setVersion(qint64 version) {
    m_version = version;
    show();
}

void ModelsVersions::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        show();
    QWidget::changeEvent(event);
}

QWidget* ModelsVersions::makeRow(const workbench::LibraryModel& model,
                                 const workbench::LibraryVersion& version) {
    auto* row = new QWidget;
    row->setObjectName(QStringLiteral("version-%1").arg(version.id));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(m_theme.space(3));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    auto* name = new QHBoxLayout;
    name->setSpacing(m_theme.space(2));
    name->addWidget(
        new TextLabel(m_theme, TextRole::Strong, ColourRole::Text, QString::fromStdString(version.label)));
    if (version.isDefault)
        name->addWidget(new Chip(m_theme, tr("default"), Chip::Kind::Accent));
    if (version.id == m_version)
        name->addWidget(new Chip(m_theme, tr("shown here")));
    if (version.sealed())
        name->addWidget(new Chip(m_theme, LibraryModel::tr("sealed"), Chip::Kind::Good));
    name->addStretch(1);
    words->addLayout(name);
    const auto quality = workbench::versionQualityFrom(version.measured);
    QStringList figures{humanBytes(version.bytes())};
    if (quality.perplexity)
        figures << tr("perplexity %1").arg(QuantiseCompare::perplexity(*quality.perplexity));
    if (quality.divergence)
        figures << tr("KL divergence %1").arg(QLocale::c().toString(quality.divergence->mean, 'g', 3));
    auto* measured =
        new NumberLabel(m_theme, TextRole::Small, ColourRole::Text, figures.join(QStringLiteral(" · ")));
    measured->setToolTip(measured->text()); // it may not fit
    words->addWidget(measured);
    QString about = LibraryModel::lineage(model, version);
    if (!version.note.empty())
        about += QStringLiteral(" · ") + QString::fromStdString(version.note);
    words->addWidget(new ElidedLabel(m_theme, TextRole::Small, ColourRole::Muted, about));
    if (const Error* error = quality.divergence ? nullptr : whyNotMeasured(m_bridge, version.id)) {
        const ErrorText text = errorText(*error);
        auto* why =
            new TextLabel(m_theme, TextRole::Small, ColourRole::BadText,
                          QStringList{text.title, text.explanation, text.advice}.join(QLatin1Char('\n')));
        why->setObjectName(QStringLiteral("whyNotMeasured"));
        why->setWordWrap(true);
        words->addWidget(why);
    }
    line->addLayout(words, 1);
    const qint64 id = version.id;
    const auto button = [&](const char* object, const QString& text, ButtonKind kind, auto action) {
        auto* one = new Button(m_theme, kind, text);
        one->setObjectName(QLatin1String(object));
        one->setAccessibleDescription(QString::fromStdString(version.label));
        connect(one, &QAbstractButton::clicked, this, action);
        line->addWidget(one);
    };
    if (quality.divergence)
        button("compareVersion", tr("Compare"), ButtonKind::Ghost, [this, id] { Q_EMIT compareAsked(id); });
    else if (const auto* job = m_bridge.measuring(id); job && job->state != JobState::Interrupted)
        line->addWidget(new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, tr("being measured")));
    else if (m_bridge.may(security::Action::Create) && model.runnable && !version.sealed() &&
             version.state() != workbench::FileState::Missing && m_bridge.canMeasure(id))
        button("measureVersion", tr("Measure"), ButtonKind::Plain, [this, id] { measure(id); });
    if (!version.isDefault && m_bridge.may(security::Action::Change))
        button("setDefault", tr("Set as default"), ButtonKind::Plain, [this, id] {
            m_bridge.edit(id, [id](workbench::Library& library) { return library.setDefault(id); });
        });
    if (version.id != m_version)
        button("showVersion", tr("Show"), ButtonKind::Ghost, [this, id] { Q_EMIT opened(id); });
    if (m_bridge.may(security::Action::Remove))
        button("removeVersion", tr("Remove…"), ButtonKind::Danger, [this, id] { Q_EMIT removeAsked(id); });
    return row;
}

void ModelsVersions::measure(qint64 version) {
    if (const auto* job = m_bridge.measuring(version); job && job->state == JobState::Interrupted)
        return m_bridge.resumeJob(job->id);
    m_bridge.measure(version, this, [this](const Result<workbench::JobId>& added) {
        if (!added)
            Q_EMIT failed(added.error());
    });
}

void ModelsVersions::show() {
    m_title->setTexts(tr("Versions"), tr("The default one is opened when the model is chosen."));
    m_chartTitle->setTexts(
        tr("Size against quality, all versions"),
        tr("The KL divergence says how far a version's predictions are from those of the version "
           "it was made from or measured against: the lower, the better."));
    m_rollBack->setText(tr("Back to the former default"));
    const FreshRows fresh(m_rows);
    const auto* model = m_bridge.modelOfVersion(m_version);
    m_rollBack->setVisible(model && model->canRollBack && m_bridge.may(security::Action::Change));
    if (!model)
        return;
    std::vector<QualityPlot::Point> points;
    for (const auto& version : model->versions) {
        m_rows->addWidget(makeRow(*model, version));
        const auto quality = workbench::versionQualityFrom(version.measured);
        if (quality.divergence)
            points.push_back({QString::fromStdString(version.label), double(version.bytes()),
                              quality.divergence->mean, version.id == m_version});
    }
    m_plot->setPoints(std::move(points));
}

} // namespace hearth::gui
