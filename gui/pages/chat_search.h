#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QTimer>

#include "gui/bridge/history_bridge.h"

namespace hearth::gui {

class MessageListModel;

/// Finds words in the messages of the conversation that a MessageListModel shows, also in those that it has
/// not read: the branch on screen, in its order, as find_text.h compares. The texts are read and kept folded
/// in the store thread for as long as the search is on (twice the size of the chat's text), so that every
/// further letter only compares; what streams is followed a few times a second.
///
/// GUI thread; borrows bridge and model.
class ChatSearch : public QObject {
    Q_OBJECT

public:
    static constexpr int kFollowMs = 200;       ///< after a change of the messages
    static constexpr std::size_t kStep = 1'000; ///< messages read at a time, so that writes get their turn

    /// One match.
    struct Match {
        qint64 index = 0; ///< of its message in the branch
        store::RowId message = 0;
        int inMessage = 0; ///< the how many-th of that message
    };

    ChatSearch(HistoryBridge& history, MessageListModel& messages, QObject* parent = nullptr);
    ~ChatSearch() override;

    /// Looks for what was typed; empty = nothing is looked for, and the texts are given back. The current
    /// match becomes the first at or behind `from` (an index in the branch), or else the last before it.
    void setQuery(const QString& typed, qint64 from);
    [[nodiscard]] const QString& needle() const { return m_needle; } ///< folded

    void next();     ///< behind the last comes the first
    void previous(); ///< before the first comes the last

    /// A new query is under way: the numbers below are those of the last one.
    [[nodiscard]] bool isSearching() const { return m_running && m_choose; }
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] qint64 currentNumber() const { return m_current; } ///< 1…total(), 0 = none
    [[nodiscard]] std::optional<Match> current() const;

Q_SIGNALS:
    void changed();       ///< needle, numbers or current match
    void currentChosen(); ///< by typing, next() or previous(): it should be brought into sight
    void failed(const hearth::Error& error);

private:
    struct Index;
    struct Hit { ///< a message with matches
        qint64 index = 0;
        store::RowId message = 0;
        int count = 0;
        qint64 before = 0; ///< matches in earlier messages
    };
    struct Step;
    void forget();
    void touch(qint64 index);
    void run();
    void post(std::shared_ptr<Step> step);
    void take(std::vector<Hit> hits);
    void choose(qint64 number);

    HistoryBridge& m_history;
    MessageListModel& m_messages;
    std::shared_ptr<Index> m_index; ///< used in the store thread only
    QString m_needle;
    std::vector<Hit> m_hits;
    qint64 m_total = 0, m_current = 0;
    qint64 m_from = 0;
    bool m_choose = false;    ///< the next result is to a new query
    qint64 m_changedFrom = 0; ///< the first message whose text the index may not have as it is
    bool m_running = false, m_again = false;
    quint64 m_generation = 0;
    QTimer m_delay;
};

} // namespace hearth::gui
