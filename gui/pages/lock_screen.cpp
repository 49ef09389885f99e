#include "gui/pages/lock_screen.h"

#include <algorithm>

#include <QEvent>
#include <QLabel>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/page_parts.h"
#include "gui/widgets/surfaces.h"

namespace hearth::gui {

using State = AccountsBridge::State;

namespace {

constexpr int kCardWidth = 380, kIcon = 44; ///< px at scale 1
constexpr int kSecond = 1000;

} // namespace

LockScreen::LockScreen(Theme& theme, AccountsBridge& accounts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_accounts(accounts),
      m_title(new TextLabel(theme, TextRole::Title, ColourRole::Text)),
      m_explanation(new TextLabel(theme, TextRole::Body, ColourRole::Muted)),
      m_countdown(new TextLabel(theme, TextRole::Body, ColourRole::CautionText)),
      m_people(new ComboBox(theme)), m_name(new QLineEdit), m_secret(new SecretField(theme)),
      m_busy(new ProgressLine(theme)), m_error(new ErrorBox(theme)),
      m_enter(new Button(theme, ButtonKind::Primary)), m_other(new Button(theme, ButtonKind::Ghost)),
      m_again(new Button(theme, ButtonKind::Plain)) {
    m_title->setObjectName(QStringLiteral("lockTitle"));
    m_people->setObjectName(QStringLiteral("lockPeople"));
    m_name->setObjectName(QStringLiteral("lockName"));
    m_secret->setObjectName(QStringLiteral("lockSecret"));
    m_enter->setObjectName(QStringLiteral("lockEnter"));
    m_other->setObjectName(QStringLiteral("lockOther"));
    m_again->setObjectName(QStringLiteral("lockAgain"));
    m_countdown->setObjectName(QStringLiteral("lockCountdown"));
    bindFont(m_name, theme, TextRole::Body);
    setFocusProxy(m_secret);
    layOut();

    m_second.setInterval(kSecond);
    connect(&m_second, &QTimer::timeout, this, &LockScreen::tick);
    connect(m_enter, &QAbstractButton::clicked, this, &LockScreen::submit);
    connect(m_secret, &QLineEdit::returnPressed, this, &LockScreen::submit);
    connect(m_secret, &QLineEdit::textEdited, m_error, &ErrorBox::clear);
    connect(m_name, &QLineEdit::returnPressed, m_secret, qOverload<>(&QWidget::setFocus));
    connect(m_other, &QAbstractButton::clicked, this,
            [this] { setWay(m_way == Way::Password ? Way::RecoveryKey : Way::Password); });
    connect(m_again, &QAbstractButton::clicked, this, [this] { m_accounts.start(); });
    connect(m_people, &QComboBox::activated, this, [this] {
        m_error->clear();
        startCountdown(0); // each profile counts for itself
        m_secret->wipe();
        m_secret->setFocus();
    });
    connect(&accounts, &AccountsBridge::signInFailed, this, &LockScreen::failed);
    connect(&accounts, &AccountsBridge::signingInChanged, this, &LockScreen::showState);
    connect(&accounts, &AccountsBridge::stateChanged, this, &LockScreen::showState);
    connect(&accounts, &AccountsBridge::profilesChanged, this, &LockScreen::showPeople);
    showPeople();
    retranslate();
}

void LockScreen::layOut() {
    auto* flame = new QLabel;
    flame->setAlignment(Qt::AlignCenter);
    const auto dress = [this, flame] {
        flame->setPixmap(m_theme.pixmap(QStringLiteral("flame"), ColourRole::Accent, m_theme.px(kIcon),
                                        devicePixelRatioF()));
    };
    dress();
    m_title->setAlignment(Qt::AlignCenter);
    m_explanation->setAlignment(Qt::AlignCenter);
    m_explanation->setWordWrap(true);
    m_countdown->setAlignment(Qt::AlignCenter);
    m_countdown->setWordWrap(true);
    auto* card = centredCard(this, m_theme, kCardWidth);
    QVBoxLayout* body = card->body();
    body->setSpacing(m_theme.space(3));
    for (QWidget* each :
         {static_cast<QWidget*>(flame), static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_explanation),
          static_cast<QWidget*>(m_people), static_cast<QWidget*>(m_name), static_cast<QWidget*>(m_secret),
          static_cast<QWidget*>(m_busy), static_cast<QWidget*>(m_countdown), static_cast<QWidget*>(m_error),
          static_cast<QWidget*>(m_enter), static_cast<QWidget*>(m_again)})
        body->addWidget(each);
    body->addWidget(m_other, 0, Qt::AlignHCenter);
    connect(&m_theme, &Theme::changed, flame, dress);
}

bool LockScreen::canAccept() const {
    if (m_accounts.state() != State::Failed || !m_accounts.error())
        return false;
    const std::string& code = m_accounts.error()->code;
    return code == "identity.tampered" || code == "identity.rolled_back" || code == "identity.head_missing" ||
           code == "identity.bad_head";
}

void LockScreen::showPeople() {
    const auto& profiles = m_accounts.profiles();
    const QString before = m_wanted.isEmpty() ? m_people->currentText() : m_wanted;
    const QSignalBlocker quiet(m_people);
    m_people->clear();
    for (const security::Profile& profile : profiles)
        if (!profile.disabled)
            m_people->addItem(QString::fromStdString(profile.name), QVariant::fromValue(qint64{profile.id}));
    if (const int at = m_people->findText(before); at >= 0)
        m_people->setCurrentIndex(at);
    showState();
}

void LockScreen::choose(const QString& name) {
    m_wanted = name;
    showPeople();
    m_wanted.clear();
}

void LockScreen::showState() {
    const bool failedToOpen = m_accounts.state() == State::Failed;
    const bool accept = canAccept();
    const bool asks = m_accounts.state() == State::Locked || accept;
    const bool busy = m_accounts.isSigningIn();
    m_people->setVisible(asks && !accept);
    m_name->setVisible(accept);
    m_secret->setVisible(asks);
    m_enter->setVisible(asks);
    m_other->setVisible(asks && !accept);
    m_again->setVisible(failedToOpen);
    m_busy->setVisible(busy || m_accounts.state() == State::Opening);
    m_busy->setFraction(-1);
    m_people->setEnabled(!busy);
    m_secret->setEnabled(!busy);
    m_enter->setEnabled(!busy && m_wait == 0);
    m_countdown->setVisible(m_wait > 0);
    m_explanation->setVisible(accept || (asks && m_way == Way::RecoveryKey));
    if (failedToOpen && m_accounts.error() && !busy)
        m_error->showError(*m_accounts.error());
}

void LockScreen::setWay(Way way) {
    m_way = way;
    m_error->clear();
    m_secret->wipe();
    retranslate();
    m_secret->setFocus();
}

void LockScreen::submit() {
    if (m_accounts.isSigningIn() || m_wait > 0)
        return;
    if (m_secret->text().isEmpty()) {
        m_secret->setFocus();
        return;
    }
    auto secret = m_secret->take();
    if (!secret) {
        m_error->showError(secret.error());
        return;
    }
    m_error->clear();
    if (canAccept())
        m_accounts.acceptAsIs(m_name->text(), std::move(*secret));
    else if (m_way == Way::Password)
        m_accounts.signIn(m_people->currentText(), std::move(*secret));
    else
        m_accounts.signInWithRecoveryKey(m_people->currentText(), std::move(*secret));
}

void LockScreen::failed(const Error& error) {
    if (error.code == "identity.no_password")
        setWay(Way::RecoveryKey);
    m_error->showError(error);
    if (error.code == "identity.wait") {
        startCountdown(QString::fromStdString(error.arg("seconds")).toInt());
    } else if (error.code == "identity.wrong_password" || error.code == "identity.wrong_recovery_key") {
        const auto id = m_people->currentData().toLongLong();
        for (const security::Profile& profile : m_accounts.profiles())
            if (profile.id == id) // the failure that was just counted is in the list a moment later
                startCountdown(static_cast<int>(security::waitAfter(profile.failures + 1).count()));
    }
    m_secret->setFocus();
}

void LockScreen::startCountdown(int seconds) {
    m_wait = std::max(0, seconds);
    if (m_wait > 0)
        m_second.start();
    else
        m_second.stop();
    retranslate();
}

void LockScreen::tick() {
    startCountdown(m_wait - 1);
}

void LockScreen::retranslate() {
    m_title->setText(canAccept()                            ? tr("The accounts were changed")
                     : m_accounts.state() == State::Failed  ? tr("The accounts cannot be opened")
                     : m_accounts.state() == State::Opening ? tr("One moment…")
                                                            : tr("Hearth is locked"));
    m_explanation->setText(
        canAccept()
            ? tr("An administrator among them can take them as they are, for example after a copy was "
                 "put back by hand. It is noted in the audit log.")
            : tr("The recovery key is the one that was shown when your profile was made. It opens your "
                 "chats without the password; choose a new one afterwards."));
    m_people->setAccessibleName(tr("Profile"));
    m_name->setPlaceholderText(tr("Administrator's name"));
    m_name->setAccessibleName(m_name->placeholderText());
    m_secret->setName(m_way == Way::Password || canAccept() ? tr("Password") : tr("Recovery key"));
    m_enter->setText(canAccept() ? tr("Take them as they are") : tr("Sign in"));
    m_other->setText(m_way == Way::Password ? tr("Use the recovery key") : tr("Use the password"));
    m_again->setText(tr("Try again"));
    m_countdown->setText(
        tr("Too many wrong tries. The next one is possible in %n second(s).", nullptr, m_wait));
    showState();
}

void LockScreen::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void LockScreen::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    m_secret->setFocus();
}

} // namespace hearth::gui
