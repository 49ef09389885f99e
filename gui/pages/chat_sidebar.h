#pragma once

#include <functional>

#include "gui/widgets/surfaces.h"

class QListView;

namespace hearth::gui {

class Button;
class ConversationListModel;
class ErrorBox;
class HistorySearch;
class IconButton;
class SearchField;
class SearchResultsModel;
struct SearchResult;
class TextLabel;

/// The list of conversations beside the chat: search, new, import, rename, trash. While words are looked for,
/// the places where they stand take the list's place; in the trash only titles are searched. Only says what
/// the person chose; deleting is undone or asked for by the page.
class ChatSidebar : public Ground {
    Q_OBJECT

public:
    ChatSidebar(Theme& theme, ConversationListModel& model, HistorySearch& search, QWidget* parent = nullptr);

    void setImportAllowed(bool allowed);
    void focusSearch();
    /// Marks the row of the conversation on screen; 0 = none.
    void setCurrent(qint64 conversation);
    [[nodiscard]] bool showsTrash() const { return m_trash; }

Q_SIGNALS:
    void newAsked();
    void importAsked();
    void openAsked(qint64 conversation);
    void placeAsked(const hearth::gui::SearchResult& place); ///< that was found
    void trashAsked(qint64 conversation, const QString& title);
    void restoreAsked(qint64 conversation, const QString& title);
    void purgeAsked(qint64 conversation, const QString& title);

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layOut();
    void connectSearch();
    void retranslate();
    void showTrash(bool trash);
    [[nodiscard]] bool isSearching() const; ///< in all chats
    void showList();
    void openPlace(const QModelIndex& index);
    void openMenu(const QPoint& global);
    bool keyInSearch(int key);
    bool keyInPlaces(int key);
    void withCurrent(const std::function<void(qint64, const QString&)>& act);

    Theme& m_theme;
    ConversationListModel& m_model;
    HistorySearch& m_finder;
    SearchResultsModel* m_results;
    SearchField* m_search;
    IconButton *m_new, *m_import;
    QListView *m_list, *m_places;
    TextLabel *m_state, *m_nothing;
    Button* m_trashButton;
    ErrorBox* m_error;
    qint64 m_current = 0;
    bool m_trash = false, m_found = false, m_more = false; ///< m_found: the answer to the query is there
};

} // namespace hearth::gui
