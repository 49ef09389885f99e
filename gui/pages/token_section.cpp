#include "gui/pages/token_section.h"

#include <algorithm>
#include <utility>

#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QSignalBlocker>

#include "gui/delegates/people_delegates.h"
#include "gui/models/people_words.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/page_parts.h"

namespace hearth::gui {

namespace {

constexpr int kDays[] = {30, 90, 365, 0}; ///< how long a key is valid; 0 = until it is ended
constexpr qint64 kDayMs = 86'400'000;
constexpr int kMostRows = 6; ///< shown without scrolling the list

struct Known {
    std::vector<security::TokenInfo> tokens;
    std::vector<security::Profile> profiles;
};

} // namespace

TokenSection::TokenSection(Theme& theme, AccountsBridge& accounts, ToastHost& toasts, QWidget* parent)
    : Card(theme, parent), m_accounts(accounts), m_toasts(toasts), m_model(new TokenListModel(this)),
      m_title(new SectionHeader(theme)), m_list(new QListView),
      m_none(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_name(new QLineEdit),
      m_scope(new ComboBox(theme)), m_days(new ComboBox(theme)), m_make(new Button(theme, ButtonKind::Plain)),
      m_end(new Button(theme, ButtonKind::Danger)), m_copy(new Button(theme, ButtonKind::Plain)),
      m_hide(new Button(theme, ButtonKind::Ghost)), m_fresh(new Card(theme)),
      m_freshTitle(new TextLabel(theme, TextRole::Strong, ColourRole::Text)),
      m_key(new TextLabel(theme, TextRole::Code, ColourRole::Text)), m_error(new ErrorBox(theme)) {
    setObjectName(QStringLiteral("tokenSection"));
    m_list->setObjectName(QStringLiteral("tokens"));
    m_name->setObjectName(QStringLiteral("tokenName"));
    m_name->setMaxLength(64);
    m_scope->setObjectName(QStringLiteral("tokenScope"));
    m_days->setObjectName(QStringLiteral("tokenDays"));
    m_make->setObjectName(QStringLiteral("tokenMake"));
    m_end->setObjectName(QStringLiteral("tokenEnd"));
    m_key->setObjectName(QStringLiteral("tokenKey"));
    m_hide->setObjectName(QStringLiteral("tokenHide"));
    bindFont(m_name, theme, TextRole::Body);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TokenDelegate(theme, m_list));
    dressCardList(m_list);
    m_key->setWordWrap(true);
    m_key->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_fresh->setGround(ColourRole::AccentSoft);
    m_fresh->hide();
    auto* freshButtons = new QHBoxLayout;
    freshButtons->addWidget(m_copy);
    freshButtons->addWidget(m_hide);
    freshButtons->addStretch(1);
    m_fresh->body()->addWidget(m_freshTitle);
    m_fresh->body()->addWidget(m_key);
    m_fresh->body()->addLayout(freshButtons);
    auto* form = new QHBoxLayout;
    form->addWidget(m_scope);
    form->addWidget(m_days);
    form->addStretch(1);
    form->addWidget(m_make);
    body()->addWidget(m_title);
    body()->addWidget(m_error);
    body()->addWidget(m_fresh);
    body()->addWidget(m_none);
    body()->addWidget(m_list);
    body()->addWidget(m_end, 0, Qt::AlignLeft);
    body()->addWidget(m_name);
    body()->addLayout(form);

    connect(m_make, &QAbstractButton::clicked, this, &TokenSection::make);
    connect(m_name, &QLineEdit::returnPressed, this, &TokenSection::make);
    connect(m_name, &QLineEdit::textChanged, this, [this] { showChosen(); });
    connect(m_end, &QAbstractButton::clicked, this, &TokenSection::end);
    connect(m_copy, &QAbstractButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_key->text());
        m_toasts.show(tr("The key was copied. Locking empties the clipboard."));
    });
    connect(m_hide, &QAbstractButton::clicked, this, [this] {
        m_key->clear();
        m_fresh->hide();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &TokenSection::showChosen);
    retranslate();
    read();
}

void TokenSection::read() {
    m_accounts.request(
        this,
        [](AccountsDesk& desk) -> Result<Known> {
            Known out;
            HEARTH_TRY(const auto tokens, desk.accounts.identity().tokens());
            for (const security::TokenInfo& token : tokens) {
                HEARTH_TRY(const bool visible,
                           desk.accounts.gate().allows(
                               desk.actor, security::Action::View,
                               workbench::Target::of(security::Resource::Token, token.profile)));
                if (visible)
                    out.tokens.push_back(token);
            }
            HEARTH_TRY(out.profiles, desk.accounts.identity().profiles());
            return out;
        },
        [this](Result<Known> known) {
            if (!known) {
                m_error->showError(known.error());
                return;
            }
            m_model->setTokens(std::move(known->tokens), std::move(known->profiles),
                               QDateTime::currentMSecsSinceEpoch());
            fitCardList(m_list, kMostRows);
            showChosen();
        });
}

void TokenSection::make() {
    const QString name = m_name->text().trimmed();
    if (name.isEmpty() || m_making)
        return;
    m_making = true; // a second click would make a key that is never shown
    const int days = m_days->currentData().toInt();
    const qint64 expires = days ? QDateTime::currentMSecsSinceEpoch() + days * kDayMs : 0;
    m_error->clear();
    m_accounts.request(
        this,
        [name = name.toStdString(), scope = static_cast<security::TokenScope>(m_scope->currentData().toInt()),
         expires](AccountsDesk& desk) {
            return desk.accounts.createToken(desk.actor, desk.actor.profile, name, scope, expires);
        },
        [this, name](const Result<security::SecureBytes>& key) {
            m_making = false;
            if (!key) {
                m_error->showError(key.error());
                return;
            }
            if (m_name->text().trimmed() == name)
                m_name->clear();
            m_key->setText(QString::fromUtf8(key->text().data(), static_cast<qsizetype>(key->text().size())));
            m_fresh->show();
            read();
        });
}

void TokenSection::end() {
    const auto* token = m_model->at(m_list->currentIndex().row());
    if (!token)
        return;
    m_error->clear();
    m_accounts.request(
        this, [id = token->id](AccountsDesk& desk) { return desk.accounts.revokeToken(desk.actor, id); },
        [this](const Result<void>& done) {
            if (done)
                m_toasts.show(tr("The key opens nothing any more."));
            else
                m_error->showError(done.error());
            read();
        });
}

void TokenSection::showChosen() {
    const QModelIndex index = m_list->currentIndex();
    m_none->setVisible(m_model->rowCount() == 0);
    m_list->setVisible(m_model->rowCount() > 0);
    m_end->setVisible(m_model->rowCount() > 0);
    m_end->setEnabled(index.isValid() && index.data(TokenListModel::UsableRole).toBool());
    m_make->setEnabled(!m_name->text().trimmed().isEmpty());
}

void TokenSection::retranslate() {
    m_title->setTexts(tr("Keys for programs"),
                      tr("With a key, the terminal and other programs use models in your name. It opens no "
                         "chat. Only its fingerprint is kept: it is shown once."));
    m_none->setText(tr("There are no keys yet."));
    m_list->setAccessibleName(tr("Keys for programs"));
    m_name->setPlaceholderText(tr("What it is for"));
    m_name->setAccessibleName(m_name->placeholderText());
    {
        const QSignalBlocker quiet(m_scope);
        const int before = std::max(1, m_scope->currentIndex()); // answers of models, to begin with
        m_scope->clear();
        for (const auto scope :
             {security::TokenScope::Read, security::TokenScope::Chat, security::TokenScope::Manage})
            m_scope->addItem(people_words::tokenScope(scope), static_cast<int>(scope));
        m_scope->setCurrentIndex(before);
    }
    {
        const QSignalBlocker quiet(m_days);
        const int before = std::max(0, m_days->currentIndex());
        m_days->clear();
        for (const int days : kDays)
            m_days->addItem(days ? tr("%n day(s)", nullptr, days) : tr("Until it is ended"), days);
        m_days->setCurrentIndex(before);
    }
    m_scope->setAccessibleName(tr("What it may do"));
    m_days->setAccessibleName(tr("How long it is valid"));
    m_make->setText(tr("Make a key"));
    m_end->setText(tr("End this key"));
    m_freshTitle->setText(tr("The new key, shown only now:"));
    m_copy->setText(tr("Copy"));
    m_hide->setText(tr("Hide"));
    showChosen();
    m_list->viewport()->update();
}

void TokenSection::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    Card::changeEvent(event);
}

} // namespace hearth::gui
