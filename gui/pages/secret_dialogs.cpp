#include "gui/pages/secret_dialogs.h"

#include <utility>

#include <QVBoxLayout>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/recovery_key_panel.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::SecureBytes;

namespace {

constexpr int kWidth = 460; ///< px at scale 1

QVBoxLayout* dress(QDialog* dialog, Theme& theme, AccountsBridge& accounts) {
    QObject::connect(&accounts, &AccountsBridge::aboutToLock, dialog, &QDialog::reject);
    return dressDialog(dialog, theme, kWidth);
}

} // namespace

PasswordDialog::PasswordDialog(Theme& theme, AccountsBridge& accounts, Kind kind, QWidget* parent)
    : QDialog(parent), m_accounts(accounts), m_kind(kind), m_former(new SecretField(theme)),
      m_new(new NewPasswordFields(theme)), m_line(new ProgressLine(theme)), m_error(new ErrorBox(theme)),
      m_save(new Button(theme, ButtonKind::Primary, tr("Change"))),
      m_cancel(new Button(theme, ButtonKind::Plain, tr("Cancel"))) {
    setObjectName(QStringLiteral("passwordDialog"));
    setWindowTitle(kind == Kind::Change ? tr("Change the password") : tr("Choose a new password"));
    auto* title =
        new SectionHeader(theme, windowTitle(),
                          kind == Kind::Change ? tr("The recovery key stays as it is.")
                                               : tr("You came in with the recovery key. It stays as it is."));
    m_former->setName(tr("Present password"));
    m_former->setObjectName(QStringLiteral("formerPassword"));
    m_former->setVisible(kind == Kind::Change);
    m_save->setObjectName(QStringLiteral("passwordSave"));
    m_save->setDefault(true);
    m_line->setText(tr("Wrapping the keys…"));
    auto* column = dress(this, theme, accounts);
    for (QWidget* each :
         {static_cast<QWidget*>(title), static_cast<QWidget*>(m_former), static_cast<QWidget*>(m_new),
          static_cast<QWidget*>(m_line), static_cast<QWidget*>(m_error)})
        column->addWidget(each);
    column->addLayout(dialogButtons({m_cancel, m_save}));
    connect(m_cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_save, &QAbstractButton::clicked, this, &PasswordDialog::submit);
    connect(m_new, &NewPasswordFields::edited, this, [this] { showBusy(m_busy); });
    connect(m_former, &QLineEdit::textEdited, this, [this] { showBusy(m_busy); });
    showBusy(false);
}

void PasswordDialog::showBusy(bool busy) {
    m_busy = busy;
    m_line->setVisible(busy);
    m_line->setFraction(-1);
    m_former->setEnabled(!busy);
    m_new->setEnabled(!busy);
    m_save->setEnabled(!busy && m_new->isUsable() &&
                       (m_kind == Kind::AfterRecovery || !m_former->text().isEmpty()));
}

void PasswordDialog::submit() {
    if (m_busy || !m_new->isUsable())
        return;
    auto former = m_former->take();
    auto fresh = m_new->take();
    if (!former || !fresh) {
        m_error->showError(former ? fresh.error() : former.error());
        return;
    }
    m_error->clear();
    showBusy(true);
    m_accounts.change(
        this,
        [kind = m_kind, before = std::make_shared<SecureBytes>(std::move(*former)),
         after = std::make_shared<SecureBytes>(std::move(*fresh))](AccountsDesk& desk) -> Result<void> {
            HEARTH_TRY(auto* const session, desk.signedIn());
            return kind == Kind::Change
                       ? desk.accounts.changePassword(*session, before->bytes(), after->bytes())
                       : desk.accounts.setPassword(*session, after->bytes());
        },
        [this](const Result<void>& done) {
            showBusy(false);
            if (!done) {
                m_error->showError(done.error());
                return;
            }
            Q_EMIT changed();
            accept();
        });
}

RecoveryDialog::RecoveryDialog(Theme& theme, AccountsBridge& accounts, Kind kind, QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("recoveryDialog"));
    setWindowTitle(tr("Recovery key"));
    auto* panel = new RecoveryKeyPanel(theme);
    auto* error = new ErrorBox(theme);
    auto* line = new ProgressLine(theme);
    line->setText(tr("Making a new recovery key…"));
    line->setFraction(-1);
    auto* column = dress(this, theme, accounts);
    column->addWidget(error);
    column->addWidget(line);
    column->addWidget(panel);
    const RecoveryKeyPanel::Test test = [&accounts, panel](SecureBytes typed,
                                                           std::function<void(const Result<void>&)> answer) {
        accounts.change(
            panel,
            [secret = std::make_shared<SecureBytes>(std::move(typed))](AccountsDesk& desk) -> Result<void> {
                HEARTH_TRY(auto* const session, desk.signedIn());
                return desk.accounts.identity().testRecoveryKey(*session, secret->bytes());
            },
            [answer](const Result<void>& right) { answer(right); });
    };
    connect(panel, &RecoveryKeyPanel::tested, this, [this] {
        Q_EMIT tested();
        accept();
    });
    connect(panel, &RecoveryKeyPanel::skipped, this, &QDialog::reject);
    if (kind == Kind::Test) {
        line->hide();
        panel->ask(test);
        return;
    }
    panel->hide();
    accounts.change(
        this,
        [](AccountsDesk& desk) -> Result<SecureBytes> {
            HEARTH_TRY(auto* const session, desk.signedIn());
            return desk.accounts.renewRecoveryKey(*session);
        },
        [=](Result<SecureBytes> key) {
            line->hide();
            if (!key) {
                error->showError(key.error());
                return;
            }
            panel->show(*key, test);
            panel->setVisible(true);
            panel->setFocus();
        });
}

} // namespace hearth::gui
