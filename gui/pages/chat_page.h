#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <QWidget>

#include "engine/security/crypto/secure_bytes.h"
#include "gui/bridge/chat_controller.h"
#include "gui/theme/theme.h"

namespace hearth::gui {

class ModelPickerModel;
struct SearchResult;
class UnsealDialog;
struct ChatFile;

/// The chat: conversation list, model picker, messages, composer. Owns its models; the controller (with its
/// bridges), the picker's model and the theme come from the application and outlive it. GUI thread.
///
/// Start with start() once the history is being opened; before the page goes, flush() saves the draft.
class ChatPage : public QWidget {
    Q_OBJECT

public:
    ChatPage(Theme& theme, ChatController& controller, ModelPickerModel& models, QWidget* parent = nullptr);
    ~ChatPage() override;

    /// Fills the list and shows the conversation that was open last.
    void start();
    /// How the next model is loaded, and what a full context does in new chats.
    void setDefaults(const runtime::LoadOptions& options, runtime::ContextPolicy policy);

    /// What a model's file asks for itself.
    struct OwnDefaults {
        std::size_t contextTokens = 0;                        ///< 0 = as setDefaults() says
        std::string chatTemplate = {};                        ///< "" = the file's own
        QString systemPrompt = {};                            ///< of new chats
        std::optional<runtime::GenerationParams> params = {}; ///< of new chats
    };
    /// Who knows that; asked with the file's path whenever a model is opened.
    void setOwnDefaults(std::function<OwnDefaults(const QString& path)> ask);

    /// Who is asked before something is done; `act` runs when it is allowed. Empty = nobody needs to be.
    using Guard = std::function<void(std::function<void()> act)>;
    /// Whether chats may be written to files. They may, until this is called.
    struct ExportRights {
        bool allowed = true;
        bool sealedFirst = false;         ///< the chats are sealed here, so that is what is offered first
        Guard readable = {}, sealed = {}; ///< before a readable or a sealed file is written
    };
    void setExportRights(ExportRights rights);
    /// Whether chats of a file may be added.
    void setImportRights(bool allowed, Guard guard);

    /// Says that the chats are not protected and offers to do so, until the person takes it up or closes it.
    void offerProtection();

    /// Loads a model; modelOpened() when it is in memory, an error box on this page when it is refused.
    void openModel(const QString& path);
    void chooseModelFile(); ///< asks with a file dialog, then openModel()
    /// Adds the chats of an exported file, asking for the password of a sealed one.
    void importChats(const QString& file);

    void newChat();
    void openConversation(qint64 conversation);
    /// Opens a chat where words were found, on whichever branch that is, and marks them; message 0 = as
    /// openConversation(). One that is in the trash is taken out first, when the person wants that.
    void openPlace(const SearchResult& place);
    [[nodiscard]] qint64 conversation() const;
    /// Finds words in the chat on screen; while it has no messages, in all chats.
    void find();
    void findNext();
    void findPrevious();
    /// Says what went wrong outside of the page, where the page says what goes wrong on it.
    void showProblem(const Error& error) { showRefusal(error); }
    void focusSearch(); ///< in all chats
    void flush();

Q_SIGNALS:
    void modelOpened(const QString& path);
    /// An answer named a page of the window, and the person wants to go there.
    void pageAsked(const QString& id);
    void protectionAsked();
    void protectionDeclined();
    void exported(const std::string& errorCode); ///< a chat was written to a file; "" = it went well
    void imported(const std::string& errorCode); ///< chats of a file were added, or not

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Parts;
    void connectList();
    void connectChat();
    void connectFind();
    void connectPlaces();
    void goToPlace();
    void restore(qint64 conversation, const QString& title);
    void connectModel();
    void connectGuide();
    void retranslate();
    void showOffer();
    void showState();
    void showMeter();
    void showRefusal(const Error& error);
    void askExport();
    void writeChat(const ChatFile& file, const std::shared_ptr<security::SecureBytes>& password);
    void readChats(const QString& file, const std::shared_ptr<security::SecureBytes>& password,
                   UnsealDialog* dialog);

    std::unique_ptr<Parts> m;
};

} // namespace hearth::gui
