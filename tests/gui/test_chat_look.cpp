#include <QDir>

#include "tests/gui/chat_bench.h"

using namespace hearth;
using namespace hearth::gui;

namespace {

const char* const kAnswer =
    "In general little is lost, but do not judge by feeling. Compare both versions on the same text by "
    "**perplexity** and **KL divergence**:\n\n"
    "```bash\nhearthctl perplexity --model qwen3-q4_k_m.gguf \\\n  --reference qwen3-f16.gguf --text-file "
    "sample.txt\n```\n\n"
    "With a mean KL divergence below 0.01 and more than 97 % equal top tokens, everyday talk shows hardly "
    "any "
    "difference. 您也可以在“优化”页里一键运行并查看图表。\n";

} // namespace

/// The page as people see it. With HEARTH_GRAB_DIR set, pictures are written there.
class TestChatLook : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        begin();
        m_theme.setMode(Theme::Mode::Light);
        start();
        m_bench->page.resize(1284, 860);
    }

    void everyStateCanBePainted() {
        QTest::qWait(100);
        grab("empty");
        m_bench->load();
        const QStringList titles{QStringLiteral("Kubernetes deployment list"), QStringLiteral("会议纪要摘要"),
                                 QStringLiteral("What differential privacy is")};
        for (const QString& title : titles)
            talk(0, title);
        m_script->answer = {kAnswer};
        m_script->reasoning = {"First ", "think ", "of the **loss**."};
        talk(0, QStringLiteral(
                    "How much quality is lost when a 7B model goes from FP16 to 4 bits? Give me a way to "
                    "check it myself. 给一个我能自己验证的办法。"));
        QTest::qWait(500);
        grab("answer");
        m_script->reasoning.clear();
        m_script->answer = {
            "With 3 bits it shows: the error of the weights is about four times that of 4 bits, and "
            "mathematics and code suffer first. If memory allows, keep the V projections and the output "
            "of the feed-forward layers at 5–6 bits (**mixed precision**), "};
        m_script->endless = true;
        m_script->pieceDelay = std::chrono::milliseconds(500);
        m_bench->controller.send(m_bench->page.conversation(), QStringLiteral("And 3 bits?"));
        QTest::qWait(1000);
        grab("streaming");
        m_bench->controller.stop();
        QTRY_VERIFY(!m_bench->controller.isBusy());
        m_script->endless = false;
        m_script->pieceDelay = {};
        m_theme.setMode(Theme::Mode::Dark);
        QTest::qWait(400);
        grab("dark");
        m_theme.setMode(Theme::Mode::Light);
        m_script->answer = {
            "# Heading one\n\nText with `inline code`, *emphasis*, ~~gone~~ and a "
            "[link](https://example.org/a?b=c).\n\n"
            "## Heading two\n\n1. first\n2. second\n   - nested\n   - list\n3. with code\n\n   ```python\n   "
            "def f(x):\n       return \"text\" + str(x)  # comment 42\n   ```\n\n4. last\n\n"
            "> A quote\n> of two lines\n\n| Type | Size | Speed |\n|:--|--:|:-:|\n| Q4_K_M | 2.4 GB | fast "
            "|\n| F16 | 7.6 GB | slow |\n\n"
            "- [x] done\n- [ ] open\n\n---\n\nEnd. ![picture](https://example.org/x.png)\n"};
        talk(m_bench->page.conversation(), QStringLiteral("Show me everything that Markdown has"));
        QTest::qWait(600);
        grab("markdown");
        m_bench->button("Parameters of this chat")->click();
        m_script->loadError = Error{"memory.not_enough",
                                    "needs more",
                                    std::nullopt,
                                    {{"needed_bytes", "9000000000"},
                                     {"available_bytes", "4000000000"},
                                     {"weights_bytes", "8000000000"},
                                     {"kv_bytes", "500000000"},
                                     {"buffer_bytes", "500000000"}}};
        m_bench->page.openModel(QStringLiteral("/models/other.gguf"));
        QTest::qWait(300);
        grab("parameters");
    }

    void cleanupTestCase() { end(); }

private:
    void talk(store::RowId conversation, const QString& text) {
        if (conversation == 0)
            m_bench->page.newChat();
        QTest::qWait(50);
        QSignalSpy ended(&m_bench->controller, &ChatController::turnEnded);
        QSignalSpy created(&m_bench->controller, &ChatController::conversationCreated);
        m_bench->controller.send(conversation, text);
        QVERIFY(ended.wait(hearth::test::kPatience));
        if (!created.isEmpty())
            m_bench->page.openConversation(created.front().front().toLongLong());
        QTest::qWait(100);
    }

    void grab(const char* name) {
        const QPixmap picture = m_bench->page.grab();
        QVERIFY(!picture.isNull());
        const QString folder = qEnvironmentVariable("HEARTH_GRAB_DIR");
        if (!folder.isEmpty())
            QVERIFY(picture.save(QDir(folder).filePath(QString::fromLatin1(name) + QStringLiteral(".png"))));
    }
};

QTEST_MAIN(TestChatLook)
#include "test_chat_look.moc"
