#include "gui/pages/hardware_cards.h"

#include <algorithm>

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>

#include "engine/hardware/probe/environment.h"
#include "gui/pages/hardware_words.h"
#include "gui/theme/human.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/layouts.h"

namespace hearth::gui {

using namespace hearth::hardware;

namespace {

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QString joined(QStringList parts) {
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

/// The card that counts: the first one that is real.
const GpuInfo* usedGpu(const HardwareProfile& profile) {
    const auto found = std::find_if(profile.gpus.begin(), profile.gpus.end(), [](const GpuInfo& gpu) {
        return gpu.kind != GpuInfo::Kind::Software && gpu.kind != GpuInfo::Kind::Virtual;
    });
    return found == profile.gpus.end() ? nullptr : &*found;
}

QString bytesOr(const Known<std::uint64_t>& bytes) {
    return bytes ? humanBytes(*bytes) : hardware_words::unknown(bytes.reason);
}

QString textOr(const Known<std::string>& known) {
    return known ? text(*known) : hardware_words::unknown(known.reason);
}

} // namespace

CardGrid::CardGrid(Theme& theme, int columnWidth, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_columnWidth(columnWidth), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    connect(&theme, &Theme::changed, this, &CardGrid::arrange);
}

void CardGrid::add(QWidget* card) {
    m_cards.push_back(card);
    m_grid->addWidget(card, 0, static_cast<int>(m_cards.size()));
    m_columns = 0;
    arrange();
}

void CardGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void CardGrid::arrange() {
    const int gap = m_theme.px(14), count = static_cast<int>(m_cards.size());
    m_grid->setSpacing(gap);
    int columns = std::clamp((width() + gap) / (m_theme.px(m_columnWidth) + gap), 1, std::max(1, count));
    if (count == 4 && columns == 3) // two rows of two instead of a row with one
        columns = 2;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (QWidget* card : m_cards)
        m_grid->removeWidget(card);
    for (int i = 0; i < count; ++i) {
        m_grid->addWidget(m_cards[static_cast<std::size_t>(i)], i / columns, i % columns);
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

FactCard::FactCard(Theme& theme, QWidget* parent)
    : Card(theme, parent), m_about(new TextLabel(theme, TextRole::Small, ColourRole::Muted)),
      m_value(new TextLabel(theme, TextRole::Title, ColourRole::Text)),
      m_more(new TextLabel(theme, TextRole::Small, ColourRole::Muted)) {
    for (TextLabel* label : {m_about, m_value, m_more}) {
        label->setWordWrap(true);
        body()->addWidget(label);
    }
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    body()->addStretch(1);
    body()->setSpacing(theme.space(1));
}

void FactCard::setTexts(const QString& about, const QString& value, const QString& more) {
    m_about->setText(about);
    m_value->setText(value);
    m_more->setText(more);
    m_more->setVisible(!more.isEmpty());
    setAccessibleName(about + QStringLiteral(": ") + value);
    setAccessibleDescription(more);
}

HardwareOverview::HardwareOverview(Theme& theme, QWidget* parent)
    : CardGrid(theme, 230, parent), m_cpu(new FactCard(theme)), m_memory(new FactCard(theme)),
      m_gpu(new FactCard(theme)), m_disk(new FactCard(theme)) {
    for (FactCard* card : {m_cpu, m_memory, m_gpu, m_disk})
        add(card);
}

void HardwareOverview::show(const HardwareProfile& profile, const Measurement* measurement) {
    const CpuInfo& cpu = profile.cpu;
    const QString cores = tr("%n core(s)", nullptr, static_cast<int>(cpu.usableCores));
    QString share;
    if (cpu.quota)
        share = tr("limited to %1 processors").arg(QString::number(*cpu.quota));
    else if (cpu.cores && *cpu.cores > cpu.usableCores)
        share = tr("of %1 in the machine").arg(*cpu.cores);
    std::uint64_t cache = 0;
    for (const CacheInfo& one : cpu.caches)
        if (one.level == 3)
            cache = one.bytes;
    m_cpu->setTexts(
        tr("Processor"), joined({cores, hardware_words::instructionSets(cpu)}),
        joined({textOr(cpu.model), share,
                cache ? tr("level 3 cache %1").arg(hardware_words::cacheSize(static_cast<double>(cache)))
                      : QString()}));

    const MemoryInfo& memory = profile.memory;
    QStringList more{memory.availableBytes
                         ? tr("%1 free now").arg(humanBytes(*memory.availableBytes))
                         : tr("free now: %1").arg(hardware_words::unknown(memory.availableBytes.reason))};
    if (memory.limitBytes)
        more << tr("limit of this container; the machine has %1").arg(bytesOr(memory.physicalBytes));
    if (memory.type)
        more << text(*memory.type) +
                    (memory.speedMts ? QStringLiteral("-%1").arg(*memory.speedMts) : QString());
    if (measurement && measurement->readBandwidth() > 0)
        more << tr("reads %1").arg(hardware_words::gigabytesPerSecond(measurement->readBandwidth()));
    m_memory->setTexts(tr("Memory"), memory.totalBytes ? humanBytes(*memory.totalBytes) : tr("Unknown"),
                       joined(more));

    if (const GpuInfo* gpu = usedGpu(profile)) {
        const auto others = std::count_if(profile.gpus.begin(), profile.gpus.end(), [&](const GpuInfo& one) {
            return &one != gpu && one.kind == GpuInfo::Kind::Discrete;
        });
        m_gpu->setTexts(
            tr("Graphics"), text(gpu->name),
            joined({hardware_words::gpuKind(gpu->kind), bytesOr(gpu->memoryBytes),
                    others > 0 ? tr("and %n more", nullptr, static_cast<int>(others)) : QString()}));
    } else {
        const bool software = std::any_of(profile.gpus.begin(), profile.gpus.end(), [](const GpuInfo& one) {
            return one.kind == GpuInfo::Kind::Software;
        });
        m_gpu->setTexts(tr("Graphics"), tr("None found"),
                        software ? tr("a software rasteriser does not count") : QString());
    }

    const auto models = std::find_if(profile.disks.begin(), profile.disks.end(), [](const DiskInfo& disk) {
        return std::find(disk.roles.begin(), disk.roles.end(), "models") != disk.roles.end();
    });
    const DiskInfo* disk = models != profile.disks.end() ? &*models
                           : profile.disks.empty()       ? nullptr
                                                         : &profile.disks.front();
    if (!disk) {
        m_disk->setTexts(tr("Disk"), tr("Unknown"), {});
        return;
    }
    QString speed;
    for (const DiskRate& rate : measurement ? measurement->disks : std::vector<DiskRate>())
        if (std::find(disk->roles.begin(), disk->roles.end(), rate.role) != disk->roles.end())
            speed = tr("reads %1").arg(hardware_words::gigabytesPerSecond(rate.sequentialBytesPerSecond));
    m_disk->setTexts(tr("Disk"),
                     hardware_words::diskKind(disk->kind) +
                         (disk->freeBytes
                              ? QStringLiteral(" · ") + tr("%1 free").arg(humanBytes(*disk->freeBytes))
                              : QString()),
                     joined({disk->model ? text(*disk->model) : QString(),
                             disk->filesystem ? text(*disk->filesystem) : QString(), speed,
                             disk->readOnly ? tr("read-only") : QString()}));
}

HardwareFacts::HardwareFacts(Theme& theme, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_title(new SectionHeader(theme)), m_grid(new QGridLayout) {
    m_grid->setHorizontalSpacing(theme.space(6));
    m_grid->setVerticalSpacing(theme.space(2));
    m_grid->setColumnStretch(1, 1);
    body()->addWidget(m_title);
    body()->addLayout(m_grid);
    body()->addStretch(1);
}

void HardwareFacts::show(const HardwareProfile& profile) {
    m_title->setTexts(tr("This machine"), {});
    emptyLayout(m_grid);
    const auto add = [&](const QString& name, const QString& value) {
        if (value.isEmpty())
            return;
        auto* label = new TextLabel(m_theme, TextRole::Body, ColourRole::Text, value);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAccessibleName(name + QStringLiteral(": ") + value);
        const int row = m_grid->rowCount();
        m_grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Muted, name), row, 0,
                          Qt::AlignTop);
        m_grid->addWidget(label, row, 1);
    };
    const OsInfo& os = profile.os;
    const CpuInfo& cpu = profile.cpu;
    add(tr("System"),
        joined({textOr(os.name), os.version ? text(*os.version) : QString(), tr("%1 bit").arg(os.bits),
                os.supportEnd ? tr("updates until %1").arg(text(*os.supportEnd)) : QString()}));
    add(tr("Kernel"), text(os.kernel));
    add(tr("Runs in"),
        joined({os.virtualMachine ? hardware_words::virtualMachine(*os.virtualMachine) : QString(),
                os.container ? hardware_words::container(*os.container) : QString()}));
    add(tr("Processor"),
        joined({cpu.packages && *cpu.packages > 1 ? tr("%1 sockets").arg(*cpu.packages) : QString(),
                cpu.threads ? tr("%1 threads").arg(*cpu.threads) : QString(),
                cpu.numaNodes && *cpu.numaNodes > 1 ? tr("%1 memory nodes").arg(*cpu.numaNodes) : QString(),
                cpu.maxMhz ? tr("up to %1 GHz").arg(hardware_words::decimal(*cpu.maxMhz / 1000)) : QString(),
                cpu.governor ? tr("power mode %1").arg(text(*cpu.governor)) : QString()}));
    for (const GpuInfo& gpu : profile.gpus)
        add(tr("Graphics"),
            joined({text(gpu.name), hardware_words::gpuKind(gpu.kind),
                    gpu.memoryBytes ? humanBytes(*gpu.memoryBytes) : QString(),
                    gpu.driverVersion ? tr("driver %1").arg(text(*gpu.driverVersion)) : QString(),
                    gpu.pcieGeneration && gpu.pcieWidth
                        ? QStringLiteral("PCIe %1.0 ×%2").arg(*gpu.pcieGeneration).arg(*gpu.pcieWidth)
                        : QString(),
                    gpu.computeCapability ? tr("compute capability %1").arg(text(*gpu.computeCapability))
                                          : QString()}));
    for (const AcceleratorInfo& one : profile.accelerators)
        add(tr("Accelerator"), text(one.name));
    if (profile.memory.swapTotalBytes)
        add(tr("Swap"),
            *profile.memory.swapTotalBytes > 0
                ? tr("%1, %2 free")
                      .arg(humanBytes(*profile.memory.swapTotalBytes), bytesOr(profile.memory.swapFreeBytes))
                : tr("none"));
    for (const DiskInfo& disk : profile.disks) {
        QStringList roles;
        for (const std::string& role : disk.roles)
            roles << hardware_words::role(role);
        add(tr("Disk for %1").arg(joined(roles)),
            joined({hardware_words::diskKind(disk.kind), disk.filesystem ? text(*disk.filesystem) : QString(),
                    tr("%1 of %2 free").arg(bytesOr(disk.freeBytes), bytesOr(disk.totalBytes))}));
    }
    for (const NetworkLink& link : profile.network)
        if (link.up)
            add(tr("Network"),
                joined({text(link.name), hardware_words::linkKind(link.kind),
                        link.bitsPerSecond ? tr("%1 Mbit/s").arg(humanCount(*link.bitsPerSecond / 1'000'000))
                                           : QString()}));
}

namespace {

constexpr OsFamily kSystems[]{OsFamily::Debian, OsFamily::Ubuntu, OsFamily::RedHat, OsFamily::FreeBsd,
                              OsFamily::Windows};

} // namespace

EnvironmentCard::EnvironmentCard(Theme& theme, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_title(new SectionHeader(theme)),
      m_system(new ComboBox(theme)), m_columns{new QVBoxLayout, new QVBoxLayout} {
    m_system->setObjectName(QStringLiteral("adviceSystem"));
    auto* columns = new CardGrid(theme, 420);
    for (QVBoxLayout* rows : m_columns) {
        auto* column = new QWidget;
        auto* all = new QVBoxLayout(column);
        all->setContentsMargins(0, 0, 0, 0);
        all->addLayout(rows);
        all->addStretch(1);
        rows->setSpacing(theme.space(2));
        columns->add(column);
    }
    auto* line = new QHBoxLayout;
    line->addWidget(m_title, 1);
    line->addWidget(m_system, 0, Qt::AlignTop);
    body()->addLayout(line);
    body()->addWidget(columns);
    connect(m_system, &QComboBox::activated, this, &EnvironmentCard::showItems);
}

void EnvironmentCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        fillSystems();
    Card::changeEvent(event);
}

void EnvironmentCard::fillSystems() {
    const QSignalBlocker quiet(m_system);
    const int chosen = std::max(0, m_system->currentIndex());
    m_system->clear();
    m_system->addItem(tr("What to do here"));
    for (const OsFamily family : kSystems)
        m_system->addItem(tr("What to do on %1").arg(hardware_words::osFamily(family)));
    m_system->setCurrentIndex(chosen);
    m_system->setAccessibleName(tr("System that the advice is for"));
}

void EnvironmentCard::show(const std::vector<EnvironmentItem>& items, bool checking) {
    m_title->setTexts(tr("Environment"),
                      checking ? tr("Checking what is installed…")
                               : tr("What others need to run models. Hearth itself needs none of it; "
                                    "nothing is installed or changed."));
    m_items = items;
    fillSystems();
    m_system->setVisible(!items.empty());
    showItems();
}

void EnvironmentCard::showItems() {
    const int chosen = m_system->currentIndex();
    for (QVBoxLayout* rows : m_columns)
        emptyLayout(rows);
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const EnvironmentItem& item = m_items[i];
        QVBoxLayout* rows = m_columns[i < (m_items.size() + 1) / 2 ? 0 : 1];
        if (rows->count() > 0)
            rows->addWidget(new Divider(m_theme));
        const hardware_words::VerdictWords verdict = hardware_words::verdict(item);
        const QString version = joined({item.version ? text(*item.version) : QString(),
                                        item.note == "software" ? tr("software device") : text(item.note)});
        auto* line = new QHBoxLayout;
        auto* name = new TextLabel(m_theme, TextRole::Body, ColourRole::Text,
                                   item.name == "GPU driver" ? tr("GPU driver") : text(item.name));
        name->setMinimumWidth(m_theme.px(130));
        line->addWidget(name);
        auto* value = new ElidedLabel(m_theme, TextRole::Body, ColourRole::Muted, version);
        line->addWidget(value, 1);
        line->addWidget(new Chip(m_theme, verdict.text, verdict.kind));
        rows->addLayout(line);
        const QString advice = hardware_words::advice(
            item.advice && chosen > 0 ? std::optional(adviceOn(*item.advice, kSystems[chosen - 1]))
                                      : item.advice);
        if (advice.isEmpty())
            continue;
        auto* label = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted, advice);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setAccessibleName(text(item.name) + QStringLiteral(": ") + advice);
        rows->addWidget(label);
    }
}

} // namespace hearth::gui
