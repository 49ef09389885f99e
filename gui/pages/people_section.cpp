#include "gui/pages/people_section.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>
#include <QListView>
#include <QSignalBlocker>

#include "gui/delegates/people_delegates.h"
#include "gui/models/people_words.h"
#include "gui/pages/dialog_parts.h"
#include "gui/pages/profile_dialogs.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/fields.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/page_parts.h"

namespace hearth::gui {

using security::ProfileId;

namespace {

constexpr int kMostRows = 8; ///< shown without scrolling the list

} // namespace

PeopleSection::PeopleSection(Theme& theme, AccountsBridge& accounts, ToastHost& toasts, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_accounts(accounts), m_toasts(toasts),
      m_model(new ProfileListModel(this)), m_list(new QListView), m_error(new ErrorBox(theme)),
      m_detail(new Card(theme)), m_name(new SectionHeader(theme)),
      m_roleWords(new TextLabel(theme, TextRole::Small, ColourRole::Muted)), m_role(new ComboBox(theme)),
      m_rename(new Button(theme, ButtonKind::Plain)), m_disable(new Button(theme, ButtonKind::Plain)),
      m_reset(new Button(theme, ButtonKind::Plain)), m_anew(new Button(theme, ButtonKind::Danger)),
      m_erase(new Button(theme, ButtonKind::Danger)) {
    m_list->setObjectName(QStringLiteral("profiles"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ProfileDelegate(theme, m_list));
    dressCardList(m_list);
    m_error->setDismissable(true);
    m_role->setObjectName(QStringLiteral("changeRole"));
    m_rename->setObjectName(QStringLiteral("rename"));
    m_disable->setObjectName(QStringLiteral("disable"));
    m_reset->setObjectName(QStringLiteral("reset"));
    m_anew->setObjectName(QStringLiteral("startAnew"));
    m_erase->setObjectName(QStringLiteral("erase"));
    m_roleWords->setWordWrap(true);

    auto* list = new Card(theme);
    list->body()->addWidget(m_list);
    auto* first = new QHBoxLayout;
    first->addWidget(m_role);
    first->addWidget(m_roleWords, 1);
    auto* second = new QHBoxLayout;
    for (Button* button : {m_rename, m_disable, m_reset})
        second->addWidget(button);
    second->addStretch(1);
    for (Button* button : {m_anew, m_erase})
        second->addWidget(button);
    m_detail->body()->addWidget(m_name);
    m_detail->body()->addLayout(first);
    m_detail->body()->addLayout(second);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(4));
    column->addWidget(m_error);
    column->addWidget(list);
    column->addWidget(m_detail);
    column->addStretch(1);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &PeopleSection::showChosen);
    connect(&accounts, &AccountsBridge::profilesChanged, this, &PeopleSection::showPeople);
    connect(m_role, &QComboBox::activated, this, [this](int index) {
        const auto role = static_cast<security::Role>(index);
        if (const auto* profile = chosen())
            change(
                profile->id,
                [role](AccountsDesk& desk, ProfileId id) {
                    return desk.accounts.setRole(desk.actor, id, role);
                },
                tr("The role is changed."));
    });
    connect(m_rename, &QAbstractButton::clicked, this, [this] {
        if (const auto* profile = chosen())
            (new RenameDialog(m_theme, m_accounts, *profile, window()))->open();
    });
    connect(m_disable, &QAbstractButton::clicked, this, [this] {
        const auto* profile = chosen();
        if (!profile)
            return;
        const bool disable = !profile->disabled;
        change(
            profile->id,
            [disable](AccountsDesk& desk, ProfileId id) {
                return desk.accounts.setDisabled(desk.actor, id, disable);
            },
            disable ? tr("The profile cannot sign in any more.") : tr("The profile can sign in again."));
    });
    connect(m_reset, &QAbstractButton::clicked, this, [this] {
        if (const auto* profile = chosen()) // the list may be another one when the question is answered
            openQuestion(
                this, "profileQuestion", tr("Take the password away"),
                tr("%1 then signs in with the recovery key and chooses a new password. Nothing is lost.")
                    .arg(QString::fromStdString(profile->name)),
                tr("Take it away"), [this, id = profile->id] {
                    change(
                        id,
                        [](AccountsDesk& desk, ProfileId person) {
                            return desk.accounts.resetPassword(desk.actor, person);
                        },
                        tr("The password is taken away."));
                });
    });
    connect(m_anew, &QAbstractButton::clicked, this, [this] {
        if (const auto* profile = chosen())
            (new NewProfileDialog(m_theme, m_accounts, *profile, window()))->open();
    });
    connect(m_erase, &QAbstractButton::clicked, this, [this] {
        const auto* profile = chosen();
        if (!profile)
            return;
        auto* dialog = new EraseDialog(m_theme, m_accounts, *profile, window());
        connect(dialog, &EraseDialog::erased, this,
                [this](const QString& name) { m_toasts.show(tr("%1 is erased.").arg(name)); });
        dialog->open();
    });
    retranslate();
    showPeople();
}

void PeopleSection::askNew() {
    auto* dialog = new NewProfileDialog(m_theme, m_accounts, window());
    connect(dialog, &NewProfileDialog::made, this,
            [this](const QString& name) { m_toasts.show(tr("The profile of %1 is made.").arg(name)); });
    dialog->open();
}

void PeopleSection::showPeople() {
    const auto& profiles = m_accounts.profiles();
    m_model->setProfiles(profiles, m_accounts.owner());
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0));
    fitCardList(m_list, kMostRows);
    showChosen();
}

const security::Profile* PeopleSection::chosen() const {
    return m_model->at(m_list->currentIndex().row());
}

void PeopleSection::showChosen() {
    const auto* profile = m_list->currentIndex().isValid() ? chosen() : nullptr;
    m_detail->setVisible(profile != nullptr);
    if (!profile)
        return;
    const bool self = profile->id == m_accounts.owner();
    m_name->setTexts(QString::fromStdString(profile->name), {});
    m_roleWords->setText(people_words::roleExplained(profile->role));
    {
        const QSignalBlocker quiet(m_role);
        m_role->setCurrentIndex(static_cast<int>(profile->role));
    }
    m_disable->setText(profile->disabled ? tr("Let sign in again") : tr("Disable"));
    m_disable->setVisible(!self);
    m_reset->setVisible(!self && profile->hasPassword);
    m_anew->setVisible(!self);
}

void PeopleSection::change(ProfileId id, Step step, const QString& done) {
    m_error->clear();
    m_accounts.change(
        this, [step = std::move(step), id](AccountsDesk& desk) { return step(desk, id); },
        [this, done](const Result<void>& result) {
            showChosen(); // a refused role goes back to what it is
            if (result)
                m_toasts.show(done);
            else
                m_error->showError(result.error());
        });
}

void PeopleSection::retranslate() {
    m_list->setAccessibleName(tr("Profiles"));
    m_role->setAccessibleName(tr("Role"));
    {
        const QSignalBlocker quiet(m_role);
        const int before = m_role->currentIndex();
        m_role->clear();
        for (int role = 0; role < security::kRoles; ++role)
            m_role->addItem(people_words::role(static_cast<security::Role>(role)));
        m_role->setCurrentIndex(before);
    }
    m_rename->setText(tr("Rename…"));
    m_reset->setText(tr("Take the password away…"));
    m_anew->setText(tr("New keys…"));
    m_anew->setToolTip(tr("For somebody who lost both password and recovery key; their chats are lost."));
    m_erase->setText(tr("Erase…"));
    showChosen();
    m_list->viewport()->update();
}

void PeopleSection::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace hearth::gui
