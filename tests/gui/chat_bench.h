#pragma once

#include <memory>

#include <QAbstractButton>
#include <QApplication>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "gui/delegates/chat_edit.h"
#include "gui/delegates/rich_text.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_page.h"
#include "gui/widgets/feedback.h"
#include "tests/gui/fake_engine.h"
#include "tests/gui/patience.h"

namespace hearth::test {

/// A chat page with everything below it, over a history file in `folder`; what a person can reach by name.
struct ChatBench {
    static constexpr const char* kModel = "/m/Qwen3-4B-Q4_K_M.gguf";

    ChatBench(gui::Theme& theme, gui::EngineBackendFactory backend, const QString& file)
        : engine(std::move(backend)), history(gui::historyFile(file)), controller(engine, history),
          page(theme, controller, models) {
        page.resize(1100, 760);
        page.show();
        page.start();
        page.activateWindow();
    }
    ~ChatBench() {
        page.flush();
        controller.shutdown();
        history.shutdown();
    }

    /// Opens a model, which takes the place of the one before.
    void load(const QString& model = QString::fromLatin1(kModel)) {
        QSignalSpy loaded(&engine, &gui::EngineBridge::loaded);
        page.openModel(model);
        QVERIFY(loaded.wait(30'000));
    }
    /// While it lives, nothing that is asked of the history is answered.
    class SlowDisk {
    public:
        explicit SlowDisk(ChatBench& bench) {
            bench.history.write([gate = m_gate](workbench::ChatHistory&) -> Result<void> {
                gate->acquire();
                return {};
            });
        }
        ~SlowDisk() { m_gate->release(); }

    private:
        std::shared_ptr<QSemaphore> m_gate = std::make_shared<QSemaphore>();
    };
    /// Types a message and sends it.
    void say(const char* text) const {
        composer()->setFocus();
        QTest::keyClicks(composer(), QString::fromLatin1(text));
        QTest::keyClick(composer(), Qt::Key_Return);
    }
    /// Writes a chat of these messages, the person's and the model's in turn, and shows it.
    void openChatOf(const QStringList& texts) {
        std::optional<store::RowId> id;
        history.request(
            &page,
            [texts](workbench::ChatHistory& chats) -> Result<store::RowId> {
                store::RowId chat = 0;
                HEARTH_CHECK(chats.store().transaction([&]() -> Result<void> {
                    HEARTH_TRY(chat, chats.store().createConversation("chat"));
                    store::Message message;
                    message.conversation = chat;
                    for (const QString& text : texts) {
                        message.content = text.toStdString();
                        HEARTH_TRY(message.parent, chats.store().appendMessage(message));
                        message.role =
                            message.role == store::Role::User ? store::Role::Assistant : store::Role::User;
                    }
                    return {};
                }));
                return chat;
            },
            [&id](const Result<store::RowId>& made) { id = made.value_or(0); });
        QTRY_VERIFY_WITH_TIMEOUT(id.has_value(), 60'000);
        QVERIFY(*id > 0);
        page.openConversation(*id);
    }

    [[nodiscard]] gui::ChatEdit* composer() const {
        for (auto* edit : page.findChildren<gui::ChatEdit*>())
            if (edit->accessibleName() == QLatin1String("Message"))
                return edit;
        return nullptr;
    }
    [[nodiscard]] gui::ChatMessageView* view() const { return page.findChild<gui::ChatMessageView*>(); }
    /// The last visible button of this name.
    [[nodiscard]] QAbstractButton* button(const char* name) const {
        QAbstractButton* found = nullptr;
        int lowest = -1;
        for (auto* candidate : page.findChildren<QAbstractButton*>()) {
            if (candidate->accessibleName() != QString::fromUtf8(name) || !candidate->isVisible())
                continue;
            const int y = candidate->mapTo(&page, QPoint()).y();
            if (y > lowest) {
                lowest = y;
                found = candidate;
            }
        }
        return found;
    }
    [[nodiscard]] int visibleErrors() const {
        int count = 0;
        for (const auto* box : page.findChildren<gui::ErrorBox*>())
            count += box->isVisible();
        return count;
    }
    /// The texts of the messages that are on screen or beside it.
    [[nodiscard]] QString shown() const {
        QString out;
        for (const auto* text : page.findChildren<gui::RichText*>())
            if (text->isVisible())
                out += text->toPlainText() + QLatin1Char('\n');
        return out;
    }
    /// The messages of the branch on screen, as they are in the history.
    [[nodiscard]] QStringList texts() const {
        QStringList out;
        std::optional<std::vector<store::Message>> branch;
        auto& bridge = const_cast<gui::HistoryBridge&>(history);
        bridge.request(
            const_cast<gui::ChatPage*>(&page),
            [id = page.conversation()](workbench::ChatHistory& h) { return h.store().branch(id, 0, 100000); },
            [&](Result<std::vector<store::Message>> rows) {
                branch = rows.value_or(std::vector<store::Message>());
            });
        [&] { QTRY_VERIFY(branch.has_value()); }();
        for (const auto& message : branch.value_or(std::vector<store::Message>()))
            out << QString::fromStdString(message.content);
        return out;
    }

    gui::EngineBridge engine;
    gui::HistoryBridge history;
    gui::ChatController controller;
    gui::ModelPickerModel models;
    gui::ChatPage page;
};

/// Tests of the chat page over an engine that follows a script, with a history in a folder of their own.
class ChatTest : public QObject {
protected:
    /// A new folder and a new script.
    void begin() {
        m_theme.install(*qApp);
        m_folder = std::make_unique<QTemporaryDir>();
        m_script = std::make_shared<FakeScript>();
    }
    void end() {
        m_bench.reset();
        m_folder.reset();
    }
    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("history.db")); }
    /// The page over what the folder holds, in place of the one before.
    void start() { start(fakeEngine(m_script)); }
    void start(gui::EngineBackendFactory backend) {
        m_bench.reset();
        m_bench = std::make_unique<ChatBench>(m_theme, std::move(backend), file());
        QVERIFY(QTest::qWaitForWindowExposed(&m_bench->page));
        static_cast<void>(m_bench->texts()); // what the page asked of the history has been answered
    }

    gui::Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<FakeScript> m_script;
    std::unique_ptr<ChatBench> m_bench;
};

} // namespace hearth::test
