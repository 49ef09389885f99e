#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QString>

#include "engine/security/crypto/secure_bytes.h"
#include "engine/store/transfer.h"
#include "gui/bridge/history_bridge.h"

class QWidget;

namespace hearth::gui {

/// Chats to files and back. GUI thread; the work happens in the store thread.

/// A file that a chat is to be written to.
struct ChatFile {
    QString path;
    store::ExportFormat format = store::ExportFormat::Markdown;
    bool sealed = false; ///< with a password, which is still to be asked for
};

/// Asks over `parent` where to, and in which form: a known ending of the name decides, else the chosen kind
/// of file, of which the sealed one is offered first when `sealedFirst`. Returns at once; `chosen` runs when
/// the person has agreed.
void askWhereToExport(QWidget* parent, bool sealedFirst, std::function<void(const ChatFile&)> chosen);

/// Writes `conversation` to `file`, which appears whole or not at all; `password` is for a sealed one. `done`
/// runs unless `context` has gone. Errors: those of security::exportChats().
void exportChat(HistoryBridge& history, QObject* context, store::RowId conversation, const ChatFile& file,
                std::shared_ptr<security::SecureBytes> password,
                std::function<void(const Result<void>&)> done);

/// Asks for a file with chats, readable or sealed.
void askWhatToImport(QWidget* parent, std::function<void(const QString& path)> chosen);

/// Adds the chats of a file, all or none; `done` gets their ids. Errors: those of security::importChats().
void importChats(HistoryBridge& history, QObject* context, const QString& path,
                 std::shared_ptr<security::SecureBytes> password,
                 std::function<void(const Result<std::vector<store::RowId>>&)> done);

} // namespace hearth::gui
