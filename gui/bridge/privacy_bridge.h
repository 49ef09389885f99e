#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>

#include <QObject>
#include <QString>
#include <QTimer>

#include "engine/security/privacy/person_export.h"
#include "engine/workbench/privacy_office.h"
#include "engine/workbench/retention.h"
#include "gui/bridge/accounts_bridge.h"
#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

/// Rights over one's data, backups, the audit log and compliance, as the window sees them: requests go to the
/// accounts thread and, where chats are read, to the store thread; answers come back in the GUI thread. Lives
/// in the GUI thread; `accounts` and `history` outlive it.
class PrivacyBridge : public QObject {
    Q_OBJECT

public:
    PrivacyBridge(AccountsBridge& accounts, HistoryBridge& history, workbench::DataPaths files,
                  QString program, QObject* parent = nullptr);

    /// Runs `work(PrivacyOffice&, AccountsDesk&)`, which returns a Result, in the accounts thread, then
    /// `done(result)` here, on the terms of AccountsBridge::request().
    template <class Work, class Done>
    void request(QObject* context, Work work, Done done) {
        using R = std::invoke_result_t<Work, workbench::PrivacyOffice&, AccountsDesk&>;
        m_accounts.request(
            context,
            [files = m_files, work = std::move(work)](AccountsDesk& desk) mutable -> R {
                auto office = workbench::PrivacyOffice::open(desk.accounts, files);
                if (!office)
                    return tl::unexpected<Error>(std::move(office).error());
                return work(**office, desk);
            },
            std::move(done));
    }

    [[nodiscard]] AccountsBridge& accounts() { return m_accounts; }
    [[nodiscard]] HistoryBridge& history() { return m_history; }
    [[nodiscard]] const QString& program() const { return m_program; } ///< "Hearth 0.3.0"

    using Done = std::function<void(Result<void>)>;
    /// Everything about who is before the window into one file, as JSON or for reading in a language; sealed
    /// with the password or, when there is none, readable.
    void exportPerson(QObject* context, const QString& path, std::optional<security::RecordLanguage> reading,
                      std::optional<security::SecureBytes> password, Done done);

    using Previews = std::vector<security::KeptPreview>;
    /// What these rules would delete, one preview for each: of the chats of who is before the window, and of
    /// the rest.
    void previewRetention(QObject* context, security::RetentionRules rules,
                          std::function<void(Result<Previews>)> done);
    /// Deletes what was shown; returns how many things went. The first error stops it.
    void applyRetention(QObject* context, Previews shown, std::function<void(Result<std::size_t>)> done);

    /// Closes the chats, puts a backup in their place and opens them again, whatever happened.
    void restore(QObject* context, const std::filesystem::path& backup, Done done);
    /// The same for saving what can be read of a damaged history.
    void repair(QObject* context, std::function<void(Result<workbench::Repaired>)> done);
    /// And for setting it aside, so that the chats begin anew.
    void beginAnew(QObject* context, Done done);
    /// And for overwriting the chats and backups of single-person time.
    void eraseSinglePerson(QObject* context, Done done);
    /// Destroys the keys and files of who is signed in; the window locks.
    void erasePerson(QObject* context, Done done);

    /// Counts for the figures about use, where the person agreed; a failure is not worth a word to them.
    void count(security::Measure measure, qint64 amount = 1);
    void countAnswer(qint64 tokens, qint64 seconds);
    void countModel(const std::filesystem::path& model);
    /// Releases a week of figures that tells the library's models apart.
    void releaseWeek(QObject* context, std::int64_t monday, Done done);

    /// What happens by itself soon after the start and then every hour, for who is before the window: a
    /// backup when one is due, and the rules for how long things stay. Nothing while locked.
    void dailyRound();

Q_SIGNALS:
    void backupsChanged();
    void closingHistory();  ///< the chats are closed for a moment: what is not yet written is written now
    void historyReplaced(); ///< they are being opened again and may be others
    /// An automatic backup failed: something that must be told.
    void backupFailed(const hearth::Error& error);
    void retentionFailed(const hearth::Error& error); ///< the same of rules for how long things stay
    /// Chats are dated after now, so that rules spare them: told to each person once.
    void datedAhead(int count, qint64 newestMs);
    void jobsRemoved(); ///< a rule took records of jobs out

private:
    enum class Afterwards { OpenAgain, StayClosedWhenDone };
    /// Runs `work` in the accounts thread while nobody has the chats open.
    template <class R>
    void whileClosed(QObject* context, std::function<R(workbench::PrivacyOffice&, AccountsDesk&)> work,
                     std::function<void(R)> done, Afterwards afterwards = Afterwards::OpenAgain);
    void keepRules();
    void keepRulesOfChats(security::RetentionRules rules);
    void announceRemoved(const workbench::Retention::Removed& removed);
    void announceAhead(const Previews& chats);

    AccountsBridge& m_accounts;
    HistoryBridge& m_history;
    const workbench::DataPaths m_files;
    const QString m_program;
    QTimer m_hourly;
    std::set<security::ProfileId> m_toldAhead; ///< since the start of the program
};

} // namespace hearth::gui
