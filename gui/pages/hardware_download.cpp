#include "gui/pages/hardware_download.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>

#include "gui/pages/hardware_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

/// Files that the hubs have had for years, large enough to tell a speed; only their beginning is fetched.
QString fileOn(const hub::Endpoint& hub) {
    return hub.url.toString() +
           (hub.kind == hub::HubKind::ModelScope
                ? QLatin1String("/models/Qwen/Qwen2.5-0.5B-Instruct/resolve/master/model.safetensors")
                : QLatin1String("/openai-community/gpt2/resolve/main/model.safetensors"));
}

} // namespace

DownloadCard::DownloadCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_address(new ComboBox(theme)), m_measure(new Button(theme, ButtonKind::Plain)),
      m_result(new TextLabel(theme, TextRole::Body, ColourRole::Text)) {
    m_address->setObjectName(QStringLiteral("downloadAddress"));
    m_address->setEditable(true);
    m_address->setInsertPolicy(QComboBox::NoInsert);
    // An address may be longer than the window is wide.
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_address->setMinimumContentsLength(24);
    offerHubs();
    m_measure->setObjectName(QStringLiteral("measureDownload"));
    m_result->setWordWrap(true);
    auto* line = new QHBoxLayout;
    line->addWidget(m_address, 1);
    line->addWidget(m_measure);
    body()->addWidget(m_title);
    body()->addLayout(line);
    body()->addWidget(m_result);
    connect(m_measure, &QAbstractButton::clicked, this,
            [this] { m_bridge.measureDownload(m_address->currentText()); });
    connect(&bridge, &HardwareBridge::hubsChanged, this, &DownloadCard::offerHubs);
    connect(m_address, &QComboBox::editTextChanged, this, &DownloadCard::showState);
    for (const auto signal : {&HardwareBridge::measuringChanged, &HardwareBridge::measurementsChanged,
                              &HardwareBridge::profileChanged, &HardwareBridge::fitChanged})
        connect(&bridge, signal, this, &DownloadCard::showState);
    retranslate();
}

void DownloadCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

/// What a person wrote stays.
void DownloadCard::offerHubs() {
    const QString text = m_address->currentText();
    const bool written = !text.isEmpty() && m_address->findText(text) < 0;
    m_address->clear();
    for (const hub::Endpoint& hub : m_bridge.hubs())
        m_address->addItem(fileOn(hub));
    if (written)
        m_address->setEditText(text);
}

void DownloadCard::retranslate() {
    m_title->setTexts(tr("Download speed"),
                      tr("Asks the address for at most 64 MB in at most 6 seconds and keeps nothing of it; "
                         "predictions then say how long a model takes to arrive."));
    m_address->setAccessibleName(tr("Address to download from"));
    m_measure->setText(tr("Measure the download"));
    showState();
}

void DownloadCard::showState() {
    m_measure->setEnabled(!m_bridge.isMeasuring() && m_bridge.profile() &&
                          !m_address->currentText().trimmed().isEmpty());
    const auto speed = m_bridge.download();
    m_result->setVisible(speed.has_value());
    if (speed)
        m_result->setText(tr("Downloads %1").arg(hardware_words::gigabytesPerSecond(*speed)));
}

} // namespace hearth::gui
