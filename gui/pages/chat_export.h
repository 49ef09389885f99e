#pragma once

#include <functional>

#include <QString>

#include "engine/store/transfer.h"
#include "gui/bridge/history_bridge.h"

class QWidget;

namespace hearth::gui {

/// Writing a chat to a file. GUI thread; the work happens in the store thread.

/// Asks over `parent` where to, and in which form: a known ending of the name decides, else the chosen kind
/// of file. Returns at once; `chosen` runs when the person has agreed.
void askWhereToExport(QWidget* parent, std::function<void(const QString&, store::ExportFormat)> chosen);

/// Writes `conversation` to `file`, which appears whole or not at all; `done` runs unless `context` has gone.
/// Errors: those of AtomicFile and of store::exportConversations().
void exportChat(HistoryBridge& history, QObject* context, store::RowId conversation, const QString& file,
                store::ExportFormat format, std::function<void(const Result<void>&)> done);

} // namespace hearth::gui
