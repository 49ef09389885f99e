#pragma once

#include <vector>

#include <QAbstractListModel>

#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

/// The active branch of one conversation. Opening reads the newest page; fetchOlder() reads upwards, so rows
/// are always the end [firstIndex, length) of the branch. Streaming changes one row.
///
/// GUI thread; borrows the bridge, which outlives it.
class MessageListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr std::size_t kPage = 60;

    enum Role {
        IdRole = Qt::UserRole,
        IsUserRole,
        ContentRole,
        ReasoningRole,
        StateRole,
        StatsRole,
        ErrorCodeRole,
        ModelNameRole,
        SiblingIndexRole,
        SiblingCountRole
    };

    explicit MessageListModel(HistoryBridge& history, QObject* parent = nullptr);

    /// Shows a conversation's newest messages; 0 = none. Ends with opened() or failed().
    void open(store::RowId conversation);
    [[nodiscard]] store::RowId conversation() const { return m_conversation; }
    /// The conversation's own row as read when it was opened.
    [[nodiscard]] const store::Conversation& header() const { return m_header; }

    [[nodiscard]] bool canFetchOlder() const { return m_first > 0 && !m_fetching; }
    void fetchOlder();
    /// Reads everything from `index`, a place in the branch, on; while a page is being read, nothing happens.
    void fetchOlderTo(qint64 index);
    /// Place of row 0 in the branch.
    [[nodiscard]] qint64 firstIndex() const { return static_cast<qint64>(m_first); }

    /// Reads the branch again from `index` (a place in the branch, not a row) on; what did not change stays.
    void refreshFrom(qint64 index);
    /// Reads the end of the branch again: after a turn has begun or ended.
    void refreshTail();

    /// Streaming into the answer `message`. What streamed is kept and laid over the row whenever that is read
    /// from disk, where it is up to a checkpoint older.
    void append(store::RowId message, const QString& content, const QString& reasoning);
    /// The same with everything so far; before opening a conversation that is being answered. 0 = nothing
    /// streams.
    void setStreamed(store::RowId message, const QString& content, const QString& reasoning);

    [[nodiscard]] int rowOf(store::RowId message) const;
    [[nodiscard]] const store::Message* messageAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

Q_SIGNALS:
    void opened(qint64 conversation);
    void failed(const hearth::Error& error);

private:
    struct Live {
        store::RowId message = 0;
        std::string content, reasoning;
    };
    void replaceFrom(std::size_t index, std::vector<store::Message> messages);
    void overlay(std::vector<store::Message>& messages) const;
    void showLive();

    HistoryBridge& m_history;
    store::RowId m_conversation = 0;
    store::Conversation m_header;
    std::vector<store::Message> m_rows;
    std::size_t m_first = 0;
    Live m_live;
    bool m_fetching = false;
    quint64 m_generation = 0;
};

} // namespace hearth::gui
