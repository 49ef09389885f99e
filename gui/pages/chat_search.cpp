#include "gui/pages/chat_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "gui/delegates/find_text.h"
#include "gui/models/message_list_model.h"

namespace hearth::gui {

namespace {

constexpr qint64 kNothingChanged = std::numeric_limits<qint64>::max();

struct Text {
    store::RowId message = 0;
    store::Role role = store::Role::User;
    std::string content;
};

} // namespace

/// Store thread only.
struct ChatSearch::Index {
    struct Entry {
        store::RowId message = 0;
        QString folded;
    };
    std::vector<Entry> entries; ///< [place in the branch]

    void add(store::RowId message, store::Role role, const std::string& content) {
        entries.push_back({message, shownText(role, QString::fromStdString(content))});
    }
};

/// What brings the index up to date and searches it, kStep messages at a time.
struct ChatSearch::Step {
    std::shared_ptr<Index> index;
    store::RowId conversation = 0;
    QString needle;
    std::size_t from = 0, diskEnd = 0; ///< [from, diskEnd) is read from disk…
    std::vector<Text> rows;            ///< …and these, as the window has them, follow
    std::size_t taken = 0;             ///< of `rows`
    quint64 generation = 0;

    /// True when there is nothing left to read.
    Result<bool> read(store::History& store) {
        if (from < diskEnd) {
            const std::size_t count = std::min(kStep, diskEnd - from);
            HEARTH_TRY(const auto messages, store.branch(conversation, from, count));
            for (const store::Message& message : messages)
                index->add(message.id, message.role, message.content);
            from = messages.empty() ? diskEnd : from + messages.size();
        } else {
            const std::size_t end = std::min(rows.size(), taken + kStep);
            for (; taken < end; ++taken)
                index->add(rows[taken].message, rows[taken].role, rows[taken].content);
        }
        return from >= diskEnd && taken == rows.size();
    }

    std::vector<Hit> search() const {
        std::vector<Hit> out;
        qint64 before = 0;
        for (std::size_t i = 0; i < index->entries.size(); ++i) {
            const auto& entry = index->entries[i];
            const int count = static_cast<int>(findAll(entry.folded, needle).size());
            if (count)
                out.push_back({static_cast<qint64>(i), entry.message, count, before});
            before += count;
        }
        return out;
    }
};

ChatSearch::ChatSearch(HistoryBridge& history, MessageListModel& messages, QObject* parent)
    : QObject(parent), m_history(history), m_messages(messages) {
    m_delay.setSingleShot(true);
    m_delay.setInterval(kFollowMs);
    connect(&m_delay, &QTimer::timeout, this, &ChatSearch::run);
    connect(&messages, &QAbstractItemModel::modelReset, this, [this] {
        forget();
        touch(0);
    });
    connect(&messages, &MessageListModel::opened, this, [this] { touch(0); });
    connect(&messages, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int first, int) {
        if (first > 0) // older pages, which come in front, are on disk as they were
            touch(m_messages.firstIndex() + first);
    });
    connect(&messages, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int) { touch(m_messages.firstIndex() + first); });
    connect(&messages, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first) { touch(m_messages.firstIndex() + first.row()); });
}

ChatSearch::~ChatSearch() = default;

void ChatSearch::forget() {
    ++m_generation; // what is under way comes back in vain
    m_running = m_again = false;
    m_delay.stop();
    m_index.reset();
    m_hits.clear();
    m_total = m_current = 0;
    m_changedFrom = 0;
}

void ChatSearch::setQuery(const QString& typed, qint64 from) {
    const QString needle = findNeedle(typed);
    if (needle == m_needle)
        return;
    m_needle = needle;
    m_from = from;
    m_choose = true;
    if (needle.isEmpty()) {
        forget();
        Q_EMIT changed();
    } else {
        run();
    }
}

void ChatSearch::touch(qint64 index) {
    m_changedFrom = std::min(m_changedFrom, index);
    if (!m_needle.isEmpty() && !m_delay.isActive())
        m_delay.start();
}

void ChatSearch::run() {
    if (m_needle.isEmpty())
        return;
    if (m_running) {
        m_again = true;
        return;
    }
    if (!m_index)
        m_index = std::make_shared<Index>();
    auto step = std::make_shared<Step>();
    step->index = m_index;
    step->conversation = m_messages.conversation();
    step->needle = m_needle;
    step->generation = m_generation;
    const qint64 end = m_messages.firstIndex() + m_messages.rowCount();
    const qint64 from = std::min(std::exchange(m_changedFrom, kNothingChanged), end);
    step->from = static_cast<std::size_t>(from);
    step->diskEnd = static_cast<std::size_t>(std::max(from, m_messages.firstIndex()));
    for (qint64 index = static_cast<qint64>(step->diskEnd); index < end; ++index) {
        const auto* row = m_messages.messageAt(static_cast<int>(index - m_messages.firstIndex()));
        step->rows.push_back({row->id, row->role, row->content});
    }
    m_running = true;
    post(std::move(step));
}

void ChatSearch::post(std::shared_ptr<Step> step) {
    struct Outcome {
        bool done = false;
        std::vector<Hit> hits;
    };
    m_history.request(
        this,
        [step](workbench::ChatHistory& history) -> Result<Outcome> {
            Outcome out;
            auto& entries = step->index->entries;
            if (step->taken == 0 && entries.size() > step->from)
                entries.resize(step->from);
            HEARTH_TRY(out.done, step->read(history.store()));
            if (out.done)
                out.hits = step->search();
            return out;
        },
        [this, step](Result<Outcome> outcome) {
            if (step->generation != m_generation)
                return;
            if (outcome && !outcome->done) {
                post(step);
                return;
            }
            m_running = false;
            if (!outcome) {
                forget();
                Q_EMIT failed(outcome.error());
                Q_EMIT changed();
                return;
            }
            const bool stale = step->needle != m_needle;
            if (std::exchange(m_again, false) || stale)
                run();
            if (!stale)
                take(std::move(outcome->hits));
        });
}

void ChatSearch::take(std::vector<Hit> hits) {
    const std::optional<Match> before = current();
    m_hits = std::move(hits);
    m_total = m_hits.empty() ? 0 : m_hits.back().before + m_hits.back().count;
    m_current = 0;
    const bool choosing = std::exchange(m_choose, false);
    const qint64 from = choosing || !before ? m_from : before->index;
    const auto found =
        std::find_if(m_hits.begin(), m_hits.end(), [&](const Hit& hit) { return hit.index >= from; });
    if (found != m_hits.end()) {
        m_current = found->before + 1;
        if (!choosing && before && found->message == before->message) // messages come and go, the place stays
            m_current += std::min(before->inMessage, found->count - 1);
    } else {
        m_current = m_total;
    }
    Q_EMIT changed();
    if (choosing && m_current)
        Q_EMIT currentChosen();
}

std::optional<ChatSearch::Match> ChatSearch::current() const {
    if (m_current == 0)
        return std::nullopt;
    const auto behind = std::upper_bound(m_hits.begin(), m_hits.end(), m_current - 1,
                                         [](qint64 number, const Hit& hit) { return number < hit.before; });
    const Hit& hit = *std::prev(behind);
    return Match{hit.index, hit.message, static_cast<int>(m_current - 1 - hit.before)};
}

void ChatSearch::next() {
    choose(m_current >= m_total ? 1 : m_current + 1);
}

void ChatSearch::previous() {
    choose(m_current <= 1 ? m_total : m_current - 1);
}

void ChatSearch::choose(qint64 number) {
    if (m_total == 0)
        return;
    m_current = number;
    Q_EMIT changed();
    Q_EMIT currentChosen();
}

} // namespace hearth::gui
