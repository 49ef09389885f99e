#include "gui/pages/secret_field.h"

#include <algorithm>

#include <QAction>
#include <QEvent>
#include <QVBoxLayout>

#include "engine/security/crypto/password_hash.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::SecureBytes;

namespace {

constexpr int kMostLetters = 1024;               ///< UTF-16 units; below what a password may have in bytes
constexpr double kWeakBits = 45, kGoodBits = 65; ///< of passwordStrengthBits(), for the word beside the bar

} // namespace

SecretField::SecretField(Theme& theme, QWidget* parent)
    : QLineEdit(parent), m_theme(theme), m_show(addAction(QIcon(), QLineEdit::TrailingPosition)) {
    setMaxLength(kMostLetters);
    setContextMenuPolicy(Qt::NoContextMenu); // no undo, no copying of what is not shown
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase |
                        Qt::ImhHiddenText);
    m_show->setCheckable(true);
    connect(m_show, &QAction::toggled, this, &SecretField::setShown);
    connect(&theme, &Theme::changed, this, &SecretField::refresh);
    setShown(false);
    refresh();
}

void SecretField::setName(const QString& name) {
    setPlaceholderText(name);
    setAccessibleName(name);
}

void SecretField::setShown(bool shown) {
    setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    m_show->setChecked(shown);
}

Result<SecureBytes> SecretField::copy() const {
    QByteArray utf8 = text().toUtf8();
    auto out =
        SecureBytes::copyOf(security::viewOf({utf8.constData(), static_cast<std::size_t>(utf8.size())}));
    security::wipe(std::as_writable_bytes(std::span(utf8.data(), static_cast<std::size_t>(utf8.size()))));
    return out;
}

Result<SecureBytes> SecretField::take() {
    auto out = copy();
    wipe();
    return out;
}

void SecretField::wipe() {
    setText(QString(text().size(), QLatin1Char('x'))); // forgets the steps of undoing too
    clear();
    setShown(false);
}

void SecretField::refresh() {
    setFont(m_theme.font(TextRole::Body));
    m_show->setIcon(m_theme.icon(QStringLiteral("eye"), ColourRole::Muted, m_theme.smallIconSize()));
    m_show->setText(tr("Show what is typed"));
    m_show->setToolTip(m_show->text());
}

void SecretField::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        refresh();
    QLineEdit::changeEvent(event);
}

NewPasswordFields::NewPasswordFields(Theme& theme, QWidget* parent)
    : QWidget(parent), m_first(new SecretField(theme)), m_second(new SecretField(theme)),
      m_bar(new ProgressLine(theme)), m_hint(new TextLabel(theme, TextRole::Small, ColourRole::Muted)) {
    m_first->setObjectName(QStringLiteral("newPassword"));
    m_second->setObjectName(QStringLiteral("newPasswordAgain"));
    m_hint->setObjectName(QStringLiteral("passwordHint"));
    m_hint->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(2));
    for (QWidget* each : {static_cast<QWidget*>(m_first), static_cast<QWidget*>(m_bar),
                          static_cast<QWidget*>(m_second), static_cast<QWidget*>(m_hint)})
        column->addWidget(each);
    setFocusProxy(m_first);
    for (SecretField* field : {m_first, m_second})
        connect(field, &QLineEdit::textChanged, this, [this] {
            assess();
            Q_EMIT edited();
        });
    connect(m_first, &QLineEdit::returnPressed, m_second, qOverload<>(&QWidget::setFocus));
    connect(m_second, &QLineEdit::returnPressed, this, &NewPasswordFields::submitted);
    retranslate();
}

bool NewPasswordFields::isUsable() const {
    const auto password = m_first->copy();
    return password && security::checkNewPassword(password->bytes()) && m_first->text() == m_second->text();
}

Result<SecureBytes> NewPasswordFields::take() {
    auto out = m_first->take();
    m_second->wipe();
    return out;
}

void NewPasswordFields::wipe() {
    m_first->wipe();
    m_second->wipe();
}

void NewPasswordFields::assess() {
    const auto password = m_first->copy();
    const int letters = static_cast<int>(m_first->text().toUcs4().size());
    const int least = static_cast<int>(security::kLeastPasswordCharacters);
    m_bar->setVisible(letters > 0);
    if (!password || letters == 0) {
        m_hint->setText(tr("At least %n character(s). A sentence of several words is easy to remember and "
                           "hard to guess.",
                           nullptr, least));
        m_hint->setColour(ColourRole::Muted);
        return;
    }
    const double bits = security::passwordStrengthBits(password->bytes());
    m_bar->setFraction(std::clamp(bits / (1.3 * kGoodBits), 0.05, 1.0));
    const bool differ = !m_second->text().isEmpty() && m_second->text() != m_first->text();
    if (letters < least) {
        m_hint->setText(tr("%n more character(s)", nullptr, least - letters));
        m_bar->setColour(ColourRole::Bad);
        m_hint->setColour(ColourRole::BadText);
    } else if (differ) {
        m_hint->setText(tr("The two fields differ."));
        m_hint->setColour(ColourRole::BadText);
    } else if (bits < kWeakBits) {
        m_hint->setText(tr("Long enough, but easy to guess. Add words that do not belong together."));
        m_bar->setColour(ColourRole::Caution);
        m_hint->setColour(ColourRole::CautionText);
    } else if (bits < kGoodBits) {
        m_hint->setText(tr("Good."));
        m_bar->setColour(ColourRole::Good);
        m_hint->setColour(ColourRole::GoodText);
    } else {
        m_hint->setText(tr("Very good."));
        m_bar->setColour(ColourRole::Good);
        m_hint->setColour(ColourRole::GoodText);
    }
}

void NewPasswordFields::retranslate() {
    m_first->setName(tr("New password"));
    m_second->setName(tr("The same once more"));
    m_bar->setAccessibleName(tr("Strength of the password"));
    assess();
}

void NewPasswordFields::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
