#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>

#include "gui/delegates/answer_body.h"
#include "gui/delegates/code_card.h"
#include "gui/delegates/code_highlighter.h"
#include "gui/delegates/markdown.h"
#include "gui/delegates/rich_text.h"
#include "gui/theme/theme.h"
#include "tests/gui/patience.h"
#include "tests/support/program_time.h"

using namespace hearth::gui;
using markdown::Block;

namespace {

QString plain(const markdown::Spans& spans) {
    QString out;
    for (const auto& span : spans)
        out += span.text;
    return out;
}

QString allText(const QWidget& widget) {
    QString out;
    for (const auto* text : widget.findChildren<RichText*>())
        out += text->toPlainText() + QLatin1Char('\n');
    for (const auto* card : widget.findChildren<CodeCard*>())
        out += card->code() + QLatin1Char('\n');
    return out;
}

} // namespace

class TestChatMarkdown : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.install(*qApp); }

    void blocksKnowTheirPlace() {
        const auto blocks = markdown::parse(QStringLiteral(
            "# Title\n\ntext *a* **b** `c` ~~d~~\n\n3. three\n4. four\n   - nested\n\n> quote\n\n"
            "```cpp\nint x;\n```\n\n| a | b |\n|--:|:-:|\n| 1 | 2 |\n\n---\n- [x] done\n"));
        QStringList seen;
        for (const Block& block : blocks)
            seen << QStringLiteral("%1/%2/%3/%4")
                        .arg(int(block.kind))
                        .arg(block.listDepth)
                        .arg(block.quoteDepth)
                        .arg(block.marker);
        const QStringList wanted{QStringLiteral("1/0/0/"),   QStringLiteral("0/0/0/"),
                                 QStringLiteral("0/1/0/3."), QStringLiteral("0/1/0/4."),
                                 QStringLiteral("0/2/0/•"),  QStringLiteral("0/0/1/"),
                                 QStringLiteral("2/0/0/"),   QStringLiteral("4/0/0/"),
                                 QStringLiteral("3/0/0/"),   QStringLiteral("0/1/0/☑")};
        QCOMPARE(seen, wanted);
        QCOMPARE(blocks[6].language, QStringLiteral("cpp"));
        QCOMPARE(blocks[6].code, QStringLiteral("int x;"));
        QCOMPARE(blocks[7].rows.size(), std::size_t(2));
        QCOMPARE(plain(blocks[7].rows[1][1]), QStringLiteral("2"));
        QCOMPARE(blocks[7].alignments[0], Qt::Alignment(Qt::AlignRight));
    }

    void htmlIsText_data() {
        QTest::addColumn<QString>("source");
        for (const char* source :
             {"<b>bold</b>", "<img src=\"http://evil.example/x.png\">", "<script>alert(1)</script>",
              "<iframe src=file:///etc/passwd></iframe>", "<table><tr><td>x</td></tr></table>",
              "<style>* { background: url(http://evil.example/) }</style>", "<!-- comment -->",
              "<a href=\"javascript:alert(1)\">x</a>", "<object data=\"x\"></object>",
              "<p>\n\n<img src=x>\n\n</p>"})
            QTest::newRow(source) << QString::fromLatin1(source);
    }
    void htmlIsText() {
        QFETCH(QString, source);
        AnswerBody body(m_theme, m_highlighter);
        body.setMarkdown(source, false);
        QString shown = allText(body).simplified(), wanted = source.simplified();
        QCOMPARE(shown.remove(QLatin1Char(' ')), wanted.remove(QLatin1Char(' ')));
    }

    void picturesAreNeverLoaded() {
        AnswerBody body(m_theme, m_highlighter);
        body.resize(600, 400);
        body.setMarkdown(
            QStringLiteral("![alt text](http://127.0.0.1:9/x.png) ![](file:///etc/hostname) "
                           "![data](data:image/png;base64,AAAA) [![inner](qrc:/x.png)](http://a.example)"),
            false);
        for (auto* text : body.findChildren<RichText*>()) {
            QVERIFY(text->toPlainText().contains(QLatin1String("alt text")));
            QVERIFY(
                text->toPlainText().contains(QLatin1String("file:///etc/hostname"))); // the address, as words
            QVERIFY(!text->toPlainText().contains(QChar(QChar::ObjectReplacementCharacter)));
            QVERIFY(!text->toHtml().contains(QLatin1String("<img")));
            for (const char* url :
                 {"http://127.0.0.1:9/x.png", "file:///etc/hostname", "qrc:/x.png", ":/icons/send.svg"}) {
                for (int type : {1, 2, 3}) // html, image, style sheet
                    QVERIFY(!text->loadResource(type, QUrl(QString::fromLatin1(url))).isValid());
                QVERIFY(!text->document()
                             ->resource(QTextDocument::ImageResource, QUrl(QString::fromLatin1(url)))
                             .isValid());
            }
        }
    }

    void linksOnlyAsk() {
        AnswerBody body(m_theme, m_highlighter);
        QSignalSpy asked(&body, &AnswerBody::linkAsked);
        body.resize(600, 100);
        body.setMarkdown(QStringLiteral("[innocent](https://evil.example/?leak=chat)"), false);
        body.show();
        QVERIFY(QTest::qWaitForWindowExposed(&body));
        auto* text = body.findChild<RichText*>();
        QTest::mouseClick(text->viewport(), Qt::LeftButton, {}, QPoint(15, 12));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), QStringLiteral("https://evil.example/?leak=chat"));
        QVERIFY(text->source().isEmpty()); // nothing was navigated to
    }

    void hostileInputIsBounded_data() {
        QTest::addColumn<QString>("source");
        QTest::newRow("quotes") << QString(5000, QLatin1Char('>'));
        QTest::newRow("brackets") << QString(20000, QLatin1Char('['));
        QTest::newRow("stars") << QString(20000, QLatin1Char('*'));
        QTest::newRow("backticks") << QStringLiteral("`a").repeated(10000);
        QTest::newRow("wide table") << QStringLiteral("|") + QStringLiteral("a|").repeated(500) +
                                           QStringLiteral("\n|") + QStringLiteral("-|").repeated(500) +
                                           QStringLiteral("\n") + QStringLiteral("|\n").repeated(500);
        QTest::newRow("nested lists") << [] {
            QString out;
            for (int i = 0; i < 200; ++i)
                out += QString(2 * i, QLatin1Char(' ')) + QStringLiteral("- x\n");
            return out;
        }();
        QTest::newRow("NUL and surrogates") << QString::fromUtf16(u"a\0b\xd800 c\xdc00", 7);
        QTest::newRow("references") << QStringLiteral("&#0; &#xD800; &#1114112; &amp; &bogus;");
    }
    void hostileInputIsBounded() {
        QFETCH(QString, source);
        const hearth::test::ProgramTime clock;
        const auto blocks = markdown::parse(source);
        QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(!blocks.empty());
    }

    void streamingEndsLikeReadingAtOnce_data() {
        QTest::addColumn<QString>("source");
        QTest::newRow("prose") << QStringLiteral("One.\n\nTwo *em*.\n\nThree\ngoes on.\n");
        QTest::newRow("code") << QStringLiteral(
            "Before\n\n```py\na = 1\n\nb = 2\n```\n\nAfter\n\n```\nx\n```");
        QTest::newRow("lists") << QStringLiteral("1. a\n\n2. b\n\n   ```sh\n   ls\n   ```\n\n3. c\n\nEnd");
        QTest::newRow("table") << QStringLiteral("T:\n\n|a|b|\n|-|-|\n|1|2|\n\nafter the table\n\nand more");
        QTest::newRow("chinese") << QStringLiteral("你好。\n\n**粗体**和`代码`\n\n> 引用\n\n完");
        QTest::newRow("code first") << QStringLiteral("```\nx\n```\n\n```\ny\n```\n\ntext");
    }
    void streamingEndsLikeReadingAtOnce() {
        QFETCH(QString, source);
        AnswerBody whole(m_theme, m_highlighter), streamed(m_theme, m_highlighter);
        whole.resize(600, 600);
        streamed.resize(600, 600);
        whole.setMarkdown(source, false);
        for (qsizetype i = 1; i <= source.size(); ++i)
            streamed.setMarkdown(source.left(i), true);
        streamed.setMarkdown(source, false);
        QCOMPARE(allText(streamed), allText(whole));
        QCOMPARE(streamed.heightFor(600), whole.heightFor(600));
    }

    void longAnswersStreamInLinearTime() {
        AnswerBody body(m_theme, m_highlighter);
        body.resize(700, 600);
        QString text;
        hearth::test::ProgramTime clock;
        qint64 worst = 0;
        for (int i = 0; i < 600; ++i) { // about 40 000 words
            text +=
                QStringLiteral(
                    "A paragraph number %1 with some **bold** words and `code`, long enough for two lines "
                    "of text on the screen, as answers have them.\n\n")
                    .arg(i);
            clock.restart();
            body.setMarkdown(text, true);
            (void)body.heightFor(700);
            worst = std::max<qint64>(worst, clock.elapsed());
        }
        qInfo("slowest step of a streamed answer of %lld characters: %lld ms",
              static_cast<long long>(text.size()), worst);
        QVERIFY2(worst < 50, qPrintable(QString::number(worst)));
    }

    void codeIsColouredInItsOwnThread() {
        bool done = false;
        m_highlighter.highlight(QStringLiteral("python"),
                                QStringLiteral("def f(): # 注释\n    return \"é\" + x"), this,
                                [&](const CodeLines& lines) {
                                    done = true;
                                    QCOMPARE(lines.size(), std::size_t(2));
                                    QCOMPARE(lines[0].front().token, CodeToken::Keyword);
                                    QCOMPARE(lines[0].front().length, 3);
                                    bool string = false;
                                    for (const CodeSpan& span : lines[1])
                                        string |= span.token == CodeToken::String && span.start >= 11;
                                    QVERIFY(string);
                                });
        QVERIFY(!done); // not on this thread
        QTRY_VERIFY(done);
        QVERIFY(!CodeHighlighter::knows(QStringLiteral("../../etc/passwd")));
        QVERIFY(CodeHighlighter::knows(QStringLiteral("C++")));
    }

private:
    Theme m_theme;
    CodeHighlighter m_highlighter;
};

QTEST_MAIN(TestChatMarkdown)
#include "test_chat_markdown.moc"
