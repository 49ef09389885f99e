#include <fstream>
#include <iterator>

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDir>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "engine/store/connection.h"
#include "gui/models/audit_model.h"
#include "gui/models/data_location_model.h"
#include "gui/pages/audit_page.h"
#include "gui/pages/privacy_backups.h"
#include "gui/pages/privacy_breaches.h"
#include "gui/pages/privacy_figures.h"
#include "gui/pages/privacy_mine.h"
#include "gui/pages/privacy_page.h"
#include "gui/pages/privacy_places.h"
#include "gui/pages/privacy_retention.h"
#include "gui/widgets/buttons.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"

using namespace hearth;
using namespace hearth::gui;
using security::Action;
using security::Resource;
using security::Role;

namespace {

constexpr const char* kPassword = "correct horse battery";
using State = AccountsBridge::State;

class MarkingTranslator final : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    QString translate(const char*, const char* text, const char*, int) const override {
        return QLatin1Char('>') + QString::fromUtf8(text);
    }
};

security::SecureBytes secret(const char* text) {
    return std::move(*security::SecureBytes::copyOf(security::viewOf(text)));
}

QString allText(const QWidget& page) {
    QString all;
    for (const auto* label : page.findChildren<QLabel*>())
        if (label->isVisibleTo(&page))
            all += label->text() + QLatin1Char('\n');
    for (const auto* chip : page.findChildren<Chip*>())
        if (chip->isVisibleTo(&page))
            all += chip->text() + QLatin1Char('\n');
    for (const auto* label : page.findChildren<ElidedLabel*>())
        if (label->isVisibleTo(&page))
            all += label->text() + QLatin1Char('\n');
    return all.replace(QChar(0x00A0), QLatin1Char(' ')).replace(QChar(0x202F), QLatin1Char(' '));
}

QByteArray everyByteBelow(const QString& folder) {
    QByteArray all;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

} // namespace

class TestPrivacy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        const std::filesystem::path root(m_folder->path().toStdString());
        m_paths = {root / "data", root / "config", root / "cache", root / "data" / "logs"};
        for (const auto& each : {m_paths.data, m_paths.config, m_paths.cache, m_paths.logs})
            std::filesystem::create_directories(each);
        workbench::AccountsOptions options;
        options.cost = security::PasswordCost{64, 1, 1};
        m_accounts = std::make_unique<AccountsBridge>(workbench::AccountPaths::below(m_paths), options);
        m_history = std::make_unique<HistoryBridge>();
        m_bridge =
            std::make_unique<PrivacyBridge>(*m_accounts, *m_history, m_paths, QStringLiteral("Hearth 9.9"));
        m_accounts->start();
        QTRY_COMPARE(m_accounts->state(), State::SinglePerson);
    }
    void cleanup() {
        m_page.reset();
        m_audit.reset();
        m_bridge.reset();
        m_accounts.reset();
        m_history.reset();
    }

    void singlePersonSeesEverythingThatIsTheirs() {
        openSinglePersonsChats({"first words"});
        openPage();
        for (const char* name : {"myData", "consents", "backups", "retention", "places", "figures",
                                 "breaches", "record", "laws"})
            QVERIFY2(card<PrivacyCard>(name)->isVisibleTo(m_page.get()), name);
        const QString text = allText(*m_page);
        for (const char* expected : {"GDPR", "CCPA", "PIPL", "1798.105", "72 hours", "Needed"})
            QVERIFY2(text.contains(QString::fromLatin1(expected)), expected);
        // Every file below the folders is listed, and none is a stranger.
        auto* table = m_page->findChild<QTableView*>(QStringLiteral("placesTable"));
        QTRY_VERIFY(table->model()->rowCount() > 4);
        for (int row = 0; row < table->model()->rowCount(); ++row)
            QVERIFY2(table->model()->index(row, DataLocationModel::Kind).data().toString() !=
                         QStringLiteral("Not from Hearth"),
                     qPrintable(table->model()->index(row, DataLocationModel::Path).data().toString()));
    }

    void backupsAreMadeShownAndPutBack() {
        openSinglePersonsChats({"first words"});
        openPage();
        auto* backups = card<BackupsCard>("backups");
        QSignalSpy listed(backups, &BackupsCard::listed);
        QTRY_VERIFY(!listed.isEmpty());
        button("backUpNow")->click();
        QTRY_COMPARE(listed.back().at(0).toInt(), 1);
        QVERIFY(allText(*backups).contains(QStringLiteral("By hand")));
        QVERIFY(allText(*backups).contains(QStringLiteral("Readable")));
        addChat("second words");
        button("restore0")->click();
        QTRY_VERIFY(question("askRestore"));
        const QString asked = question("askRestore")->text();
        QVERIFY2(asked.contains(QStringLiteral("The backup holds:")) &&
                     asked.contains(QStringLiteral("about first words")) &&
                     asked.contains(QStringLiteral("It would replace:")),
                 qPrintable(asked));
        QSignalSpy restored(backups, &BackupsCard::restored);
        agree("askRestore");
        QVERIFY(restored.wait(20'000));
        QVERIFY(restored.front().front().toBool());
        QCOMPARE(titles(), QStringList{QStringLiteral("about first words")});
        QTRY_COMPARE(listed.back().at(0).toInt(), 2); // what was there became a backup
        button("removeBackup1")->click();
        QTRY_VERIFY(question("askRemoveBackup"));
        agree("askRemoveBackup");
        QTRY_COMPARE(listed.back().at(0).toInt(), 1);
    }

    void aDamagedBackupIsNamedAndChangesNothing() {
        openSinglePersonsChats({"first words"});
        openPage();
        auto* backups = card<BackupsCard>("backups");
        QSignalSpy listed(backups, &BackupsCard::listed);
        QTRY_VERIFY(!listed.isEmpty());
        button("backUpNow")->click();
        QTRY_COMPARE(listed.back().at(0).toInt(), 1);
        QDirIterator files(QString::fromStdString((m_paths.data / "backups").string()), QDir::Files);
        QVERIFY(files.hasNext());
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a database");
        file.close();
        button("restore0")->click();
        QTRY_VERIFY(shownError(*backups));
        QVERIFY(!question("askRestore"));
        QCOMPARE(titles(), QStringList{QStringLiteral("about first words")});
    }

    void everythingAboutMeIsOneFile() {
        openSinglePersonsChats({"first words", "second words"});
        openPage();
        auto* mine = card<MyDataCard>("myData");
        QSignalSpy exported(mine, &MyDataCard::exported);
        const QString readable = m_folder->filePath(QStringLiteral("me.json"));
        mine->exportTo(readable, std::nullopt);
        QVERIFY(exported.wait(20'000));
        QVERIFY(exported.back().front().toBool());
        const QByteArray text = read(readable);
        QVERIFY(text.contains("hearth-person") && text.contains("second words"));
        const QString sealed = m_folder->filePath(QStringLiteral("me.sealed"));
        mine->exportTo(sealed, secret("a password of my own"));
        QVERIFY(exported.wait(20'000));
        QVERIFY(exported.back().front().toBool());
        QVERIFY(!read(sealed).contains("second words"));
        mine->exportTo(QStringLiteral("/proc/no/such.json"), std::nullopt);
        QVERIFY(exported.wait(20'000));
        QVERIFY(!exported.back().front().toBool());
        QVERIFY(shownError(*mine));
        // The dialog that asks how: the password comes before the button.
        button("exportMe")->click();
        auto* dialog = mine->findChild<ExportDialog*>();
        QVERIFY(dialog);
        auto* choose = dialog->findChild<QAbstractButton*>(QStringLiteral("exportChoose"));
        QVERIFY(!choose->isEnabled());
        auto* how = dialog->findChild<SegmentedControl*>();
        how->setFocus();
        QTest::keyClick(how, Qt::Key_Right);
        QVERIFY(choose->isEnabled());
        dialog->reject();
    }

    void consentsAreOffUntilGivenAndEndAtOnce() {
        openPage();
        auto* statistics = m_page->findChild<Toggle*>(QStringLiteral("consent-statistics"));
        auto* backups = m_page->findChild<Toggle*>(QStringLiteral("consent-backups"));
        QTRY_VERIFY(backups->isChecked());
        QVERIFY(!statistics->isChecked());
        QVERIFY(!m_page->findChild<Toggle*>(QStringLiteral("consent-audit-log")));
        statistics->click();
        QTRY_VERIFY(!statistics->toolTip().isEmpty());
        QVERIFY(statistics->isChecked());
        m_bridge->count(security::Measure::Messages);
        statistics->click();
        QTRY_VERIFY(!statistics->isChecked());
        QCOMPARE(auditCount("profile.change"), 2);
    }

    void retentionShowsBeforeItDeletes() {
        openSinglePersonsChats({"old words", "new words"});
        age(1, 100);
        openPage();
        auto* retention = card<RetentionCard>("retention");
        QSignalSpy previewed(retention, &RetentionCard::previewed);
        auto* idle = m_page->findChild<QSpinBox*>(QStringLiteral("keepIdle"));
        QTRY_VERIFY(idle->isVisibleTo(m_page.get()));
        QTest::qWait(50); // the rules that hold were read
        idle->setValue(30);
        QVERIFY(!button("retentionKeep")->isVisibleTo(m_page.get()));
        button("retentionPreview")->click();
        QVERIFY(previewed.wait());
        QCOMPARE(previewed.back().front().toInt(), 1);
        QVERIFY(allText(*retention).contains(QStringLiteral("about old words")));
        QCOMPARE(titles().size(), 2);
        QVERIFY(button("retentionKeep")->isVisibleTo(m_page.get()));
        idle->setValue(31); // another rule has to be seen first
        QVERIFY(!button("retentionKeep")->isVisibleTo(m_page.get()));
        button("retentionPreview")->click();
        QVERIFY(previewed.wait());
        QSignalSpy applied(retention, &RetentionCard::applied);
        button("retentionKeep")->click();
        QTRY_VERIFY(question("askRetention"));
        agree("askRetention");
        QVERIFY(applied.wait(10'000));
        QCOMPARE(applied.back().front().toInt(), 1);
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("about new words")});
    }

    void breachesAreNotedWithTheirClock() {
        const std::int64_t now = QDateTime::currentMSecsSinceEpoch(), hour = 3'600'000;
        security::Breach breach;
        breach.title = "a laptop was lost";
        breach.discoveredMs = now - 10 * hour;
        QCOMPARE(BreachCard::clockText(breach, now).first, QStringLiteral("62 hours left of 72"));
        QCOMPARE(BreachCard::clockText(breach, now).second, Chip::Kind::Caution);
        QCOMPARE(BreachCard::clockText(breach, now + 50 * hour).second, Chip::Kind::Bad);
        QCOMPARE(BreachCard::clockText(breach, now + 72 * hour).first, QStringLiteral("10 hours late"));
        breach.authorityMs = breach.discoveredMs + 71 * hour;
        QCOMPARE(BreachCard::clockText(breach, now).second, Chip::Kind::Good);
        breach.authorityMs = breach.discoveredMs + 73 * hour;
        QCOMPARE(BreachCard::clockText(breach, now).second, Chip::Kind::Caution);
        breach.authorityMs.reset();

        openPage();
        auto* breaches = card<BreachCard>("breaches");
        QSignalSpy saved(breaches, &BreachCard::saved), listed(breaches, &BreachCard::listed);
        button("noteBreach")->click();
        auto* dialog = breaches->findChild<BreachDialog*>();
        QVERIFY(dialog);
        auto* save = dialog->findChild<QAbstractButton*>(QStringLiteral("breachSave"));
        QVERIFY(!save->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit*>(QStringLiteral("breachName")),
                         QStringLiteral("a laptop was lost"));
        QVERIFY(save->isEnabled());
        save->click();
        QVERIFY(saved.wait());
        QVERIFY(saved.back().front().toBool());
        QTRY_VERIFY(!listed.isEmpty() && listed.back().front().toInt() == 1);
        QVERIFY(allText(*breaches).contains(QStringLiteral("a laptop was lost")));
        QVERIFY(allText(*breaches).contains(QStringLiteral("71 hours left of 72")) ||
                allText(*breaches).contains(QStringLiteral("72 hours left of 72")));
        breach.title.clear();
        breaches->save(breach);
        QVERIFY(saved.wait());
        QVERIFY(!saved.back().front().toBool());
    }

    void theRecordIsADocument() {
        openPage();
        auto* record = card<RecordCard>("record");
        auto* name = m_page->findChild<QLineEdit*>(QStringLiteral("controllerName"));
        QTRY_VERIFY(name->isVisibleTo(m_page.get()));
        QTest::qWait(50);
        name->setText(QStringLiteral("Lantern <Books>"));
        Q_EMIT name->editingFinished();
        QSignalSpy written(record, &RecordCard::written);
        const QString html = m_folder->filePath(QStringLiteral("record.html"));
        record->saveTo(security::RecordFormat::Html, html);
        QVERIFY(written.wait());
        QVERIFY(written.back().front().toBool());
        const QByteArray text = read(html);
        for (const char* expected :
             {"Lantern &lt;Books&gt;", "Hearth 9.9", "article 30", "GDPR 6(1)(b)", "history.db", "72 hours"})
            if (QByteArray(expected) != "history.db") // there are no chats yet
                QVERIFY2(text.contains(expected), expected);
        record->saveTo(security::RecordFormat::Markdown, QStringLiteral("/proc/no/such.md"));
        QVERIFY(written.wait());
        QVERIFY(!written.back().front().toBool());
    }

    void figuresSpendABudgetThatIsShown() {
        openPage();
        auto* figures = card<FiguresCard>("figures");
        auto* meter = m_page->findChild<ProgressLine*>(QStringLiteral("privacyBudget"));
        QTRY_COMPARE(meter->fraction(), 0.0);
        QSignalSpy released(figures, &FiguresCard::released);
        button("releaseFigures")->click();
        QVERIFY(released.wait(20'000));
        QCOMPARE(released.back().front().toInt(), FiguresCard::kDays * security::kMeasures);
        const double spent = meter->fraction();
        QVERIFY(spent > 0);
        const QString first = allNumbers(*figures);
        button("releaseFigures")->click();
        QVERIFY(released.wait(20'000));
        QCOMPARE(meter->fraction(), spent); // shown again, not spent again
        QCOMPARE(allNumbers(*figures), first);
    }

    void erasingTheSinglePersonLeavesNoWords() {
        openSinglePersonsChats({"gooseberry-fool"});
        openPage();
        QSignalSpy listed(card<BackupsCard>("backups"), &BackupsCard::listed);
        QTRY_VERIFY(!listed.isEmpty());
        button("backUpNow")->click();
        QTRY_COMPARE(listed.back().at(0).toInt(), 1);
        QVERIFY(everyByteBelow(m_folder->path()).contains("gooseberry-fool"));
        button("eraseMe")->click();
        QTRY_VERIFY(question("askErase"));
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        agree("askErase");
        QVERIFY(opened.wait(20'000));
        QVERIFY(!everyByteBelow(m_folder->path()).contains("gooseberry-fool"));
        QVERIFY(titles().isEmpty());
    }

    void erasingAProfileLocksAndLeavesNothing() {
        makePeople();
        enter(QStringLiteral("Uma-to-be-erased"));
        addChat("gooseberry-fool");
        openPage();
        QVERIFY(!card<PrivacyCard>("figures")->isVisibleTo(m_page.get()));
        QVERIFY(!card<PrivacyCard>("breaches")->isVisibleTo(m_page.get()));
        button("eraseMe")->click();
        QTRY_VERIFY(question("askErase"));
        agree("askErase");
        QTRY_COMPARE_WITH_TIMEOUT(m_accounts->state(), State::Locked, 20'000);
        QVERIFY(!QFile::exists(QString::fromStdString(m_accounts->paths().folderOf(3).string())));
        QVERIFY(!everyByteBelow(m_folder->path()).contains("Uma-to-be-erased"));
    }

    void eachRoleSeesWhatItMay_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QStringList>("absent");
        QTest::newRow("administrator") << QStringLiteral("Ann") << QStringList{};
        QTest::newRow("data scientist")
            << QStringLiteral("Dan")
            << QStringList{QStringLiteral("figures"), QStringLiteral("breaches"), QStringLiteral("record")};
        QTest::newRow("user") << QStringLiteral("Uma-to-be-erased")
                              << QStringList{QStringLiteral("figures"), QStringLiteral("breaches"),
                                             QStringLiteral("record")};
        QTest::newRow("auditor") << QStringLiteral("Otto")
                                 << QStringList{QStringLiteral("backups"), QStringLiteral("retention")};
    }
    void eachRoleSeesWhatItMay() {
        QFETCH(QString, name);
        QFETCH(QStringList, absent);
        makePeople();
        enter(name);
        openPage();
        for (const char* each : {"myData", "consents", "backups", "retention", "places", "figures",
                                 "breaches", "record", "laws"})
            QVERIFY2(card<PrivacyCard>(each)->isVisibleTo(m_page.get()) !=
                         absent.contains(QString::fromLatin1(each)),
                     each);
        const bool administrator = name == QStringLiteral("Ann");
        QVERIFY(button("noteBreach")->isVisibleTo(m_page.get()) == administrator);
        // What is not shown is refused too, and noted.
        const std::pair<std::string, bool> asked[] = {
            {code([](auto& office, AccountsDesk& desk) { return office.breaches(desk.actor); }),
             !absent.contains(QStringLiteral("breaches"))},
            {code([](auto& office, AccountsDesk& desk) { return office.budget(desk.actor); }),
             !absent.contains(QStringLiteral("figures"))},
            {code([](auto& office, AccountsDesk& desk) { return office.figures(desk.actor, 1); }),
             !absent.contains(QStringLiteral("figures"))},
            {code([](auto& office, AccountsDesk& desk) { return office.backups(desk.actor); }),
             !absent.contains(QStringLiteral("backups"))},
            {code([](auto& office, AccountsDesk& desk) { return office.backUp(desk.actor, desk.session); }),
             !absent.contains(QStringLiteral("backups"))},
            {code([](auto& office, AccountsDesk& desk) {
                 return office.setController(desk.actor, {"x", "y", "z"});
             }),
             administrator},
            {code([](auto& office, AccountsDesk& desk) {
                 return office.setRetention(desk.actor, security::Kept::UsageCounts, 30);
             }),
             administrator},
            {code([](auto& office, AccountsDesk& desk) {
                 return office.setRetention(desk.actor, security::Kept::Trash, 30);
             }),
             !absent.contains(QStringLiteral("retention"))}};
        int place = 0;
        for (const auto& [refusal, allowed] : asked) {
            // The history may not exist yet; that is no refusal.
            const bool denied = refusal == "permission.denied";
            QVERIFY2(denied != allowed, qPrintable(QString::number(place) + QString::fromStdString(refusal)));
            ++place;
        }
    }

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
        QVERIFY(verified.wait());
        QVERIFY(verified.back().front().toBool());
        QVERIFY(allText(*box).contains(QStringLiteral("Nothing was changed")));
        {
            auto connection =
                store::Connection::open(m_paths.data / "audit.db", store::Connection::Mode::ReadWrite);
            QVERIFY((*connection)->run("UPDATE entry SET object = x'41' WHERE number = 7").has_value());
            QVERIFY((*connection)->run("DELETE FROM entry WHERE number = 30").has_value());
        }
        button("auditVerify", m_audit.get())->click();
        QVERIFY(verified.wait());
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
        QVERIFY(verified.wait());
        QVERIFY(!verified.back().front().toBool());
        QVERIFY(shownError(*m_audit));
    }

    void everyWordIsTranslated() {
        openSinglePersonsChats({"first words"});
        openPage();
        openAudit();
        QTRY_VERIFY(m_page->findChild<QTableView*>(QStringLiteral("placesTable"))->model()->rowCount() > 0);
        MarkingTranslator marking;
        QCoreApplication::installTranslator(&marking);
        QCoreApplication::sendPostedEvents();
        QTest::qWait(100);
        const QString privacy = allText(*m_page), audit = allText(*m_audit);
        QStringList plain;
        for (const QString& line : QString(privacy + audit).split(QLatin1Char('\n')))
            if (!line.isEmpty() && !line.contains(QLatin1Char('>')) &&
                line.contains(QRegularExpression(QStringLiteral("[a-z]{4}"))))
                plain << line;
        QCoreApplication::removeTranslator(&marking);
        // What comes from the engine's bilingual documents is chosen by language, not by translator.
        for (const auto& each : security::rightsOfPeople(security::RecordLanguage::English))
            for (const std::string* text : {&each.right, &each.how, &each.gdpr, &each.ccpa, &each.pipl})
                plain.removeAll(QString::fromStdString(*text));
        for (const auto& each : security::breachRules(security::RecordLanguage::English))
            plain.removeAll(QString::fromStdString(each.rule));
        QVERIFY2(plain.isEmpty(), qPrintable(plain.join(QLatin1Char('\n'))));
    }

private:
    void openPage() {
        m_page = std::make_unique<PrivacyPage>(m_theme, *m_bridge);
        m_page->resize(900, 800);
        m_page->show();
    }
    void openAudit() {
        m_audit = std::make_unique<AuditPage>(m_theme, *m_bridge);
        m_audit->resize(1100, 700);
        m_audit->show();
        auto* model = m_audit->findChild<AuditModel*>();
        QSignalSpy loaded(model, &AuditModel::loaded);
        QTRY_VERIFY(!loaded.isEmpty() || model->rowCount() > 0);
    }
    void openSinglePersonsChats(const std::vector<const char*>& words) {
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        QVERIFY(opened.wait());
        for (const char* each : words)
            addChat(each);
    }
    void addChat(const char* words) {
        std::optional<bool> done;
        m_history->request(
            this,
            [text = std::string(words)](workbench::ChatHistory& history) -> Result<void> {
                HEARTH_TRY(const auto chat, history.store().createConversation("about " + text));
                store::Message message;
                message.conversation = chat;
                message.content = text;
                return history.store().appendMessage(message).map([](auto) {});
            },
            [&done](const Result<void>& result) { done = result.has_value(); });
        QTRY_VERIFY(done.has_value());
        QVERIFY(*done);
    }
    QStringList titles() {
        std::optional<QStringList> out;
        m_history->request(
            this,
            [](workbench::ChatHistory& history) { return history.store().conversations(false, "", 0, 100); },
            [&out](const Result<std::vector<store::Conversation>>& found) {
                out.emplace();
                if (found)
                    for (const auto& each : *found)
                        *out << QString::fromStdString(each.title);
                else
                    *out << QString::fromStdString(found.error().message());
            });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(QStringList());
    }
    /// Makes a chat look as if nobody had used it for so many days.
    void age(int chat, int days) {
        QSignalSpy closed(m_history.get(), &HistoryBridge::closed);
        m_history->close();
        QVERIFY(closed.wait());
        {
            auto connection =
                store::Connection::open(m_accounts->paths().historyOf(0), store::Connection::Mode::ReadWrite);
            QVERIFY((*connection)
                        ->run("UPDATE conversation SET updated_ms = updated_ms - ? WHERE id = ?",
                              {std::int64_t{days} * 86'400'000, std::int64_t{chat}})
                        .has_value());
        }
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        QVERIFY(opened.wait());
    }
    template <class Work>
    std::string code(Work work) {
        std::optional<std::string> out;
        m_bridge->request(this, std::move(work),
                          [&out](const auto& result) { out = result ? std::string() : result.error().code; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(out.has_value(), 20'000); }();
        return out.value_or("<no answer>");
    }
    std::string fillAudit(int entries) {
        std::optional<std::string> out;
        m_accounts->request(
            this,
            [entries](AccountsDesk& desk) -> Result<void> {
                for (int i = 0; i < entries; ++i)
                    HEARTH_CHECK(
                        desk.accounts.audit()
                            .append({0, "model.use", "model /m.gguf",
                                     i % 10 == 3 ? security::Outcome::Refused : security::Outcome::Done, ""})
                            .map([](auto) {}));
                return {};
            },
            [&out](const Result<void>& result) { out = result ? std::string() : result.error().message(); });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(out.has_value(), 60'000); }();
        return out.value_or("<no answer>");
    }
    int auditCount(const char* action) {
        std::optional<int> out;
        m_accounts->request(
            this,
            [name = std::string(action)](AccountsDesk& desk) {
                security::AuditFilter filter;
                filter.action = name;
                return desk.accounts.audit().count(filter);
            },
            [&out](const Result<std::int64_t>& count) { out = static_cast<int>(count.value_or(-1)); });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(-1);
    }
    /// Ann administers, Dan is the data scientist, Uma a user, Otto the auditor.
    void makePeople() {
        std::optional<bool> first;
        m_accounts->createFirst(this, QStringLiteral("Ann"), secret(kPassword),
                                [&first](const auto& keys) { first = keys.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(first.has_value(), 20'000);
        QVERIFY(*first);
        QTRY_COMPARE(m_accounts->state(), State::Open);
        for (const auto& [name, role] : {std::pair{"Dan", Role::DataScientist},
                                         {"Uma-to-be-erased", Role::User},
                                         {"Otto", Role::Auditor}}) {
            std::optional<bool> made;
            m_accounts->change(
                this,
                [name = std::string(name), role](AccountsDesk& desk) {
                    return desk.accounts.create(desk.actor, name, role, security::viewOf(kPassword))
                        .map([](const auto&) {});
                },
                [&made](const Result<void>& result) { made = result.has_value(); });
            QTRY_VERIFY(made.has_value());
            QVERIFY(*made);
        }
    }
    void enter(const QString& name) {
        m_accounts->lock();
        QTRY_COMPARE(m_accounts->state(), State::Locked);
        m_accounts->signIn(name, secret(kPassword));
        QTRY_COMPARE(m_accounts->state(), State::Open);
        QSignalSpy opened(m_history.get(), &HistoryBridge::opened);
        m_accounts->openHistory(*m_history);
        if (m_accounts->rights().own(Action::View, Resource::Conversation))
            QVERIFY(opened.wait());
    }
    QAbstractButton* button(const char* name, QWidget* in = nullptr) {
        QAbstractButton* found = nullptr;
        for (auto* each : (in ? in : m_page.get())->findChildren<QAbstractButton*>(QString::fromLatin1(name)))
            if (!found || !each->isHidden())
                found = each;
        return found;
    }
    template <class T>
    T* card(const char* name) {
        return m_page->findChild<T*>(QString::fromLatin1(name));
    }
    QMessageBox* question(const char* name) {
        return m_page->findChild<QMessageBox*>(QString::fromLatin1(name));
    }
    void agree(const char* name) {
        auto* box = question(name);
        QVERIFY(box);
        box->findChild<QAbstractButton*>(QStringLiteral("confirm"))->click();
    }
    static bool shownError(const QWidget& in) {
        for (const auto* box : in.findChildren<ErrorBox*>())
            if (box->isVisibleTo(&in))
                return true;
        return false;
    }
    static QString allNumbers(const QWidget& in) {
        QString all;
        for (const auto* label : in.findChildren<NumberLabel*>())
            if (label->isVisibleTo(&in))
                all += label->text() + QLatin1Char(' ');
        return all;
    }
    static QByteArray read(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    workbench::DataPaths m_paths;
    std::unique_ptr<HistoryBridge> m_history;
    std::unique_ptr<AccountsBridge> m_accounts;
    std::unique_ptr<PrivacyBridge> m_bridge;
    std::unique_ptr<PrivacyPage> m_page;
    std::unique_ptr<AuditPage> m_audit;
};

QTEST_MAIN(TestPrivacy)
#include "test_privacy.moc"
