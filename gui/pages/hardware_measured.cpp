#include "gui/pages/hardware_measured.h"

#include <algorithm>
#include <iterator>

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

/// The most used one of those that are measured on every instruction set.
constexpr DType kComparedType = DType::Q4_K;

QString nameOf(DType type) {
    const std::string_view name = traitsOf(type).name;
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

BarPlot::Bar decodeBar(const QString& name, const KernelRate& rate) {
    return {name, hardware_words::gigabytesPerSecond(rate.decodeBytesPerSecond), rate.decodeBytesPerSecond};
}

BarPlot::Bar prefillBar(const QString& name, const KernelRate& rate) {
    return {name, hardware_words::operationsPerSecond(rate.prefillOperationsPerSecond),
            rate.prefillOperationsPerSecond};
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

MeasuredCards::MeasuredCards(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge), m_stairsTitle(new SectionHeader(theme)),
      m_kernelsTitle(new SectionHeader(theme)), m_stairs(new StaircasePlot(theme)),
      m_threadsTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_decodeTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_prefillTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_decodeSetsTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_prefillSetsTitle(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_threads(new BarPlot(theme)), m_decode(new BarPlot(theme)), m_prefill(new BarPlot(theme)),
      m_decodeSets(new BarPlot(theme)), m_prefillSets(new BarPlot(theme)) {
    m_stairs->setObjectName(QStringLiteral("stairs"));
    m_decode->setObjectName(QStringLiteral("decode"));
    m_decodeSets->setObjectName(QStringLiteral("decodeSets"));
    m_prefillSets->setObjectName(QStringLiteral("prefillSets"));
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
    layout->addWidget(card(m_kernelsTitle, column({m_decodeTitle, m_decode, m_decodeSetsTitle, m_decodeSets}),
                           column({m_prefillTitle, m_prefill, m_prefillSetsTitle, m_prefillSets})));
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
    m_decodeSetsTitle->setText(tr("Answering with %1, by instruction set").arg(nameOf(kComparedType)));
    m_decodeSets->setName(m_decodeSetsTitle->text());
    m_prefillSetsTitle->setText(
        tr("Reading a prompt with %1, by instruction set").arg(nameOf(kComparedType)));
    m_prefillSets->setName(m_prefillSetsTitle->text());
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
    for (const KernelRate& rate : last.kernels)
        if (rate.isa == last.isa) {
            decode.push_back(decodeBar(nameOf(rate.type), rate));
            prefill.push_back(prefillBar(nameOf(rate.type), rate));
        }
    m_threads->setBars(std::move(threads));
    m_decode->setBars(std::move(decode));
    m_prefill->setBars(std::move(prefill));
    showSets();
}

void MeasuredCards::showSets() {
    const auto& all = m_bridge.measurements();
    const auto complete =
        std::find_if(all.rbegin(), all.rend(), [](const Measurement& one) { return !one.quick; });
    std::vector<KernelRate> rates;
    if (complete != all.rend())
        std::copy_if(complete->kernels.begin(), complete->kernels.end(), std::back_inserter(rates),
                     [](const KernelRate& rate) { return rate.type == kComparedType; });
    std::stable_sort(rates.begin(), rates.end(), // the strongest first
                     [](const KernelRate& a, const KernelRate& b) { return a.isa > b.isa; });
    std::vector<BarPlot::Bar> decode, prefill;
    for (const KernelRate& rate : rates) {
        decode.push_back(decodeBar(hardware_words::kernelSet(rate.isa), rate));
        prefill.push_back(prefillBar(hardware_words::kernelSet(rate.isa), rate));
    }
    const bool several = decode.size() > 1;
    for (QWidget* one : {static_cast<QWidget*>(m_decodeSetsTitle), static_cast<QWidget*>(m_decodeSets),
                         static_cast<QWidget*>(m_prefillSetsTitle), static_cast<QWidget*>(m_prefillSets)})
        one->setVisible(several);
    m_decodeSets->setBars(std::move(decode));
    m_prefillSets->setBars(std::move(prefill));
}

} // namespace hearth::gui
