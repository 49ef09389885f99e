#include <chrono>
#include <fstream>

#include <QApplication>
#include <QLineEdit>
#include <QSpinBox>

#include "gui/pages/privacy_breaches.h"
#include "gui/pages/privacy_retention.h"
#include "gui/widgets/error_text.h"
#include "tests/gui/privacy_bench.h"

using namespace hearth;
using namespace hearth::test;

/// Rules for how long things stay: what is shown, what it deletes, and that late answers change nothing.
class TestPrivacyRetention : public test::PrivacyBench {
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { end(); }

    void retentionShowsBeforeItDeletes() {
        openSinglePersonsChats({"old words", "new words"});
        age(1, 100);
        openPage();
        auto* retention = card<RetentionCard>("retention");
        QSignalSpy previewed(retention, &RetentionCard::previewed);
        auto* idle = m_page->findChild<QSpinBox*>(QStringLiteral("keep-idle"));
        QVERIFY(!idle->isEnabled()); // not before the rules that hold were read
        QVERIFY(!button("retentionPreview")->isEnabled());
        QTRY_VERIFY(idle->isEnabled());
        idle->setValue(30);
        QVERIFY(!button("retentionKeep")->isVisibleTo(m_page.get()));
        button("retentionPreview")->click();
        QVERIFY(previewed.wait(kPatience));
        QCOMPARE(previewed.back().front().toInt(), 1);
        QVERIFY(allText(*retention).contains(QStringLiteral("about old words")));
        QCOMPARE(titles().size(), 2);
        QVERIFY(button("retentionKeep")->isVisibleTo(m_page.get()));
        idle->setValue(31); // another rule has to be seen first
        QVERIFY(!button("retentionKeep")->isVisibleTo(m_page.get()));
        button("retentionPreview")->click();
        QVERIFY(previewed.wait(kPatience));
        QSignalSpy applied(retention, &RetentionCard::applied);
        button("retentionKeep")->click();
        QTRY_VERIFY(question("askRetention"));
        agree("askRetention");
        QVERIFY(applied.wait(kPatience));
        QCOMPARE(applied.back().front().toInt(), 1);
        QTRY_COMPARE(titles(), QStringList{QStringLiteral("about new words")});
    }

    void aLateAnswerLeavesWhatWasTyped() {
        openSinglePersonsChats({"old words"});
        openPage();
        auto* retention = card<RetentionCard>("retention");
        auto* record = card<RecordCard>("record");
        auto* idle = m_page->findChild<QSpinBox*>(QStringLiteral("keep-idle"));
        auto* name = m_page->findChild<QLineEdit*>(QStringLiteral("controllerName"));
        auto* contact = m_page->findChild<QLineEdit*>(QStringLiteral("controllerContact"));
        QTRY_VERIFY(idle->isEnabled() && !name->isReadOnly());
        retention->refresh();
        record->refresh();
        idle->setValue(30);
        name->setText(QStringLiteral("Lantern"));
        // Another program states the contact and keeps a rule; what was not typed here follows.
        QCOMPARE(code([](auto& office, AccountsDesk& desk) -> Result<void> {
                     HEARTH_CHECK(office.setController(desk.actor, {"", "a lane", ""}));
                     return office.setRetention(desk.actor, security::Kept::Trash, 90);
                 }),
                 std::string());
        retention->refresh();
        record->refresh();
        QTRY_COMPARE(contact->text(), QStringLiteral("a lane"));
        QTRY_COMPARE(m_page->findChild<QSpinBox*>(QStringLiteral("keep-trash"))->value(), 90);
        QCOMPARE(idle->value(), 30);
        QCOMPARE(name->text(), QStringLiteral("Lantern"));
        Q_EMIT name->editingFinished();
        // Kept beside what the other program had stated.
        QCOMPARE(code([](auto& office, AccountsDesk& desk) -> Result<void> {
                     HEARTH_TRY(const auto controller, office.controller(desk.actor));
                     return controller == security::Controller{"Lantern", "a lane", ""}
                                ? Result<void>()
                                : fail("test.other", controller.name + ", " + controller.contact);
                 }),
                 std::string());
    }

    void whatWasUsedSinceItWasShownStays() {
        openSinglePersonsChats({"old words", "older words", "new words"});
        age(1, 100);
        age(2, 200);
        openPage();
        auto* retention = card<RetentionCard>("retention");
        QSignalSpy previewed(retention, &RetentionCard::previewed),
            applied(retention, &RetentionCard::applied);
        auto* idle = m_page->findChild<QSpinBox*>(QStringLiteral("keep-idle"));
        QTRY_VERIFY(idle->isEnabled());
        idle->setValue(30);
        button("retentionPreview")->click();
        idle->setValue(150); // before the answer: it says nothing about these rules
        QCOMPARE(code([](auto&, AccountsDesk&) { return Result<void>(); }), std::string());
        QCOMPARE(titles().size(), 3);
        QVERIFY(previewed.isEmpty());
        idle->setValue(30);
        button("retentionPreview")->click();
        QVERIFY(previewed.wait(kPatience));
        QCOMPARE(previewed.back().front().toInt(), 2);
        button("retentionKeep")->click();
        QTRY_VERIFY(question("askRetention"));
        age(1, -100); // used while the question is open
        agree("askRetention");
        QVERIFY(applied.wait(kPatience));
        QCOMPARE(applied.back().front().toInt(), 1);
        QVERIFY(allText(*retention).contains(QStringLiteral("The others were used")));
        QStringList left = titles();
        left.sort();
        QCOMPARE(left, QStringList({QStringLiteral("about new words"), QStringLiteral("about old words")}));
    }

    void theMachinesKindsHaveRulesToo() {
        namespace fs = std::filesystem;
        const auto log = [this](const char* name, int days) {
            const fs::path file = m_paths.logs / name;
            std::ofstream(file) << "text";
            fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(24 * days));
            return file;
        };
        const fs::path old = log("hearth.2.log", 90), young = log("hearth.1.log", 3),
                       current = log("hearth.log", 90);
        openPage(); // no chats are open: these kinds need none
        auto* retention = card<RetentionCard>("retention");
        QSignalSpy previewed(retention, &RetentionCard::previewed),
            applied(retention, &RetentionCard::applied);
        auto* logs = m_page->findChild<QSpinBox*>(QStringLiteral("keep-logs"));
        QTRY_VERIFY(logs->isEnabled());
        logs->setValue(30);
        button("retentionPreview")->click();
        QTRY_COMPARE(previewed.size(), 1);
        QCOMPARE(previewed.back().front().toInt(), 1);
        const QString text = allText(*retention);
        QVERIFY2(text.contains(QStringLiteral("Log files: 1, ")), qPrintable(text));
        QVERIFY(fs::exists(old));
        button("retentionKeep")->click();
        QTRY_VERIFY(question("askRetention"));
        agree("askRetention");
        QTRY_COMPARE(applied.size(), 1);
        QCOMPARE(applied.back().front().toInt(), 1);
        QVERIFY(!fs::exists(old) && fs::exists(young) && fs::exists(current));
        QCOMPARE(auditCount("settings.change"), 2); // the rule, and what went
        // What cannot be read is named, and nothing of it is lost.
        std::ofstream(m_paths.measurementsFile()) << "{half";
        m_page->findChild<QSpinBox*>(QStringLiteral("keep-measurements"))->setValue(30);
        button("retentionPreview")->click();
        QTRY_VERIFY(allText(*retention).contains(errorText({"measurement.malformed", ""}).title));
        QVERIFY(!button("retentionKeep")->isVisibleTo(m_page.get()));
        QCOMPARE(read(QString::fromStdString(m_paths.measurementsFile().string())), QByteArray("{half"));
    }

    void whatBecomesTooOldGoesByItself() {
        namespace fs = std::filesystem;
        openSinglePersonsChats({"old words", "new words", "words of the future"});
        age(1, 100);
        age(3, -100);
        const fs::path log = m_paths.logs / "hearth.1.log";
        std::ofstream(log) << "text";
        fs::last_write_time(log, fs::file_time_type::clock::now() - std::chrono::hours(24 * 90));
        std::ofstream(m_paths.measurementsFile()) << "{half";
        QSignalSpy failed(m_bridge.get(), &PrivacyBridge::retentionFailed),
            ahead(m_bridge.get(), &PrivacyBridge::datedAhead);
        m_bridge->dailyRound(); // there are no rules yet
        QCOMPARE(code([](auto&, AccountsDesk&) { return Result<void>(); }), std::string());
        QVERIFY(fs::exists(log));
        QCOMPARE(titles().size(), 3);
        QCOMPARE(code([](auto& office, AccountsDesk& desk) -> Result<void> {
                     for (const auto kept :
                          {security::Kept::Idle, security::Kept::Logs, security::Kept::Measurements})
                         HEARTH_CHECK(office.setRetention(desk.actor, kept, 30));
                     return {};
                 }),
                 std::string());
        m_bridge->dailyRound();
        QTRY_VERIFY(!fs::exists(log));
        QTRY_COMPARE(titles(), QStringList({QStringLiteral("about words of the future"),
                                            QStringLiteral("about new words")}));
        QTRY_COMPARE(failed.size(), 1); // and the damaged file kept nothing else waiting
        QCOMPARE(read(QString::fromStdString(m_paths.measurementsFile().string())), QByteArray("{half"));
        QTRY_COMPARE(auditCount("conversation.remove"), 1);
        // What is dated ahead kept no other one waiting; it is said once, and where the rules are.
        QCOMPARE(ahead.size(), 1);
        QCOMPARE(ahead.front().front().toInt(), 1);
        m_bridge->dailyRound();
        QTRY_COMPARE(failed.size(), 2);
        openPage();
        auto* retention = card<RetentionCard>("retention");
        QTRY_COMPARE(m_page->findChild<QSpinBox*>(QStringLiteral("keep-idle"))->value(), 30);
        m_page->findChild<QSpinBox*>(QStringLiteral("keep-measurements"))->setValue(0);
        button("retentionPreview")->click();
        QTRY_VERIFY(allText(*retention).contains(QStringLiteral("1 dated after today stay")));
        QCOMPARE(ahead.size(), 1);
    }

    /// The card of rules, drawn where HEARTH_PICTURES names a folder.
    void pictures() {
        namespace fs = std::filesystem;
        const QString folder = qEnvironmentVariable("HEARTH_PICTURES");
        if (folder.isEmpty())
            return;
        m_theme.install(*qobject_cast<QApplication*>(QCoreApplication::instance()));
        openSinglePersonsChats({"the lighthouse", "a recipe", "new words"});
        age(1, 100);
        age(2, 50);
        const fs::path log = m_paths.logs / "hearth.1.log";
        std::ofstream(log) << std::string(48'000, 'x');
        fs::last_write_time(log, fs::file_time_type::clock::now() - std::chrono::hours(24 * 90));
        openPage();
        auto* retention = card<RetentionCard>("retention");
        QSignalSpy previewed(retention, &RetentionCard::previewed);
        QTranslator chinese;
        QVERIFY(chinese.load(QCoreApplication::applicationDirPath() +
                             QStringLiteral("/../gui/app/hearth_zh_CN.qm")));
        for (const char* language : {"en", "zh_CN"}) {
            if (QByteArray(language) == "zh_CN")
                QCoreApplication::installTranslator(&chinese);
            QCoreApplication::sendPostedEvents();
            QTRY_VERIFY(m_page->findChild<QSpinBox*>(QStringLiteral("keep-idle"))->isEnabled());
            for (const char* kind : {"keep-idle", "keep-logs"})
                m_page->findChild<QSpinBox*>(QLatin1String(kind))->setValue(30);
            previewed.clear();
            button("retentionPreview")->click();
            QTRY_COMPARE(previewed.size(), 1);
            for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
                m_theme.setMode(mode);
                QTest::qWait(100);
                QVERIFY(retention->grab().save(
                    QStringLiteral("%1/retention-%2-%3.png")
                        .arg(folder, QLatin1String(mode == Theme::Mode::Dark ? "dark" : "light"),
                             QLatin1String(language))));
            }
        }
        QCoreApplication::removeTranslator(&chinese);
    }
};

QTEST_MAIN(TestPrivacyRetention)
#include "test_privacy_retention.moc"
