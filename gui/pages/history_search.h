#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "gui/bridge/history_bridge.h"
#include "gui/models/search_results_model.h"

namespace hearth::gui {

/// Finds words in all chats, those in the trash marked as such and behind the others: in titles, in the
/// messages of every branch and in the reasoning before an answer. The texts are read once, in the store
/// thread and a few at a time so that the chat gets its turn, into a store::SearchIndex, which is in memory
/// only; what is written later is added as it is written. The index goes, overwritten, with this object and
/// whenever the history is read anew.
///
/// GUI thread; borrows the bridge.
class HistorySearch : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kStep = 500; ///< texts read at a time: about a hundredth of a second
    /// Shown of what is found; of the trash so many titles and messages each.
    static constexpr std::size_t kMostTitles = 20, kMostMessages = 100, kMostTrashed = 20;
    static constexpr int kAgainMs =
        500; ///< while texts are being read, what is found is looked up this often

    explicit HistorySearch(HistoryBridge& history, QObject* parent = nullptr);
    ~HistorySearch() override;

    /// Reads all texts anew: the history was opened, or is another one. What is asked for is found as far as
    /// it has been read, and once more at the end.
    void build();
    [[nodiscard]] bool isBuilding() const { return m_building; }
    [[nodiscard]] qint64 messagesRead() const { return m_read; }

    /// Looks for the words that were typed (parted by spaces; "…" keeps spaces): a text is found that has
    /// all of them. Empty = nothing is looked for. Ends with found() or failed(), unless another query comes
    /// first.
    void setQuery(const QString& typed);
    [[nodiscard]] const QString& query() const { return m_query; }

Q_SIGNALS:
    void buildingChanged(); ///< isBuilding() or messagesRead()
    /// Titles first, then messages, the newest first; then the same of the trash. `more` = there are more
    /// places than are given.
    void found(const std::vector<hearth::gui::SearchResult>& results, bool more);
    void failed(const hearth::Error& error);

private:
    struct Index;
    struct Found {
        std::vector<SearchResult> results;
        bool more = false;
    };
    void readOn();
    void update(store::RowId conversation, store::RowId after);
    void look();

    HistoryBridge& m_history;
    std::shared_ptr<Index> m_index; ///< filled in the store thread only
    QString m_query;
    std::stop_source m_stop; ///< of the search under way
    bool m_building = false, m_looking = false, m_again = false;
    qint64 m_read = 0;
    quint64 m_generation = 0; ///< counted up by build(): what earlier steps bring is thrown away
    QElapsedTimer m_sinceLooked;
};

} // namespace hearth::gui
