#include "gui/pages/protect_screen.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/pages/recovery_key_panel.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/page_parts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

namespace {

constexpr int kCardWidth = 520; ///< px at scale 1

/// The name that the person has on this computer, as a first suggestion.
QString nameHere() {
    for (const char* variable : {"USER", "LOGNAME"})
        if (const QString name = qEnvironmentVariable(variable); !name.isEmpty())
            return name.left(64);
    return {};
}

} // namespace

ProtectScreen::ProtectScreen(Theme& theme, AccountsBridge& accounts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_accounts(accounts), m_steps(new QStackedWidget), m_form(makeForm()),
      m_takeOver(makeTakeOver()), m_recovery(new RecoveryKeyPanel(theme)) {
    m_steps->addWidget(m_form);
    m_steps->addWidget(m_recovery);
    m_steps->addWidget(m_takeOver);
    centredCard(this, theme, kCardWidth)->body()->addWidget(m_steps);
    for (const auto done : {&RecoveryKeyPanel::tested, &RecoveryKeyPanel::skipped})
        connect(m_recovery, done, this, &ProtectScreen::offerTakeOver);
    setFocusProxy(m_steps);
    retranslate();
    if (accounts.state() == AccountsBridge::State::Open)
        m_steps->setCurrentWidget(m_takeOver);
}

QWidget* ProtectScreen::makeForm() {
    auto* page = new QWidget;
    m_formTitle = new SectionHeader(m_theme);
    m_gain = new TextLabel(m_theme, TextRole::Body, ColourRole::Text);
    m_limits = new TextLabel(m_theme, TextRole::Small, ColourRole::Muted);
    m_gain->setWordWrap(true);
    m_limits->setWordWrap(true);
    m_name = new QLineEdit(nameHere());
    m_name->setObjectName(QStringLiteral("profileName"));
    m_name->setMaxLength(64);
    bindFont(m_name, m_theme, TextRole::Body);
    m_password = new NewPasswordFields(m_theme);
    m_creating = new ProgressLine(m_theme);
    m_formError = new ErrorBox(m_theme);
    m_create = new Button(m_theme, ButtonKind::Primary);
    m_create->setObjectName(QStringLiteral("protectCreate"));
    m_notNow = new Button(m_theme, ButtonKind::Plain);
    m_notNow->setObjectName(QStringLiteral("protectNotNow"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_notNow);
    buttons->addStretch(1);
    buttons->addWidget(m_create);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.space(3));
    for (QWidget* each :
         {static_cast<QWidget*>(m_formTitle), static_cast<QWidget*>(m_gain), static_cast<QWidget*>(m_name),
          static_cast<QWidget*>(m_password), static_cast<QWidget*>(m_creating),
          static_cast<QWidget*>(m_formError), static_cast<QWidget*>(m_limits)})
        column->addWidget(each);
    column->addLayout(buttons);
    connect(m_create, &QAbstractButton::clicked, this, &ProtectScreen::create);
    connect(m_password, &NewPasswordFields::submitted, this, &ProtectScreen::create);
    connect(m_password, &NewPasswordFields::edited, this, [this] { showBusy(m_busy); });
    connect(m_name, &QLineEdit::textEdited, this, [this] { showBusy(m_busy); });
    connect(m_notNow, &QAbstractButton::clicked, this, [this] {
        m_password->wipe();
        Q_EMIT finished();
    });
    return page;
}

QWidget* ProtectScreen::makeTakeOver() {
    auto* page = new QWidget;
    m_takeTitle = new SectionHeader(m_theme);
    m_taking = new ProgressLine(m_theme);
    m_taking->setObjectName(QStringLiteral("takeOverProgress"));
    m_takeError = new ErrorBox(m_theme);
    m_take = new Button(m_theme, ButtonKind::Primary);
    m_take->setObjectName(QStringLiteral("takeOver"));
    m_takeLater = new Button(m_theme, ButtonKind::Plain);
    m_takeLater->setObjectName(QStringLiteral("takeOverLater"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_takeLater);
    buttons->addStretch(1);
    buttons->addWidget(m_take);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.space(3));
    column->addWidget(m_takeTitle);
    column->addWidget(m_taking);
    column->addWidget(m_takeError);
    column->addStretch(1);
    column->addLayout(buttons);
    connect(m_take, &QAbstractButton::clicked, this, &ProtectScreen::takeOver);
    connect(m_takeLater, &QAbstractButton::clicked, this, [this] {
        if (m_busy)
            m_stop.request_stop();
        else
            Q_EMIT finished();
    });
    return page;
}

void ProtectScreen::showBusy(bool busy) {
    m_busy = busy;
    m_creating->setVisible(busy);
    m_creating->setFraction(-1);
    m_taking->setVisible(busy);
    m_name->setEnabled(!busy);
    m_password->setEnabled(!busy);
    m_notNow->setEnabled(!busy);
    m_create->setEnabled(!busy && m_password->isUsable() && !m_name->text().trimmed().isEmpty());
    m_take->setEnabled(!busy);
    m_takeLater->setText(busy ? tr("Stop") : tr("Not now"));
}

void ProtectScreen::create() {
    if (m_busy || !m_password->isUsable())
        return;
    auto password = m_password->take();
    if (!password) {
        m_formError->showError(password.error());
        return;
    }
    m_formError->clear();
    showBusy(true);
    m_accounts.createFirst(this, m_name->text().trimmed(), std::move(*password),
                           [this](Result<security::NewKeys> keys) {
                               showBusy(false);
                               if (keys)
                                   showKey(std::move(*keys));
                               else
                                   m_formError->showError(keys.error());
                           });
}

void ProtectScreen::showKey(security::NewKeys keys) {
    m_recovery->show(keys.recoveryKey,
                     [this](security::SecureBytes typed, std::function<void(const Result<void>&)> answer) {
                         m_accounts.change(
                             m_recovery,
                             [secret = std::make_shared<security::SecureBytes>(std::move(typed))](
                                 AccountsDesk& desk) -> Result<void> {
                                 HEARTH_TRY(auto* const session, desk.signedIn());
                                 return desk.accounts.identity().testRecoveryKey(*session, secret->bytes());
                             },
                             [answer](const Result<void>& right) { answer(right); });
                     });
    m_steps->setCurrentWidget(m_recovery);
    m_recovery->setFocus();
}

void ProtectScreen::offerTakeOver() {
    m_accounts.request(
        this, [](AccountsDesk& desk) -> Result<bool> { return desk.accounts.plainHistoryWaits(); },
        [this](const Result<bool>& waits) {
            if (!waits.value_or(false)) {
                Q_EMIT finished();
                return;
            }
            m_steps->setCurrentWidget(m_takeOver);
            m_take->setFocus();
        });
}

void ProtectScreen::takeOver() {
    if (m_busy)
        return;
    m_stop = std::stop_source();
    m_takeError->clear();
    m_taking->restart();
    m_taking->setFraction(-1);
    showBusy(true);
    const ProgressSink progress = m_accounts.progressTo(this, [this](const QString& phase, double fraction) {
        m_taking->setFraction(fraction);
        m_taking->setText(phase == QLatin1String("vault.check") ? tr("Comparing the sealed chats…")
                                                                : tr("Sealing the chats…"));
    });
    m_accounts.request(
        this,
        [progress, stop = m_stop](AccountsDesk& desk) mutable -> Result<void> {
            HEARTH_TRY(auto* const session, desk.signedIn());
            // Stopped by the button, and by locking or closing the window.
            const std::stop_callback both(desk.stop, [&stop] { stop.request_stop(); });
            return desk.accounts.adoptPlainHistory(*session, stop.get_token(), progress);
        },
        [this](const Result<void>& done) {
            showBusy(false);
            if (done) {
                Q_EMIT finished();
                return;
            }
            m_take->setText(tr("Try again"));
            if (done.error().code != kCancelled) // the person's own wish needs no message
                m_takeError->showError(done.error());
        });
}

void ProtectScreen::retranslate() {
    m_formTitle->setTexts(tr("Protect my chats"), {});
    m_gain->setText(
        tr("Until now there is one person and no password: everybody who can use this account of "
           "the computer, or read its disk, can read the chats. With a profile they are encrypted "
           "with a key that only your password or your recovery key opens. This first profile is "
           "an administrator; it can make profiles for other people."));
    m_limits->setText(tr("What it does not protect from: somebody who changes the program or watches the "
                         "keyboard, and old copies that snapshots of the file system keep."));
    m_name->setPlaceholderText(tr("Your name"));
    m_name->setAccessibleName(tr("Your name"));
    m_creating->setText(tr("Measuring how much a password may cost here, and making the keys…"));
    m_create->setText(tr("Make the profile"));
    m_notNow->setText(tr("Not now"));
    m_takeTitle->setTexts(
        tr("Take over the chats from before?"),
        tr("They are sealed into your profile and compared, then the readable files and their backups are "
           "overwritten and removed. A sealed copy of the whole file goes into your backups first. Until "
           "then "
           "they stay readable for everybody, and do not appear in your list."));
    m_take->setText(tr("Take them over"));
    showBusy(m_busy);
}

void ProtectScreen::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
