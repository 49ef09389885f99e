#include <QElapsedTimer>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QTextEdit>

#include "gui/delegates/search_result_delegate.h"
#include "gui/delegates/thoughts.h"
#include "gui/models/search_results_model.h"
#include "gui/pages/chat_find_bar.h"
#include "gui/pages/history_search.h"
#include "gui/widgets/feedback.h"
#include "gui/widgets/labels.h"
#include "tests/gui/chat_bench.h"
#include "tests/gui/heartbeat.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;
using store::RowId;

namespace {

/// Opens every text but those with a certain word in them, as if a disk had damaged them.
class DamagedCodec final : public store::TextCodec {
public:
    Result<std::string> seal(std::string_view text, std::string_view) const override {
        return std::string(text);
    }
    Result<std::string> open(std::string_view sealed, std::string_view) const override {
        if (sealed.find("damaged") != std::string_view::npos)
            return fail("crypto.tampered", "the tag does not fit");
        return std::string(sealed);
    }
};

} // namespace

/// Words looked for in all chats, in the side list: what is found, what it looks like, and where it leads.
class TestHistorySearch : public test::ChatTest {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        begin();
        fill();
    }
    void cleanup() { end(); }

    void titlesBodiesAndAllBranchesAreFound() {
        open();
        look("harbour");
        QTRY_COMPARE(results()->rowCount(), 4);
        // Titles first, then what was written last.
        QCOMPARE(row(0).title, QStringLiteral("Harbour lights"));
        QCOMPARE(row(0).message, RowId{0});
        QCOMPARE(row(0).markLength, 7);
        QCOMPARE(row(1).message, m_others.back());
        QVERIFY(row(1).own);
        QVERIFY(row(1).excerpt.contains(QStringLiteral("The HARBOUR of"))); // in its own letters
        QCOMPARE(row(1).excerpt.mid(row(1).markAt, row(1).markLength), QStringLiteral("HARBOUR"));
        // The version that is not on screen, without the marks of its Markdown.
        QCOMPARE(row(2).message, m_firstVersion);
        QVERIFY2(row(2).excerpt.contains(QStringLiteral("an old harbour wall")), qPrintable(row(2).excerpt));
        QCOMPARE(row(3).message, m_question);
        QVERIFY(state()->text().contains(QLatin1Char('4')));
        QVERIFY(!list("Chats")->isVisible());
    }

    void findsPiecesOfWordsSeveralWordsAndChinese_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("count");
        QTest::newRow("piece") << QStringLiteral("arbou") << 4;
        QTest::newRow("case and width") << QStringLiteral("ＨＡＲＢＯＵＲ") << 4;
        QTest::newRow("all words, any order") << QStringLiteral("wall old") << 1;
        QTest::newRow("in quotes") << QStringLiteral("\"wall old\"") << 0;
        QTest::newRow("Chinese") << QStringLiteral("量化") << 1;
        QTest::newRow("one Chinese character") << QStringLiteral("误") << 1;
        QTest::newRow("nothing") << QStringLiteral("absent") << 0;
        QTest::newRow("in the trash, title and message") << QStringLiteral("discarded") << 2;
        QTest::newRow("in the thoughts") << QStringLiteral("pondering") << 1;
        QTest::newRow("half in the thoughts, half in the answer") << QStringLiteral("pondering mostly") << 1;
        QTest::newRow("no match reaches from the answer into them") << QStringLiteral("\"mostly.pond\"") << 0;
    }
    void findsPiecesOfWordsSeveralWordsAndChinese() {
        QFETCH(QString, words);
        QFETCH(int, count);
        open();
        field()->setText(words);
        if (count == 0) {
            QTRY_VERIFY(shows("No chat has these words."));
            QVERIFY(!places()->isVisible());
        }
        QTRY_COMPARE(results()->rowCount(), count);
        for (int i = 0; i < count; ++i)
            QVERIFY(row(i).markLength > 0);
        field()->clear();
        QTRY_VERIFY(list("Chats")->isVisible());
        QVERIFY(!places()->isVisible());
    }

    void enterLeadsToTheMessageOnItsBranch() {
        open();
        m_bench->page.openConversation(m_long);
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_long});
        field()->setFocus();
        QTest::keyClicks(field(), QStringLiteral("harbour wall"));
        QTRY_COMPARE(results()->rowCount(), 1);
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_chat});
        QTRY_COMPARE(m_bench->texts().value(1), QStringLiteral("There is **an old harbour** wall."));
        QTRY_VERIFY(m_bench->view()->rowWidget(m_firstVersion));
        auto* bar = m_bench->page.findChild<ChatFindBar*>();
        QTRY_VERIFY(bar->isVisible());
        QTRY_VERIFY(bar->findChild<NumberLabel*>()->text().contains(QLatin1String(" of ")));
        QVERIFY(QStringLiteral("harbour wall").contains(bar->findChild<QLineEdit*>()->text()));
        QVERIFY(places()->hasFocus()); // the next place is a key away
        QTest::keyClick(places(), Qt::Key_Escape);
        QTRY_VERIFY(!bar->isVisible());
    }

    void leadsToAMessageFarUp() {
        open();
        look("lantern");
        QTRY_COMPARE(results()->rowCount(), 1);
        field()->setFocus();
        QTest::keyClick(field(), Qt::Key_Down);
        QVERIFY(places()->hasFocus());
        QTest::keyClick(places(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_long});
        QTRY_VERIFY_WITH_TIMEOUT(m_bench->view()->rowWidget(m_needle), 10'000);
        QTRY_VERIFY(isInSight(m_needle));
        QTest::keyClick(places(), Qt::Key_Up); // above the first place is the field
        QVERIFY(field()->hasFocus());
    }

    /// "Straße" is found by "strasse", which the chat's own search does not mark.
    void whatCannotBeMarkedIsStillShown() {
        open();
        look("strasse");
        QTRY_COMPARE(results()->rowCount(), 1);
        QCOMPARE(row(0).needle, QString());
        QVERIFY(row(0).excerpt.contains(QStringLiteral("Straße")));
        QTest::mouseClick(places()->viewport(), Qt::LeftButton, {},
                          places()->visualRect(results()->index(0)).center());
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_long});
        QTRY_VERIFY_WITH_TIMEOUT(m_bench->view()->rowWidget(m_street), 10'000);
        QTRY_VERIFY(isInSight(m_street));
        QVERIFY(!m_bench->page.findChild<ChatFindBar*>()->isVisible());
    }

    void thoughtsAreFoundUnfoldedAndMarked() {
        open();
        look("pondering");
        QTRY_COMPARE(results()->rowCount(), 1);
        QVERIFY(row(0).thoughts);
        QVERIFY(!row(0).own);
        const QModelIndex index = results()->index(0);
        const QString shown = index.data(SearchResultsModel::ExcerptRole).toString();
        QVERIFY2(shown.startsWith(QStringLiteral("Thoughts: ")), qPrintable(shown));
        QCOMPARE(shown.mid(index.data(SearchResultsModel::MarkAtRole).toInt(), row(0).markLength),
                 QStringLiteral("Pondering"));
        QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("thoughts before")));
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_chat});
        QTRY_VERIFY(m_bench->view()->rowWidget(m_secondVersion));
        QTRY_VERIFY(m_bench->view()->rowWidget(m_secondVersion)->findChild<Thoughts*>());
        const auto* thoughts = m_bench->view()->rowWidget(m_secondVersion)->findChild<Thoughts*>();
        QTRY_VERIFY(thoughts->isOpen());
        const auto* text = thoughts->findChild<QTextEdit*>();
        QVERIFY(text && text->isVisible());
        QCOMPARE(text->extraSelections().size(), 1);
        QCOMPARE(text->extraSelections().front().cursor.selectedText(), QStringLiteral("Pondering"));
        QVERIFY(!m_bench->page.findChild<ChatFindBar*>()->isVisible());
        const QRect match = thoughts->matchPlace();
        const int at = thoughts->mapTo(m_bench->view()->viewport(), match.topLeft()).y();
        QVERIFY2(at >= 0 && at < m_bench->view()->viewport()->height(), qPrintable(QString::number(at)));
    }

    void theTrashComesLastIsMarkedAndOpensAfterAQuestion() {
        open([this](store::History& history) -> Result<void> {
            HEARTH_TRY(m_binned, history.createConversation("Thrown away"));
            append(history, m_binned, 0, store::Role::User, "the harbour nobody wants");
            return history.setTrashed(m_binned, true);
        });
        look("harbour");
        QTRY_COMPARE(results()->rowCount(), 5);
        for (int i = 0; i < 4; ++i)
            QVERIFY(!row(i).trashed); // though the one in the trash is the newest
        QVERIFY(row(4).trashed);
        const QModelIndex last = results()->index(4);
        QVERIFY(last.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("in the trash")));
        places()->setCurrentIndex(last);
        QTest::keyClick(places(), Qt::Key_Return);
        auto* question = m_bench->page.findChild<QMessageBox*>(QStringLiteral("restoreQuestion"));
        QVERIFY(question);
        question->reject(); // nothing happens
        QTRY_VERIFY(!m_bench->page.findChild<QMessageBox*>(QStringLiteral("restoreQuestion")));
        QVERIFY(m_bench->page.conversation() != m_binned);
        QVERIFY(row(4).trashed);
        QTest::keyClick(places(), Qt::Key_Return);
        m_bench->page.findChild<QAbstractButton*>(QStringLiteral("confirm"))->click();
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_binned});
        QTRY_COMPARE(m_bench->texts(), QStringList{QStringLiteral("the harbour nobody wants")});
        QTRY_VERIFY(results()->rowCount() == 5 && !row(4).trashed && !row(1).trashed);
    }

    void aTitleLeadsToItsChat() {
        open();
        m_bench->page.newChat();
        look("lights");
        QTRY_COMPARE(results()->rowCount(), 1);
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->page.conversation(), qint64{m_chat});
    }

    void whatIsWrittenIsFoundAndWhatIsThrownAwayIsNot() {
        open();
        m_bench->load();
        m_script->answer = {"A zeppelin", " came by."};
        m_bench->page.newChat();
        look("zeppelin");
        QTRY_VERIFY(shows("No chat has these words."));
        m_bench->say("What flew there?");
        QTRY_COMPARE(results()->rowCount(), 1); // without typing anew
        QVERIFY(row(0).excerpt.contains(QStringLiteral("zeppelin came by")));
        const RowId chat = row(0).conversation;
        write([chat](workbench::ChatHistory& h) { return h.store().setTrashed(chat, true); }, chat);
        QTRY_VERIFY(results()->rowCount() == 1 && row(0).trashed);
        write([chat](workbench::ChatHistory& h) { return h.store().setTrashed(chat, false); }, chat);
        QTRY_VERIFY(results()->rowCount() == 1 && !row(0).trashed);
        write([chat](workbench::ChatHistory& h) { return h.store().purge(chat); }, chat);
        QTRY_COMPARE(results()->rowCount(), 0);
    }

    void aChatThatIsGoneBehindTheWindowsBackIsNotShown() {
        open();
        look("lantern");
        QTRY_COMPARE(results()->rowCount(), 1);
        write([this](workbench::ChatHistory& h) { return h.store().purge(m_long); }, 0); // nobody is told
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        field()->clear();
        QTRY_VERIFY(!places()->isVisible());
        look("lantern");
        QTRY_VERIFY(shows("No chat has these words."));
    }

    void anotherBranchThanTheOneBeingAnsweredIsRefused() {
        open();
        m_bench->load();
        m_bench->page.openConversation(m_chat);
        QTRY_COMPARE(m_bench->texts().size(), 2);
        m_script->answer = {"tick "};
        m_script->endless = true;
        m_script->pieceDelay = 10ms;
        m_bench->say("Go on");
        QTRY_VERIFY(m_bench->controller.streamedTokens() > 3);
        look("harbour wall");
        QTRY_COMPARE(results()->rowCount(), 1);
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->visibleErrors(), 1);
        QVERIFY(m_bench->controller.isBusy());
        m_bench->controller.stop();
        QTRY_VERIFY(!m_bench->controller.isBusy());
        QTest::keyClick(field(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->texts().value(1), QStringLiteral("There is **an old harbour** wall."));
    }

    void aDamagedTextIsSaidAndTheRestIsFound() {
        const QString file = m_folder->filePath(QStringLiteral("history.db"));
        {
            auto history = store::History::open(file.toStdString());
            QVERIFY(history.has_value());
            const auto chat = (*history)->createConversation("Last");
            QVERIFY(append(**history, *chat, 0, store::Role::User, "damaged beyond repair"));
        }
        HistoryBridge bridge([file]() -> Result<std::unique_ptr<workbench::ChatHistory>> {
            HEARTH_TRY(auto history,
                       store::History::open(file.toStdString(), std::make_unique<DamagedCodec>()));
            return std::make_unique<workbench::ChatHistory>(std::move(history));
        });
        HistorySearch search(bridge);
        QSignalSpy failed(&search, &HistorySearch::failed), found(&search, &HistorySearch::found);
        search.build();
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.first().first().value<Error>().code, std::string("crypto.tampered"));
        QVERIFY(!search.isBuilding());
        search.setQuery(QStringLiteral("harbour"));
        QTRY_VERIFY(!found.isEmpty());
        QCOMPARE(found.last().first().value<std::vector<SearchResult>>().size(), std::size_t{1}); // the title
    }

    void whileNoHistoryIsOpenThereIsNothing() {
        HistoryBridge bridge;
        HistorySearch search(bridge);
        QSignalSpy failed(&search, &HistorySearch::failed), found(&search, &HistorySearch::found);
        search.setQuery(QStringLiteral("harbour")); // nothing was read: nothing is asked
        search.build();
        QTRY_VERIFY(!failed.isEmpty());
        QCOMPARE(failed.first().first().value<Error>().code, std::string("vault.closed"));
        QVERIFY(found.isEmpty());
    }

    /// A tenth of what is promised for 100 000 messages (HEARTH_MESSAGES=100000 for all of them), and the
    /// window never waits.
    void manyMessagesDoNotHoldUpTheWindow() {
        const int messages = qEnvironmentVariableIntValue("HEARTH_MESSAGES");
        const int count = messages > 0 ? messages : 10'000;
        open([count](store::History& history) {
            return history.transaction([&history, count]() -> Result<void> {
                HEARTH_TRY(const RowId chat, history.createConversation("Many"));
                RowId parent = 0;
                for (int i = 0; i < count; ++i) {
                    store::Message message;
                    message.conversation = chat;
                    message.parent = parent = i % 50 ? parent : 0;
                    message.content = "message number " + std::to_string(i) + " about stones and rivers, " +
                                      std::string(200, static_cast<char>('a' + i % 26));
                    if (i % 4 == 0)
                        message.reasoning = "thinking about " + message.content;
                    HEARTH_TRY(parent, history.appendMessage(message));
                }
                return {};
            });
        });
        QElapsedTimer building;
        building.start();
        const test::Heartbeat heart;
        auto* search = m_bench->page.findChild<HistorySearch*>();
        QVERIFY(!search); // it belongs to the page's parts, not to its widgets
        field()->setText(QStringLiteral("stones %1").arg(count - 1));
        QTRY_VERIFY(state()->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(results()->rowCount(), 1, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(!state()->text().contains(QStringLiteral("Still reading")), 60'000);
        qInfo("%d messages searchable %lld ms after the window was there", count,
              static_cast<long long>(building.elapsed()));
        QElapsedTimer query;
        query.start();
        field()->setText(QStringLiteral("rivers"));
        QTRY_COMPARE(results()->rowCount(), static_cast<int>(HistorySearch::kMostMessages));
        qInfo("a hundred of %d found %lld ms after typing; longest gap of the window %lld ms", count,
              static_cast<long long>(query.elapsed()), heart.worst());
        QVERIFY(state()->text().contains(QStringLiteral("newest")));
        QVERIFY2(heart.worst() < 150, qPrintable(QString::number(heart.worst()))); // 50 on a quiet machine
    }

    void daysAreShort() {
        const QDate today(2026, 3, 9);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        QCOMPARE(SearchResultDelegate::dayText(QDate(2026, 1, 4), today), QStringLiteral("4 Jan"));
        QVERIFY(SearchResultDelegate::dayText(QDate(2024, 1, 4), today).contains(QStringLiteral("2024")));
        QLocale::setDefault(QLocale(QLocale::Chinese, QLocale::China));
        QCOMPARE(SearchResultDelegate::dayText(QDate(2026, 1, 4), today), QStringLiteral("1月4日"));
        QLocale::setDefault(QLocale::system());
    }

private:
    static RowId append(store::History& history, RowId chat, RowId parent, store::Role role,
                        const std::string& text) {
        store::Message message;
        message.conversation = chat;
        message.parent = parent;
        message.role = role;
        message.content = text;
        return history.appendMessage(message).value_or(0);
    }
    /// A chat with two versions of an answer, a long one, a Chinese one and one in the trash.
    void fill() {
        auto opened = store::History::open(file().toStdString());
        QVERIFY(opened.has_value());
        store::History& history = **opened;
        using store::Role;
        m_chat = history.createConversation("Harbour lights").value_or(0);
        m_question = append(history, m_chat, 0, Role::User, "What is at the harbour?");
        m_firstVersion =
            append(history, m_chat, m_question, Role::Assistant, "There is **an old harbour** wall.");
        store::Message second;
        second.conversation = m_chat;
        second.parent = m_question;
        second.role = Role::Assistant;
        second.content = "Boats, mostly.";
        for (int line = 0; line < 120; ++line)
            second.reasoning += "line " + std::to_string(line) + "\n";
        second.reasoning = "ponds\n" + second.reasoning + "Pondering what floats there.\n";
        m_secondVersion = history.appendMessage(second).value_or(0);
        m_long = history.createConversation("A long one").value_or(0);
        RowId parent = 0;
        m_others.clear();
        for (int i = 0; i < 300; ++i) {
            std::string text = "turn " + std::to_string(i);
            if (i == 6)
                text += " with a lantern";
            if (i == 31)
                text += " in the Straße";
            if (i == 298)
                text += ". The HARBOUR of everything";
            parent = append(history, m_long, parent, i % 2 ? Role::Assistant : Role::User, text);
            m_others.push_back(parent);
        }
        m_needle = m_others[6];
        m_street = m_others[31];
        m_others.resize(299);
        const auto chinese = history.createConversation("量化").value_or(0);
        append(history, chinese, 0, Role::Assistant, "4 位的**误差**很小。");
        const auto trashed = history.createConversation("Discarded").value_or(0);
        append(history, trashed, 0, Role::User, "a discarded question");
        QVERIFY(history.setTrashed(trashed, true).has_value());
    }
    void open(const std::function<Result<void>(store::History&)>& more = {}) {
        if (more) {
            auto history = store::History::open(file().toStdString());
            QVERIFY(history.has_value() && more(**history).has_value());
        }
        start();
        QTRY_VERIFY(list("Chats")->model()->rowCount() > 0);
    }
    void look(const char* words) { field()->setText(QString::fromUtf8(words)); }
    template <class Work>
    void write(Work work, RowId changed) {
        m_bench->history.write(work, changed);
    }
    [[nodiscard]] QLineEdit* field() const {
        return m_bench->page.findChild<QLineEdit*>(QStringLiteral("chatSearch"));
    }
    [[nodiscard]] QListView* places() const {
        return m_bench->page.findChild<QListView*>(QStringLiteral("chatPlaces"));
    }
    [[nodiscard]] TextLabel* state() const {
        return m_bench->page.findChild<TextLabel*>(QStringLiteral("chatSearchState"));
    }
    [[nodiscard]] QListView* list(const char* name) const {
        for (auto* view : m_bench->page.findChildren<QListView*>())
            if (view->accessibleName() == QLatin1String(name))
                return view;
        return nullptr;
    }
    [[nodiscard]] SearchResultsModel* results() const {
        return qobject_cast<SearchResultsModel*>(places()->model());
    }
    [[nodiscard]] SearchResult row(int row) const {
        const auto* found = results()->at(row);
        return found ? *found : SearchResult{};
    }
    [[nodiscard]] bool shows(const char* words) const {
        for (const auto* label : m_bench->page.findChildren<TextLabel*>())
            if (label->isVisible() && label->text() == QLatin1String(words))
                return true;
        return false;
    }
    [[nodiscard]] bool isInSight(RowId message) const {
        const QWidget* widget = m_bench->view()->rowWidget(message);
        return widget && widget->isVisible() &&
               m_bench->view()->viewport()->rect().intersects(widget->geometry());
    }

    RowId m_chat = 0, m_question = 0, m_firstVersion = 0, m_secondVersion = 0, m_long = 0, m_binned = 0,
          m_needle = 0, m_street = 0;
    std::vector<RowId> m_others;
};

QTEST_MAIN(TestHistorySearch)
#include "test_history_search.moc"
