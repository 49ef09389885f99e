#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QScrollBar>

#include "gui/delegates/rich_text.h"
#include "gui/models/conversation_list_model.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/chat_bench.h"
#include "tests/gui/fake_engine.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;
using test::ChatBench;

class TestChatPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.install(*qApp); }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_script = std::make_shared<test::FakeScript>();
        m_bench = std::make_unique<ChatBench>(m_theme, test::fakeEngine(m_script), file());
        QVERIFY(QTest::qWaitForWindowExposed(&m_bench->page));
    }
    void cleanup() {
        m_bench.reset();
        m_folder.reset();
    }

    void enterSendsAndShiftEnterBreaks() {
        load();
        auto* composer = m_bench->composer();
        QTest::keyClicks(composer, QStringLiteral("first"));
        QTest::keyClick(composer, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClicks(composer, QStringLiteral("second"));
        QVERIFY(m_script->answered.empty());
        QTest::keyClick(composer, Qt::Key_Return);
        QTRY_COMPARE(m_bench->texts(),
                     (QStringList{QStringLiteral("first\nsecond"), QStringLiteral("Hello, world.")}));
        QCOMPARE(composer->toPlainText(), QString());
        QTRY_COMPARE(m_bench->view()->liveRows(), std::size_t(2));
    }

    void theEnterOfAnInputMethodDoesNotSend() {
        load();
        auto* composer = m_bench->composer();
        QInputMethodEvent compose(QStringLiteral("ni hao"), {});
        QApplication::sendEvent(composer, &compose);
        QTest::keyClick(composer, Qt::Key_Return); // passed on by the input method while composing
        QInputMethodEvent commit;
        commit.setCommitString(QStringLiteral("你好"));
        QApplication::sendEvent(composer, &commit);
        QTest::keyClick(composer, Qt::Key_Return); // or right after it
        QTest::qWait(2 * ChatEdit::kCommitGraceMs);
        QVERIFY(m_script->answered.empty());
        QCOMPARE(composer->toPlainText(), QStringLiteral("你好"));
        QTest::keyClick(composer, Qt::Key_Return); // this one is meant
        QTRY_COMPARE(m_script->answered.size(), std::size_t(1));
        QCOMPARE(m_script->answered[0].messages[0].content, std::string("你好"));
    }

    void escapeStops() {
        load();
        m_script->endless = true;
        m_script->pieceDelay = 3ms;
        say("go on");
        QTRY_VERIFY(m_bench->controller.streamedTokens() > 5);
        QVERIFY(m_bench->button("Stop the answer"));
        QTest::keyClick(m_bench->composer(), Qt::Key_Escape);
        QTRY_VERIFY(!m_bench->controller.isBusy());
        QTRY_VERIFY(m_bench->button("Send message"));
        QVERIFY(m_bench->texts().last().startsWith(QLatin1String("Hello, world.")));
    }

    void withoutAModelTheTextStays() {
        say("is anyone there?");
        QCOMPARE(m_bench->composer()->toPlainText(), QStringLiteral("is anyone there?"));
        QCOMPARE(m_bench->visibleErrors(), 1);
    }

    void loadingNeverGrowsTheWindow() {
        m_bench->page.resize(684, 520); // the smallest window less the rail
        QCOMPARE(m_bench->page.width(), 684);
        m_script->loadDelay = 100ms;
        m_bench->page.openModel(
            QStringLiteral("/m/A-model-with-a-very-long-name-indeed-and-more-Q4_K_M.gguf"));
        QTest::qWait(40);
        QCOMPARE(m_bench->page.width(), 684);
        QTRY_VERIFY(m_bench->engine.model());
        QTest::qWait(20);
        QCOMPARE(m_bench->page.width(), 684);
    }

    void aFailedLoadSaysWhyAndKeepsThePage() {
        m_script->loadError = Error{"gguf.bad_magic", "not GGUF", 0, {}};
        m_bench->page.openModel(QStringLiteral("/m/broken.gguf"));
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        m_script->loadError.reset();
        load();
        QTRY_COMPARE(m_bench->visibleErrors(), 0);
    }

    void aFailedAnswerStandsInItsPlace() {
        load();
        m_script->answerError = Error{
            "context.full", "no room", std::nullopt, {{"needed_tokens", "9000"}, {"context_tokens", "8192"}}};
        say("too long");
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        m_script->answerError.reset();
        QTest::mouseClick(m_bench->button("Answer again, keeping this version"), Qt::LeftButton);
        QTRY_COMPARE(m_bench->visibleErrors(), 0);
        QTRY_COMPARE(m_bench->texts().last(), QStringLiteral("Hello, world."));
    }

    void switchingChatsWhileAnsweringKeepsBoth() {
        load();
        m_script->answer = {"word "};
        m_script->endless = true;
        m_script->pieceDelay = 3ms;
        say("long story");
        QTRY_VERIFY(m_bench->controller.streamedTokens() > 5);
        const auto first = m_bench->page.conversation();
        QVERIFY(first != 0);
        m_bench->page.newChat();
        QTest::keyClicks(m_bench->composer(), QStringLiteral("meanwhile"));
        QTest::keyClick(m_bench->composer(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->visibleErrors(), 1); // one answer at a time; the text stays
        QCOMPARE(m_bench->composer()->toPlainText(), QStringLiteral("meanwhile"));
        const auto before = m_bench->controller.streamedTokens();
        QTRY_VERIFY(m_bench->controller.streamedTokens() > before + 5);
        m_bench->page.openConversation(first);
        QTRY_VERIFY(m_bench->button("Stop the answer"));
        QTRY_VERIFY(shown().contains(QLatin1String("word word word")));
        m_bench->controller.stop();
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_bench->page.newChat();
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("meanwhile")); // the draft
    }

    void draftsSurviveAKill() {
        QTest::keyClicks(m_bench->composer(), QStringLiteral("half a thought"));
        QTest::qWait(700); // no flush: what a killed process leaves
        m_bench->history.shutdown();
        m_bench = std::make_unique<ChatBench>(m_theme, test::fakeEngine(m_script), file());
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("half a thought"));
    }

    void theMeterWarnsAndOffersToDropOldTurns() {
        m_script->promptTokens = 7600;
        load();
        QTest::keyClicks(m_bench->composer(), QStringLiteral("x"));
        QTRY_VERIFY(m_bench->page.findChild<QWidget*>() &&
                    shownLabels().contains(QStringLiteral("592 tokens are left")));
        m_script->promptTokens = 9000;
        QTest::keyClicks(m_bench->composer(), QStringLiteral("y"));
        QTRY_VERIFY(shownLabels().contains(QStringLiteral("Too long for the context")));
        QTest::keyClick(m_bench->composer(), Qt::Key_Return);
        QVERIFY(m_script->answered.empty()); // it would only fail
        for (auto* button : m_bench->page.findChildren<QAbstractButton*>())
            if (button->text() == QLatin1String("Leave out the oldest turns") && button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton);
        QTest::keyClick(m_bench->composer(), Qt::Key_Return);
        QTRY_COMPARE(m_script->answered.size(), std::size_t(1));
        QCOMPARE(m_script->answered[0].params.contextPolicy, runtime::ContextPolicy::DropOldest);
    }

    void listRenamesDeletesAndUndoes() {
        load();
        say("first chat");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_bench->page.newChat();
        say("second chat");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        auto* list = m_bench->page.findChild<QListView*>();
        QTRY_COMPARE(list->model()->rowCount(), 2);
        list->setFocus();
        list->setCurrentIndex(list->model()->index(1, 0));
        QTest::keyClick(list, Qt::Key_Delete); // a bare key destroys nothing
        QTest::keyClick(list, Qt::Key_Backspace);
        QCOMPARE(list->model()->rowCount(), 2);
        QTest::keyClick(list, Qt::Key_F2);
        auto* editor = list->findChild<QLineEdit*>();
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("ren"));
        // The chat changes while it is being renamed, as when an answer in it ends: what was typed stays.
        Q_EMIT list->model()->dataChanged(list->model()->index(1, 0), list->model()->index(1, 0));
        QTest::keyClicks(editor, QStringLiteral("amed"));
        QCOMPARE(editor->text(), QStringLiteral("renamed"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(list->model()->index(1, 0).data().toString(), QStringLiteral("renamed"));
        list->setCurrentIndex(list->model()->index(1, 0));
        QTest::keyClick(list, Qt::Key_Delete, Qt::ShiftModifier);
        QTRY_COMPARE(list->model()->rowCount(), 1);
        QAbstractButton* undo = nullptr;
        QTRY_VERIFY([&] {
            for (auto* button : m_bench->page.findChildren<QAbstractButton*>())
                if (button->text() == QLatin1String("Undo") && button->isVisible())
                    undo = button;
            return undo != nullptr;
        }());
        QTest::mouseClick(undo, Qt::LeftButton);
        QTRY_COMPARE(list->model()->rowCount(), 2);
    }

    void linksAskWithTheWholeAddress() {
        load();
        m_script->answer = {"[click me](https://example.org/path?with=everything)"};
        say("link please");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        RichText* answer = nullptr;
        QTRY_VERIFY([&] {
            for (auto* text : m_bench->page.findChildren<RichText*>())
                if (text->toPlainText() == QLatin1String("click me"))
                    answer = text;
            return answer && answer->isVisible();
        }());
        QTest::mouseClick(answer->viewport(), Qt::LeftButton, {}, QPoint(10, 12));
        auto* box = m_bench->page.findChild<QMessageBox*>(QStringLiteral("linkQuestion"));
        QVERIFY(box);
        QCOMPARE(box->informativeText(), QStringLiteral("https://example.org/path?with=everything"));
        QCOMPARE(box->textFormat(), Qt::PlainText);
        box->close();
    }

    void tenThousandMessagesOpenAtOnce() {
        qint64 id = 0;
        m_bench->history.request(
            this,
            [](workbench::ChatHistory& history) -> Result<store::RowId> {
                store::RowId conversation = 0;
                auto done = history.store().transaction([&]() -> Result<void> {
                    HEARTH_TRY(conversation, history.store().createConversation("long"));
                    store::RowId parent = 0;
                    for (int i = 0; i < 10000; ++i) {
                        store::Message message;
                        message.conversation = conversation;
                        message.parent = parent;
                        message.role = i % 2 ? store::Role::Assistant : store::Role::User;
                        message.content = "Message **" + std::to_string(i) +
                                          "** with a few words more than one line could "
                                          "hold, so that heights differ from what was estimated. " +
                                          std::string(static_cast<std::size_t>(i % 7) * 60, 'x');
                        HEARTH_TRY(parent, history.store().appendMessage(message));
                    }
                    return {};
                });
                if (!done)
                    return tl::unexpected<Error>(done.error());
                return conversation;
            },
            [&](const Result<store::RowId>& made) { id = made.value_or(-1); });
        QTRY_VERIFY_WITH_TIMEOUT(id != 0, 60000);
        QVERIFY(id > 0);
        QElapsedTimer clock;
        clock.start();
        m_bench->page.openConversation(id);
        QTRY_VERIFY(shown().contains(QLatin1String("Message 9999 with")));
        const auto opened = clock.elapsed();
        auto* view = m_bench->view();
        QVERIFY(view->isFollowing());
        qint64 worst = 0;
        auto* bar = view->verticalScrollBar();
        for (int i = 0; i < 400; ++i) { // up through several pages; what is read stays in place
            clock.restart();
            bar->setValue(bar->value() - 900);
            QApplication::processEvents();
            worst = std::max(worst, clock.elapsed());
            QVERIFY(view->liveRows() < 40);
        }
        qInfo("10 000 messages: newest shown after %lld ms, slowest scroll step %lld ms, %zu rows alive",
              opened, worst, view->liveRows());
        QVERIFY2(opened < 300, qPrintable(QString::number(opened)));
        QVERIFY2(worst < 120, qPrintable(QString::number(worst)));
        QVERIFY(!view->isFollowing());
        auto* jump = m_bench->button("Jump to the newest message");
        QVERIFY(jump);
        QTest::mouseClick(jump, Qt::LeftButton);
        QVERIFY(view->isFollowing());
        QTRY_VERIFY(shown().contains(QLatin1String("Message 9999 with")));
    }

    void streamingDoesNotPullAReaderDown() {
        load();
        m_script->answer = {"line\n\n"};
        m_script->endless = true;
        m_script->pieceDelay = 2ms;
        say("many lines");
        auto* view = m_bench->view();
        auto* bar = view->verticalScrollBar();
        QTRY_VERIFY_WITH_TIMEOUT(bar->maximum() > 800, 20000);
        QCOMPARE(bar->value(), bar->maximum());
        bar->setValue(bar->value() - 400);
        const int place = bar->value(), end = bar->maximum();
        QTRY_VERIFY_WITH_TIMEOUT(bar->maximum() > end + 200, 20000);
        QCOMPARE(bar->value(), place);
        view->scrollToEnd();
        const int later = bar->maximum();
        QTRY_VERIFY_WITH_TIMEOUT(bar->maximum() > later + 100, 20000);
        QCOMPARE(bar->value(), bar->maximum());
    }

    void languageAndThemeChangeLive() {
        load();
        say("hello");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_theme.setMode(Theme::Mode::Dark);
        m_theme.setFontScale(1.4);
        QTest::qWait(50);
        QEvent change(QEvent::LanguageChange);
        for (auto* widget : m_bench->page.findChildren<QWidget*>())
            QApplication::sendEvent(widget, &change);
        QVERIFY(!m_bench->page.grab().isNull());
        m_theme.setMode(Theme::Mode::Light);
        m_theme.setFontScale(1.0);
        QTRY_VERIFY(shown().contains(QLatin1String("Hello, world.")));
    }

    void everyControlHasANameAndCanBeReached() {
        load();
        say("hello");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        for (auto* button : m_bench->page.findChildren<QAbstractButton*>()) {
            if (!button->isVisible() || qobject_cast<QLineEdit*>(button->parentWidget()))
                continue; // a line edit's inner buttons are Qt's own; their actions have keys
            QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty() ||
                         !button->toolTip().isEmpty(),
                     button->metaObject()->className());
            QVERIFY2(button->focusPolicy() & Qt::TabFocus,
                     qPrintable(button->accessibleName() + button->text()));
        }
    }

private:
    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("history.db")); }
    void load() {
        QSignalSpy loaded(&m_bench->engine, &EngineBridge::loaded);
        m_bench->page.openModel(QStringLiteral("/m/Qwen3-4B-Q4_K_M.gguf"));
        QVERIFY(loaded.wait());
    }
    void say(const char* text) {
        QTest::keyClicks(m_bench->composer(), QString::fromLatin1(text));
        QTest::keyClick(m_bench->composer(), Qt::Key_Return);
    }
    [[nodiscard]] QString shown() const {
        QString out;
        for (const auto* text : m_bench->page.findChildren<RichText*>())
            if (text->isVisible())
                out += text->toPlainText() + QLatin1Char('\n');
        return out;
    }
    [[nodiscard]] QString shownLabels() const {
        QString out;
        for (const auto* label : m_bench->page.findChildren<QLabel*>())
            if (label->isVisible())
                out += label->text() + QLatin1Char('\n');
        return out;
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<test::FakeScript> m_script;
    std::unique_ptr<ChatBench> m_bench;
};

QTEST_MAIN(TestChatPage)
#include "test_chat_page.moc"
