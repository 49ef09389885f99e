#include "gui/pages/privacy_backups.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include "gui/theme/human.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/error_text.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

namespace hearth::gui {

using security::Action;
using security::Resource;
using workbench::BackupReason;

namespace {
constexpr std::size_t kShownAtFirst = 5;
}

BackupsCard::BackupsCard(Theme& theme, PrivacyBridge& bridge)
    : PrivacyCard(theme, bridge, "backups"), m_make(new Button(theme, ButtonKind::Plain)),
      m_all(new Button(theme, ButtonKind::Ghost)),
      m_none(new TextLabel(theme, TextRole::Body, ColourRole::Muted)), m_grid(grid()) {
    m_make->setObjectName(QStringLiteral("backUpNow"));
    m_all->setObjectName(QStringLiteral("allBackups"));
    m_grid->setColumnStretch(0, 1);
    body()->addWidget(m_none);
    body()->addLayout(m_grid);
    auto* line = new QHBoxLayout;
    line->addWidget(m_make);
    line->addWidget(m_all);
    line->addStretch(1);
    body()->addLayout(line);
    connect(&bridge, &PrivacyBridge::backupsChanged, this, &BackupsCard::refresh);
    connect(&bridge, &PrivacyBridge::backupFailed, this, &BackupsCard::showFailure);
    connect(m_all, &QAbstractButton::clicked, this, [this] {
        m_showAll = !m_showAll;
        refresh();
    });
    connect(m_make, &QAbstractButton::clicked, this, [this] {
        m_error->clear();
        m_make->setEnabled(false);
        m_bridge.request(
            this,
            [](workbench::PrivacyOffice& office, AccountsDesk& desk) {
                return office.backUp(desk.actor, desk.session, desk.stop);
            },
            [this](const Result<workbench::BackupFile>& made) {
                m_make->setEnabled(true);
                if (!made)
                    showFailure(made.error());
                refresh();
            });
    });
    retranslate();
}

void BackupsCard::retranslate() {
    m_title->setTexts(
        tr("Backups"),
        single() ? tr("Copies of your chats: one a day for a week, then one a week for a month. They are "
                      "readable, like the chats.")
                 : tr("Copies of your chats, sealed with your own key: one a day for a week, then one a week "
                      "for a month. Erasing you destroys them too."));
    m_make->setText(tr("Back up now"));
    m_none->setText(m_mayMake ? tr("There is no backup yet. The first one is made by itself.")
                              : tr("There is no backup."));
    m_all->setText(m_showAll ? tr("Fewer") : tr("All backups"));
}

void BackupsCard::refresh() {
    setVisible(rights().own(Action::View, Resource::Backup));
    if (!rights().own(Action::View, Resource::Backup))
        return;
    retranslate();
    m_bridge.request(
        this, [](workbench::PrivacyOffice& office, AccountsDesk& desk) { return office.backups(desk.actor); },
        [this](const Result<std::vector<workbench::BackupFile>>& backups) {
            if (!backups)
                return showFailure(backups.error());
            show(*backups);
            Q_EMIT listed(static_cast<int>(backups->size()));
        });
}

QString BackupsCard::reasonWord(BackupReason reason) {
    switch (reason) {
    case BackupReason::Automatic:
        return tr("Automatic");
    case BackupReason::Manual:
        return tr("By hand");
    case BackupReason::BeforeRestore:
        return tr("Before a restore");
    case BackupReason::BeforeMigration:
        return tr("Before an update");
    case BackupReason::BeforeSealing:
        return tr("Before sealing");
    }
    return {};
}

void BackupsCard::show(const std::vector<workbench::BackupFile>& backups) {
    empty(m_grid);
    m_none->setVisible(backups.empty());
    m_make->setVisible(m_mayMake);
    m_all->setVisible(backups.size() > kShownAtFirst);
    const bool mayRemove = rights().own(Action::Remove, Resource::Backup);
    const bool mayRestore = rights().own(Action::Change, Resource::Conversation);
    int row = 0;
    for (const workbench::BackupFile& each : backups) {
        if (!m_showAll && row >= static_cast<int>(kShownAtFirst))
            break;
        m_grid->addWidget(new TextLabel(m_theme, TextRole::Body, ColourRole::Text, timeText(each.madeMs)),
                          row, 0);
        m_grid->addWidget(new Chip(m_theme, reasonWord(each.reason)), row, 1);
        m_grid->addWidget(new Chip(m_theme, each.sealed ? tr("Sealed") : tr("Readable"),
                                   each.sealed ? Chip::Kind::Good : Chip::Kind::Caution),
                          row, 2);
        m_grid->addWidget(
            new NumberLabel(m_theme, TextRole::Small, ColourRole::Muted, humanBytes(each.bytes)), row, 3,
            Qt::AlignRight);
        if (mayRestore) {
            auto* restore = new Button(m_theme, ButtonKind::Ghost, tr("Restore…"));
            restore->setObjectName(QStringLiteral("restore%1").arg(row));
            connect(restore, &QAbstractButton::clicked, this, [this, path = each.path] { look(path); });
            m_grid->addWidget(restore, row, 4);
        }
        if (mayRemove) {
            auto* remove = new IconButton(m_theme, QStringLiteral("trash"), tr("Remove this backup"),
                                          ButtonKind::Danger);
            remove->setObjectName(QStringLiteral("removeBackup%1").arg(row));
            connect(remove, &QAbstractButton::clicked, this, [this, path = each.path, time = each.madeMs] {
                ask("askRemoveBackup", tr("Remove this backup?"),
                    tr("The copy of %1 is overwritten and removed.").arg(timeText(time)), tr("Remove"),
                    [this, path] {
                        m_bridge.request(
                            this,
                            [path](workbench::PrivacyOffice& office, AccountsDesk& desk) {
                                return office.removeBackup(desk.actor, path);
                            },
                            [this](const Result<void>& done) {
                                if (!done)
                                    showFailure(done.error());
                                refresh();
                            });
                    });
            });
            m_grid->addWidget(remove, row, 5);
        }
        ++row;
    }
}

void BackupsCard::look(const std::filesystem::path& backup) {
    m_error->clear();
    m_bridge.request(
        this,
        [backup](workbench::PrivacyOffice& office, AccountsDesk& desk) {
            return office.preview(desk.actor, desk.session, backup, desk.stop);
        },
        [this, backup](const Result<workbench::RestorePreview>& preview) {
            if (!preview)
                return showFailure(preview.error());
            askToRestore(backup, *preview);
        });
}

QString BackupsCard::contentsText(const store::HistoryContents& contents) {
    QString text = tr("%n chats", nullptr, static_cast<int>(contents.conversations)) + QStringLiteral(" · ") +
                   tr("%n messages", nullptr, static_cast<int>(contents.messages)) + QStringLiteral(" · ") +
                   humanBytes(contents.bytes);
    if (contents.trashed > 0)
        text += QStringLiteral(" · ") + tr("%n in the trash", nullptr, static_cast<int>(contents.trashed));
    if (contents.firstMs && contents.lastMs)
        text += QStringLiteral("\n") +
                tr("from %1 to %2").arg(timeText(*contents.firstMs), timeText(*contents.lastMs));
    return text;
}

void BackupsCard::askToRestore(const std::filesystem::path& backup,
                               const workbench::RestorePreview& preview) {
    QString text = tr("The backup holds:") + QStringLiteral("\n") + contentsText(preview.backup);
    QStringList titles;
    for (const store::Conversation& each : preview.newest)
        titles << QStringLiteral("• ") +
                      (each.title.empty() ? tr("(no title)") : QString::fromStdString(each.title));
    if (!titles.isEmpty())
        text += QStringLiteral("\n") + titles.join(QLatin1Char('\n'));
    text += QStringLiteral("\n\n");
    if (preview.present)
        text += tr("It would replace:") + QStringLiteral("\n") + contentsText(*preview.present) +
                QStringLiteral("\n\n") + tr("What is there now becomes a backup first.");
    else if (preview.presentProblem)
        text += tr("The present chats cannot be read (%1). The damaged file is set aside, not deleted.")
                    .arg(errorText(*preview.presentProblem).title);
    else
        text += tr("There are no chats now.");
    ask("askRestore", tr("Put this backup back?"), text, tr("Restore"), [this, backup] {
        m_bridge.restore(this, backup, [this](const Result<void>& done) {
            if (done)
                m_error->showText(ErrorBox::Severity::Info, tr("The backup was put back"), {});
            else
                showFailure(done.error());
            Q_EMIT restored(done.has_value());
        });
    });
}

} // namespace hearth::gui
