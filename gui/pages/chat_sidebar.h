#pragma once

#include <functional>

#include "gui/widgets/surfaces.h"

class QListView;

namespace hearth::gui {

class Button;
class ConversationListModel;
class ErrorBox;
class IconButton;
class SearchField;
class TextLabel;

/// The list of conversations beside the chat: search, new, rename, trash. Only says what the person chose;
/// deleting is undone or asked for by the page.
class ChatSidebar : public Ground {
    Q_OBJECT

public:
    ChatSidebar(Theme& theme, ConversationListModel& model, QWidget* parent = nullptr);

    void focusSearch();
    /// Marks the row of the conversation on screen; 0 = none.
    void setCurrent(qint64 conversation);
    [[nodiscard]] bool showsTrash() const { return m_trash; }

Q_SIGNALS:
    void newAsked();
    void openAsked(qint64 conversation);
    void trashAsked(qint64 conversation, const QString& title);
    void restoreAsked(qint64 conversation, const QString& title);
    void purgeAsked(qint64 conversation, const QString& title);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void retranslate();
    void showTrash(bool trash);
    void showEmptiness();
    void openMenu(const QPoint& global);
    void withCurrent(const std::function<void(qint64, const QString&)>& act);

    Theme& m_theme;
    ConversationListModel& m_model;
    SearchField* m_search;
    IconButton* m_new;
    QListView* m_list;
    TextLabel* m_nothing;
    Button* m_trashButton;
    ErrorBox* m_error;
    qint64 m_current = 0;
    bool m_trash = false;
};

} // namespace hearth::gui
