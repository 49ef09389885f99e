#include "gui/pages/hardware_measured.h"

#include <algorithm>

#include <QEvent>
#include <QVBoxLayout>

#include "engine/tensor/dtype.h"
#include "gui/pages/hardware_cards.h"
#include "gui/pages/hardware_plots.h"
#include "gui/pages/hardware_words.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

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

MeasuredCards::MeasuredCards(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_stairsTitle(new SectionHeader(theme)),
      m_kernelsTitle(new SectionHeader(theme)), m_stairs(new StaircasePlot(theme)),
      m_threadsTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_decodeTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_prefillTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_threads(new BarPlot(theme)),
      m_decode(new BarPlot(theme)), m_prefill(new BarPlot(theme)) {
    m_stairs->setObjectName(QStringLiteral("stairs"));
    m_decode->setObjectName(QStringLiteral("decode"));
    const auto column = [](std::initializer_list<QWidget*> widgets) {
        auto* one = new QWidget;
        auto* rows = new QVBoxLayout(one);
        rows->setContentsMargins(0, 0, 0, 0);
        for (QWidget* widget : widgets)
            rows->addWidget(widget);
        rows->addStretch(1);
        return one;
    };
    const auto card = [&theme](SectionHeader* title, QWidget* left, QWidget* right) {
        auto* one = new Card(theme);
        one->body()->addWidget(title);
        auto* columns = new CardGrid(theme, 420);
        columns->add(left);
        columns->add(right);
        one->body()->addWidget(columns);
        return one;
    };
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.px(14));
    layout->addWidget(card(m_stairsTitle, column({m_stairs}), column({m_threadsTitle, m_threads})));
    layout->addWidget(
        card(m_kernelsTitle, column({m_decodeTitle, m_decode}), column({m_prefillTitle, m_prefill})));
    for (const auto signal : {&HardwareBridge::measurementsChanged, &HardwareBridge::profileChanged})
        connect(&bridge, signal, this, &MeasuredCards::show);
    retranslate();
}

void MeasuredCards::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void MeasuredCards::retranslate() {
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
    show();
}

void MeasuredCards::show() {
    const auto& all = m_bridge.measurements();
    setVisible(!all.empty());
    if (all.empty())
        return;
    const Measurement& last = all.back();
    std::vector<StaircasePlot::Point> points;
    for (const CachePoint& point : last.caches)
        if (point.bytes > 0)
            points.push_back({static_cast<double>(point.bytes), point.bytesPerSecond});
    std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    m_stairs->setData(std::move(points), m_bridge.profile() ? marksOf(m_bridge.profile()->cpu, tr("Memory"))
                                                            : std::vector<StaircasePlot::Mark>());
    std::vector<BarPlot::Bar> threads, decode, prefill;
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
    m_threads->setBars(std::move(threads));
    m_decode->setBars(std::move(decode));
    m_prefill->setBars(std::move(prefill));
}

} // namespace hearth::gui
