#include "gui/pages/hardware_page.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QScrollArea>
#include <QVBoxLayout>

#include "gui/pages/hardware_advice.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_compare.h"
#include "gui/pages/hardware_download.h"
#include "gui/pages/hardware_file.h"
#include "gui/pages/hardware_fit.h"
#include "gui/pages/hardware_history.h"
#include "gui/pages/hardware_measured.h"
#include "gui/pages/hardware_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

constexpr int kTimeTick = 60'000; ///< milliseconds after which "3 minutes ago" is another number

} // namespace

HardwarePage::HardwarePage(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_when(new Chip(theme)), m_again(new Button(theme, ButtonKind::Plain)),
      m_measure(new Button(theme, ButtonKind::Primary)), m_cancel(nullptr), m_error(new ErrorBox(theme)),
      m_change(new ErrorBox(theme)), m_overview(new HardwareOverview(theme)),
      m_fit(new FitCard(theme, bridge)), m_recommendations(new RecommendationCard(theme, bridge)),
      m_measuredCards(new MeasuredCards(theme, bridge)), m_facts(new HardwareFacts(theme)),
      m_environment(new EnvironmentCard(theme)) {
    m_again->setIconName(QStringLiteral("regenerate"));
    m_again->setObjectName(QStringLiteral("lookAgain"));
    m_compare = new Button(theme, ButtonKind::Plain);
    m_compare->setObjectName(QStringLiteral("compare"));
    m_quick = new Button(theme, ButtonKind::Plain);
    m_quick->setObjectName(QStringLiteral("measureQuick"));
    m_measure->setObjectName(QStringLiteral("measure"));
    m_when->setText({});
    m_header->beside()->addWidget(m_when);
    m_header->actions()->addWidget(m_again);
    m_header->actions()->addWidget(m_compare);
    makeExport();
    m_header->actions()->addWidget(m_quick);
    m_header->actions()->addWidget(m_measure);
    m_error->setDismissable(true);
    m_change->setDismissable(true);

    auto* column = new QWidget;
    auto* body = new QVBoxLayout(column);
    const auto space = [this, body] {
        const int edge = m_theme.space(6);
        body->setContentsMargins(edge, edge, edge, edge);
        body->setSpacing(m_theme.px(14));
    };
    space();
    connect(&theme, &Theme::changed, this, space);
    body->addWidget(m_error);
    body->addWidget(makeProgress());
    body->addWidget(m_overview);
    body->addWidget(m_change);
    body->addWidget(new CompareCard(theme, bridge));
    body->addWidget(m_fit);
    body->addWidget(m_recommendations);
    body->addWidget(new FileFitCard(theme, bridge));
    body->addWidget(m_measuredCards);
    body->addWidget(new HistoryCard(theme, bridge));
    body->addWidget(new RunsCard(theme, bridge));
    body->addWidget(new DownloadCard(theme, bridge));
    body->addWidget(m_facts);
    body->addWidget(m_environment);
    body->addStretch(1);

    auto* area = new QScrollArea;
    area->setWidget(column);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    column->setAutoFillBackground(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(area, 1);

    connect(m_again, &QAbstractButton::clicked, this, [this] {
        m_bridge.refresh();
        showProfile();
    });
    connect(m_measure, &QAbstractButton::clicked, this, [this] {
        m_error->clear();
        m_bridge.measure(false);
    });
    connect(m_quick, &QAbstractButton::clicked, this, [this] {
        m_error->clear();
        m_bridge.measure(true);
    });
    connect(m_compare, &QAbstractButton::clicked, this, &HardwarePage::askForReport);
    connect(&bridge, &HardwareBridge::compareFailed, this,
            [this](const Error& error) { m_error->showError(error); });
    m_clock.setInterval(kTimeTick);
    connect(&m_clock, &QTimer::timeout, this, &HardwarePage::showMeasurements);
    m_clock.start();
    connect(&bridge, &HardwareBridge::profileChanged, this, &HardwarePage::showProfile);
    connect(&bridge, &HardwareBridge::environmentChanged, this, &HardwarePage::showProfile);
    connect(&bridge, &HardwareBridge::measurementsChanged, this, &HardwarePage::showMeasurements);
    connect(&bridge, &HardwareBridge::measuringChanged, this, &HardwarePage::showMeasuring);
    connect(&bridge, &HardwareBridge::measureProgress, this, [this](const QString& phase, double fraction) {
        m_progress->setText(hardware_words::measurePhase(phase));
        m_progress->setFraction(fraction);
    });
    connect(&bridge, &HardwareBridge::measured, this, &HardwarePage::showComparison);
    connect(&bridge, &HardwareBridge::measureFailed, this, [this](const Error& error) {
        if (error.code != kCancelled) // the person's own wish needs no message
            m_error->showError(error);
    });
    connect(&bridge, &HardwareBridge::historyFailed, this,
            [this](const Error& error) { m_error->showError(error); });
    bridge.refresh();
    retranslate();
}

void HardwarePage::setRights(bool measure, bool exportReports,
                             std::function<void(std::function<void()> write)> guard) {
    m_measure->setVisible(measure);
    m_quick->setVisible(measure);
    m_export->setVisible(exportReports);
    m_guard = std::move(guard);
}

void HardwarePage::makeExport() {
    m_export = new Button(m_theme, ButtonKind::Plain);
    m_export->setIconName(QStringLiteral("export"));
    m_export->setObjectName(QStringLiteral("export"));
    m_formats = new QMenu(m_export);
    m_export->setMenu(m_formats);
    m_header->actions()->addWidget(m_export);
    connect(&m_bridge, &HardwareBridge::fitChanged, this, [this] { m_export->setEnabled(true); });
    connect(&m_bridge, &HardwareBridge::exported, this, [this](const QString& path) {
        m_error->showText(
            ErrorBox::Severity::Info, tr("The report was written"), QDir::toNativeSeparators(path),
            tr("It is signed: \"hearthctl report verify\" tells whether anything in it was changed."));
    });
    for (const auto failed : {&HardwareBridge::exportFailed, &HardwareBridge::fitFailed})
        connect(&m_bridge, failed, this, [this](const Error& error) { m_error->showError(error); });
    connect(&m_bridge, &HardwareBridge::fitChanged, this, [this] { m_compare->setEnabled(true); });
    m_export->setEnabled(m_bridge.fit() != nullptr);
    m_compare->setEnabled(m_bridge.fit() != nullptr);
}

void HardwarePage::askForReport() {
    auto* dialog =
        new QFileDialog(this, tr("Compare with another report"), QDir::homePath(), tr("Reports (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, &m_bridge, &HardwareBridge::compareWith);
    dialog->open();
}

void HardwarePage::askWhere(ReportFormat format) {
    const QString ending = format == ReportFormat::Html   ? QStringLiteral("html")
                           : format == ReportFormat::Pdf  ? QStringLiteral("pdf")
                           : format == ReportFormat::Json ? QStringLiteral("json")
                                                          : QStringLiteral("md");
    auto* dialog = new QFileDialog(this, tr("Export the hardware report"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(QStringLiteral("hearth-hardware.") + ending);
    connect(dialog, &QFileDialog::fileSelected, this, [this, format](const QString& path) {
        // The locale in force follows the window's language.
        const bool chinese = QLocale().language() == QLocale::Chinese;
        const auto write = [this, format, chinese, path, identifying = m_identifying->isChecked()] {
            m_bridge.exportReport(format, chinese ? hardware::Language::Chinese : hardware::Language::English,
                                  path, identifying);
        };
        m_guard ? m_guard(write) : write();
    });
    dialog->open();
}

QWidget* HardwarePage::makeProgress() {
    m_progressCard = new Card(m_theme);
    m_progress = new ProgressLine(m_theme);
    m_cancel = new Button(m_theme, ButtonKind::Plain);
    m_cancel->setObjectName(QStringLiteral("cancelMeasure"));
    auto* line = new QHBoxLayout;
    line->addWidget(m_progress, 1);
    line->addWidget(m_cancel);
    m_progressCard->body()->addLayout(line);
    connect(m_cancel, &QAbstractButton::clicked, &m_bridge, &HardwareBridge::cancelMeasure);
    return m_progressCard;
}

void HardwarePage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void HardwarePage::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_bridge.fit()) // answers may have come since
        m_bridge.predictAgain();
}

void HardwarePage::retranslate() {
    m_header->setTitle(tr("Hardware capability report"));
    m_again->setText(tr("Look again"));
    m_export->setText(tr("Export"));
    const bool identifying = m_identifying && m_identifying->isChecked();
    m_formats->clear();
    const std::pair<QString, ReportFormat> formats[]{{tr("Web page (HTML)…"), ReportFormat::Html},
                                                     {tr("For printing (PDF)…"), ReportFormat::Pdf},
                                                     {tr("Text (Markdown)…"), ReportFormat::Markdown},
                                                     {tr("Data (JSON)…"), ReportFormat::Json}};
    for (const auto& [name, format] : formats)
        connect(m_formats->addAction(name), &QAction::triggered, this,
                [this, format = format] { askWhere(format); });
    m_formats->addSeparator();
    m_identifying = m_formats->addAction(tr("With serial numbers, addresses, host and user name"));
    m_identifying->setObjectName(QStringLiteral("identifying"));
    m_identifying->setCheckable(true);
    m_identifying->setChecked(identifying);
    m_compare->setText(tr("Compare…"));
    m_compare->setToolTip(tr("Put the report of another machine, or an older one of this, beside this one"));
    m_quick->setText(tr("Quick"));
    m_quick->setToolTip(tr("Measures the usual types of weights only, in about 4 seconds"));
    m_cancel->setText(tr("Cancel"));
    showProfile();
    showMeasurements();
    showMeasuring();
    if (m_change->isVisibleTo(this))
        showComparison();
}

void HardwarePage::showProfile() {
    m_again->setEnabled(!m_bridge.isLooking());
    const Measurement* last = m_bridge.measurements().empty() ? nullptr : &m_bridge.measurements().back();
    m_overview->setVisible(m_bridge.profile().has_value());
    m_facts->setVisible(m_bridge.profile().has_value());
    if (m_bridge.profile()) {
        m_overview->show(*m_bridge.profile(), last);
        m_facts->show(*m_bridge.profile());
    }
    m_environment->show(m_bridge.environment(), m_bridge.isLooking());
}

void HardwarePage::showMeasurements() {
    const auto& all = m_bridge.measurements();
    m_measure->setText(all.empty() ? tr("Measure") : tr("Measure again"));
    m_measure->setToolTip(tr("Takes about 20 seconds"));
    m_when->setText(all.empty() ? QString()
                                : tr("Measured %1").arg(hardware_words::timeAgo(all.back().time)));
    m_when->setToolTip(all.empty() ? QString() : hardware_words::localTime(all.back().time));
    if (!all.empty())
        showProfile();
}

void HardwarePage::showComparison() {
    const auto comparison = m_bridge.comparison();
    if (!comparison || !comparison->dropped()) {
        m_change->clear();
        return;
    }
    QStringList lines, causes;
    for (const Change& change : comparison->changes)
        if (change.ratio() < 1)
            lines << hardware_words::change(change);
    for (const Cause& cause : comparison->causes)
        causes << hardware_words::cause(cause);
    m_change->showText(ErrorBox::Severity::Caution, tr("Slower than last time"),
                       lines.join(QLatin1Char('\n')), causes.join(QLatin1Char('\n')));
}

void HardwarePage::showMeasuring() {
    const bool measuring = m_bridge.isMeasuring();
    if (measuring && !m_progressCard->isVisibleTo(this)) {
        m_progress->restart();
        m_progress->setFraction(-1);
        m_progress->setText(tr("Getting ready to measure"));
    }
    m_progressCard->setVisible(measuring);
    m_measure->setEnabled(!measuring);
    m_quick->setEnabled(!measuring);
}

} // namespace hearth::gui
