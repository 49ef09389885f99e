#include "gui/pages/profile_dialogs.h"

#include <utility>

#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/models/people_words.h"
#include "gui/pages/dialog_parts.h"
#include "gui/pages/recovery_key_panel.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::SecureBytes;

namespace {

constexpr int kWidth = 480;      ///< px at scale 1
constexpr int kLongestName = 64; ///< characters, as the engine allows

QVBoxLayout* dress(QDialog* dialog, Theme& theme, AccountsBridge& accounts) {
    QObject::connect(&accounts, &AccountsBridge::aboutToLock, dialog, &QDialog::reject);
    return dressDialog(dialog, theme, kWidth);
}

QLineEdit* nameField(Theme& theme, const QString& name, const QString& text = {}) {
    auto* field = new QLineEdit(text);
    field->setMaxLength(kLongestName);
    field->setPlaceholderText(name);
    field->setAccessibleName(name);
    bindFont(field, theme, TextRole::Body);
    return field;
}

} // namespace

NewProfileDialog::NewProfileDialog(Theme& theme, AccountsBridge& accounts, QWidget* parent)
    : QDialog(parent), m_theme(theme), m_accounts(accounts) {
    layOut();
}

NewProfileDialog::NewProfileDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile,
                                   QWidget* parent)
    : QDialog(parent), m_theme(theme), m_accounts(accounts), m_anew(profile) {
    layOut();
}

void NewProfileDialog::layOut() {
    setObjectName(QStringLiteral("newProfileDialog"));
    setWindowTitle(m_anew ? tr("New keys for %1").arg(QString::fromStdString(m_anew->name))
                          : tr("New profile"));
    m_steps = new QStackedWidget;
    auto* form = new QWidget;
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.space(3));
    auto* title = new SectionHeader(
        m_theme, windowTitle(),
        m_anew
            ? tr("For somebody who lost both password and recovery key. Everything that they sealed is lost "
                 "for ever: nobody can open it. Let them type the new password themselves.")
            : tr("Let the person type the password themselves: you need not know it, and cannot read their "
                 "chats."));
    m_name = nameField(m_theme, tr("Name"), m_anew ? QString::fromStdString(m_anew->name) : QString());
    m_name->setObjectName(QStringLiteral("profileName"));
    m_role = new ComboBox(m_theme, tr("Role"));
    m_role->setObjectName(QStringLiteral("profileRole"));
    for (int role = 0; role < security::kRoles; ++role)
        m_role->addItem(people_words::role(static_cast<security::Role>(role)), role);
    m_role->setCurrentIndex(static_cast<int>(security::Role::User));
    m_explanation = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted);
    m_explanation->setWordWrap(true);
    m_name->setVisible(!m_anew);
    m_role->setVisible(!m_anew);
    m_explanation->setVisible(!m_anew);
    m_password = new NewPasswordFields(m_theme);
    m_line = new ProgressLine(m_theme);
    m_line->setText(tr("Making the keys…"));
    m_error = new ErrorBox(m_theme);
    m_cancel = new Button(m_theme, ButtonKind::Plain, tr("Cancel"));
    m_make = new Button(m_theme, m_anew ? ButtonKind::Danger : ButtonKind::Primary,
                        m_anew ? tr("Make new keys") : tr("Make the profile"));
    m_make->setObjectName(QStringLiteral("profileMake"));
    for (QWidget* each :
         {static_cast<QWidget*>(title), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_role),
          static_cast<QWidget*>(m_explanation), static_cast<QWidget*>(m_password),
          static_cast<QWidget*>(m_line), static_cast<QWidget*>(m_error)})
        column->addWidget(each);
    column->addLayout(dialogButtons({m_cancel, m_make}));
    m_recovery = new RecoveryKeyPanel(m_theme);
    m_steps->addWidget(form);
    m_steps->addWidget(m_recovery);
    dress(this, m_theme, m_accounts)->addWidget(m_steps);

    const auto explain = [this] {
        m_explanation->setText(
            people_words::roleExplained(static_cast<security::Role>(m_role->currentData().toInt())));
    };
    explain();
    connect(m_role, &QComboBox::currentIndexChanged, this, explain);
    connect(m_cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_make, &QAbstractButton::clicked, this, &NewProfileDialog::submit);
    connect(m_password, &NewPasswordFields::edited, this, [this] { showBusy(m_busy); });
    connect(m_name, &QLineEdit::textEdited, this, [this] { showBusy(m_busy); });
    for (const auto done : {&RecoveryKeyPanel::tested, &RecoveryKeyPanel::skipped})
        connect(m_recovery, done, this, &QDialog::accept);
    showBusy(false);
}

void NewProfileDialog::showBusy(bool busy) {
    m_busy = busy;
    m_line->setVisible(busy);
    m_line->setFraction(-1);
    m_name->setEnabled(!busy);
    m_role->setEnabled(!busy);
    m_password->setEnabled(!busy);
    m_make->setEnabled(!busy && m_password->isUsable() && !m_name->text().trimmed().isEmpty());
}

void NewProfileDialog::submit() {
    if (m_busy || !m_password->isUsable())
        return;
    const auto secret = takeSecret(*m_password, *m_error);
    if (!secret)
        return;
    showBusy(true);
    // Whoever typed the password is there for the test of the recovery key, which needs their keys.
    struct Made {
        security::NewKeys keys;
        std::shared_ptr<std::optional<security::Session>> session;
    };
    const QString name = m_name->text().trimmed();
    m_accounts.change(
        this,
        [anew = m_anew, name = name.toStdString(),
         role = static_cast<security::Role>(m_role->currentData().toInt()),
         secret](AccountsDesk& desk) -> Result<Made> {
            Made out;
            if (anew) {
                HEARTH_TRY(out.keys, desk.accounts.startAnew(desk.actor, anew->id, secret->bytes()));
            } else {
                HEARTH_TRY(out.keys, desk.accounts.create(desk.actor, name, role, secret->bytes()));
            }
            out.session = std::make_shared<std::optional<security::Session>>();
            HEARTH_TRY(*out.session, desk.accounts.identity().signIn(name, secret->bytes()));
            return out;
        },
        [this, name](Result<Made> made) {
            showBusy(false);
            if (!made) {
                m_error->showError(made.error());
                return;
            }
            Q_EMIT this->made(name);
            const auto test = [this, session = made->session](
                                  SecureBytes typed, std::function<void(const Result<void>&)> answer) {
                m_accounts.change(
                    m_recovery,
                    [session, secret = std::make_shared<SecureBytes>(std::move(typed))](AccountsDesk& desk) {
                        return desk.accounts.identity().testRecoveryKey(**session, secret->bytes());
                    },
                    [answer](const Result<void>& right) { answer(right); });
            };
            m_recovery->show(made->keys.recoveryKey, test);
            m_steps->setCurrentWidget(m_recovery);
            m_recovery->setFocus();
        });
}

RenameDialog::RenameDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile,
                           QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("renameDialog"));
    setWindowTitle(tr("Rename the profile"));
    auto* column = dress(this, theme, accounts);
    auto* name = nameField(theme, tr("Name"), QString::fromStdString(profile.name));
    name->setObjectName(QStringLiteral("profileName"));
    auto* error = new ErrorBox(theme);
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    auto* rename = new Button(theme, ButtonKind::Primary, tr("Rename"));
    rename->setObjectName(QStringLiteral("profileRename"));
    rename->setDefault(true);
    column->addWidget(new SectionHeader(theme, windowTitle()));
    column->addWidget(name);
    column->addWidget(error);
    column->addLayout(dialogButtons({cancel, rename}));
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(rename, &QAbstractButton::clicked, this, [this, &accounts, name, error, id = profile.id] {
        accounts.change(
            this,
            [id, text = name->text().trimmed().toStdString()](AccountsDesk& desk) {
                return desk.accounts.rename(desk.actor, id, text);
            },
            [this, error](const Result<void>& done) {
                if (done)
                    accept();
                else
                    error->showError(done.error());
            });
    });
}

EraseDialog::EraseDialog(Theme& theme, AccountsBridge& accounts, const security::Profile& profile,
                         QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("eraseDialog"));
    setWindowTitle(tr("Erase a person"));
    const QString who = QString::fromStdString(profile.name);
    auto* column = dress(this, theme, accounts);
    auto* words = new TextLabel(
        theme, TextRole::Body, ColourRole::Text,
        tr("The keys of %1 are destroyed first: from then on nobody can read their chats, backups included. "
           "Then their files and their name go. This cannot be undone. The audit log keeps their number.")
            .arg(who));
    words->setWordWrap(true);
    auto* typed = nameField(theme, tr("Type “%1” to confirm").arg(who));
    typed->setObjectName(QStringLiteral("eraseTyped"));
    auto* line = new ProgressLine(theme);
    line->setFraction(-1);
    line->setText(tr("Erasing…"));
    line->hide();
    auto* error = new ErrorBox(theme);
    auto* cancel = new Button(theme, ButtonKind::Plain, tr("Cancel"));
    auto* erase = new Button(theme, ButtonKind::Danger, tr("Erase for ever"));
    erase->setObjectName(QStringLiteral("eraseNow"));
    erase->setEnabled(false);
    cancel->setDefault(true);
    column->addWidget(new SectionHeader(theme, tr("Erase %1?").arg(who)));
    for (QWidget* each : {static_cast<QWidget*>(words), static_cast<QWidget*>(typed),
                          static_cast<QWidget*>(line), static_cast<QWidget*>(error)})
        column->addWidget(each);
    column->addLayout(dialogButtons({cancel, erase}));
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(typed, &QLineEdit::textChanged, erase,
            [erase, who](const QString& text) { erase->setEnabled(text == who); });
    connect(erase, &QAbstractButton::clicked, this,
            [this, &accounts, erase, error, line, typed, who, id = profile.id] {
                erase->setEnabled(false);
                typed->setEnabled(false);
                line->show();
                accounts.change(
                    this, [id](AccountsDesk& desk) { return desk.accounts.erase(desk.actor, id); },
                    [this, erase, error, line, typed, who](const Result<void>& done) {
                        line->hide();
                        if (done) {
                            Q_EMIT erased(who);
                            accept();
                            return;
                        }
                        erase->setEnabled(true);
                        typed->setEnabled(true);
                        error->showError(done.error());
                    });
            });
}

} // namespace hearth::gui
