#include "gui/pages/hardware_page.h"

#include <algorithm>

#include <QDateTime>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QScrollArea>
#include <QVBoxLayout>

#include "engine/tensor/dtype.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_fit.h"
#include "gui/pages/hardware_plots.h"
#include "gui/pages/hardware_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/human.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

constexpr std::size_t kShownHistory = 8;

QString localTime(const std::string& utc) {
    const QDateTime time = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODate);
    return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::ShortFormat)
                          : QString::fromStdString(utc);
}

/// Where the caches of one thread end.
std::vector<StaircasePlot::Mark> marksOf(const CpuInfo& cpu, const QString& memory) {
    std::vector<StaircasePlot::Mark> marks;
    for (const CacheInfo& cache : cpu.caches)
        if (cache.kind != CacheInfo::Kind::Instruction)
            marks.push_back({static_cast<double>(cache.bytes), QStringLiteral("L%1").arg(cache.level)});
    marks.push_back({0, memory});
    return marks;
}

} // namespace

HardwarePage::HardwarePage(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_header(new PageHeader(theme)),
      m_when(new Chip(theme)), m_again(new Button(theme, ButtonKind::Plain)),
      m_measure(new Button(theme, ButtonKind::Primary)), m_cancel(nullptr), m_error(new ErrorBox(theme)),
      m_change(new ErrorBox(theme)), m_overview(new HardwareOverview(theme)),
      m_fit(new FitCard(theme, bridge)), m_recommendations(new RecommendationCard(theme, bridge)),
      m_facts(new HardwareFacts(theme)), m_environment(new EnvironmentCard(theme)) {
    m_again->setIconName(QStringLiteral("regenerate"));
    m_again->setObjectName(QStringLiteral("lookAgain"));
    m_measure->setObjectName(QStringLiteral("measure"));
    m_when->setText({});
    m_header->beside()->addWidget(m_when);
    m_header->actions()->addWidget(m_again);
    makeExport();
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
    body->addWidget(m_fit);
    body->addWidget(m_recommendations);
    body->addWidget(makePlots());
    auto* lower = new CardGrid(theme, 420);
    lower->add(m_facts);
    lower->add(m_environment);
    body->addWidget(lower);
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
    m_export->setEnabled(m_bridge.fit() != nullptr);
}

void HardwarePage::askWhere(ReportFormat format) {
    const QString ending = format == ReportFormat::Html   ? QStringLiteral("html")
                           : format == ReportFormat::Json ? QStringLiteral("json")
                                                          : QStringLiteral("md");
    auto* dialog = new QFileDialog(this, tr("Export the hardware report"), QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(ending);
    dialog->selectFile(QStringLiteral("hearth-hardware.") + ending);
    connect(dialog, &QFileDialog::fileSelected, this, [this, format](const QString& path) {
        // The window's language, which the locale in force follows.
        const bool chinese = tr("Hardware") == QStringLiteral("硬件");
        const auto write = [this, format, chinese, path] {
            m_bridge.exportReport(
                format, chinese ? hardware::Language::Chinese : hardware::Language::English, path);
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

QWidget* HardwarePage::makePlots() {
    const auto heading = [this] { return new TextLabel(m_theme, TextRole::Small, ColourRole::Muted); };
    m_plots = new CardGrid(m_theme, 420);
    m_stairsCard = new Card(m_theme);
    m_stairsTitle = new SectionHeader(m_theme);
    m_stairs = new StaircasePlot(m_theme);
    m_stairs->setObjectName(QStringLiteral("stairs"));
    m_threadsTitle = heading();
    m_threads = new BarPlot(m_theme);
    for (QWidget* widget : {static_cast<QWidget*>(m_stairsTitle), static_cast<QWidget*>(m_stairs),
                            static_cast<QWidget*>(m_threadsTitle), static_cast<QWidget*>(m_threads)})
        m_stairsCard->body()->addWidget(widget);
    m_stairsCard->body()->addStretch(1);
    m_kernelsCard = new Card(m_theme);
    m_kernelsTitle = new SectionHeader(m_theme);
    m_decodeTitle = heading();
    m_prefillTitle = heading();
    m_decode = new BarPlot(m_theme);
    m_decode->setObjectName(QStringLiteral("decode"));
    m_prefill = new BarPlot(m_theme);
    for (QWidget* widget : {static_cast<QWidget*>(m_kernelsTitle), static_cast<QWidget*>(m_decodeTitle),
                            static_cast<QWidget*>(m_decode), static_cast<QWidget*>(m_prefillTitle),
                            static_cast<QWidget*>(m_prefill)})
        m_kernelsCard->body()->addWidget(widget);
    m_kernelsCard->body()->addStretch(1);
    m_historyCard = new Card(m_theme);
    m_historyTitle = new SectionHeader(m_theme);
    m_history = new BarPlot(m_theme);
    m_history->setObjectName(QStringLiteral("history"));
    m_historyCard->body()->addWidget(m_historyTitle);
    m_historyCard->body()->addWidget(m_history);
    m_plots->add(m_stairsCard);
    m_plots->add(m_kernelsCard);
    auto* all = new QWidget;
    auto* layout = new QVBoxLayout(all);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(m_theme.px(14));
    layout->addWidget(m_plots);
    layout->addWidget(m_historyCard);
    return all;
}

void HardwarePage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void HardwarePage::retranslate() {
    m_header->setTitle(tr("Hardware"));
    m_again->setText(tr("Look again"));
    m_export->setText(tr("Export"));
    m_formats->clear();
    const std::pair<QString, ReportFormat> formats[]{{tr("Web page (HTML)…"), ReportFormat::Html},
                                                     {tr("Text (Markdown)…"), ReportFormat::Markdown},
                                                     {tr("Data (JSON)…"), ReportFormat::Json}};
    for (const auto& [name, format] : formats)
        connect(m_formats->addAction(name), &QAction::triggered, this,
                [this, format = format] { askWhere(format); });
    m_cancel->setText(tr("Cancel"));
    m_stairsTitle->setTexts(tr("Memory speed by working set"),
                            tr("One core reading again and again what fits into each cache, then memory."));
    m_stairs->setName(tr("Memory speed by working set"));
    m_threadsTitle->setText(tr("Memory, by number of threads"));
    m_threads->setName(tr("Memory, by number of threads"));
    m_kernelsTitle->setTexts(
        tr("Speed of Hearth's own kernels"),
        tr("Weights of each type as an answer streams them, and prompts of 512 tokens."));
    m_decodeTitle->setText(tr("Answering: weights read per second"));
    m_decode->setName(tr("Answering: weights read per second"));
    m_prefillTitle->setText(tr("Reading a prompt: operations per second"));
    m_prefill->setName(tr("Reading a prompt: operations per second"));
    m_historyTitle->setTexts(tr("Earlier measurements"),
                             tr("Memory bandwidth with all threads, newest last."));
    m_history->setName(tr("Earlier measurements"));
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
    m_plots->setVisible(!all.empty());
    m_historyCard->setVisible(all.size() > 1);
    m_when->setText(all.empty() ? QString() : tr("Measured %1").arg(localTime(all.back().time)));
    if (all.empty())
        return;
    showProfile();
    const Measurement& last = all.back();
    std::vector<StaircasePlot::Point> points;
    for (const CachePoint& point : last.caches)
        if (point.bytes > 0)
            points.push_back({static_cast<double>(point.bytes), point.bytesPerSecond});
    std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    m_stairs->setData(std::move(points), m_bridge.profile() ? marksOf(m_bridge.profile()->cpu, tr("Memory"))
                                                            : std::vector<StaircasePlot::Mark>());
    std::vector<BarPlot::Bar> threads, decode, prefill, history;
    for (const ThreadBandwidth& one : last.bandwidth)
        threads.push_back({tr("%n thread(s)", nullptr, static_cast<int>(one.threads)),
                           hardware_words::gigabytesPerSecond(one.bytesPerSecond), one.bytesPerSecond});
    for (const KernelRate& rate : last.kernels) {
        if (rate.isa != last.isa)
            continue;
        const QString name = QString::fromUtf8(traitsOf(rate.type).name.data(),
                                               static_cast<qsizetype>(traitsOf(rate.type).name.size()));
        decode.push_back(
            {name, hardware_words::gigabytesPerSecond(rate.decodeBytesPerSecond), rate.decodeBytesPerSecond});
        prefill.push_back({name, hardware_words::operationsPerSecond(rate.prefillOperationsPerSecond),
                           rate.prefillOperationsPerSecond});
    }
    for (std::size_t i = all.size() - std::min(all.size(), kShownHistory); i < all.size(); ++i)
        history.push_back({localTime(all[i].time), hardware_words::gigabytesPerSecond(all[i].readBandwidth()),
                           all[i].readBandwidth()});
    m_threads->setBars(std::move(threads));
    m_decode->setBars(std::move(decode));
    m_prefill->setBars(std::move(prefill));
    m_history->setBars(std::move(history));
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
            lines << tr("%1: %2 % slower")
                         .arg(hardware_words::figure(change.figure))
                         .arg(std::lround((1 - change.ratio()) * 100));
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
}

} // namespace hearth::gui
