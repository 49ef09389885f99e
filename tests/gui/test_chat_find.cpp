#include <QLineEdit>
#include <QScrollBar>

#include "gui/delegates/code_highlighter.h"
#include "gui/delegates/find_text.h"
#include "gui/delegates/message_row.h"
#include "gui/delegates/rich_text.h"
#include "gui/pages/chat_find_bar.h"
#include "gui/widgets/labels.h"
#include "tests/gui/chat_bench.h"
#include "tests/gui/heartbeat.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;

namespace {

const char* const kEverything =
    "# Heading alpha\n\nText with `inline alpha`, *Alpha*, ~~alpha~~ and a [link "
    "alpha](https://example.org/alpha).\n\n"
    "1. alpha first\n2. second\n   - nested ALPHA\n3. with code\n\n   ```python\n   alpha = \"alpha\"\n   "
    "```\n\n4. last\n\n"
    "> A quote of alpha\n\n| Type alpha | Size |\n|:--|--:|\n| Q4 | alpha |\n\n- [x] done alpha\n\n---\n\n"
    "```\nalpha\nalpha alpha\n```\n\nEnd **al**pha. ![picture alpha](https://example.org/x.png)\n";
// 1 heading, 4 paragraph (the address of the link is not shown), 2 lists, 2 code, 1 quote, 2 table, 1 task,
// 3 code, 1 across a change of style, 1 picture's description.
constexpr int kAlphas = 18;

struct Finding {
    QLineEdit* field;
    NumberLabel* numbers;
};

} // namespace

class TestChatFind : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        begin();
        start();
    }
    void cleanup() { end(); }

    void foldingKeepsPlaces_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("folded");
        QTest::newRow("ASCII") << QStringLiteral("Hello [World] 9") << QStringLiteral("hello [world] 9");
        QTest::newRow("letters") << QStringLiteral("ÄÖÉ ΣΑ Жук") << QStringLiteral("äöé σα жук");
        QTest::newRow("Chinese") << QStringLiteral("量化，模型") << QStringLiteral("量化,模型");
        QTest::newRow("full width") << QStringLiteral("ＡＢｃ　１２３！") << QStringLiteral("abc 123!");
        QTest::newRow("no-break space") << QStringLiteral("a\u00A0b") << QStringLiteral("a b");
        QTest::newRow("two units") << QStringLiteral("x𐐀😀Y") << QStringLiteral("x𐐨😀y");
        QTest::newRow("half a pair") << QString(QChar(0xD83D)) + QLatin1Char('A')
                                     << QString(QChar(0xD83D)) + QLatin1Char('a');
    }
    void foldingKeepsPlaces() {
        QFETCH(QString, text);
        QFETCH(QString, folded);
        QCOMPARE(foldedForFind(text), folded);
        QCOMPARE(foldedForFind(text).size(), text.size());
        QCOMPARE(foldedForFind(folded), folded);
    }

    void matchesDoNotOverlap() {
        QCOMPARE(findAll(u"aaaa", u"aa"), (std::vector<qsizetype>{0, 2}));
        QCOMPARE(findAll(u"aaaa", u""), std::vector<qsizetype>());
        QCOMPARE(findAll(u"", u"a"), std::vector<qsizetype>());
    }

    /// What is counted without a widget and what a widget marks are the same.
    void theSearchSeesWhatTheRowsShow_data() {
        QTest::addColumn<bool>("user");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("needle");
        QTest::addColumn<int>("count");
        const QString everything = QString::fromUtf8(kEverything);
        QTest::newRow("Markdown") << false << everything << QStringLiteral("alpha") << kAlphas;
        QTest::newRow("marks are not text") << false << everything << QStringLiteral("**") << 0;
        QTest::newRow("addresses are not text") << false << everything << QStringLiteral("example.org") << 0;
        QTest::newRow("space") << false << everything << QStringLiteral(" ") << -1;
        QTest::newRow("e") << false << everything << QStringLiteral("e") << -1;
        QTest::newRow("list numbers") << false << everything << QStringLiteral("1.") << 1;
        QTest::newRow("own message") << true << everything << QStringLiteral("**") << 2;
        QTest::newRow("Chinese") << false
                                 << QStringLiteral(
                                        "**量化**会损失一点精度。\n\n- 4 位：很少\n- ３ 位：较多\n")
                                 << QStringLiteral("位:") << 2;
        QTest::newRow("HTML is text")
            << false << QStringLiteral("<b>bold</b> and &amp;") << QStringLiteral("<b>") << 1;
        QTest::newRow("not over lines")
            << true << QStringLiteral("one\ntwo") << QStringLiteral("one two") << 0;
        QTest::newRow("objects") << false << QStringLiteral("a\uFFFCb a\uFFFCb") << QStringLiteral("ab") << 2;
    }
    void theSearchSeesWhatTheRowsShow() {
        QFETCH(bool, user);
        QFETCH(QString, content);
        QFETCH(QString, needle);
        QFETCH(int, count);
        const auto role = user ? store::Role::User : store::Role::Assistant;
        const QString folded = findNeedle(needle);
        const int counted = static_cast<int>(findAll(shownText(role, content), folded).size());
        CodeHighlighter highlighter;
        const std::unique_ptr<MessageRow> row(makeMessageRow(role, m_theme, highlighter, nullptr));
        store::Message message;
        message.id = 1;
        message.role = role;
        message.content = content.toStdString();
        row->setFind(folded, 0);
        row->setMessage(message, {});
        row->resize(700, row->heightFor(700));
        row->show();
        QVERIFY(QTest::qWaitForWindowExposed(row.get()));
        row->resize(700, row->heightFor(700));
        QCOMPARE(marked(*row), counted);
        if (count >= 0)
            QCOMPARE(counted, count);
        QRect before;
        for (int match = 0; match < counted; ++match) {
            const QRect place = row->showMatch(match);
            QVERIFY2(row->rect().contains(place.center()), qPrintable(QString::number(match)));
            QVERIFY2(place.bottom() >= before.top(), qPrintable(QString::number(match))); // downwards
            before = place;
        }
        QVERIFY(row->showMatch(counted).isEmpty());
        row->setFind({}, -1);
        QCOMPARE(marked(*row), 0);
    }

    void theKeysLeadThroughTheMatches() {
        fill({QStringLiteral("Where is the needle?"), QStringLiteral("A **Needle** here, a needle there."),
              QStringLiteral("No more?"), QStringLiteral("One more NEEDLE.")});
        const auto [field, numbers] = openBar();
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, QStringLiteral("needle"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 4"));
        QCOMPARE(marked(m_bench->page), 4);
        QCOMPARE(strong(), QStringLiteral("needle"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(numbers->text(), QStringLiteral("2 of 4"));
        QCOMPARE(strong(), QStringLiteral("Needle"));
        QTest::keyClick(field, Qt::Key_F3);
        QTRY_COMPARE(numbers->text(), QStringLiteral("3 of 4"));
        QTest::mouseClick(m_bench->button("Next match (Enter)"), Qt::LeftButton);
        QCOMPARE(numbers->text(), QStringLiteral("4 of 4"));
        QCOMPARE(strong(), QStringLiteral("NEEDLE"));
        QTest::keyClick(field, Qt::Key_Return); // behind the last comes the first
        QCOMPARE(numbers->text(), QStringLiteral("1 of 4"));
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(numbers->text(), QStringLiteral("4 of 4"));
        QTest::keyClick(field, Qt::Key_F3, Qt::ShiftModifier);
        QTRY_COMPARE(numbers->text(), QStringLiteral("3 of 4"));
        QTest::mouseClick(m_bench->button("Match before (Shift+Enter)"), Qt::LeftButton);
        QCOMPARE(numbers->text(), QStringLiteral("2 of 4"));

        field->setText(QStringLiteral("haystack"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("Not found"));
        QCOMPARE(marked(m_bench->page), 0);
        QVERIFY(!m_bench->button("Next match (Enter)")->isEnabled());
        field->setText(QStringLiteral("ＮＥＥＤＬＥ"));
        QTRY_VERIFY(numbers->text().endsWith(QLatin1String("of 4")));
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!field->isVisible());
        QCOMPARE(marked(m_bench->page), 0);
        QVERIFY(m_bench->composer()->hasFocus());
    }

    void chineseIsFound() {
        fill({QStringLiteral("4 位量化会损失多少？"), QStringLiteral("**量化**损失很小；量化误差可以测。")});
        const auto [field, numbers] = openBar();
        field->setText(QStringLiteral("量化"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 3"));
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(numbers->text(), QStringLiteral("3 of 3"));
        QCOMPARE(strong(), QStringLiteral("量化"));
    }

    void onlyTheBranchOnScreenIsSearched() {
        m_bench->load();
        m_script->answer = {"the first version"};
        m_bench->say("question");
        QTRY_VERIFY(m_bench->button("Answer again, keeping this version") && !m_bench->controller.isBusy());
        m_script->answer = {"the second one"};
        QTest::mouseClick(m_bench->button("Answer again, keeping this version"), Qt::LeftButton);
        QTRY_VERIFY(!m_bench->controller.isBusy());
        QTRY_COMPARE(m_bench->texts().last(), QStringLiteral("the second one"));
        const auto [field, numbers] = openBar();
        field->setText(QStringLiteral("version"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("Not found"));
        QTest::mouseClick(m_bench->button("Earlier version"), Qt::LeftButton);
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 1"));
        QCOMPARE(strong(), QStringLiteral("version"));
    }

    void whatStreamsIsCountedAndEscapeEndsOnlyTheFinding() {
        m_bench->load();
        m_script->answer = {"tick "};
        m_script->endless = true;
        m_script->pieceDelay = 10ms;
        m_bench->say("go on");
        QTRY_VERIFY(m_bench->controller.streamedTokens() > 5);
        const auto [field, numbers] = openBar();
        field->setText(QStringLiteral("tick"));
        QTRY_VERIFY(number(numbers->text()) > 5);
        const qint64 before = number(numbers->text());
        QTRY_VERIFY(number(numbers->text()) > before + 5);
        QVERIFY(numbers->text().startsWith(QLatin1String("1 of "))); // the place in it stays
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!field->isVisible());
        QVERIFY(m_bench->controller.isBusy());
        QTest::keyClick(m_bench->composer(), Qt::Key_Escape);
        QTRY_VERIFY(!m_bench->controller.isBusy());
    }

    void escapeAnywhereClosesTheBar() {
        fill({QStringLiteral("a"), QStringLiteral("b")});
        const auto [field, numbers] = openBar();
        m_bench->view()->setFocus();
        QTest::keyClick(m_bench->view(), Qt::Key_Escape);
        QTRY_VERIFY(!field->isVisible());
        QVERIFY(m_bench->view()->hasFocus());
    }

    void anotherChatEndsTheFinding() {
        fill({QStringLiteral("a"), QStringLiteral("b")});
        const auto [field, numbers] = openBar();
        field->setText(QStringLiteral("a"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 1"));
        m_bench->page.newChat();
        QVERIFY(!field->isVisible());
        m_bench->page.find(); // nothing to find in: the chats are searched
        QVERIFY(!field->isVisible());
        auto* focus = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(focus);
        QCOMPARE(focus->accessibleName(), QStringLiteral("Search chats…"));
    }

    void selectedWordsAreLookedFor() {
        fill({QStringLiteral("some words here"), QStringLiteral("words and words")});
        for (auto* text : m_bench->page.findChildren<RichText*>()) {
            if (text->toPlainText() != QLatin1String("some words here"))
                continue;
            text->setFocus();
            QTextCursor cursor = text->textCursor();
            cursor.setPosition(5);
            cursor.setPosition(10, QTextCursor::KeepAnchor);
            text->setTextCursor(cursor);
        }
        const auto [field, numbers] = openBar();
        QCOMPARE(field->text(), QStringLiteral("words"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 3"));
    }

    void longLinesOfCodeAreScrolled() {
        fill({QStringLiteral("code?"),
              QStringLiteral("```\n") + QString(400, QLatin1Char('x')) + QStringLiteral(" needle\n```\n")});
        const auto [field, numbers] = openBar();
        field->setText(QStringLiteral("needle"));
        QTRY_COMPARE(numbers->text(), QStringLiteral("1 of 1"));
        QTRY_VERIFY(currentIsInSight());
        QTest::keyClick(field, Qt::Key_Escape);
    }

    void tenThousandMessages() {
        QStringList texts;
        for (int i = 0; i < 10000; ++i) {
            QString text =
                QStringLiteral(
                    "Message %1 with **some** words about quantisation, a list:\n\n- one\n- two\n\n"
                    "and `code`, so that there is something to read and to lay out in every one of them.")
                    .arg(i);
            if (i == 37 || i == 5003 || i == 9990)
                text += QStringLiteral(" The rare word is Xylophon.");
            texts << text;
        }
        fill(texts);
        auto* view = m_bench->view();
        const auto [field, numbers] = openBar();
        const test::Heartbeat heart;
        QElapsedTimer clock;
        clock.start();
        field->setText(QStringLiteral("quantisation"));
        QTRY_VERIFY_WITH_TIMEOUT(numbers->text().endsWith(QLatin1String("of 10000")), 20000);
        const qint64 cold = clock.restart();
        field->setText(QStringLiteral("xylophon"));
        QTRY_VERIFY_WITH_TIMEOUT(numbers->text().endsWith(QLatin1String("of 3")), 20000);
        const qint64 warm = clock.restart();
        QCOMPARE(numbers->text(), QStringLiteral("3 of 3")); // the nearest: the view was at the end
        QTRY_VERIFY(currentIsInSight());
        clock.restart();
        QTest::keyClick(field, Qt::Key_Return); // and so from the first, far up, on
        QCOMPARE(numbers->text(), QStringLiteral("1 of 3"));
        QTRY_VERIFY_WITH_TIMEOUT(currentIsInSight(), 20000);
        const qint64 jump = clock.restart();
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(currentIsInSight());
        const qint64 step = clock.elapsed();
        QCOMPARE(strong(), QStringLiteral("Xylophon"));
        QVERIFY(view->liveRows() < 40);
        qInfo("10 000 messages: first search %lld ms, another %lld ms, jump to a match at the top %lld ms, "
              "next "
              "%lld ms, longest gap of the window %lld ms",
              cold, warm, jump, step, heart.worst());
        QVERIFY2(cold < 4000, qPrintable(QString::number(cold)));
        QVERIFY2(warm < 400, qPrintable(QString::number(warm)));
        QVERIFY2(heart.worst() < 150, qPrintable(QString::number(heart.worst())));
    }

private:
    void fill(const QStringList& texts) {
        m_bench->openChatOf(texts);
        QTRY_VERIFY(m_bench->view()->liveRows() > 0);
    }
    [[nodiscard]] Finding openBar() {
        m_bench->page.find();
        auto* bar = m_bench->page.findChild<ChatFindBar*>();
        return {bar->findChild<QLineEdit*>(), bar->findChild<NumberLabel*>()};
    }
    [[nodiscard]] static qint64 number(const QString& numbers) {
        return numbers.section(QLatin1String(" of "), 1).toLongLong();
    }
    [[nodiscard]] static int marked(QWidget& root) {
        int count = 0;
        for (const auto* edit : root.findChildren<QTextEdit*>())
            count += static_cast<int>(edit->extraSelections().size());
        return count;
    }
    /// The text of the match that is marked as the current one, "?" if there is not exactly one.
    [[nodiscard]] QString strong() const {
        QStringList found;
        for (const auto* edit : m_bench->page.findChildren<QTextEdit*>())
            for (const auto& mark : edit->extraSelections())
                if (mark.format.background().color() == m_theme.colour(ColourRole::Accent))
                    found << mark.cursor.selectedText();
        return found.size() == 1 ? found.front() : QStringLiteral("?");
    }
    [[nodiscard]] bool currentIsInSight() const {
        auto* port = m_bench->view()->viewport();
        for (auto* edit : m_bench->page.findChildren<QTextEdit*>())
            for (const auto& mark : edit->extraSelections()) {
                if (mark.format.background().color() != m_theme.colour(ColourRole::Accent))
                    continue;
                QTextCursor middle = mark.cursor;
                middle.setPosition((mark.cursor.anchor() + mark.cursor.position()) / 2);
                const QRect place = edit->cursorRect(middle);
                return edit->isVisible() && edit->viewport()->rect().contains(place.center()) &&
                       port->rect().contains(edit->viewport()->mapTo(port, place.center()));
            }
        return false;
    }
};

QTEST_MAIN(TestChatFind)
#include "test_chat_find.moc"
