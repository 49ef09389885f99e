#pragma once

#include <functional>

#include <QObject>

#include "engine/workbench/data_paths.h"
#include "gui/bridge/chat_controller.h"
#include "gui/bridge/engine_bridge.h"
#include "gui/bridge/privacy_bridge.h"
#include "gui/shell/main_window.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

/// Puts the privacy and audit pages into the window for those who may see them, counts for the figures about
/// use, keeps the daily round, and leads through the repair of a history that does not open. GUI thread;
/// borrows everything, which outlives it.
class PrivacyWiring : public QObject {
    Q_OBJECT
public:
    struct Parts {
        Theme& theme;
        MainWindow& window;
        AccountsBridge& accounts;
        HistoryBridge& history;
        EngineBridge& engine;
        ChatController& controller;
    };
    PrivacyWiring(const Parts& parts, const workbench::DataPaths& paths, QString program,
                  QObject* parent = nullptr);

    void addPages();
    [[nodiscard]] PrivacyBridge& bridge() { return m_bridge; }

Q_SIGNALS:
    void closingHistory();  ///< the chat page writes its draft
    void historyReplaced(); ///< the chat page begins anew

private:
    void countUse();

    const Parts m_parts;
    PrivacyBridge m_bridge;
};

} // namespace hearth::gui
