#include "gui/pages/sealing_dialogs.h"

#include <utility>

#include <QVBoxLayout>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr int kWidth = 460; ///< px at scale 1

} // namespace

SealDialog::SealDialog(Theme& theme, const QString& title, QWidget* parent)
    : QDialog(parent), m_password(new NewPasswordFields(theme)), m_error(new ErrorBox(theme)),
      m_seal(new Button(theme, ButtonKind::Primary, tr("Seal"))) {
    setObjectName(QStringLiteral("sealDialog"));
    setWindowTitle(title);
    m_seal->setObjectName(QStringLiteral("sealNow"));
    m_seal->setDefault(true);
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    auto* column = dressDialog(this, theme, kWidth);
    column->addWidget(new SectionHeader(
        theme, title, tr("The file opens only with this password. Nobody can find it out for you.")));
    column->addWidget(m_password);
    column->addWidget(m_error);
    column->addLayout(dialogButtons({cancel, m_seal}));
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_seal, &QAbstractButton::clicked, this, &SealDialog::submit);
    connect(m_password, &NewPasswordFields::submitted, this, &SealDialog::submit);
    const auto assess = [this] { m_seal->setEnabled(m_password->isUsable()); };
    connect(m_password, &NewPasswordFields::edited, this, assess);
    assess();
    m_password->setFocus();
}

void SealDialog::submit() {
    if (!m_password->isUsable())
        return;
    const SharedSecret password = takeSecret(*m_password, *m_error);
    if (!password)
        return;
    Q_EMIT chosen(password);
    accept();
}

UnsealDialog::UnsealDialog(Theme& theme, const QString& title, const QString& file, QWidget* parent)
    : QDialog(parent), m_password(new SecretField(theme)), m_line(new ProgressLine(theme)),
      m_error(new ErrorBox(theme)), m_open(new Button(theme, ButtonKind::Primary, tr("Open"))) {
    setObjectName(QStringLiteral("unsealDialog"));
    setWindowTitle(title);
    m_password->setName(tr("Password of the file"));
    m_password->setObjectName(QStringLiteral("unsealPassword"));
    m_line->setText(tr("Opening…"));
    m_open->setObjectName(QStringLiteral("unsealNow"));
    m_open->setDefault(true);
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    cancel->setObjectName(QStringLiteral("unsealCancel"));
    auto* column = dressDialog(this, theme, kWidth);
    column->addWidget(new SectionHeader(
        theme, title, tr("%1 is sealed. Type the password that was chosen when it was made.").arg(file)));
    for (QWidget* each :
         {static_cast<QWidget*>(m_password), static_cast<QWidget*>(m_line), static_cast<QWidget*>(m_error)})
        column->addWidget(each);
    column->addLayout(dialogButtons({cancel, m_open}));
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_open, &QAbstractButton::clicked, this, &UnsealDialog::submit);
    connect(m_password, &QLineEdit::textEdited, this, [this] {
        m_error->clear();
        showBusy(m_busy);
    });
    showBusy(false);
    m_password->setFocus();
}

void UnsealDialog::showBusy(bool busy) {
    m_busy = busy;
    m_line->setVisible(busy);
    m_line->setFraction(-1);
    m_password->setEnabled(!busy);
    m_open->setEnabled(!busy && !m_password->text().isEmpty());
}

void UnsealDialog::showError(const Error& error) {
    showBusy(false);
    m_error->showError(error);
    m_password->setFocus();
}

void UnsealDialog::submit() {
    if (m_busy || m_password->text().isEmpty())
        return;
    const SharedSecret password = takeSecret(*m_password, *m_error);
    if (!password)
        return;
    showBusy(true);
    Q_EMIT typed(password);
}

} // namespace hearth::gui
