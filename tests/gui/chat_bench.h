#pragma once

#include <memory>

#include <QAbstractButton>
#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "gui/delegates/chat_edit.h"
#include "gui/models/model_picker_model.h"
#include "gui/pages/chat_message_view.h"
#include "gui/pages/chat_page.h"
#include "gui/widgets/feedback.h"

namespace hearth::test {

/// A chat page with everything below it, over a history file in `folder`; what a person can reach by name.
struct ChatBench {
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

} // namespace hearth::test
