#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include "engine/workbench/settings.h"
#include "gui/app/application.h"
#include "gui/pages/guide_links.h"
#include "gui/pages/guide_welcome.h"
#include "gui/widgets/labels.h"
#include "tests/gui/chat_bench.h"
#include "tests/guide/tiny_guide.h"
#include "tests/support/test_data.h"

using namespace hearth::gui;
using hearth::test::ChatBench;
using hearth::test::FakeScript;
using hearth::workbench::DataPaths;
using hearth::workbench::SettingsFile;

namespace {

QString text(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

/// The topics' phrasings that are learnt (the last of each list is held out) or their answers, in a language.
struct Corpus {
    QSet<QString> learnt;
    QStringList answers;
};

/// Without capitals and the mark at the end, which the Guide is taught not to mind.
QString plain(QString question) {
    question = question.trimmed().toLower();
    while (question.endsWith(u'?') || question.endsWith(u'？'))
        question.chop(1);
    return question.trimmed();
}

Corpus corpus(const QString& language) {
    Corpus out;
    const QDir folder(QStringLiteral(HEARTH_SOURCE_DIR "/resources/guide/topics"));
    for (const QString& name : folder.entryList({QStringLiteral("*.jsonl")})) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& line : file.readAll().split('\n')) {
            const QJsonObject topic = QJsonDocument::fromJson(line).object()[language].toObject();
            const QJsonArray ask = topic[QStringLiteral("ask")].toArray();
            for (qsizetype i = 0; i + 1 < ask.size(); ++i)
                out.learnt << plain(ask[i].toString());
            if (!ask.isEmpty())
                out.answers << topic[QStringLiteral("answer")].toString();
        }
    }
    return out;
}

} // namespace

/// The Guide in the window: its words, its questions, where its answers lead, and the first start.
class TestGuide : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_script = std::make_shared<FakeScript>();
        m_script->isGuide = true;
    }
    void cleanup() {
        m_application.reset();
        qunsetenv("HEARTH_DATA_DIR");
    }

    void answersNamePagesAndCommands() {
        const auto english = GuideLinks::namedIn(
            QStringLiteral("Open the Settings page, then the About page; run hearthctl "
                           "bench or hearthctl render-template. Again: the Settings page, "
                           "the Chat page, the Moon page. hearthctl is a program."));
        QCOMPARE(english.pages, (QStringList{QStringLiteral("settings"), QStringLiteral("about")}));
        QCOMPARE(english.commands, (QStringList{QStringLiteral("hearthctl bench"),
                                                QStringLiteral("hearthctl render-template")}));
        const auto chinese = GuideLinks::namedIn(
            QStringLiteral("在设置页修改，用 hearthctl inspect 查看，另见关于页和对话页。"));
        QCOMPARE(chinese.pages, (QStringList{QStringLiteral("settings"), QStringLiteral("about")}));
        QCOMPARE(chinese.commands, QStringList{QStringLiteral("hearthctl inspect")});
        QVERIFY(GuideLinks::namedIn(QString()).pages.isEmpty());
    }

    void everyPageThatTheTopicsNameHasAButton() {
        static const QRegularExpression page(
            QStringLiteral("the Settings page|the About page|设置页|关于页"));
        for (const char* language : {"en", "zh"}) {
            const auto answers = corpus(QString::fromLatin1(language)).answers;
            QVERIFY(answers.size() > 400);
            int named = 0;
            for (const QString& answer : answers) {
                if (!answer.contains(page))
                    continue;
                ++named;
                QVERIFY2(!GuideLinks::namedIn(answer).pages.isEmpty(), qPrintable(answer));
            }
            QVERIFY(named > 5);
        }
    }

    void starterQuestionsAreTaughtOnes() {
        const auto check = [](const QString& language) {
            const auto learnt = corpus(language).learnt;
            for (const QString& question : GuideWelcome::questions())
                QVERIFY2(learnt.contains(plain(question)), qPrintable(question));
        };
        check(QStringLiteral("en"));
        QTranslator chinese;
        QVERIFY(chinese.load(QStringLiteral(":/i18n/hearth_zh_CN.qm")));
        QCoreApplication::installTranslator(&chinese);
        QVERIFY(GuideWelcome::questions().first() != QStringLiteral("What can you do?"));
        check(QStringLiteral("zh"));
        QCoreApplication::removeTranslator(&chinese);
    }

    void aStarterQuestionIsSent() {
        auto chat = bench();
        auto* welcome = chat->page.findChild<GuideWelcome*>();
        QVERIFY(welcome);
        QVERIFY(!welcome->isVisible());
        chat->load(QStringLiteral("/models/guide.gguf"));
        QTRY_VERIFY(welcome->isVisible());
        // What is being written is not to be lost.
        QTest::keyClicks(chat->composer(), QStringLiteral("my own"));
        QTRY_VERIFY(!welcome->isVisible());
        chat->composer()->selectAll();
        QTest::keyClick(chat->composer(), Qt::Key_Delete);
        QTRY_VERIFY(welcome->isVisible());
        QTest::mouseClick(chat->button("Ask: How do I open a model?"), Qt::LeftButton);
        QTRY_COMPARE(chat->texts().value(0), QStringLiteral("How do I open a model?"));
        QTRY_VERIFY(!welcome->isVisible());
    }

    void anAnswerLeadsToItsPageAndCommand() {
        m_script->answer = {"Threads are on the Settings page; ", "hearthctl bench measures."};
        auto chat = bench();
        chat->load(QStringLiteral("/models/guide.gguf"));
        QSignalSpy asked(&chat->page, &ChatPage::pageAsked);
        auto* links = chat->page.findChild<GuideLinks*>();
        QVERIFY(!links->isVisible());
        chat->say("threads");
        QTRY_VERIFY(links->isVisible());
        const auto buttons = links->findChildren<QAbstractButton*>();
        QCOMPARE(buttons.size(), 2);
        QTest::mouseClick(buttons[0], Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), QStringLiteral("settings"));
        QTest::mouseClick(buttons[1], Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("hearthctl bench"));
        chat->page.newChat();
        QTRY_VERIFY(!links->isVisible());
    }

    void otherModelsAreNotTreatedLikeIt() {
        m_script->isGuide = false;
        m_script->answer = {"Open the Settings page."};
        auto chat = bench();
        chat->load(QStringLiteral("/models/guide.gguf"));
        QVERIFY(!chat->page.findChild<GuideWelcome*>()->isVisible());
        chat->say("threads");
        QTRY_VERIFY(!chat->controller.isBusy());
        QTRY_COMPARE(chat->texts().size(), 2);
        QVERIFY(!chat->page.findChild<GuideLinks*>()->isVisible());
    }

    void thePickerListsItLastAndOnce() {
        const QString folder = m_folder->path();
        const auto copy = [&](const char* name) {
            const QString path = folder + QLatin1Char('/') + QString::fromLatin1(name);
            QFile::copy(text(hearth::test::golden("llama-F32.gguf")), path);
            return path;
        };
        const QString guide = copy("a-guide.gguf"), other = copy("b-other.gguf");
        ModelPickerModel models;
        models.setFolders({folder});
        models.setGuide(guide);
        QSignalSpy finished(&models, &ModelPickerModel::scanFinished);
        QVERIFY(finished.wait(hearth::test::kPatience));
        QCOMPARE(models.rowCount(), 2);
        QCOMPARE(models.index(0).data(ModelPickerModel::PathRole).toString(), other);
        QVERIFY(!models.index(0).data(ModelPickerModel::GuideRole).toBool());
        QCOMPARE(models.index(1).data(ModelPickerModel::PathRole).toString(), guide);
        QVERIFY(models.index(1).data(ModelPickerModel::GuideRole).toBool());
        QCOMPARE(models.index(1).data(ModelPickerModel::NameRole).toString(), ModelPickerModel::guideName());
        QVERIFY(models.isGuide(guide));
        QVERIFY(!models.isGuide({}));
    }

    void theFirstStartOpensItAndAChosenModelTakesItsPlace() {
        const QString guide = m_folder->filePath(QStringLiteral("guide.gguf"));
        QVERIFY(QFile::copy(text(hearth::test::tinyGuide().model), guide));
        start();
        QTRY_VERIFY_WITH_TIMEOUT(loaded(ModelPickerModel::guideName()), 10'000);
        QVERIFY(settings().lastModel.empty());
        QVERIFY(settings().recentModels.empty());
        const auto model = hearth::test::golden("llama-F32.gguf");
        m_application->activate(text(model));
        QTRY_COMPARE_WITH_TIMEOUT(settings().lastModel, model, 10'000);
        restart();
        QTRY_VERIFY_WITH_TIMEOUT(loaded(), 10'000);
        QVERIFY(!loaded(ModelPickerModel::guideName()));
        m_application->activate(guide); // chosen again: nothing else is opened at the next start
        QTRY_VERIFY_WITH_TIMEOUT(settings().lastModel.empty(), 10'000);
        QCOMPARE(settings().recentModels.size(), std::size_t{1});
        restart();
        QTRY_VERIFY_WITH_TIMEOUT(loaded(ModelPickerModel::guideName()), 10'000);
    }

private:
    std::unique_ptr<ChatBench> bench() {
        m_theme.install(*qApp);
        return std::make_unique<ChatBench>(m_theme, hearth::test::fakeEngine(m_script),
                                           m_folder->filePath(QStringLiteral("history.db")));
    }
    void start() {
        qputenv("HEARTH_DATA_DIR", m_folder->path().toLocal8Bit());
        QElapsedTimer timer;
        timer.start();
        m_application = std::make_unique<Application>(*qApp, DataPaths::prepare().value(), timer);
        m_application->settings().change([](auto& s) { s.language = hearth::workbench::Language::English; });
        m_application->start({});
        QTRY_VERIFY(!m_application->window().isCovered());
    }
    void restart() {
        m_application->window().close();
        m_application.reset();
        start();
    }
    const hearth::workbench::Settings& settings() { return m_application->settings().settings(); }
    bool loaded(const QString& name = {}) {
        for (const auto* button : m_application->window().findChildren<QAbstractButton*>())
            if (button->accessibleName().contains(QStringLiteral("Model: ") + name))
                return true;
        return false;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<FakeScript> m_script;
    Theme m_theme;
    std::unique_ptr<Application> m_application;
};

QTEST_MAIN(TestGuide)
#include "test_guide.moc"
