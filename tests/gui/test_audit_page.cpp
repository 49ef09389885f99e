#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QTableView>

#include "gui/models/audit_words.h"
#include "tests/gui/privacy_bench.h"

using namespace hearth;
using namespace hearth::test;

/// The audit page: reading, filtering, exporting, verifying, and the words for what entries are about.
class TestAuditPage : public PrivacyBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void auditIsReadAsItIsScrolled() {
        const auto made = fillAudit(1000);
        QCOMPARE(made, std::string());
        m_audit = std::make_unique<AuditPage>(m_theme, *m_bridge);
        m_audit->resize(1100, 700);
        m_audit->show();
        auto* table = m_audit->findChild<QTableView*>(QStringLiteral("auditTable"));
        auto* model = qobject_cast<AuditModel*>(table->model());
        QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(model->rowCount(), 1000);
        QVERIFY(model->entry(0) && model->entry(0)->number == 1000);
        QVERIFY(!model->entry(900)); // not read before it is looked at
        table->scrollToBottom();
        QTRY_VERIFY(model->entry(999));
        QCOMPARE(model->entry(999)->number, 1);
        // Filters ask anew.
        auto* outcome = m_audit->findChild<QComboBox*>(QStringLiteral("auditOutcome"));
        outcome->setCurrentIndex(2);
        Q_EMIT outcome->activated(2);
        QTRY_COMPARE(model->rowCount(), 100);
        QCOMPARE(model->index(0, AuditModel::Outcome).data().toString(), QStringLiteral("Refused"));
        auto* what = m_audit->findChild<QComboBox*>(QStringLiteral("auditWhat"));
        what->setCurrentIndex(1);
        Q_EMIT what->activated(1);
        QTRY_COMPARE(model->rowCount(), 0);
        what->setCurrentIndex(4);
        Q_EMIT what->activated(4);
        QTRY_COMPARE(model->rowCount(), 100);
        QCOMPARE(model->index(0, AuditModel::What).data().toString(), QStringLiteral("Model used"));
    }

    /// Who comes with Tab sees where they are, whether or not an entry is chosen.
    void theEntryWithTheKeyboardIsSeen() {
        const auto made = fillAudit(3);
        QCOMPARE(made, std::string());
        m_audit = std::make_unique<AuditPage>(m_theme, *m_bridge);
        m_audit->resize(1100, 700);
        m_audit->show();
        m_audit->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_audit.get()));
        auto* table = m_audit->findChild<QTableView*>(QStringLiteral("auditTable"));
        QTRY_COMPARE(table->model()->rowCount(), 3);
        const auto ringed = [&](int row) {
            const int y = table->rowViewportPosition(row) + table->rowHeight(row) / 2;
            return table->viewport()->grab().toImage().pixelColor(1, y) == m_theme.colour(ColourRole::Accent);
        };
        QVERIFY(!ringed(0));
        table->setFocus(Qt::TabFocusReason);
        QVERIFY(ringed(0) && !ringed(1));
        QTest::keyClick(table, Qt::Key_Down);
        QVERIFY(!ringed(0) && ringed(1));
        m_audit->resize(m_theme.px(684), 700); // the outcome stays in sight
        QTRY_VERIFY(table->columnViewportPosition(AuditModel::Outcome) +
                        table->columnWidth(AuditModel::Outcome) <=
                    table->viewport()->width());
        QVERIFY(table->columnWidth(AuditModel::About) > m_theme.px(60));
    }

    void auditExportsWhatTheFilterShows() {
        QCOMPARE(fillAudit(50), std::string());
        openAudit();
        auto* outcome = m_audit->findChild<QComboBox*>(QStringLiteral("auditOutcome"));
        outcome->setCurrentIndex(2);
        Q_EMIT outcome->activated(2);
        auto* box = m_audit->findChild<ErrorBox*>(QStringLiteral("auditResult"));
        const QString csv = m_folder->filePath(QStringLiteral("log.csv"));
        m_audit->exportTo(security::AuditFormat::Csv, csv);
        QTRY_VERIFY(box->isVisibleTo(m_audit.get()));
        QCOMPARE(read(csv).count("\r\n"), 1 + 5);
        const QString json = m_folder->filePath(QStringLiteral("log.json"));
        m_audit->exportTo(security::AuditFormat::Json, json);
        QTRY_VERIFY(QFile::exists(json));
        QVERIFY(read(json).contains("hearth-audit"));
        QCOMPARE(auditCount("audit-log.export"), 2);
    }

    void verifyingNamesTheDamagedEntry() {
        QCOMPARE(fillAudit(30), std::string());
        openAudit();
        auto* box = m_audit->findChild<ErrorBox*>(QStringLiteral("auditResult"));
        QSignalSpy verified(m_audit.get(), &AuditPage::verified);
        button("auditVerify", m_audit.get())->click();
        QVERIFY(verified.wait(hearth::test::kPatience));
        QVERIFY(verified.back().front().toBool());
        QVERIFY(allText(*box).contains(QStringLiteral("Nothing was changed")));
        {
            auto connection =
                store::Connection::open(m_paths.data / "audit.db", store::Connection::Mode::ReadWrite);
            QVERIFY((*connection)->run("UPDATE entry SET object = x'41' WHERE number = 7").has_value());
            QVERIFY((*connection)->run("DELETE FROM entry WHERE number = 30").has_value());
        }
        button("auditVerify", m_audit.get())->click();
        QVERIFY(verified.wait(hearth::test::kPatience));
        QVERIFY(!verified.back().front().toBool());
        QVERIFY(allText(*box).contains(QStringLiteral("The log was changed")));
        auto* problems = m_audit->findChild<QWidget*>(QStringLiteral("auditProblems"));
        QVERIFY(problems->isVisibleTo(m_audit.get()));
        QVERIFY2(allText(*problems).contains(QStringLiteral("Entry 7")), qPrintable(allText(*problems)));
        QVERIFY(allText(*problems).contains(QStringLiteral("Entry 30")));
        // The entry that is meant is the one that is selected.
        auto* table = m_audit->findChild<QTableView*>(QStringLiteral("auditTable"));
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
    }

    void theAuditorExportsAndTheUserSeesNothing() {
        makePeople();
        enter(QStringLiteral("Otto"));
        openAudit();
        auto* table = m_audit->findChild<QTableView*>(QStringLiteral("auditTable"));
        QTRY_VERIFY(table->model()->rowCount() > 0);
        QVERIFY(button("auditExport", m_audit.get())->isVisibleTo(m_audit.get()));
        QTRY_VERIFY(table->model()->index(0, AuditModel::Who).data().toString() == QStringLiteral("Otto"));
        m_audit.reset();
        enter(QStringLiteral("Ann"));
        openAudit();
        QVERIFY(!button("auditExport", m_audit.get())->isVisibleTo(m_audit.get())); // sees, does not export
        m_audit.reset();
        enter(QStringLiteral("Uma-to-be-erased"));
        m_audit = std::make_unique<AuditPage>(m_theme, *m_bridge);
        m_audit->show();
        QTest::qWait(100);
        QCOMPARE(m_audit->findChild<QTableView*>(QStringLiteral("auditTable"))->model()->rowCount(), 0);
        QSignalSpy verified(m_audit.get(), &AuditPage::verified);
        m_audit->verify();
        QVERIFY(verified.wait(hearth::test::kPatience));
        QVERIFY(!verified.back().front().toBool());
        QVERIFY(shownError(*m_audit));
    }

    void whatEntriesAreAboutIsInWords_data() {
        QTest::addColumn<QByteArray>("note");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* note, const char* words) {
            QTest::newRow(note) << QByteArray(note) << QString::fromUtf8(words);
        };
        row("profile 3", "Otto");
        row("of profile 3", "Otto");
        row("profile 3 to auditor", "Otto: role Auditor");
        row("profile 3 disabled", "Otto: disabled");
        row("profile 3 enabled", "Otto: may sign in again");
        row("profile 3 password reset", "Otto: password taken away");
        row("profile 3 new keys", "Otto: new keys");
        row("profile 3 password", "Otto: password");
        row("profile 3 recovery key", "Otto: recovery key");
        row("profile 3 takes over the chats", "Otto takes over the readable chats");
        row("profile 3 chat", "Otto: Answers of models");
        row("as data-scientist", "Data scientist");
        row("token 12 of profile 3", "Key 12 of Otto");
        row("user view report = own", "User · Reports · See: own");
        row("model /models/a b.gguf", "/models/a b.gguf");
        row("model /models/a b.gguf use, 2 entries", "/models/a b.gguf · Use: only 2 that are ticked");
        row("model /models/a.gguf use, 0 entries", "/models/a.gguf · Use: as the table says");
        row("consent to statistics", "Consent: usage figures");
        row("no consent to backups", "No consent: automatic backups");
        row("keep trash 30 days", "Chats in the trash: kept for 30 day(s)");
        row("keep usage-counts without limit", "Usage counts: kept without limit");
        row("new breach", "A new breach");
        row("breach 4", "Breach 4");
        row("week of 2024-09-30, epsilon 0.600", "Week from 2024-09-30, ε 0.600");
        row("controller", "Who answers for this machine");
        row("put back from a backup", "Put back from a backup");
        row("damaged file repaired", "Damaged file repaired");
        row("damaged file set aside", "Damaged file set aside");
        row("chats of the single person", "Chats of the single person");
        row("by retention rules", "By retention rules");
        row("at 127.0.0.1:11811, with keys", "At 127.0.0.1:11811, with keys");
        row("at [::1]:80, without keys", "At [::1]:80, without keys");
        row("at 127.0.0.1:11811", "At 127.0.0.1:11811");
        row("from 192.168.1.2, 16 times", "From 192.168.1.2, 16 time(s)");
        row("call of chat.completions with key 3, model /m b.gguf",
            "/m b.gguf · server, chat.completions · key 3");
        row("call of completions with the key of this run, model /m.gguf",
            "/m.gguf · server, completions · the key of that run");
        row("call of completions with no key, model /m.gguf", "/m.gguf · server, completions · no key");
        row("by retention rules logs", "By retention rules: Log files");
        row("import", "From a file");
        row("", "");
        // What is not known stands as it is in the log.
        row("job 7 quantise added, /m.gguf", "Job 7 (quantising) added: /m.gguf");
        row("job 7 measure ended, ", "Job 7 (measuring) ended: ");
        row("job 7 of profile 3", "Job 7 of Otto");
        row("job 7 juggle ended, /m", "job 7 juggle ended, /m");
        row("something newer", "something newer");
        row("profile 3 to emperor", "profile 3 to emperor");
        row("user view weather = own", "user view weather = own");
    }
    void whatEntriesAreAboutIsInWords() {
        QFETCH(QByteArray, note);
        QFETCH(QString, words);
        const auto who = [](security::ProfileId id) {
            return id == 3 ? QStringLiteral("Otto") : QStringLiteral("nobody");
        };
        QCOMPARE(audit_words::about(note.toStdString(), who), words);
        // In another language no word of the engine's is left, but names, numbers and paths.
        MarkingTranslator marking;
        QCoreApplication::installTranslator(&marking);
        const QString other = audit_words::about(note.toStdString(), who);
        QCoreApplication::removeTranslator(&marking);
        const bool known = words != QString::fromUtf8(note) || words == QLatin1String("From a file");
        const bool hasWords = !words.isEmpty() && words != QLatin1String("Otto") &&
                              !words.startsWith(QLatin1String("/models/a b.gguf")) && known;
        QVERIFY2(!hasWords || other.contains(QLatin1Char('>')), qPrintable(other));
    }

    /// Everything that the engine notes has words: nothing of what these steps write is shown as it stands.
    void everyNoteOfTheEngineIsKnown() {
        makePeople();
        enter(QStringLiteral("Ann"));
        const auto step = [this](auto work) {
            const std::string result = code([work](auto& office, AccountsDesk& desk) -> Result<void> {
                return work(office, desk.accounts, desk);
            });
            QCOMPARE(result, std::string());
        };
        using workbench::Accounts;
        using workbench::PrivacyOffice;
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) {
            return a.setRole(d.actor, 3, Role::Auditor);
        });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) { return a.setDisabled(d.actor, 3, true); });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) { return a.setDisabled(d.actor, 3, false); });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) { return a.resetPassword(d.actor, 3); });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) {
            return a.createToken(d.actor, 1, "editor", security::TokenScope::Chat, 0).map([](const auto&) {});
        });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) { return a.revokeToken(d.actor, 1); });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) {
            return a.setPermission(d.actor, Role::User, Action::View, Resource::Report, security::Scope::Own);
        });
        step([](PrivacyOffice&, Accounts& a, AccountsDesk& d) {
            return a.setModelAccess(d.actor, "/m.gguf", Action::Use,
                                    {{"/m.gguf", Action::Use, Role::User, std::nullopt}});
        });
        step([](PrivacyOffice& o, Accounts&, AccountsDesk& d) {
            return o.setConsent(d.actor, security::Purpose::Statistics, true);
        });
        step([](PrivacyOffice& o, Accounts&, AccountsDesk& d) {
            return o.setRetention(d.actor, security::Kept::Trash, 30);
        });
        step([](PrivacyOffice& o, Accounts&, AccountsDesk& d) {
            return o.setController(d.actor, {"Lantern Books", "x", "y"});
        });
        std::vector<std::string> notes;
        step([&notes](PrivacyOffice&, Accounts& a, AccountsDesk&) -> Result<void> {
            HEARTH_TRY(const auto entries, a.audit().list({}, 0, 1000));
            for (const auto& entry : entries)
                notes.push_back(entry.event.object);
            return {};
        });
        QVERIFY(notes.size() > 12);
        for (const std::string& note : notes)
            if (!note.empty() && !note.starts_with("model /"))
                QVERIFY2(
                    audit_words::about(note, [](security::ProfileId) { return QStringLiteral("Name"); }) !=
                        QString::fromStdString(note),
                    note.c_str());
    }
};

QTEST_MAIN(TestAuditPage)
#include "test_audit_page.moc"
