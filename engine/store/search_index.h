#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/store/history.h"

namespace hearth::store {

struct SearchHit {
    RowId conversation = 0, message = 0; ///< message 0 = the title matched
    /// The text around the first match, folded (see fold.h), on one line, and where the match is in it, in
    /// bytes.
    std::string excerpt;
    std::size_t matchAt = 0, matchBytes = 0;
};

/// What a message is searched by: its content and, where there is any, its reasoning behind a character that
/// nobody can type, so that no match reaches from one into the other.
[[nodiscard]] std::string searchedText(std::string_view content, std::string_view reasoning);

/// Full-text search over titles and messages, in memory only: sealed texts are searchable after unlocking and
/// nothing readable is ever on disk. Texts are kept folded (foldForSearch) one after the other and scanned
/// for the rarest byte of the query, so that any piece of text is found, also a single Chinese character, and
/// a text can be searched for the moment it was added. The memory is left out of core dumps and overwritten
/// when a text is removed and at the end.
///
/// This stands in place of SQLite's FTS5 with trigrams, which over the same texts, in memory too, takes
/// eleven times as long to build after every unlocking (10.6 s instead of 0.95 s for 100 000 messages of 300
/// letters, of which 5 s are allowed) and finds nothing shorter than three characters, as most Chinese words
/// are. What is given up: its queries are faster, 0.002 to 0.53 ms instead of 0.08 to 1.1 ms (50 ms are
/// allowed). Processor time of bench_search on a 2-core EPYC at 2.6 GHz.
///
/// Thread-safe: one thread may fill it while others search.
class SearchIndex {
public:
    SearchIndex();
    ~SearchIndex();
    SearchIndex(const SearchIndex&) = delete;
    SearchIndex& operator=(const SearchIndex&) = delete;

    /// Adds a text or replaces the one of the same conversation and message. Errors: store.out_of_memory.
    [[nodiscard]] Result<void> add(const SearchText& text);
    void remove(RowId conversation, RowId message);
    void removeConversation(RowId conversation);
    /// Overwrites and forgets everything.
    void clear();
    [[nodiscard]] std::size_t size() const; ///< texts

    /// Texts that contain every word of the query (words are parted by spaces, "…" keeps spaces), ignoring
    /// case and character width; later added first, at most `limit`. Empty queries find nothing. Errors:
    /// base.cancelled.
    [[nodiscard]] Result<std::vector<SearchHit>> find(std::string_view query, std::size_t limit,
                                                      std::stop_token stop = {}) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::store
