#include "gui/pages/privacy_mine.h"

#include <QDir>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "gui/pages/dialog_parts.h"
#include "gui/pages/secret_field.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "gui/widgets/setting_row.h"

namespace hearth::gui {

using security::Action;
using security::Purpose;
using security::Resource;

namespace {

constexpr int kDialogWidth = 440; ///< px at scale 1

} // namespace

MyDataCard::MyDataCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "myData"), m_export(new Button(theme, ButtonKind::Plain)),
      m_erase(new Button(theme, ButtonKind::Danger)), m_exportRow(new SettingRow(theme, m_export)),
      m_eraseRow(new SettingRow(theme, m_erase)) {
    m_export->setIconName(QStringLiteral("export"));
    m_export->setObjectName(QStringLiteral("exportMe"));
    m_erase->setObjectName(QStringLiteral("eraseMe"));
    body()->addWidget(m_exportRow);
    body()->addWidget(new Divider(theme));
    body()->addWidget(m_eraseRow);
    connect(m_export, &QAbstractButton::clicked, this, &MyDataCard::askHow);
    connect(m_erase, &QAbstractButton::clicked, this, &MyDataCard::askToErase);
    retranslate();
}

void MyDataCard::retranslate() {
    m_title->setTexts(tr("My data"), tr("What Hearth keeps about you belongs to you."));
    m_export->setText(tr("Export…"));
    m_exportRow->setTexts(tr("A copy of everything about me"),
                          tr("Chats of all branches with the trash and drafts, profile, tokens, consents, "
                             "counts of use and what the log says you did, in one file: for reading, or as "
                             "JSON that Hearth and other programs read (GDPR 15 and 20, CCPA 1798.110, PIPL "
                             "45)."));
    m_erase->setText(single() ? tr("Erase all chats…") : tr("Erase me…"));
    m_eraseRow->setTexts(
        tr("Erasure"),
        single() ? tr("Overwrites and removes all chats and their backups. Without a password, disks that "
                      "write elsewhere may keep former blocks; encrypted chats do not have this problem.")
                 : tr("Destroys your keys first, so that nothing of yours can be read any more, then your "
                      "chats, backups and profile (GDPR 17, CCPA 1798.105, PIPL 47)."));
}

void MyDataCard::refresh() {
    m_export->setEnabled(rights().own(Action::Export, Resource::PersonalData));
    m_erase->setEnabled(rights().own(Action::Remove, Resource::PersonalData));
    retranslate();
}

void MyDataCard::askHow() {
    auto* dialog = new ExportDialog(m_theme, this);
    connect(&m_bridge.accounts(), &AccountsBridge::aboutToLock, dialog, &QWidget::close);
    connect(dialog, &ExportDialog::chosen, this,
            [this](bool forReading, const std::shared_ptr<security::SecureBytes>& password) {
                askWhere(tr("Export everything about me"),
                         password     ? QStringLiteral("hearth-me.sealed")
                         : forReading ? QStringLiteral("hearth-me.md")
                                      : QStringLiteral("hearth-me.json"),
                         [this, forReading, password](const QString& path) {
                             exportTo(path, forReading,
                                      password ? std::optional(std::move(*password)) : std::nullopt);
                         });
            });
    dialog->open();
}

void MyDataCard::exportTo(const QString& path, bool forReading,
                          std::optional<security::SecureBytes> password) {
    m_error->clear();
    m_export->setEnabled(false);
    const bool sealed = password.has_value();
    const auto language = chinese() ? security::RecordLanguage::Chinese : security::RecordLanguage::English;
    const auto reading = forReading ? std::optional(language) : std::nullopt;
    m_bridge.exportPerson(this, path, reading, std::move(password), [this, path, sealed](const auto& done) {
        m_export->setEnabled(true);
        if (done)
            m_error->showText(ErrorBox::Severity::Info, tr("The copy was written"),
                              QDir::toNativeSeparators(path),
                              sealed ? tr("\"hearthctl privacy open\" opens it with the password.")
                                     : tr("Everybody who gets the file can read it."));
        else
            showFailure(done.error());
        Q_EMIT exported(done.has_value());
    });
}

void MyDataCard::askToErase() {
    ask("askErase", single() ? tr("Erase all chats?") : tr("Erase yourself?"),
        single() ? tr("All chats, drafts and backups are overwritten. Nobody can bring them back.")
                 : tr("Your keys, chats, backups and your profile are destroyed. Nobody can bring them back, "
                      "not even with your password or recovery key."),
        tr("Erase"), [this] { erase(); });
}

void MyDataCard::erase() {
    m_error->clear();
    const auto done = [this](const Result<void>& result) {
        if (!result)
            showFailure(result.error());
        else if (single())
            m_error->showText(ErrorBox::Severity::Info, tr("All chats were erased"), {});
    };
    if (single())
        m_bridge.eraseSinglePerson(this, done);
    else
        m_bridge.erasePerson(this, done);
}

ExportDialog::ExportDialog(Theme& theme, QWidget* parent)
    : QDialog(parent), m_form(new SegmentedControl(theme, tr("What the copy is for"))),
      m_how(new SegmentedControl(theme, tr("Protection"))),
      m_about(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_word(new TextLabel(theme, TextRole::Body, ColourRole::Text)),
      m_password(new NewPasswordFields(theme)), m_save(new Button(theme, ButtonKind::Primary)),
      m_cancel(new Button(theme, ButtonKind::Plain)) {
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export everything about me"));
    m_form->setObjectName(QStringLiteral("exportForm"));
    m_form->setChoices({tr("Data for programs"), tr("Document to read")});
    m_how->setObjectName(QStringLiteral("exportHow"));
    m_how->setChoices({tr("Sealed with a password"), tr("Readable")});
    m_about->setWordWrap(true);
    m_word->setWordWrap(true);
    m_save->setText(tr("Choose a file…"));
    m_save->setObjectName(QStringLiteral("exportChoose"));
    m_cancel->setText(tr("Cancel"));
    auto* column = dressDialog(this, theme, kDialogWidth);
    column->addWidget(m_form);
    column->addWidget(m_about);
    column->addWidget(m_how);
    column->addWidget(m_word);
    column->addWidget(m_password);
    column->addLayout(dialogButtons({m_cancel, m_save}));
    connect(m_form, &SegmentedControl::chosen, this, [this] { show(m_how->currentIndex()); });
    connect(m_how, &SegmentedControl::chosen, this, &ExportDialog::show);
    connect(m_password, &NewPasswordFields::edited, this, [this] { show(m_how->currentIndex()); });
    connect(m_cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_save, &QAbstractButton::clicked, this, [this] {
        std::shared_ptr<security::SecureBytes> password;
        if (m_how->currentIndex() == 0) {
            auto taken = m_password->take();
            if (!taken)
                return;
            password = std::make_shared<security::SecureBytes>(std::move(*taken));
        }
        Q_EMIT chosen(m_form->currentIndex() == 1, password);
        accept();
    });
    show(0);
}

void ExportDialog::show(int how) {
    m_about->setText(m_form->currentIndex() == 1
                         ? tr("A document (Markdown) with the versions of your chats that you see.")
                         : tr("JSON with every branch of your chats. Hearth can take them in again."));
    m_password->setVisible(how == 0);
    m_word->setText(how == 0
                        ? tr("The file opens only with this password. Nobody can find it out for you.")
                        : tr("Everybody who gets the file can read all your chats. Keep it in a safe place, "
                             "and delete it when it is not needed any more."));
    m_save->setEnabled(how == 1 || m_password->isUsable());
}

ConsentCard::ConsentCard(Theme& theme, PrivacyBridge& bridge) : PrivacyCard(theme, bridge, "consents") {
    for (int i = 0; i < security::kPurposes; ++i) {
        const auto purpose = static_cast<Purpose>(i);
        Line line{nullptr, nullptr, nullptr};
        if (factsOf(purpose).optional) {
            line.toggle = new Toggle(theme);
            line.toggle->setObjectName(QStringLiteral("consent-") +
                                       QString::fromStdString(std::string(nameOf(purpose))));
            line.row = new SettingRow(theme, line.toggle);
            line.toggle->setEnabled(false); // until what was said was read
            connect(line.toggle, &QAbstractButton::clicked, this, [this, purpose](bool given) {
                m_error->clear();
                ++m_clicks;
                m_bridge.request(
                    this,
                    [purpose, given](workbench::PrivacyOffice& office, AccountsDesk& desk) {
                        return office.setConsent(desk.actor, purpose, given);
                    },
                    [this](const Result<void>& done) {
                        if (!done)
                            showFailure(done.error());
                        refresh();
                    });
            });
        } else {
            line.word = new TextLabel(theme, TextRole::Small, ColourRole::Muted);
            line.row = new SettingRow(theme, line.word);
        }
        if (i > 0)
            body()->addWidget(new Divider(theme));
        body()->addWidget(line.row);
        m_lines.push_back(line);
    }
    retranslate();
}

void ConsentCard::retranslate() {
    m_title->setTexts(tr("What data is used for"),
                      tr("Nothing leaves this machine. What you may refuse has a switch; it works at once."));
    const std::pair<QString, QString> words[] = {
        {tr("Keeping chats"), tr("So that they can be read and continued. You asked for it by chatting "
                                 "(GDPR 6(1)(b), PIPL 13(2)).")},
        {tr("Accounts"), tr("Names, roles and keys, to keep people's chats from each other (GDPR 6(1)(b)).")},
        {tr("Audit log"), tr("Who did what and when, never content; for security (GDPR 6(1)(f), PIPL 51).")},
        {tr("Automatic backups"),
         tr("Copies once a day, sealed where there is a password. You may object (GDPR 21, PIPL 44); copies "
            "that were made stay until you remove them.")},
        {tr("Usage figures"), tr("Being counted in differentially private figures for administrators. With "
                                 "your consent only (GDPR 6(1)(a), PIPL 13(1)); withdrawing it forgets your "
                                 "counts.")}};
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        m_lines[i].row->setTexts(words[i].first, words[i].second);
        if (m_lines[i].word)
            m_lines[i].word->setText(tr("Needed"));
    }
}

void ConsentCard::refresh() {
    if (!rights().own(Action::View, Resource::PersonalData))
        return;
    m_bridge.request(
        this,
        [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.consents(desk.actor); },
        [this,
         clicks = m_clicks](const Result<std::array<security::Consent, security::kPurposes>>& consents) {
            if (!consents)
                return showFailure(consents.error());
            if (clicks != m_clicks)
                return; // read before the last click; what follows from that is read next
            for (std::size_t i = 0; i < m_lines.size(); ++i)
                if (m_lines[i].toggle) {
                    const QSignalBlocker quiet(m_lines[i].toggle);
                    m_lines[i].toggle->setEnabled(true);
                    m_lines[i].toggle->setChecked((*consents)[i].given);
                    m_lines[i].toggle->setToolTip((*consents)[i].sinceMs
                                                      ? tr("Since %1").arg(timeText((*consents)[i].sinceMs))
                                                      : QString());
                }
        });
}

} // namespace hearth::gui
