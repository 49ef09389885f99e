#include "gui/pages/hardware_file.h"

#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>

#include "gui/pages/hardware_fit_detail.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

FileFitCard::FileFitCard(Theme& theme, HardwareBridge& bridge, QWidget* parent)
    : Card(theme, parent), m_bridge(bridge), m_title(new SectionHeader(theme)), m_what(new QLineEdit),
      m_choose(new Button(theme, ButtonKind::Plain)), m_ask(new Button(theme, ButtonKind::Plain)),
      m_cancel(new Button(theme, ButtonKind::Plain)), m_progress(new ProgressLine(theme)),
      m_error(new ErrorBox(theme)), m_detail(new FitDetail(theme)) {
    m_what->setObjectName(QStringLiteral("fileAddress"));
    m_ask->setObjectName(QStringLiteral("predictFile"));
    m_cancel->setObjectName(QStringLiteral("cancelPredictFile"));
    m_detail->setObjectName(QStringLiteral("fileDetail"));
    m_what->setClearButtonEnabled(true);
    m_error->setDismissable(true);
    m_progress->setFraction(-1);
    auto* line = new QHBoxLayout;
    line->addWidget(m_what, 1);
    line->addWidget(m_choose);
    line->addWidget(m_ask);
    auto* waiting = new QHBoxLayout;
    waiting->addWidget(m_progress, 1);
    waiting->addWidget(m_cancel);
    body()->addWidget(m_title);
    body()->addLayout(line);
    body()->addLayout(waiting);
    body()->addWidget(m_error);
    body()->addWidget(m_detail);
    m_detail->hide();

    connect(m_choose, &QAbstractButton::clicked, this, &FileFitCard::choose);
    connect(m_ask, &QAbstractButton::clicked, this, &FileFitCard::ask);
    connect(m_what, &QLineEdit::returnPressed, this, &FileFitCard::ask);
    connect(m_what, &QLineEdit::textChanged, this, &FileFitCard::showState);
    connect(m_cancel, &QAbstractButton::clicked, &bridge, &HardwareBridge::cancelPredictFile);
    connect(&bridge, &HardwareBridge::filePredicted, this,
            [this](const std::shared_ptr<const FilePrediction>& file) {
                m_result = file;
                showResult();
                showState();
            });
    connect(&bridge, &HardwareBridge::fileFailed, this, [this](const Error& error) {
        if (error.code != kCancelled)
            m_error->showError(error);
        showState();
    });
    connect(&bridge, &HardwareBridge::profileChanged, this, &FileFitCard::showState);
    retranslate();
}

void FileFitCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

void FileFitCard::retranslate() {
    m_title->setTexts(tr("Another model file"),
                      tr("A GGUF file on this machine, or the address of one on Hugging Face, a mirror or "
                         "ModelScope: only its header is fetched, a few megabytes."));
    m_what->setPlaceholderText(tr("File or https://… address"));
    m_what->setAccessibleName(tr("File or https://… address"));
    m_choose->setText(tr("Choose…"));
    m_ask->setText(tr("Predict"));
    m_cancel->setText(tr("Cancel"));
    m_progress->setText(tr("Reading the header"));
    showResult();
    showState();
}

void FileFitCard::choose() {
    auto* dialog = new QFileDialog(this, tr("Choose a model"), QDir::homePath(), tr("Models (*.gguf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_what->setText(path);
        ask();
    });
    dialog->open();
}

void FileFitCard::ask() {
    if (!m_ask->isEnabled())
        return;
    m_error->clear();
    m_bridge.predictFile(m_what->text());
    showState();
}

void FileFitCard::showState() {
    const bool waiting = m_bridge.isPredictingFile();
    m_ask->setEnabled(!waiting && m_bridge.profile() && !m_what->text().trimmed().isEmpty());
    m_progress->setVisible(waiting);
    m_cancel->setVisible(waiting);
}

void FileFitCard::showResult() {
    m_detail->setVisible(m_result != nullptr);
    if (!m_result)
        return;
    const hardware::Prediction& p = m_result->prediction;
    m_detail->show(m_result->name + QStringLiteral(" · ") + QString::fromStdString(p.quantisation), p,
                   m_result->gpu);
}

} // namespace hearth::gui
