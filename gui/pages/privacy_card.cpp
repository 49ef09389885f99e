#include "gui/pages/privacy_card.h"

#include <QDateTime>
#include <QDir>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLocale>
#include <QMessageBox>

#include "gui/pages/dialog_parts.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

PrivacyCard::PrivacyCard(Theme& theme, PrivacyBridge& bridge, const char* name, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_bridge(bridge), m_title(new SectionHeader(theme)),
      m_error(new ErrorBox(theme)) {
    setObjectName(QString::fromLatin1(name));
    m_error->setDismissable(true);
    body()->addWidget(m_title);
    body()->addWidget(m_error);
}

void PrivacyCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        refresh();
    }
    Card::changeEvent(event);
}

void PrivacyCard::ask(const char* name, const QString& title, const QString& text, const QString& word,
                      std::function<void()> act) {
    auto* box = openQuestion(this, name, title, text, word, std::move(act));
    connect(&m_bridge.accounts(), &AccountsBridge::aboutToLock, box, &QWidget::close);
}

void PrivacyCard::askWhere(const QString& title, const QString& name,
                           std::function<void(const QString&)> save) {
    auto* dialog = new QFileDialog(this, title, QDir::homePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(name).suffix());
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, std::move(save));
    connect(&m_bridge.accounts(), &AccountsBridge::aboutToLock, dialog, &QWidget::close);
    dialog->open();
}

void PrivacyCard::showFailure(const Error& error) {
    if (error.code != kCancelled)
        m_error->showError(error);
}

QGridLayout* PrivacyCard::grid() const {
    auto* layout = new QGridLayout;
    layout->setHorizontalSpacing(m_theme.space(5));
    layout->setVerticalSpacing(m_theme.space(2));
    return layout;
}

void PrivacyCard::empty(QGridLayout* grid) {
    while (QLayoutItem* item = grid->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // its button may be what asked for this
        }
        delete item;
    }
}

QString PrivacyCard::timeText(std::int64_t unixMs) {
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(unixMs), QLocale::ShortFormat);
}

bool PrivacyCard::chinese() {
    return QLocale().language() == QLocale::Chinese;
}

} // namespace hearth::gui
