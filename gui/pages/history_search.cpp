#include "gui/pages/history_search.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "engine/store/search_index.h"
#include "gui/delegates/find_text.h"

namespace hearth::gui {

namespace {

using store::RowId;

/// Shown in front of a match: so little that the match is in the first line. Then up to this much.
constexpr qsizetype kBefore = 18, kExcerpt = 160;
/// Of a message longer than this only the neighbourhood of the match is looked at, this much on each side.
constexpr qsizetype kLong = 50'000, kNeighbourhood = 5'000;

/// Cuts [from, from + length) out of a text, between its characters.
QString cut(const QString& text, qsizetype from, qsizetype length) {
    qsizetype end = std::min(text.size(), from + length);
    if (from > 0 && from < text.size() && text[from].isLowSurrogate())
        --from;
    if (end > from && end < text.size() && text[end].isLowSurrogate())
        --end;
    return text.mid(from, end - from);
}

/// One line, with as many letters as before.
void flatten(QString& text) {
    for (QChar& letter : text)
        if (letter.isSpace() || letter.category() == QChar::Other_Control)
            letter = QLatin1Char(' ');
}

/// A message as the list of results shows it: around what the index found, in its own letters.
SearchResult resultOf(const store::SearchHit& hit, const store::Message& message) {
    SearchResult out;
    out.conversation = hit.conversation;
    out.message = hit.message;
    out.timeMs = message.createdMs;
    out.own = message.role == store::Role::User;
    const QString needle =
        findNeedle(QString::fromStdString(hit.excerpt.substr(hit.matchAt, hit.matchBytes)));
    QString content = QString::fromStdString(message.content);
    if (content.size() > kLong) {
        const qsizetype at = std::max<qsizetype>(0, foldedForFind(content).indexOf(needle));
        content = cut(content, std::max<qsizetype>(0, at - kNeighbourhood), 2 * kNeighbourhood);
    }
    const QString shown = plainText(message.role, content);
    const qsizetype at = foldedForFind(shown).indexOf(needle);
    // Where letters were folded further than the chat's own search folds them, nothing can be marked.
    const qsizetype from = std::max<qsizetype>(0, at - kBefore);
    const QString dots = from > 0 ? QStringLiteral("…") : QString();
    out.excerpt = dots + cut(shown, from, kExcerpt);
    flatten(out.excerpt);
    if (at >= 0) {
        out.needle = shown.mid(at, needle.size());
        out.markLength = static_cast<int>(needle.size());
        out.markAt =
            static_cast<int>(foldedForFind(out.excerpt).indexOf(needle, std::max<qsizetype>(0, at - from)));
        if (out.markAt < 0)
            out.markAt = out.markLength = 0; // it holds a line break, which is a space here
    }
    return out;
}

SearchResult resultOf(const store::SearchHit& hit, const store::Conversation& row) {
    SearchResult out;
    out.conversation = hit.conversation;
    out.title = QString::fromStdString(row.title);
    out.timeMs = row.updatedMs;
    const QString needle =
        findNeedle(QString::fromStdString(hit.excerpt.substr(hit.matchAt, hit.matchBytes)));
    const qsizetype at = foldedForFind(out.title).indexOf(needle);
    if (at >= 0) {
        out.markAt = static_cast<int>(at);
        out.markLength = static_cast<int>(needle.size());
    }
    return out;
}

} // namespace

/// Store thread only.
struct HistorySearch::Index {
    struct Progress {
        qint64 messages = 0;
        bool done = false;
    };

    store::SearchIndex titles, messages;
    /// For each conversation the last message that is in the index as it will stay: a message that is being
    /// answered changes.
    std::unordered_map<RowId, RowId> settled;
    RowId titleCursor = 0, messageCursor = 0;
    bool titlesRead = false;
    qint64 read = 0;

    Result<Progress> readOn(store::History& store) {
        if (!titlesRead) {
            HEARTH_TRY(const auto page, store.titleTexts(titleCursor, kStep));
            for (const store::SearchText& text : page)
                HEARTH_CHECK(titles.add(text));
            titlesRead = page.size() < kStep;
            if (!page.empty())
                titleCursor = page.back().conversation;
            return Progress{};
        }
        HEARTH_TRY(const auto page, store.messageTexts(messageCursor, kStep));
        for (const store::SearchText& text : page) {
            HEARTH_CHECK(messages.add(text));
            settled[text.conversation] = text.message - 1; // the last one is read once more
        }
        if (!page.empty())
            messageCursor = page.back().message;
        read += static_cast<qint64>(page.size());
        return Progress{read, page.size() < kStep};
    }

    void forget(RowId conversation) {
        titles.removeConversation(conversation);
        messages.removeConversation(conversation);
        settled.erase(conversation);
    }

    /// What is new in a conversation behind `after`, kStep messages of it; the last one read, or 0 when there
    /// are no more.
    Result<RowId> update(store::History& store, RowId conversation, RowId after) {
        const auto row = store.conversation(conversation);
        if (!row && row.error().code != "store.not_found")
            return tl::unexpected<Error>(row.error());
        if (!row || row->trashedMs) {
            forget(conversation);
            return 0;
        }
        HEARTH_CHECK(titles.add({conversation, 0, row->title}));
        if (const auto known = settled.find(conversation); known != settled.end())
            after = std::max(after, known->second);
        HEARTH_TRY(const auto page, store.messages(conversation, after, kStep));
        bool whole = true;
        for (const store::Message& message : page) {
            HEARTH_CHECK(messages.add({conversation, message.id, message.content}));
            whole = whole && message.state != store::MessageState::Streaming;
            if (whole)
                settled[conversation] = message.id;
        }
        return page.size() < kStep ? 0 : page.back().id;
    }

    Result<Found> find(store::History& store, const std::string& query, const std::stop_token& stop) {
        Found out;
        HEARTH_TRY(auto inTitles, titles.find(query, kMostTitles + 1, stop));
        HEARTH_TRY(auto inMessages, messages.find(query, kMostMessages + 1, stop));
        out.more = inTitles.size() > kMostTitles || inMessages.size() > kMostMessages;
        inTitles.resize(std::min(inTitles.size(), kMostTitles));
        inMessages.resize(std::min(inMessages.size(), kMostMessages));
        std::unordered_map<RowId, QString> names;
        for (const store::SearchHit& hit : inTitles) {
            const auto row = store.conversation(hit.conversation);
            if (!row) { // deleted behind the window's back
                forget(hit.conversation);
                continue;
            }
            out.results.push_back(resultOf(hit, *row));
            names[hit.conversation] = out.results.back().title;
        }
        for (const store::SearchHit& hit : inMessages) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped");
            auto name = names.find(hit.conversation);
            if (name == names.end()) {
                const auto row = store.conversation(hit.conversation);
                if (!row) {
                    forget(hit.conversation);
                    continue;
                }
                name = names.emplace(hit.conversation, QString::fromStdString(row->title)).first;
            }
            const auto message = store.message(hit.message);
            if (!message) {
                messages.remove(hit.conversation, hit.message);
                continue;
            }
            out.results.push_back(resultOf(hit, *message));
            out.results.back().title = name->second;
        }
        return out;
    }
};

HistorySearch::HistorySearch(HistoryBridge& history, QObject* parent) : QObject(parent), m_history(history) {
    connect(&history, &HistoryBridge::conversationChanged, this,
            [this](qint64 conversation) { update(conversation, 0); });
}

HistorySearch::~HistorySearch() {
    m_stop.request_stop();
}

void HistorySearch::build() {
    ++m_generation;
    m_stop.request_stop();
    m_index = std::make_shared<Index>();
    m_building = true;
    m_looking = m_again = false;
    m_read = 0;
    Q_EMIT buildingChanged();
    readOn();
    look();
}

void HistorySearch::readOn() {
    m_history.request(
        this, [index = m_index](workbench::ChatHistory& history) { return index->readOn(history.store()); },
        [this, generation = m_generation](const Result<Index::Progress>& progress) {
            if (generation != m_generation)
                return;
            m_building = progress && !progress->done;
            if (progress)
                m_read = progress->messages;
            if (m_building)
                readOn();
            else
                m_sinceLooked.invalidate();
            Q_EMIT buildingChanged();
            if (!progress)
                Q_EMIT failed(progress.error());
            else if (!m_sinceLooked.isValid() || m_sinceLooked.elapsed() >= kAgainMs)
                look();
        });
}

void HistorySearch::update(RowId conversation, RowId after) {
    if (!m_index)
        return;
    m_history.request(
        this,
        [index = m_index, conversation, after](workbench::ChatHistory& history) {
            return index->update(history.store(), conversation, after);
        },
        [this, conversation, generation = m_generation](const Result<RowId>& last) {
            if (generation != m_generation)
                return;
            if (!last)
                Q_EMIT failed(last.error());
            else if (*last != 0)
                update(conversation, *last);
            else
                look();
        });
}

void HistorySearch::setQuery(const QString& typed) {
    const QString query = typed.trimmed();
    if (query == m_query)
        return;
    m_query = query;
    look();
}

void HistorySearch::look() {
    m_sinceLooked.start();
    if (m_query.isEmpty() || !m_index) {
        m_stop.request_stop();
        return;
    }
    if (m_looking) {
        m_again = true;
        m_stop.request_stop();
        return;
    }
    m_looking = true;
    m_stop = {};
    m_history.request(
        this,
        [index = m_index, query = m_query.toStdString(), stop = m_stop.get_token()](
            workbench::ChatHistory& history) { return index->find(history.store(), query, stop); },
        [this, query = m_query, generation = m_generation](const Result<Found>& result) {
            if (generation != m_generation)
                return;
            m_looking = false;
            if (std::exchange(m_again, false)) {
                look();
                return;
            }
            if (query != m_query)
                return;
            if (result)
                Q_EMIT found(result->results, result->more);
            else if (result.error().code != kCancelled)
                Q_EMIT failed(result.error());
        });
}

} // namespace hearth::gui
