#include <limits>

#include <QInputMethodEvent>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QScrollBar>

#include "gui/models/conversation_list_model.h"
#include "tests/gui/chat_bench.h"
#include "tests/gui/visible_text.h"
#include "tests/support/program_time.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;

class TestChatPage : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        begin();
        start();
    }
    void cleanup() { end(); }

    void enterSendsAndShiftEnterBreaks() {
        m_bench->load();
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
        ChatEdit* composer = nullptr;
        QElapsedTimer sinceCommit;
        do { // again where the processor was away between the commit and the key
            cleanup();
            init();
            m_bench->load();
            composer = m_bench->composer();
            QInputMethodEvent compose(QStringLiteral("ni hao"), {});
            QApplication::sendEvent(composer, &compose);
            QTest::keyClick(composer, Qt::Key_Return); // passed on by the input method while composing
            QInputMethodEvent commit;
            commit.setCommitString(QStringLiteral("你好"));
            sinceCommit.start();
            QApplication::sendEvent(composer, &commit);
            QTest::keyClick(composer, Qt::Key_Return); // or right after it
        } while (sinceCommit.elapsed() >= ChatEdit::kCommitGraceMs);
        QTest::qWait(2 * ChatEdit::kCommitGraceMs);
        QVERIFY(m_script->answered.empty());
        QCOMPARE(composer->toPlainText(), QStringLiteral("你好"));
        QTest::keyClick(composer, Qt::Key_Return); // this one is meant
        QTRY_COMPARE(m_script->answered.size(), std::size_t(1));
        QCOMPARE(m_script->answered[0].messages[0].content, std::string("你好"));
    }

    void escapeStops() {
        m_bench->load();
        m_script->endless = true;
        m_script->pieceDelay = 3ms;
        m_bench->say("go on");
        QTRY_VERIFY(m_bench->controller.streamedTokens() > 5);
        QVERIFY(m_bench->button("Stop the answer"));
        QTest::keyClick(m_bench->composer(), Qt::Key_Escape);
        QTRY_VERIFY(!m_bench->controller.isBusy());
        QTRY_VERIFY(m_bench->button("Send message"));
        QVERIFY(m_bench->texts().last().startsWith(QLatin1String("Hello, world.")));
    }

    void withoutAModelTheTextStays() {
        m_bench->say("is anyone there?");
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
        m_bench->load();
        QTRY_COMPARE(m_bench->visibleErrors(), 0);
    }

    void aFailedAnswerStandsInItsPlace() {
        m_bench->load();
        m_script->answerError = Error{
            "context.full", "no room", std::nullopt, {{"needed_tokens", "9000"}, {"context_tokens", "8192"}}};
        m_bench->say("too long");
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        m_script->answerError.reset();
        QTest::mouseClick(m_bench->button("Answer again, keeping this version"), Qt::LeftButton);
        QTRY_COMPARE(m_bench->visibleErrors(), 0);
        QTRY_COMPARE(m_bench->texts().last(), QStringLiteral("Hello, world."));
    }

    void switchingChatsWhileAnsweringKeepsBoth() {
        m_bench->load();
        m_script->answer = {"word "};
        m_script->endless = true;
        m_script->pieceDelay = 3ms;
        m_bench->say("long story");
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
        QTRY_VERIFY(m_bench->shown().contains(QLatin1String("word word word")));
        m_bench->controller.stop();
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_bench->page.newChat();
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("meanwhile")); // the draft
    }

    void draftsSurviveAKill() {
        QTest::keyClicks(m_bench->composer(), QStringLiteral("half a thought"));
        QTRY_COMPARE(keptDraft(), std::string("half a thought")); // no flush: what a killed process leaves
        m_bench->history.shutdown();
        start();
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("half a thought"));
    }

    /// A slow disk: what is typed before the kept draft is there stands below it, and nothing is lost.
    void typingIsQuickerThanTheDisk() {
        QTest::keyClicks(m_bench->composer(), QStringLiteral("kept"));
        QTRY_COMPARE(keptDraft(), std::string("kept"));
        m_bench->load();
        m_bench->openChatOf({QStringLiteral("a question"), QStringLiteral("an answer")});
        QTRY_COMPARE(m_bench->texts().size(), 2);
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QString());
        const auto other = m_bench->page.conversation();
        {
            const SlowDisk slow(*m_bench);
            m_bench->page.newChat();
            QTest::keyClicks(m_bench->composer(), QStringLiteral("typed"));
        }
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("kept\ntyped"));
        QTRY_COMPARE(keptDraft(), std::string("kept\ntyped"));
        // What stands there when another chat is opened belongs to the former one.
        {
            const SlowDisk slow(*m_bench);
            m_bench->page.openConversation(other);
            QCOMPARE(m_bench->composer()->toPlainText(), QString());
            QTest::keyClicks(m_bench->composer(), QStringLiteral("there"));
            m_bench->page.newChat(); // and away, before anything was read
        }
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("kept\ntyped"));
        m_bench->page.openConversation(other);
        QTRY_COMPARE(m_bench->composer()->toPlainText(), QStringLiteral("there"));
    }

    /// What is typed while a message is being written to the disk is the next one.
    void typingGoesOnWhileAMessageIsWritten() {
        m_bench->load();
        {
            const SlowDisk slow(*m_bench);
            m_bench->say("first");
            QTest::keyClicks(m_bench->composer(), QStringLiteral("second"));
        }
        QTRY_COMPARE(m_bench->texts(),
                     (QStringList{QStringLiteral("first"), QStringLiteral("Hello, world.")}));
        QCOMPARE(m_bench->composer()->toPlainText(), QStringLiteral("second"));
        QTRY_VERIFY(!m_bench->controller.isBusy());
        QTest::keyClick(m_bench->composer(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->texts().size(), 4);
        QCOMPARE(m_bench->texts().at(2), QStringLiteral("second"));
        QCOMPARE(m_bench->composer()->toPlainText(), QString());
    }

    void theMeterWarnsAndOffersToDropOldTurns() {
        m_script->promptTokens = 7600;
        m_bench->load();
        QTest::keyClicks(m_bench->composer(), QStringLiteral("x"));
        QTRY_VERIFY(test::allText(m_bench->page).contains(QStringLiteral("592 tokens are left")));
        m_script->promptTokens = 9000;
        QTest::keyClicks(m_bench->composer(), QStringLiteral("y"));
        QTRY_VERIFY(test::allText(m_bench->page).contains(QStringLiteral("Too long for the context")));
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
        m_bench->load();
        m_bench->say("first chat");
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_bench->page.newChat();
        m_bench->say("second chat");
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
        m_bench->load();
        m_script->answer = {"[click me](https://example.org/path?with=everything)"};
        m_bench->say("link please");
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
        QStringList texts;
        for (int i = 0; i < 10000; ++i)
            texts << QStringLiteral("Message **%1** with a few words more than one line could hold, so that "
                                    "heights differ from what was estimated. ")
                             .arg(i) +
                         QString((i % 7) * 60, QLatin1Char('x'));
        m_bench->openChatOf(texts);
        const auto id = m_bench->page.conversation();
        QTRY_VERIFY(m_bench->shown().contains(QLatin1String("Message 9999 with")));
        // Other programs may take the processor for a while: too late counts when it is so in every attempt.
        qint64 opened = std::numeric_limits<qint64>::max();
        for (int attempt = 0; attempt < 3 && opened >= 300; ++attempt) {
            m_bench->page.newChat();
            QTRY_VERIFY(m_bench->shown().isEmpty());
            QElapsedTimer clock;
            clock.start();
            m_bench->page.openConversation(id);
            QTRY_VERIFY(m_bench->shown().contains(QLatin1String("Message 9999 with")));
            opened = std::min(opened, clock.elapsed());
        }
        auto* view = m_bench->view();
        QVERIFY(view->isFollowing());
        qint64 worst = 0;
        auto* bar = view->verticalScrollBar();
        test::ProgramTime clock;
        for (int i = 0; i < 400; ++i) { // up through several pages; what is read stays in place
            clock.restart();
            bar->setValue(bar->value() - 900);
            QApplication::processEvents();
            worst = std::max<qint64>(worst, clock.elapsed());
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
        QTRY_VERIFY(m_bench->shown().contains(QLatin1String("Message 9999 with")));
    }

    void streamingDoesNotPullAReaderDown() {
        m_bench->load();
        m_script->answer = {"line\n\n"};
        m_script->endless = true;
        m_script->pieceDelay = 2ms;
        m_bench->say("many lines");
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
        m_bench->load();
        m_bench->say("hello");
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
        QTRY_VERIFY(m_bench->shown().contains(QLatin1String("Hello, world.")));
    }

    void everyControlHasANameAndCanBeReached() {
        m_bench->load();
        m_bench->say("hello");
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
    using SlowDisk = test::ChatBench::SlowDisk;

    /// Of new chats, as it is on disk.
    std::string keptDraft() {
        std::optional<std::string> draft;
        m_bench->history.request(
            this, [](workbench::ChatHistory& history) { return history.store().draft(0); },
            [&draft](const Result<std::string>& kept) { draft = kept.value_or("<none>"); });
        [&] { QTRY_VERIFY(draft.has_value()); }();
        return draft.value_or("<none>");
    }
};

QTEST_MAIN(TestChatPage)
#include "test_chat_page.moc"
