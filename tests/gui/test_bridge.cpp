#include <functional>

#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "gui/bridge/chat_controller.h"
#include "tests/gui/fake_engine.h"
#include "tests/gui/patience.h"

using namespace hearth;
using namespace hearth::gui;
using namespace std::chrono_literals;
using store::RowId;

namespace {

workbench::TurnRequest request(const char* text) {
    workbench::TurnRequest out;
    out.messages.push_back({"user", text});
    return out;
}

} // namespace

class TestBridge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_script = std::make_shared<test::FakeScript>();
        m_engine = std::make_unique<EngineBridge>(test::fakeEngine(m_script));
        m_history = std::make_unique<HistoryBridge>(historyFile(file()));
        m_controller = std::make_unique<ChatController>(*m_engine, *m_history);
    }
    void cleanup() {
        m_controller.reset();
        m_history.reset();
        m_engine.reset();
        QVERIFY(m_script->destroyed.load() >= 1); // the backend goes with its thread
        m_folder.reset();
    }

    void loadingReportsProgressAndTheModel() {
        m_script->loadHeld = true;
        QSignalSpy progress(m_engine.get(), &EngineBridge::loadProgress),
            loaded(m_engine.get(), &EngineBridge::loaded);
        QElapsedTimer clock;
        clock.start();
        m_engine->load(QStringLiteral("/m/a.gguf"), {});
        QVERIFY(m_engine->isLoading()); // and the call came back at once
        QTRY_VERIFY(progress.size() >= 3);
        m_script->loadHeld = false;
        QTRY_COMPARE(loaded.size(), 1);
        QVERIFY(!m_engine->isLoading());
        QVERIFY(progress.size() <= clock.elapsed() / EngineBridge::kFrameMs + 2); // gathered per frame
        QCOMPARE(m_engine->model()->name, std::string("Qwen3-4B-Instruct"));
    }

    void loadingCanBeCancelled() {
        m_script->loadHeld = true; // it would never end by itself
        QSignalSpy failed(m_engine.get(), &EngineBridge::loadFailed);
        m_engine->load(QStringLiteral("/m/a.gguf"), {});
        QTRY_COMPARE(m_script->loads.load(), 1);
        m_engine->cancelLoad();
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][1].value<Error>().code, std::string(kCancelled));
        QVERIFY(!m_engine->model());
    }

    void aSecondLoadReplacesTheFirstSilently() {
        m_script->loadDelay = 60ms;
        QSignalSpy failed(m_engine.get(), &EngineBridge::loadFailed),
            loaded(m_engine.get(), &EngineBridge::loaded);
        m_engine->load(QStringLiteral("/m/a.gguf"), {});
        m_engine->load(QStringLiteral("/m/b.gguf"), {});
        QVERIFY(loaded.wait(hearth::test::kPatience));
        QCOMPARE(failed.size(), 0);
        QCOMPARE(loaded.size(), 1);
        QCOMPARE(m_engine->model()->path, std::filesystem::path("/m/b.gguf"));
    }

    void onlyTheNewestCountIsAnswered() {
        load();
        m_script->countHeld = true;
        QSignalSpy counted(m_engine.get(), &EngineBridge::tokensCounted);
        const auto first = m_engine->countTokens(request("a"));
        QTRY_COMPARE(m_script->counts.load(), 1); // the first is being counted
        for (int i = 0; i < 50; ++i)
            m_engine->countTokens(request("b"));
        const auto last = m_engine->countTokens(request("c"));
        m_script->countHeld = false;
        QTRY_COMPARE(counted.size(), 2);
        QCOMPARE(counted[0][0].toULongLong(), first);
        QCOMPARE(counted[1][0].toULongLong(), last);
        QCOMPARE(m_script->counts.load(), 2);
    }

    void piecesComeOncePerFrameAndAllBeforeTheEnd() {
        load();
        m_script->answer.assign(500, "x");
        m_script->pieceDelay = 1ms;
        QString text;
        quint64 tokens = 0;
        bool ended = false;
        connect(m_engine.get(), &EngineBridge::pieces, this,
                [&](quint64, const QString& answer, const QString&, quint64 count) {
                    QVERIFY(!ended);
                    text += answer;
                    tokens += count;
                });
        connect(m_engine.get(), &EngineBridge::answered, this, [&] { ended = true; });
        QSignalSpy pieces(m_engine.get(), &EngineBridge::pieces);
        QElapsedTimer clock;
        clock.start();
        m_engine->answer(request("go"));
        QTRY_VERIFY_WITH_TIMEOUT(ended, 10000);
        QCOMPARE(text.size(), 500);
        QCOMPARE(tokens, quint64(500));
        QVERIFY2(pieces.size() <= clock.elapsed() / EngineBridge::kFrameMs + 2, "more signals than frames");
        disconnect(m_engine.get(), nullptr, this, nullptr);
    }

    void theMessageIsOnDiskBeforeTheEngineRuns() {
        load();
        QStringList seen;
        m_script->onAnswer = [&](const workbench::TurnRequest& turn) {
            // The engine's thread looks at the file through a connection of its own.
            const QString name = QStringLiteral("witness");
            {
                auto db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
                db.setDatabaseName(file());
                db.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
                if (db.open()) {
                    QSqlQuery query(QStringLiteral("SELECT COUNT(*) FROM message WHERE conversation = %1")
                                        .arg(turn.conversation),
                                    db);
                    seen << (query.next() ? query.value(0).toString() : query.lastError().text());
                } else {
                    seen << db.lastError().text();
                }
            }
            QSqlDatabase::removeDatabase(name);
        };
        QSignalSpy ended(m_controller.get(), &ChatController::turnEnded);
        m_controller->send(0, QStringLiteral("Are you there?"));
        QVERIFY(ended.wait(hearth::test::kPatience));
        QCOMPARE(seen, QStringList{QStringLiteral("2")}); // the question and the answer that is to be filled
        QCOMPARE(m_script->answered.front().messages.back().content, std::string("Are you there?"));
    }

    void aTurnIsWrittenWithItsFigures() {
        load();
        QSignalSpy ended(m_controller.get(), &ChatController::turnEnded),
            created(m_controller.get(), &ChatController::conversationCreated);
        m_controller->send(0, QStringLiteral("Hello there"), {QStringLiteral("Be brief."), {}});
        QVERIFY(ended.wait(hearth::test::kPatience));
        const RowId conversation = created[0][0].toLongLong();
        const auto branch = read(conversation);
        QCOMPARE(branch.size(), std::size_t(2));
        QCOMPARE(branch[1].content, std::string("Hello, world."));
        QCOMPARE(branch[1].state, store::MessageState::Complete);
        QVERIFY(branch[1].statsJson.find("tokens_per_second") != std::string::npos);
        QCOMPARE(branch[1].modelName, std::string("Qwen3-4B-Instruct"));
        QCOMPARE(m_script->answered[0].messages[0].role, std::string("system"));
        QCOMPARE(m_script->answered[0].messages[0].content, std::string("Be brief."));
    }

    void stopKeepsWhatWasStreamed() {
        load();
        m_script->endless = true;
        m_script->pieceDelay = 2ms;
        QSignalSpy streamed(m_controller.get(), &ChatController::streamed),
            ended(m_controller.get(), &ChatController::turnEnded),
            created(m_controller.get(), &ChatController::conversationCreated);
        m_controller->send(0, QStringLiteral("Go on and on"));
        QTRY_VERIFY(streamed.size() > 3);
        m_controller->stop();
        QVERIFY(ended.wait(hearth::test::kPatience));
        const auto branch = read(created[0][0].toLongLong());
        QCOMPARE(branch[1].state, store::MessageState::Stopped);
        QVERIFY(branch[1].content.starts_with("Hello, world."));
    }

    void stopBeforeTheEngineHasBegun() {
        load();
        m_script->endless = true;
        m_script->pieceDelay = 5ms;
        QSignalSpy ended(m_controller.get(), &ChatController::turnEnded);
        m_controller->send(0, QStringLiteral("never mind"));
        m_controller->stop(); // the message is not even written yet
        QVERIFY(ended.wait(hearth::test::kPatience));
    }

    void checkpointsKeepTheAnswerThroughACrash() {
        load();
        m_script->endless = true;
        m_script->pieceDelay = 5ms;
        QSignalSpy created(m_controller.get(), &ChatController::conversationCreated);
        m_controller->send(0, QStringLiteral("long one"));
        QTRY_COMPARE(created.size(), 1);
        std::vector<store::Message> branch;
        QTRY_VERIFY((branch = read(created[0][0].toLongLong())).size() == 2 && branch[1].content.size() > 50);
        QCOMPARE(branch[1].state, store::MessageState::Streaming);
    }

    void failuresAreKeptWithTheirCode() {
        load();
        m_script->answerError = Error{"context.full", "no room", std::nullopt, {{"needed_tokens", "9000"}}};
        QSignalSpy failed(m_controller.get(), &ChatController::turnFailed),
            created(m_controller.get(), &ChatController::conversationCreated);
        m_controller->send(0, QStringLiteral("too long"));
        QVERIFY(failed.wait(hearth::test::kPatience));
        QCOMPARE(failed[0][2].value<Error>().arg("needed_tokens"), std::string("9000"));
        const auto branch = read(created[0][0].toLongLong());
        QCOMPARE(branch[1].state, store::MessageState::Failed);
        QCOMPARE(branch[1].errorCode, std::string("context.full"));
        QCOMPARE(branch[1].content, std::string("Hello, world.")); // what had streamed
    }

    void aSecondMessageIsRefusedPolitely() {
        load();
        m_script->pieceDelay = 50ms;
        QSignalSpy refused(m_controller.get(), &ChatController::refused),
            ended(m_controller.get(), &ChatController::turnEnded);
        m_controller->send(0, QStringLiteral("one"));
        m_controller->send(0, QStringLiteral("two"));
        QCOMPARE(refused.size(), 1);
        QCOMPARE(refused[0][1].value<Error>().code, std::string("chat.busy"));
        QVERIFY(ended.wait(hearth::test::kPatience));
        QCOMPARE(m_script->answered.size(), std::size_t(1));
    }

    void withoutAModelNothingIsWritten() {
        QSignalSpy refused(m_controller.get(), &ChatController::refused);
        m_controller->send(0, QStringLiteral("hello?"));
        QCOMPARE(refused.size(), 1);
        QCOMPARE(refused[0][1].value<Error>().code, std::string("workbench.no_model"));
        QCOMPARE(conversations(), std::size_t(0));
    }

    void aHistoryThatCannotOpenRefusesTheTurn() {
        m_controller.reset();
        m_engine = std::make_unique<EngineBridge>(test::fakeEngine(m_script));
        m_history = std::make_unique<HistoryBridge>([]() -> Result<std::unique_ptr<workbench::ChatHistory>> {
            return fail("store.locked", "in use");
        });
        m_controller = std::make_unique<ChatController>(*m_engine, *m_history);
        QSignalSpy failed(m_history.get(), &HistoryBridge::openFailed);
        QVERIFY(failed.wait(hearth::test::kPatience));
        load();
        QSignalSpy refused(m_controller.get(), &ChatController::refused);
        m_controller->send(0, QStringLiteral("text"));
        QVERIFY(refused.wait(hearth::test::kPatience));
        QCOMPARE(refused[0][1].value<Error>().code, std::string("store.locked"));
        QVERIFY(!m_controller->isBusy());
        QCOMPARE(m_script->answered.size(), std::size_t(0)); // nothing is computed that was not written
    }

    void anEditedMessageKeepsTheOldBranch() {
        load();
        QSignalSpy ended(m_controller.get(), &ChatController::turnEnded),
            created(m_controller.get(), &ChatController::conversationCreated),
            switched(m_controller.get(), &ChatController::branchSwitched);
        m_controller->send(0, QStringLiteral("first wording"));
        QVERIFY(ended.wait(hearth::test::kPatience));
        const RowId conversation = created[0][0].toLongLong();
        auto branch = read(conversation);
        m_controller->edit(conversation, branch[0].id, QStringLiteral("second wording"));
        QVERIFY(ended.wait(hearth::test::kPatience));
        branch = read(conversation);
        QCOMPARE(branch[0].content, std::string("second wording"));
        QCOMPARE(branch[0].siblingCount, 2);
        m_controller->regenerate(conversation, branch[1].id);
        QVERIFY(ended.wait(hearth::test::kPatience));
        branch = read(conversation);
        QCOMPARE(branch[1].siblingCount, 2);
        m_controller->switchVersion(conversation, branch[0].id, -1, 0);
        QVERIFY(switched.wait(hearth::test::kPatience));
        QCOMPARE(read(conversation)[0].content, std::string("first wording"));
    }

    void shutdownWhileGeneratingIsQuickAndWritesTheEnd() {
        bestOfThree([this] {
            load();
            m_script->endless = true;
            m_script->pieceDelay = 5ms;
            QSignalSpy streamed(m_controller.get(), &ChatController::streamed);
            m_controller->send(0, QStringLiteral("forever"));
            [&] { QTRY_VERIFY(streamed.size() > 2); }();
            QElapsedTimer clock;
            clock.start();
            m_controller->shutdown();
            m_history->shutdown();
            return clock.elapsed();
        });
        auto store = store::History::open(file().toStdString());
        QVERIFY(store.has_value());
        const auto branch = (*store)->branch(1, 0, 10);
        QVERIFY(branch.has_value());
        QCOMPARE((*branch)[1].state, store::MessageState::Stopped);
        QVERIFY(!(*branch)[1].content.empty());
    }

    void shutdownWhileLoadingIsQuick() {
        bestOfThree([this] {
            m_script->loadHeld = true;
            m_engine->load(QStringLiteral("/m/a.gguf"), {});
            [&] { QTRY_COMPARE(m_script->loads.load(), 1); }();
            QElapsedTimer clock;
            clock.start();
            m_engine->shutdown();
            return clock.elapsed();
        });
    }

    void countsAreDebouncedAndOfTheNewestText() {
        load();
        QSignalSpy counted(m_controller.get(), &ChatController::counted);
        for (int i = 0; i < 20; ++i)
            m_controller->countTokens(0, QString(i + 1, QLatin1Char('x')));
        QVERIFY(counted.wait(hearth::test::kPatience));
        QTest::qWait(2 * ChatController::kCountDelayMs);
        QCOMPARE(counted.size(), 1);
        QCOMPARE(m_script->counts.load(), 1);
    }

private:
    /// `work` returns how many milliseconds it took. Other programs may take the processor for a while: too
    /// long counts when it is so in every attempt.
    void bestOfThree(const std::function<qint64()>& work) {
        qint64 best = work();
        for (int attempt = 1; attempt < 3 && best >= kSoonMs; ++attempt) {
            cleanup();
            init();
            best = std::min(best, work());
        }
        QVERIFY2(best < kSoonMs, qPrintable(QString::number(best)));
    }
    static constexpr qint64 kSoonMs = 1000;

    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("history.db")); }
    void load() {
        QSignalSpy loaded(m_engine.get(), &EngineBridge::loaded);
        m_engine->load(QStringLiteral("/m/Qwen3-4B-Q4_K_M.gguf"), {});
        QVERIFY(loaded.wait(hearth::test::kPatience));
    }
    std::vector<store::Message> read(RowId conversation) {
        std::optional<std::vector<store::Message>> out;
        m_history->request(
            this,
            [=](workbench::ChatHistory& history) { return history.store().branch(conversation, 0, 1000); },
            [&](Result<std::vector<store::Message>> branch) {
                out = branch.value_or(std::vector<store::Message>());
            });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(std::vector<store::Message>());
    }
    std::size_t conversations() {
        std::optional<std::size_t> out;
        m_history->request(
            this,
            [](workbench::ChatHistory& history) { return history.store().conversationCount(false, ""); },
            [&](const Result<std::size_t>& count) { out = count.value_or(999); });
        [&] { QTRY_VERIFY(out.has_value()); }();
        return out.value_or(999);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<test::FakeScript> m_script;
    std::unique_ptr<EngineBridge> m_engine;
    std::unique_ptr<HistoryBridge> m_history;
    std::unique_ptr<ChatController> m_controller;
};

QTEST_GUILESS_MAIN(TestBridge)
#include "test_bridge.moc"
