#include <iterator>

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTableView>

#include "engine/workbench/library/library.h"
#include "gui/models/data_location_model.h"
#include "gui/pages/privacy_backups.h"
#include "gui/pages/privacy_breaches.h"
#include "gui/pages/privacy_figures.h"
#include "gui/pages/privacy_mine.h"
#include "gui/pages/privacy_places.h"
#include "tests/gui/privacy_bench.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::test;

/// The privacy page: what is shown, what it does, and who sees what of it.
class TestPrivacy : public test::PrivacyBench {
    Q_OBJECT

    /// A small model in the library under a name of its own.
    void putIntoLibrary(const char* name) {
        const std::filesystem::path file = m_paths.data / name;
        std::filesystem::copy_file(test::golden("llama-Q4_0.gguf"), file);
        auto library = workbench::Library::open(m_paths.libraryFile(), {m_paths.modelsFolder(), {}});
        QVERIFY(library.has_value());
        QVERIFY((*library)->add({.path = file}).has_value());
    }

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

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
        QVERIFY(restored.wait(kPatience));
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
        mine->exportTo(readable, false, std::nullopt);
        QVERIFY(exported.wait(kPatience));
        QVERIFY(exported.back().front().toBool());
        const QString document = m_folder->filePath(QStringLiteral("me.md"));
        mine->exportTo(document, true, std::nullopt);
        QVERIFY(exported.wait(kPatience));
        QVERIFY(exported.back().front().toBool());
        QVERIFY(read(document).startsWith("# Everything that Hearth keeps") &&
                read(document).contains("\nsecond words\n"));
        const QByteArray text = read(readable);
        QVERIFY(text.contains("hearth-person") && text.contains("second words"));
        const QString sealed = m_folder->filePath(QStringLiteral("me.sealed"));
        mine->exportTo(sealed, false, secret("a password of my own"));
        QVERIFY(exported.wait(kPatience));
        QVERIFY(exported.back().front().toBool());
        QVERIFY(!read(sealed).contains("second words"));
        mine->exportTo(QStringLiteral("/proc/no/such.json"), false, std::nullopt);
        QVERIFY(exported.wait(kPatience));
        QVERIFY(!exported.back().front().toBool());
        QVERIFY(shownError(*mine));
        // The dialog that asks how: the password comes before the button.
        button("exportMe")->click();
        auto* dialog = mine->findChild<ExportDialog*>();
        QVERIFY(dialog);
        auto* choose = dialog->findChild<QAbstractButton*>(QStringLiteral("exportChoose"));
        QVERIFY(!choose->isEnabled());
        QVERIFY(allText(*dialog).contains(QStringLiteral("JSON")));
        for (const char* name : {"exportForm", "exportHow"}) {
            auto* control = dialog->findChild<SegmentedControl*>(QLatin1String(name));
            control->setFocus();
            QTest::keyClick(control, Qt::Key_Right);
        }
        QVERIFY(allText(*dialog).contains(QStringLiteral("Markdown")));
        QVERIFY(choose->isEnabled());
        QSignalSpy chosen(dialog, &ExportDialog::chosen);
        choose->click();
        QCOMPARE(chosen.size(), 1);
        QVERIFY(chosen.front().front().toBool());
        auto* files = mine->findChild<QFileDialog*>();
        QVERIFY(files && files->defaultSuffix() == QLatin1String("md"));
        files->reject();
    }

    void consentsAreOffUntilGivenAndEndAtOnce() {
        openPage();
        auto* statistics = m_page->findChild<Toggle*>(QStringLiteral("consent-statistics"));
        QVERIFY(!statistics->isEnabled()); // until what was said was read
        auto* backups = m_page->findChild<Toggle*>(QStringLiteral("consent-backups"));
        QTRY_VERIFY(backups->isChecked());
        QVERIFY(!statistics->isChecked());
        QVERIFY(!m_page->findChild<Toggle*>(QStringLiteral("consent-audit-log")));
        card<PrivacyCard>("consents")->refresh(); // an answer that is older than the click
        statistics->click();
        QTRY_VERIFY(!statistics->toolTip().isEmpty());
        QVERIFY(statistics->isChecked());
        m_bridge->count(security::Measure::Messages);
        statistics->click();
        QTRY_VERIFY(!statistics->isChecked());
        QCOMPARE(auditCount("profile.change"), 2);
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
        QVERIFY(saved.wait(kPatience));
        QVERIFY(saved.back().front().toBool());
        QTRY_VERIFY(!listed.isEmpty() && listed.back().front().toInt() == 1);
        QVERIFY(allText(*breaches).contains(QStringLiteral("a laptop was lost")));
        QVERIFY(allText(*breaches).contains(QStringLiteral("71 hours left of 72")) ||
                allText(*breaches).contains(QStringLiteral("72 hours left of 72")));
        QTRY_VERIFY(!breaches->findChild<BreachDialog*>());
        breach.title.clear();
        breach.facts = "what was typed";
        breaches->save(breach);
        QVERIFY(saved.wait(kPatience));
        QVERIFY(!saved.back().front().toBool());
        // Nothing that was typed is lost with it.
        auto* again = breaches->findChild<BreachDialog*>();
        QVERIFY(again);
        QStringList texts;
        for (const auto* field : again->findChildren<QPlainTextEdit*>())
            texts << field->toPlainText();
        QVERIFY(texts.contains(QStringLiteral("what was typed")));
        again->reject();
    }

    void theRecordIsADocument() {
        openPage();
        auto* record = card<RecordCard>("record");
        auto* name = m_page->findChild<QLineEdit*>(QStringLiteral("controllerName"));
        QVERIFY(name->isReadOnly()); // until what is stated was read
        QTRY_VERIFY(!name->isReadOnly());
        name->setText(QStringLiteral("Lantern <Books>"));
        Q_EMIT name->editingFinished();
        QSignalSpy written(record, &RecordCard::written);
        const QString html = m_folder->filePath(QStringLiteral("record.html"));
        record->saveTo(security::RecordFormat::Html, html);
        QVERIFY(written.wait(kPatience));
        QVERIFY(written.back().front().toBool());
        const QByteArray text = read(html);
        for (const char* expected :
             {"Lantern &lt;Books&gt;", "Hearth 9.9", "article 30", "GDPR 6(1)(b)", "history.db", "72 hours"})
            if (QByteArray(expected) != "history.db") // there are no chats yet
                QVERIFY2(text.contains(expected), expected);
        record->saveTo(security::RecordFormat::Markdown, QStringLiteral("/proc/no/such.md"));
        QVERIFY(written.wait(kPatience));
        QVERIFY(!written.back().front().toBool());
    }

    void figuresSpendABudgetThatIsShown() {
        putIntoLibrary("tiny-shelf.gguf");
        openPage();
        auto* figures = card<FiguresCard>("figures");
        auto* meter = m_page->findChild<ProgressLine*>(QStringLiteral("privacyBudget"));
        auto* cost = m_page->findChild<TextLabel*>(QStringLiteral("releaseCost"));
        QTRY_COMPARE(meter->fraction(), 0.0);
        QTRY_VERIFY(cost->text().contains(QStringLiteral("cost ε 0.6; then ε 2.4 of the month are left")));
        QSignalSpy released(figures, &FiguresCard::released);
        // Nothing is spent before the question was answered, and nothing when it is declined.
        button("releaseFigures")->click();
        QVERIFY(question("releaseQuestion"));
        QVERIFY(question("releaseQuestion")->informativeText().isEmpty());
        QVERIFY(question("releaseQuestion")->text().contains(QStringLiteral("ε 0.6")));
        question("releaseQuestion")->reject();
        QTRY_VERIFY(!question("releaseQuestion"));
        QVERIFY(allNumbers(*figures).isEmpty());
        QCOMPARE(auditCount("statistics.view"), 0);
        button("releaseFigures")->click();
        agree("releaseQuestion");
        QVERIFY(released.wait(kPatience));
        QCOMPARE(released.back().front().toInt(), 7 * security::kMeasures);
        const double spent = meter->fraction();
        QCOMPARE(spent, 0.2);
        QCOMPARE(auditCount("statistics.view"), 1);
        const QString first = allNumbers(*figures);
        // Every measure and day with its noise, the loads of the library's models and of all others.
        QCOMPARE(first.split(QLatin1Char(' '), Qt::SkipEmptyParts).size(), 8 * security::kMeasures + 2);
        const QString words = allText(*figures);
        for (const char* expected : {"Length in tokens", "Time in seconds", "hidden by the noise",
                                     "tiny-shelf", "Other models", "each ± 141"})
            QVERIFY2(words.contains(QString::fromUtf8(expected)), expected);
        QVERIFY(!button("releaseFigures")->isVisibleTo(figures));
        // Another week and back: the same, for nothing.
        button("earlierWeek")->click();
        QVERIFY(allNumbers(*figures).isEmpty());
        QVERIFY(button("releaseFigures")->isVisibleTo(figures));
        button("laterWeek")->click();
        QTRY_COMPARE(allNumbers(*figures), first);
        figures->refresh();
        QTRY_COMPARE(meter->fraction(), spent);
        QTRY_COMPARE(allNumbers(*figures), first);
    }

    void aWeekThatItsMonthCannotPayIsRefused() {
        openPage();
        auto* figures = card<FiguresCard>("figures");
        auto* cost = m_page->findChild<TextLabel*>(QStringLiteral("releaseCost"));
        QTRY_VERIFY(cost->text().contains(QStringLiteral("cost ε 0.6")));
        button("releaseFigures")->click();
        { // another program spends it meanwhile
            auto connection =
                store::Connection::open(m_accounts->paths().usageFile(), store::Connection::Mode::ReadWrite);
            QVERIFY(connection.has_value());
            const std::int64_t monday = security::mondayOf(QDateTime::currentSecsSinceEpoch() / 86'400) - 7;
            QVERIFY((*connection)
                        ->run("INSERT INTO figure (measure, day, month, value, epsilon) VALUES (0, 1, ?, 0, "
                              "2500)",
                              {security::monthOf(monday + 3)})
                        .has_value());
        }
        agree("releaseQuestion");
        QTRY_VERIFY(shownError(*figures));
        QTRY_VERIFY(
            cost->text().contains(QStringLiteral("costs ε 0.6, and only ε 0.5 of the month are left")));
        QVERIFY(allNumbers(*figures).isEmpty());
        QVERIFY(!button("releaseFigures")->isEnabled());
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
        QVERIFY(opened.wait(kPatience));
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
        for (const char* kind : {"keep-usage-counts", "keep-logs", "keep-measurements", "keep-jobs"})
            QVERIFY2(m_page->findChild<QWidget*>(QLatin1String(kind))->isVisibleTo(m_page.get()) ==
                         administrator,
                     kind);
        for (const char* kind : {"keep-trash", "keep-idle", "keep-backups"})
            QVERIFY2(m_page->findChild<QWidget*>(QLatin1String(kind))->isVisibleTo(m_page.get()) !=
                         absent.contains(QStringLiteral("retention")),
                     kind);
        // What is not shown is refused too, and noted.
        const std::pair<std::string, bool> asked[] = {
            {code([](auto& office, AccountsDesk& desk) { return office.breaches(desk.actor); }),
             !absent.contains(QStringLiteral("breaches"))},
            {code([](auto& office, AccountsDesk& desk) { return office.weeks(desk.actor, 1); }),
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
};

QTEST_MAIN(TestPrivacy)
#include "test_privacy.moc"
