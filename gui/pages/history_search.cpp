#include "gui/pages/history_search.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
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

/// Of a long text the neighbourhood of the first match.
QString near(QString text, const QString& needle) {
    if (text.size() <= kLong)
        return text;
    const qsizetype at = std::max<qsizetype>(0, foldedForFind(text).indexOf(needle));
    return cut(text, std::max<qsizetype>(0, at - kNeighbourhood), 2 * kNeighbourhood);
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
    QString shown = plainText(message.role, near(QString::fromStdString(message.content), needle));
    qsizetype at = foldedForFind(shown).indexOf(needle);
    if (at < 0 && !message.reasoning.empty()) {
        const QString reasoning = near(QString::fromStdString(message.reasoning), needle).trimmed();
        const qsizetype there = foldedForFind(reasoning).indexOf(needle);
        if (there >= 0 || shown.isEmpty()) {
            shown = reasoning;
            at = there;
            out.thoughts = true;
        }
    }
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
    /// The chats in the trash apart, so that they never take the others' place among what is shown.
    struct Part {
        store::SearchIndex titles, messages;
    };

    Part living, trash;
    std::unordered_set<RowId> trashed;
    /// For each conversation the last message that is in the index as it will stay: a message that is being
    /// answered changes.
    std::unordered_map<RowId, RowId> settled;
    RowId titleCursor = 0, messageCursor = 0;
    std::size_t trashedCursor = 0;
    bool trashedRead = false, titlesRead = false;
    qint64 read = 0;

    Part& partOf(RowId conversation) { return trashed.contains(conversation) ? trash : living; }

    Result<Progress> readOn(store::History& store) {
        if (!trashedRead) {
            HEARTH_TRY(const auto page, store.conversations(true, {}, trashedCursor, kStep));
            for (const store::Conversation& row : page)
                trashed.insert(row.id);
            trashedCursor += page.size();
            trashedRead = page.size() < kStep;
            return Progress{};
        }
        if (!titlesRead) {
            HEARTH_TRY(const auto page, store.titleTexts(titleCursor, kStep));
            for (const store::SearchText& text : page)
                HEARTH_CHECK(partOf(text.conversation).titles.add(text));
            titlesRead = page.size() < kStep;
            if (!page.empty())
                titleCursor = page.back().conversation;
            return Progress{};
        }
        HEARTH_TRY(const auto page, store.messageTexts(messageCursor, kStep));
        for (const store::SearchText& text : page) {
            HEARTH_CHECK(partOf(text.conversation).messages.add(text));
            settled[text.conversation] = text.message - 1; // the last one is read once more
        }
        if (!page.empty())
            messageCursor = page.back().message;
        read += static_cast<qint64>(page.size());
        return Progress{read, page.size() < kStep};
    }

    void forget(RowId conversation) {
        for (Part* part : {&living, &trash}) {
            part->titles.removeConversation(conversation);
            part->messages.removeConversation(conversation);
        }
        settled.erase(conversation);
        trashed.erase(conversation);
    }

    /// What is new in a conversation behind `after`, kStep messages of it; the last one read, or 0 when there
    /// are no more.
    Result<RowId> update(store::History& store, RowId conversation, RowId after) {
        const auto row = store.conversation(conversation);
        if (!row && row.error().code != "store.not_found")
            return tl::unexpected<Error>(row.error());
        if (!row) {
            forget(conversation);
            return 0;
        }
        if (row->trashedMs.has_value() != trashed.contains(conversation)) {
            forget(conversation); // all of it goes over to the other part
            if (row->trashedMs)
                trashed.insert(conversation);
            after = 0;
        }
        Part& part = partOf(conversation);
        HEARTH_CHECK(part.titles.add({conversation, 0, row->title}));
        if (const auto known = settled.find(conversation); known != settled.end())
            after = std::max(after, known->second);
        HEARTH_TRY(const auto page, store.messages(conversation, after, kStep));
        bool whole = true;
        for (const store::Message& message : page) {
            HEARTH_CHECK(part.messages.add(
                {conversation, message.id, store::searchedText(message.content, message.reasoning)}));
            whole = whole && message.state != store::MessageState::Streaming;
            if (whole)
                settled[conversation] = message.id;
        }
        return page.size() < kStep ? 0 : page.back().id;
    }

    Result<Found> find(store::History& store, const std::string& query, const std::stop_token& stop) {
        Found out;
        HEARTH_CHECK(find(store, query, stop, living, {kMostTitles, kMostMessages}, out));
        HEARTH_CHECK(find(store, query, stop, trash, {kMostTrashed, kMostTrashed}, out));
        return out;
    }

private:
    struct Most {
        std::size_t titles, messages;
    };
    Result<void> find(store::History& store, const std::string& query, const std::stop_token& stop,
                      Part& part, Most most, Found& out) {
        HEARTH_TRY(auto inTitles, part.titles.find(query, most.titles + 1, stop));
        HEARTH_TRY(auto inMessages, part.messages.find(query, most.messages + 1, stop));
        out.more = out.more || inTitles.size() > most.titles || inMessages.size() > most.messages;
        inTitles.resize(std::min(inTitles.size(), most.titles));
        inMessages.resize(std::min(inMessages.size(), most.messages));
        std::unordered_map<RowId, QString> names;
        const auto add = [&](SearchResult result) {
            result.trashed = &part == &trash;
            out.results.push_back(std::move(result));
        };
        for (const store::SearchHit& hit : inTitles) {
            const auto row = store.conversation(hit.conversation);
            if (!row) { // deleted behind the window's back
                forget(hit.conversation);
                continue;
            }
            add(resultOf(hit, *row));
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
                part.messages.remove(hit.conversation, hit.message);
                continue;
            }
            SearchResult result = resultOf(hit, *message);
            result.title = name->second;
            add(std::move(result));
        }
        return {};
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
