#include "gui/pages/protection_card.h"

#include <QEvent>
#include <QSignalBlocker>

#include "gui/bridge/settings_bridge.h"
#include "gui/pages/secret_dialogs.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/setting_row.h"

namespace hearth::gui {

using State = AccountsBridge::State;
using workbench::Settings;

namespace {

constexpr std::size_t kMinutes[] = {1, 2, 5, 10, 15, 30, 60, 0}; ///< 0 = never

} // namespace

ProtectionCard::ProtectionCard(Theme& theme, AccountsBridge& accounts, SettingsBridge& settings,
                               ToastHost& toasts, QWidget* parent)
    : Card(theme, parent), m_theme(theme), m_accounts(accounts), m_settings(settings), m_toasts(toasts),
      m_title(new SectionHeader(theme)), m_single(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_protect(new Button(theme, ButtonKind::Primary)), m_adopt(new Button(theme, ButtonKind::Plain)),
      m_password(new Button(theme, ButtonKind::Plain)), m_test(new Button(theme, ButtonKind::Plain)),
      m_renew(new Button(theme, ButtonKind::Plain)), m_idle(new ComboBox(theme)),
      m_session(new Toggle(theme)), m_adoptRow(new SettingRow(theme, m_adopt)),
      m_passwordRow(new SettingRow(theme, m_password)), m_testRow(new SettingRow(theme, m_test)),
      m_renewRow(new SettingRow(theme, m_renew)), m_idleRow(new SettingRow(theme, m_idle)),
      m_sessionRow(new SettingRow(theme, m_session)) {
    setObjectName(QStringLiteral("protection"));
    m_protect->setObjectName(QStringLiteral("protect"));
    m_protect->setIconName(QStringLiteral("lock"));
    m_adopt->setObjectName(QStringLiteral("adopt"));
    m_password->setObjectName(QStringLiteral("changePassword"));
    m_test->setObjectName(QStringLiteral("testRecovery"));
    m_renew->setObjectName(QStringLiteral("renewRecovery"));
    m_idle->setObjectName(QStringLiteral("lockAfter"));
    m_session->setObjectName(QStringLiteral("lockWithSession"));
    m_single->setObjectName(QStringLiteral("singlePerson"));
    m_single->setWordWrap(true);
    body()->addWidget(m_title);
    body()->addWidget(m_single);
    body()->addWidget(m_protect, 0, Qt::AlignLeft);
    for (QWidget* row : {m_adoptRow, m_passwordRow, m_testRow, m_renewRow, m_idleRow, m_sessionRow})
        body()->addWidget(row);

    for (Button* button : {m_protect, m_adopt})
        connect(button, &QAbstractButton::clicked, this, &ProtectionCard::protectAsked);
    connect(m_password, &QAbstractButton::clicked, this, [this] {
        auto* dialog = new PasswordDialog(m_theme, m_accounts, PasswordDialog::Kind::Change, window());
        connect(dialog, &PasswordDialog::changed, this,
                [this] { m_toasts.show(tr("The password is changed; the recovery key stays as it is.")); });
        dialog->open();
    });
    const auto openRecovery = [this](RecoveryDialog::Kind kind) {
        auto* dialog = new RecoveryDialog(m_theme, m_accounts, kind, window());
        connect(dialog, &RecoveryDialog::tested, this,
                [this] { m_toasts.show(tr("The recovery key works.")); });
        dialog->open();
    };
    connect(m_test, &QAbstractButton::clicked, this,
            [openRecovery] { openRecovery(RecoveryDialog::Kind::Test); });
    connect(m_renew, &QAbstractButton::clicked, this,
            [openRecovery] { openRecovery(RecoveryDialog::Kind::Renew); });
    connect(m_idle, &QComboBox::activated, this, [this](int index) {
        m_settings.change([&](Settings& s) { s.lockAfterMinutes = m_idle->itemData(index).toULongLong(); });
    });
    connect(m_session, &QAbstractButton::toggled, this,
            [this](bool on) { m_settings.change([&](Settings& s) { s.lockWithSession = on; }); });
    connect(&settings, &SettingsBridge::changed, this, &ProtectionCard::show);
    connect(&accounts, &AccountsBridge::profilesChanged, this, &ProtectionCard::show);
    retranslate();
    accounts.request(
        this, [](AccountsDesk& desk) -> Result<bool> { return desk.accounts.plainHistoryWaits(); },
        [this](const Result<bool>& waits) {
            m_plainWaits = waits.value_or(false);
            show();
        });
}

void ProtectionCard::show() {
    const bool open = m_accounts.state() == State::Open;
    const bool chats = m_accounts.rights().own(security::Action::Create, security::Resource::Conversation);
    m_single->setVisible(!open);
    m_protect->setVisible(!open);
    for (QWidget* row : {m_passwordRow, m_testRow, m_renewRow, m_idleRow, m_sessionRow})
        row->setVisible(open);
    m_adoptRow->setVisible(open && m_plainWaits && chats);
    if (open && m_accounts.person())
        m_testRow->setTexts(tr("Recovery key"),
                            m_accounts.person()->recoveryTested
                                ? tr("It was tested. Test again whether the paper is right.")
                                : tr("It was never tested. Find out whether what you wrote "
                                     "down is right."));
    const Settings& s = m_settings.settings();
    const QSignalBlocker quietIdle(m_idle), quietSession(m_session);
    int index = m_idle->findData(QVariant::fromValue<qulonglong>(s.lockAfterMinutes));
    if (index < 0) {
        m_idle->addItem(tr("%n minute(s)", nullptr, static_cast<int>(s.lockAfterMinutes)),
                        QVariant::fromValue<qulonglong>(s.lockAfterMinutes));
        index = m_idle->count() - 1;
    }
    m_idle->setCurrentIndex(index);
    m_session->setChecked(s.lockWithSession);
}

void ProtectionCard::retranslate() {
    m_title->setTexts(tr("Protection of the chats"), {});
    m_single->setText(
        tr("One person, no password: everybody who can use this account of the computer, or read "
           "its disk, can read the chats. Nothing is encrypted."));
    m_protect->setText(tr("Protect my chats…"));
    m_adopt->setText(tr("Take them over…"));
    m_adoptRow->setTexts(tr("Readable chats remain"),
                         tr("Chats from before there were profiles are still readable for everybody."));
    m_password->setText(tr("Change…"));
    m_passwordRow->setTexts(tr("Password"), tr("Only keys are wrapped anew; the chats are not touched."));
    m_test->setText(tr("Test…"));
    m_renew->setText(tr("New key…"));
    m_renewRow->setTexts(tr("New recovery key"),
                         tr("When somebody may have seen the paper. The former key opens nothing any more."));
    {
        const QSignalBlocker quiet(m_idle);
        m_idle->clear();
        for (const std::size_t minutes : kMinutes)
            m_idle->addItem(minutes ? tr("%n minute(s)", nullptr, static_cast<int>(minutes)) : tr("Never"),
                            QVariant::fromValue<qulonglong>(minutes));
    }
    m_idleRow->setTexts(tr("Lock by itself after"),
                        tr("When no key and no pointer was touched. Ctrl+L locks at once."));
    m_sessionRow->setTexts(tr("Lock with the screen"),
                           tr("When the desktop locks its screen or the computer goes to sleep."));
    show();
}

void ProtectionCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

} // namespace hearth::gui
