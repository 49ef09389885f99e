#pragma once

#include <vector>

#include <QAbstractListModel>

#include "engine/store/history.h"

namespace hearth::gui {

/// One place where words were found: the title of a chat (message 0) or one of its messages.
struct SearchResult {
    store::RowId conversation = 0, message = 0;
    QString title;                  ///< of the chat; "" = it has none yet
    QString excerpt;                ///< of the message as it is shown, on one line; "" for a title
    QString needle;                 ///< what to mark in the chat, as it stands there; "" = nothing
    int markAt = 0, markLength = 0; ///< in the excerpt, or for a title in the title; length 0 = no mark
    qint64 timeMs = 0;              ///< Unix time: when the message was written, or the chat last used
    bool own = false;               ///< the person's own message
    bool thoughts = false;          ///< the words stand in the reasoning before the answer, not in it
    bool trashed = false;           ///< the chat is in the trash

    bool operator==(const SearchResult&) const = default;
};

/// What a search over all chats found, best place first. Holds no more than it was given. GUI thread.
class SearchResultsModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        ConversationRole = Qt::UserRole,
        MessageRole,
        TitleRole,
        ExcerptRole,
        MarkAtRole,
        MarkLengthRole,
        TimeRole,
        OwnRole,
        TrashedRole
    };

    using QAbstractListModel::QAbstractListModel;

    /// Nothing is announced when they are the same as before.
    void setResults(std::vector<SearchResult> results);
    [[nodiscard]] const SearchResult* at(int row) const;
    /// The row of a place, or −1.
    [[nodiscard]] int rowOf(store::RowId conversation, store::RowId message) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

private:
    [[nodiscard]] static QString before(const SearchResult& row); ///< in front of its excerpt

    std::vector<SearchResult> m_rows;
};

} // namespace hearth::gui
