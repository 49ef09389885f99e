#include <QClipboard>
#include <QGuiApplication>
#include <QListView>
#include <QPlainTextEdit>
#include <QTcpServer>
#include <QTcpSocket>

#include "gui/delegates/rich_text.h"
#include "gui/delegates/thoughts.h"
#include "gui/pages/chat_model_popup.h"
#include "tests/gui/chat_bench.h"
#include "tests/gui/visible_text.h"
#include "tests/support/test_data.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;

/// What stands around the messages of the chat page: the model's bar, the parts of an answer, the meter.
class TestChatControls : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        begin();
        start();
    }
    void cleanup() { end(); }

    void ejectFreesTheModel() {
        QVERIFY(!m_bench->button("Eject: free the model's memory"));
        m_bench->load();
        QVERIFY(m_bench->button("Model: Qwen3-4B-Instruct"));
        QVERIFY(labels().contains(QLatin1String("mapped")));
        QTest::mouseClick(m_bench->button("Eject: free the model's memory"), Qt::LeftButton);
        QTRY_VERIFY(m_bench->button("No model is loaded. Choose a model"));
        QVERIFY(!m_bench->engine.model());
        QVERIFY(!m_bench->button("Eject: free the model's memory"));
        QVERIFY(!labels().contains(QLatin1String("mapped")));
        m_bench->say("anyone?");
        QCOMPARE(m_bench->visibleErrors(), 1);
        QVERIFY(m_script->answered.empty());
    }

    void loadingShowsHowFarItIsAndIsCancelled() {
        m_script->loadDelay = 20s;
        m_bench->page.openModel(QString::fromLatin1(test::ChatBench::kModel));
        auto* progress = m_bench->page.findChild<ProgressLine*>();
        QVERIFY(progress);
        QTRY_VERIFY(progress->isVisible() && progress->fraction() > 0 && progress->fraction() < 1);
        const double before = progress->fraction();
        QTRY_VERIFY(progress->fraction() > before);
        QVERIFY(m_bench->button("Model, loading Qwen3-4B"));
        QTest::mouseClick(m_bench->button("Cancel loading"), Qt::LeftButton);
        QTRY_VERIFY(!m_bench->engine.isLoading());
        QVERIFY(!progress->isVisible() && !m_bench->button("Cancel loading"));
        QVERIFY(m_bench->button("No model is loaded. Choose a model"));
        QCOMPARE(m_bench->visibleErrors(), 0); // who cancels needs no explanation
    }

    void aModelIsPickedFromTheList() {
        m_bench->models.setRecent(
            {QStringLiteral("/m/First-Q8_0.gguf"), QString::fromLatin1(test::ChatBench::kModel)});
        QTRY_COMPARE(m_bench->models.rowCount(), 2);
        const auto pick = [this] {
            QTest::mouseClick(m_bench->button("No model is loaded. Choose a model"), Qt::LeftButton);
            return m_bench->page.findChild<ChatModelPopup*>()->findChild<QListView*>();
        };
        auto* list = pick();
        QVERIFY(list && list->isVisible() && list->hasFocus());
        QTest::keyClick(list, Qt::Key_Escape);
        QTRY_VERIFY(!m_bench->page.findChild<ChatModelPopup*>());
        QVERIFY(!m_bench->engine.isLoading());
        list = pick();
        QSignalSpy loaded(&m_bench->engine, &EngineBridge::loaded);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          list->visualRect(list->model()->index(1, 0)).center());
        QVERIFY(loaded.wait(hearth::test::kPatience));
        QCOMPARE(m_bench->engine.model()->path, std::filesystem::path(test::ChatBench::kModel));
        QTRY_VERIFY(!m_bench->page.findChild<ChatModelPopup*>());
    }

    void aModelWithoutATemplateSaysWhatIsUsed() {
        m_bench->load();
        QVERIFY(labels().contains(QLatin1String("mapped")) && !labels().contains(QLatin1String("ChatML")));
        start(modelHostBackend(1));
        QSignalSpy loaded(&m_bench->engine, &EngineBridge::loaded);
        m_bench->page.openModel(QString::fromStdString(test::golden("llama-F32.gguf").string()));
        QVERIFY(loaded.wait(hearth::test::kPatience));
        QTRY_VERIFY2(labels().contains(QLatin1String("no chat template, so ChatML is used")),
                     qPrintable(labels()));
    }

    /// A server that counts: whatever an answer names, nobody calls.
    void nothingThatAnAnswerNamesIsFetched() {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        int calls = 0;
        connect(&server, &QTcpServer::newConnection, this, [&] { ++calls; });
        const std::string at = "http://127.0.0.1:" + std::to_string(server.serverPort());
        m_bench->load();
        m_script->reasoning = {"![x](" + at + "/thoughts.png)"};
        m_script->answer = {
            "![picture](" + at + "/a.png) [link](" + at + "/b) <" + at + "/c>\n\n",
            "<img src=\"" + at + "/d.png\"><link rel=stylesheet href=\"" + at + "/e.css\">\n\n",
            "![named][r]\n\n[r]: " + at + "/f.png\n\n```html\n<img src=\"" + at + "/g.png\">\n```\n"};
        m_bench->say("show me a picture");
        QTRY_VERIFY(m_bench->button("Copy this answer") && !m_bench->controller.isBusy());
        QTest::mouseClick(m_bench->page.findChild<Thoughts*>()->findChild<QAbstractButton*>(),
                          Qt::LeftButton);
        QVERIFY(!m_bench->page.grab().isNull());
        QTest::qWait(300);
        QCOMPARE(calls, 0);
        QTcpSocket caller; // the counter counts
        caller.connectToHost(QHostAddress::LocalHost, server.serverPort());
        QTRY_COMPARE(calls, 1);
    }

    void answersAndCodeAreCopied() {
        m_bench->load();
        const std::string code = "int main() {\n    return 0;\n}";
        m_script->reasoning = {"what they do not see"};
        m_script->answer = {"Try **this**:\n\n```cpp\n" + code + "\n```\n"};
        m_bench->say("show me");
        QTRY_VERIFY(m_bench->button("Copy this answer") && !m_bench->controller.isBusy());
        QTest::mouseClick(m_bench->button("Copy this answer"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text().toStdString(), m_script->answer.front());
        auto* copy = m_bench->button("Copy this code");
        QVERIFY(copy);
        QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text().trimmed().toStdString(), code);
        QCOMPARE(copy->text(), QStringLiteral("Copied"));
    }

    void reasoningIsFoldedUntilItIsAskedFor() {
        m_bench->load();
        m_script->reasoning = {"First ", "**this**, ", "then that."};
        m_bench->say("think");
        QTRY_VERIFY(m_bench->page.findChild<Thoughts*>() && !m_bench->controller.isBusy());
        auto* thoughts = m_bench->page.findChild<Thoughts*>();
        auto* fold = thoughts->findChild<QAbstractButton*>();
        QVERIFY(!thoughts->isOpen() && !thoughts->findChild<RichText*>());
        QTRY_VERIFY2(fold->accessibleName().startsWith(QStringLiteral("Thoughts · 3 token(s)")),
                     qPrintable(fold->accessibleName()));
        const int folded = thoughts->height();
        QTest::mouseClick(fold, Qt::LeftButton);
        QVERIFY(thoughts->isOpen());
        QTRY_VERIFY(thoughts->height() > folded);
        QCOMPARE(thoughts->findChild<RichText*>()->toPlainText(),
                 QStringLiteral("First **this**, then that."));
        fold->setFocus();
        QTest::keyClick(fold, Qt::Key_Space);
        QTRY_COMPARE(thoughts->height(), folded);
    }

    void figuresStandBelowTheAnswer() {
        m_bench->load();
        m_bench->say("how fast?");
        QTRY_VERIFY2(labels().contains(QLatin1String("0.5 tokens/s")), qPrintable(labels()));
        QVERIFY(labels().contains(QLatin1String("first token 0.18 s")));
        QVERIFY(labels().contains(QLatin1String("4 token(s)")));
    }

    void theMeterCountsBeforeAnythingIsSent() {
        m_script->promptTokens = 1234;
        m_bench->load();
        QTest::keyClicks(m_bench->composer(), QStringLiteral("not yet"));
        QTRY_VERIFY2(labels().contains(QLatin1String("1 234 / 8 192 tokens")), qPrintable(labels()));
        QVERIFY(m_script->answered.empty());
    }

    void whatWasLeftOutIsSaid() {
        store::RowId id = 0;
        m_bench->history.request(
            this,
            [](workbench::ChatHistory& history) -> Result<store::RowId> {
                HEARTH_TRY(const store::RowId chat, history.store().createConversation("long"));
                store::Message question, answer;
                question.conversation = answer.conversation = chat;
                question.content = "and now?";
                HEARTH_TRY(answer.parent, history.store().appendMessage(question));
                answer.role = store::Role::Assistant;
                answer.content = "this";
                answer.statsJson = R"({"dropped_messages": 6})";
                HEARTH_CHECK(history.store().appendMessage(answer));
                return chat;
            },
            [&](const Result<store::RowId>& made) { id = made.value_or(-1); });
        QTRY_VERIFY(id > 0);
        m_bench->page.openConversation(id);
        QTRY_VERIFY2(labels().contains(QLatin1String("The oldest 6 message(s) did not fit the context")),
                     qPrintable(labels()));
    }

    void theSystemPromptOfAChatIsSentAndKept() {
        m_bench->load();
        m_bench->button("Parameters of this chat")->click();
        auto* prompt = edit("System prompt");
        QVERIFY(prompt);
        prompt->setFocus();
        QTest::keyClicks(prompt, QStringLiteral("Be brief."));
        m_bench->say("hello");
        QTRY_COMPARE(m_script->answered.size(), std::size_t(1));
        const auto& messages = m_script->answered.front().messages;
        QCOMPARE(messages.size(), std::size_t(2));
        QCOMPARE(messages[0].role, std::string("system"));
        QCOMPARE(messages[0].content, std::string("Be brief."));
        QTRY_VERIFY(!m_bench->controller.isBusy());
        const auto id = m_bench->page.conversation();
        m_bench->page.newChat();
        QTRY_COMPARE(prompt->toPlainText(), QString()); // of that chat alone
        m_bench->page.flush();
        start();
        m_bench->page.openConversation(id);
        QTRY_COMPARE(edit("System prompt")->toPlainText(), QStringLiteral("Be brief."));
    }

private:
    [[nodiscard]] QString labels() const { return test::allText(m_bench->page); }
    [[nodiscard]] QPlainTextEdit* edit(const char* name) const {
        for (auto* candidate : m_bench->page.findChildren<QPlainTextEdit*>())
            if (candidate->accessibleName() == QLatin1String(name))
                return candidate;
        return nullptr;
    }
};

QTEST_MAIN(TestChatControls)
#include "test_chat_controls.moc"
