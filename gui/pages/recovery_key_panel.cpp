#include "gui/pages/recovery_key_panel.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QPointer>
#include <QVBoxLayout>

#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

namespace {

constexpr qsizetype kHalf = 19; ///< characters of four groups with their hyphens, where the line is broken

} // namespace

RecoveryKeyPanel::RecoveryKeyPanel(Theme& theme, QWidget* parent)
    : QWidget(parent), m_title(new SectionHeader(theme)),
      m_key(new TextLabel(theme, TextRole::Code, ColourRole::Text)),
      m_advice(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_typed(new SecretField(theme)),
      m_error(new ErrorBox(theme)), m_check(new Button(theme, ButtonKind::Primary)),
      m_later(new Button(theme, ButtonKind::Ghost)) {
    m_key->setObjectName(QStringLiteral("recoveryKey"));
    m_key->setAlignment(Qt::AlignCenter);
    m_typed->setObjectName(QStringLiteral("recoveryTyped"));
    m_typed->setShown(true); // it stands on paper beside the keyboard; dots would only hide slips
    m_check->setObjectName(QStringLiteral("recoveryCheck"));
    m_later->setObjectName(QStringLiteral("recoveryLater"));
    m_advice->setWordWrap(true);
    auto* frame = new QVBoxLayout;
    frame->addWidget(m_key);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_later);
    buttons->addStretch(1);
    buttons->addWidget(m_check);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(3));
    column->addWidget(m_title);
    column->addLayout(frame);
    column->addWidget(m_advice);
    column->addWidget(m_typed);
    column->addWidget(m_error);
    column->addLayout(buttons);
    setFocusProxy(m_typed);
    connect(m_check, &QAbstractButton::clicked, this, &RecoveryKeyPanel::submit);
    connect(m_typed, &QLineEdit::returnPressed, this, &RecoveryKeyPanel::submit);
    connect(m_typed, &QLineEdit::textEdited, m_error, &ErrorBox::clear);
    connect(m_later, &QAbstractButton::clicked, this, &RecoveryKeyPanel::skipped);
    retranslate();
}

void RecoveryKeyPanel::show(const security::SecureBytes& key, Test test) {
    QString text = QString::fromUtf8(key.text().data(), static_cast<qsizetype>(key.text().size()));
    if (text.size() > kHalf)
        text[kHalf] = QLatin1Char('\n'); // in place of the hyphen; two lines are easier to copy by hand
    m_key->setText(text);
    m_test = std::move(test);
    retranslate();
}

void RecoveryKeyPanel::ask(Test test) {
    m_key->clear();
    m_test = std::move(test);
    retranslate();
}

void RecoveryKeyPanel::submit() {
    if (m_busy || !m_test || m_typed->text().isEmpty())
        return;
    auto typed = m_typed->copy();
    if (!typed) {
        m_error->showError(typed.error());
        return;
    }
    m_busy = true;
    m_check->setEnabled(false);
    m_typed->setReadOnly(true); // the answer is about what stands there
    m_test(std::move(*typed), [this, self = QPointer(this)](const Result<void>& right) {
        if (!self)
            return;
        m_busy = false;
        m_check->setEnabled(true);
        m_typed->setReadOnly(false);
        if (!right) {
            m_error->showError(right.error());
            m_typed->selectAll();
            m_typed->setFocus();
            return;
        }
        m_typed->wipe();
        m_key->clear();
        Q_EMIT tested();
    });
}

void RecoveryKeyPanel::retranslate() {
    const bool shows = !m_key->text().isEmpty();
    m_key->setVisible(shows);
    m_key->setAccessibleName(tr("Recovery key"));
    m_title->setTexts(
        shows ? tr("Your recovery key") : tr("Test the recovery key"),
        shows ? tr("It opens the chats when the password is forgotten, and it is shown only now. Write it on "
                   "paper and keep it apart from this computer. Who loses both password and recovery key "
                   "loses the chats: nobody can open them.")
              : tr("Type the key that was shown when the profile was made. Nothing is changed."));
    m_advice->setText(shows ? tr("Type it in from the paper, to be sure that what you wrote down is right:")
                            : QString());
    m_advice->setVisible(shows);
    m_typed->setName(tr("Recovery key"));
    m_check->setText(tr("Test"));
    m_later->setText(shows ? tr("Test it later") : tr("Close"));
}

void RecoveryKeyPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
