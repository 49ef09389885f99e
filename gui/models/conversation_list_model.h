#pragma once

#include <vector>

#include <QAbstractListModel>
#include <QDate>

#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

/// The conversations of the side list, newest first, read in pages as the view asks for more. Rows are always
/// a prefix of the store's order, so a page's offset is the row count. Rows carry the group they belong to;
/// the delegate writes a heading above the first of each.
///
/// GUI thread; borrows the bridge, which outlives it.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT

public:
    static constexpr std::size_t kPage = 100;

    enum Role { IdRole = Qt::UserRole, TitleRole, ModelRole, MessageCountRole, UpdatedRole, GroupRole };
    enum class Group { Today, Yesterday, ThisWeek, Earlier };
    Q_ENUM(Group)

    /// Shows nothing until reload().
    explicit ConversationListModel(HistoryBridge& history, QObject* parent = nullptr);

    /// Rows whose title contains `text`; "" = all. Reads the first page anew.
    void setFilter(const QString& text);
    [[nodiscard]] const QString& filter() const { return m_filter; }
    /// The trashed conversations instead of the living ones.
    void setTrash(bool trash);
    void reload();

    /// Row of a conversation among the loaded ones, or −1.
    [[nodiscard]] int rowOf(store::RowId conversation) const;
    [[nodiscard]] store::RowId idAt(int row) const;
    /// True until the first page has come.
    [[nodiscard]] bool isLoading() const { return !m_loadedOnce; }

    void rename(store::RowId conversation, const QString& title);
    /// Moves to the trash (row disappears at once) or back; undo is the same call with false.
    void setTrashed(store::RowId conversation, bool trashed);
    void purge(store::RowId conversation);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override; ///< EditRole renames
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    /// Group of a time, seen from `today`; weeks begin on Monday.
    [[nodiscard]] static Group groupOf(qint64 updatedMs, const QDate& today);
    /// A new day began, or the language changed: groups and texts are worked out again.
    void refreshPresentation();

Q_SIGNALS:
    void pageLoaded();
    void failed(const hearth::Error& error);

private:
    void refreshRow(store::RowId conversation);
    void place(const store::Conversation& conversation, bool first);
    [[nodiscard]] bool belongs(const store::Conversation& conversation) const;
    void removeAt(int row);

    HistoryBridge& m_history;
    std::vector<store::Conversation> m_rows;
    QString m_filter;
    bool m_trash = false, m_complete = false, m_fetching = false, m_loadedOnce = false;
    quint64 m_generation = 0; ///< answers to requests of an earlier filter are thrown away
};

} // namespace hearth::gui
