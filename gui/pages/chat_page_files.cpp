// Chats to files and back, as the chat page leads through it.

#include <QFileInfo>
#include <QPointer>

#include "gui/pages/chat_export.h"
#include "gui/pages/chat_page_parts.h"
#include "gui/pages/chat_sidebar.h"
#include "gui/pages/sealing_dialogs.h"
#include "gui/widgets/buttons.h"

namespace hearth::gui {

void ChatPage::askExport() {
    const auto ask = [](const Guard& guard, std::function<void()> act) {
        guard ? guard(std::move(act)) : act();
    };
    askWhereToExport(this, m->exportRights.sealedFirst, [this, ask](const ChatFile& file) {
        if (!file.sealed) {
            ask(m->exportRights.readable, [this, file] { writeChat(file, nullptr); });
            return;
        }
        ask(m->exportRights.sealed, [this, file] {
            auto* dialog = new SealDialog(m->theme, tr("Seal the exported chat"), this);
            connect(dialog, &SealDialog::chosen, this,
                    [this, file](const SharedSecret& password) { writeChat(file, password); });
            dialog->open();
        });
    });
}

void ChatPage::writeChat(const ChatFile& file, const SharedSecret& password) {
    exportChat(m->controller.history(), this, conversation(), file, password,
               [this, name = QFileInfo(file.path).fileName()](const Result<void>& written) {
                   if (written)
                       m->toasts.show(tr("The chat was written to %1.").arg(name));
                   else
                       showRefusal(written.error());
                   Q_EMIT exported(written ? std::string() : written.error().code);
               });
}

void ChatPage::setExportRights(ExportRights rights) {
    m->exportButton->setVisible(rights.allowed);
    m->exportRights = std::move(rights);
}

void ChatPage::setImportRights(bool allowed, Guard guard) {
    m->sidebar->setImportAllowed(allowed);
    m->mayImport = allowed;
    m->importGuard = std::move(guard);
}

void ChatPage::importChats(const QString& file) {
    if (!m->mayImport)
        return;
    const auto read = [this, file] { readChats(file, nullptr, nullptr); };
    m->importGuard ? m->importGuard(read) : read();
}

void ChatPage::readChats(const QString& file, const SharedSecret& password, UnsealDialog* dialog) {
    gui::importChats(
        m->controller.history(), this, file, password,
        [this, file, dialog = QPointer(dialog),
         asked = dialog != nullptr](const Result<std::vector<store::RowId>>& ids) {
            if (!ids && ids.error().code == "crypto.needs_password") {
                auto* ask = new UnsealDialog(m->theme, tr("Import chats"), QFileInfo(file).fileName(), this);
                connect(ask, &UnsealDialog::typed, this,
                        [this, file, ask](const SharedSecret& typed) { readChats(file, typed, ask); });
                ask->open();
                return;
            }
            Q_EMIT imported(ids ? std::string() : ids.error().code);
            if (!ids) {
                if (dialog)
                    dialog->showError(ids.error());
                else if (!asked) // else the person closed the dialog meanwhile
                    showRefusal(ids.error());
                return;
            }
            if (dialog)
                dialog->close();
            m->conversations.reload();
            m->search.build();
            m->toasts.show(tr("%n chat(s) were added.", nullptr, static_cast<int>(ids->size())));
            if (!ids->empty())
                openConversation(ids->front());
        });
}

} // namespace hearth::gui
