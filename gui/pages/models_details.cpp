#include "gui/pages/models_details.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/pages/models_jobs.h"
#include "gui/pages/models_overview.h"
#include "gui/pages/models_tabs.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

ModelsDetails::ModelsDetails(Theme& theme, LibraryBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_back(new IconButton(theme, QStringLiteral("chevron-left"), {})),
      m_label(new Chip(theme, {}, Chip::Kind::Accent)), m_family(new Chip(theme)),
      m_sealed(new Chip(theme, {}, Chip::Kind::Good)), m_rename(new Button(theme, ButtonKind::Plain)),
      m_quantise(new Button(theme, ButtonKind::Plain)), m_open(new Button(theme, ButtonKind::Primary)),
      m_error(new ErrorBox(theme)), m_tabs(new SegmentedControl(theme)), m_stack(new QStackedWidget),
      m_overview(new ModelsOverview(theme, bridge)), m_versions(new ModelsVersions(theme, bridge)),
      m_tensors(new ModelsTensors(theme)), m_template(new ModelsTemplate(theme, bridge)),
      m_files(new ModelsFiles(theme, bridge)),
      m_history(new JobsCard(theme, bridge, JobsCard::Show::HistoryOfModel)) {
    m_back->setObjectName(QStringLiteral("back"));
    m_rename->setObjectName(QStringLiteral("rename"));
    m_quantise->setObjectName(QStringLiteral("quantise"));
    m_open->setObjectName(QStringLiteral("openInChat"));
    m_tabs->setObjectName(QStringLiteral("detailTabs"));
    m_error->setDismissable(true);
    m_header->setBack(m_back);
    m_header->beside()->addWidget(m_label);
    m_header->beside()->addWidget(m_family);
    m_header->beside()->addWidget(m_sealed);
    m_header->actions()->addWidget(m_rename);
    m_header->actions()->addWidget(m_quantise);
    m_header->actions()->addWidget(m_open);
    auto* history = new QWidget;
    auto* rows = new QVBoxLayout(history);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_history);
    rows->addStretch(1);
    for (QWidget* tab : {static_cast<QWidget*>(m_overview), static_cast<QWidget*>(m_versions),
                         static_cast<QWidget*>(m_tensors), static_cast<QWidget*>(m_template),
                         static_cast<QWidget*>(m_files), history}) {
        auto* area = new QScrollArea;
        area->setWidget(tab);
        area->setWidgetResizable(true);
        area->setFrameShape(QFrame::NoFrame);
        area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        area->viewport()->setAutoFillBackground(false);
        tab->setAutoFillBackground(false);
        m_stack->addWidget(area);
    }
    auto* body = new QVBoxLayout;
    const int edge = theme.space(6);
    body->setContentsMargins(edge, theme.space(4), edge, edge);
    body->setSpacing(theme.px(14));
    auto* tabs = new QHBoxLayout;
    tabs->addWidget(m_tabs);
    tabs->addStretch(1);
    body->addLayout(tabs);
    body->addWidget(m_error);
    body->addWidget(m_stack, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);

    auto* back = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, this, &ModelsDetails::backAsked);
    connect(m_back, &QAbstractButton::clicked, this, &ModelsDetails::backAsked);
    connect(m_tabs, &SegmentedControl::chosen, this, &ModelsDetails::showTab);
    connect(m_rename, &QAbstractButton::clicked, this, [this] { Q_EMIT renameAsked(m_version); });
    connect(m_quantise, &QAbstractButton::clicked, this, [this] { Q_EMIT quantiseAsked(m_version); });
    connect(m_open, &QAbstractButton::clicked, this, [this] {
        if (const auto* version = m_bridge.version(m_version))
            Q_EMIT openAsked(QString::fromStdString(version->path().string()));
    });
    connect(m_versions, &ModelsVersions::opened, this, &ModelsDetails::setVersion);
    connect(m_versions, &ModelsVersions::removeAsked, this, &ModelsDetails::removeAsked);
    connect(m_versions, &ModelsVersions::compareAsked, this, &ModelsDetails::compareAsked);
    connect(m_versions, &ModelsVersions::failed, m_error, &ErrorBox::showError);
    connect(m_files, &ModelsFiles::moveAsked, this, &ModelsDetails::moveAsked);
    connect(m_history, &JobsCard::resultAsked, this, [this](qint64 id) {
        const auto* job = m_bridge.job(id);
        if (job && job->kind == workbench::JobKind::Measure)
            Q_EMIT compareAsked(job->version);
        else if (job)
            for (const auto& model : m_bridge.models())
                for (const auto& version : model.versions)
                    if (version.job == job->id)
                        return Q_EMIT compareAsked(version.id);
    });
    connect(&bridge, &LibraryBridge::changed, this, &ModelsDetails::show);
    connect(&bridge, &LibraryBridge::verified, this,
            [this](qint64 version, const workbench::Verification& result) {
                if (version != m_version || result.good())
                    return;
                m_error->showText(
                    ErrorBox::Severity::Bad, tr("This version is not what was recorded"),
                    result.files.front().verdict == workbench::Verification::Verdict::Missing
                        ? tr("A file is missing.")
                        : tr("Its bytes changed since it was taken in: expected %1…, found %2….")
                              .arg(QString::fromStdString(result.files.front().expected.substr(0, 12)),
                                   QString::fromStdString(result.files.front().found.substr(0, 12))),
                    tr("Fetch the file again. If the change was meant, take it as it is now."));
            });
    retranslate();
}

void ModelsDetails::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void ModelsDetails::retranslate() {
    m_back->setName(tr("Back to all models"));
    m_rename->setText(tr("Rename…"));
    m_quantise->setText(tr("Quantise…"));
    m_open->setText(tr("Open in chat"));
    m_tabs->setChoices(
        {tr("Overview"), tr("Versions"), tr("Tensors"), tr("Chat template"), tr("Files"), tr("History")});
    m_tabs->setAccessibleName(tr("What is shown about the model"));
    show();
}

void ModelsDetails::setVersion(qint64 version) {
    m_version = version;
    m_error->clear();
    m_overview->setVersion(version);
    m_versions->setVersion(version);
    if (const auto* now = m_bridge.version(version))
        m_path = now->path();
    m_tensors->setDetails(nullptr, {});
    m_template->setVersion(version);
    m_files->setVersion(version);
    if (const auto* model = m_bridge.modelOfVersion(version))
        m_history->setModel(model->id);
    readDetails();
    show();
}

void ModelsDetails::readDetails() {
    if (const auto* version = m_bridge.version(m_version); version && version->sealed())
        return; // its head is encrypted too
    m_bridge.readDetails(m_version, this,
                         [this, asked = m_version](const Result<workbench::ModelDetails>& details) {
                             if (asked != m_version)
                                 return;
                             if (!details)
                                 return m_error->showError(details.error());
                             const auto shared = std::make_shared<const workbench::ModelDetails>(*details);
                             const auto* now = m_bridge.version(asked);
                             m_tensors->setDetails(shared, now ? workbench::versionQualityFrom(now->measured)
                                                               : workbench::VersionQuality{});
                             m_template->setDetails(shared);
                         });
}

void ModelsDetails::showTab(int tab) {
    m_tabs->setCurrentIndex(tab);
    m_stack->setCurrentIndex(tab);
}

void ModelsDetails::show() {
    const auto* model = m_bridge.modelOfVersion(m_version);
    const auto* version = m_bridge.version(m_version);
    if (m_version != 0 && (!model || !version)) {
        m_version = 0;
        Q_EMIT backAsked(); // it was removed
        return;
    }
    if (!model)
        return;
    m_header->setTitle(QString::fromStdString(model->name));
    m_label->setText(QString::fromStdString(version->label));
    m_family->setText(QString::fromStdString(model->family));
    const bool usable = model->runnable && version->state() != workbench::FileState::Missing;
    m_rename->setVisible(m_bridge.may(security::Action::Change));
    m_quantise->setVisible(m_bridge.may(security::Action::Create));
    m_open->setVisible(m_bridge.may(security::Action::Use));
    m_open->setEnabled(usable);
    m_quantise->setEnabled(version->state() != workbench::FileState::Missing && !version->sealed());
    m_sealed->setText(version->sealed() ? tr("sealed") : QString());
    m_sealed->setVisible(version->sealed());
    if (m_path != version->path()) { // sealed or made readable meanwhile
        m_path = version->path();
        m_tensors->setDetails(nullptr, {});
        readDetails();
    }
}

} // namespace hearth::gui
