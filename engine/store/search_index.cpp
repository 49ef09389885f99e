#include "engine/store/search_index.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include <sys/mman.h>

#include "engine/store/fold.h"

namespace hearth::store {

namespace {

/// Texts lie in segments of this size; a longer text gets one of its own.
constexpr std::size_t kSegmentBytes = std::size_t{4} << 20;
constexpr std::size_t kExcerptBefore = 40, kExcerptAfter = 120;

struct Document {
    RowId conversation = 0, message = 0;
    std::size_t begin = 0, size = 0; ///< in its segment; size 0 after removal
};

/// Pages that are overwritten before they are given back.
struct Segment {
    char* bytes = nullptr;
    std::size_t capacity = 0, used = 0;
    std::vector<Document> documents; ///< in order of begin

    explicit Segment(std::size_t size) : capacity(size) {
        void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED)
            return;
        static_cast<void>(::madvise(pages, size, MADV_DONTDUMP));
        bytes = static_cast<char*>(pages);
    }
    Segment(const Segment&) = delete;
    Segment& operator=(const Segment&) = delete;
    ~Segment() {
        if (!bytes)
            return;
        ::explicit_bzero(bytes, used);
        ::munmap(bytes, capacity);
    }
    [[nodiscard]] std::string_view text(const Document& document) const {
        return {bytes + document.begin, document.size};
    }
};

struct Key {
    RowId conversation, message;
    bool operator==(const Key&) const = default;
};
struct KeyHash {
    std::size_t operator()(const Key& key) const {
        return std::hash<std::uint64_t>()(static_cast<std::uint64_t>(key.conversation) *
                                              0x9E3779B97F4A7C15ULL ^
                                          static_cast<std::uint64_t>(key.message));
    }
};
struct Place {
    std::size_t segment, document;
};

std::vector<std::string> wordsOf(std::string_view query) {
    const std::string folded = foldForSearch(query);
    std::vector<std::string> out;
    std::string word;
    bool quoted = false;
    const auto finish = [&] {
        if (word.find_first_not_of(" \t\r\n") != std::string::npos)
            out.push_back(std::move(word));
        word.clear();
    };
    for (const char c : folded) {
        if (c == '"') {
            finish();
            quoted = !quoted;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            finish();
        } else {
            word += c;
        }
    }
    finish();
    return out;
}

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

SearchHit hitOf(const Document& document, std::string_view text, std::size_t at, std::size_t size) {
    std::size_t begin = at > kExcerptBefore ? at - kExcerptBefore : 0;
    std::size_t end = std::min(text.size(), at + size + kExcerptAfter);
    while (begin < at && isContinuation(text[begin]))
        ++begin;
    while (end < text.size() && end > at + size && isContinuation(text[end]))
        --end;
    SearchHit hit{document.conversation, document.message, std::string(text.substr(begin, end - begin)),
                  at - begin, size};
    std::replace_if(
        hit.excerpt.begin(), hit.excerpt.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; },
        ' ');
    return hit;
}

} // namespace

struct SearchIndex::Impl {
    mutable std::shared_mutex mutex;
    std::vector<std::unique_ptr<Segment>> segments;
    std::unordered_map<Key, Place, KeyHash> places;
    std::unordered_map<RowId, std::vector<RowId>> messages; ///< of a conversation, to remove it
    std::array<std::uint64_t, 256> frequency{};             ///< of every byte

    void forget(const Key& key) {
        const auto found = places.find(key);
        if (found == places.end())
            return;
        Segment& segment = *segments[found->second.segment];
        Document& document = segment.documents[found->second.document];
        for (const char c : segment.text(document))
            --frequency[static_cast<unsigned char>(c)];
        ::explicit_bzero(segment.bytes + document.begin, document.size);
        document.size = 0;
        places.erase(found);
    }

    /// Where in `word` its rarest byte is.
    [[nodiscard]] std::size_t rarest(std::string_view word) const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < word.size(); ++i)
            if (frequency[static_cast<unsigned char>(word[i])] <
                frequency[static_cast<unsigned char>(word[best])])
                best = i;
        return best;
    }

    /// Calls `found(document, position)` for the first match in every document of the segment.
    template <class Found>
    void scan(const Segment& segment, std::string_view word, std::size_t anchor, const Found& found) const {
        const char* const begin = segment.bytes;
        const char* const end = begin + segment.used;
        auto document = segment.documents.begin();
        for (const char* at = begin; at < end;) {
            at = static_cast<const char*>(std::memchr(at, word[anchor], static_cast<std::size_t>(end - at)));
            if (!at)
                return;
            const std::size_t offset = static_cast<std::size_t>(at - begin);
            ++at;
            if (offset < anchor || offset - anchor + word.size() > segment.used ||
                std::memcmp(begin + offset - anchor, word.data(), word.size()) != 0)
                continue;
            const std::size_t start = offset - anchor;
            document = std::upper_bound(document, segment.documents.end(), start,
                                        [](std::size_t value, const Document& d) { return value < d.begin; });
            if (document == segment.documents.begin())
                continue;
            --document;
            // A match that reaches over the end of its text is none.
            if (start + word.size() > document->begin + document->size)
                continue;
            found(*document, start - document->begin);
            at = begin + document->begin + document->size; // one hit for each text
        }
    }
};

std::string searchedText(std::string_view content, std::string_view reasoning) {
    std::string out(content);
    if (!reasoning.empty())
        out.append(1, '\x1e').append(reasoning);
    return out;
}

SearchIndex::SearchIndex() : m_impl(std::make_unique<Impl>()) {}
SearchIndex::~SearchIndex() = default;

Result<void> SearchIndex::add(const SearchText& text) {
    std::string folded = foldForSearch(text.text);
    const Key key{text.conversation, text.message};
    Impl& impl = *m_impl;
    const std::unique_lock lock(impl.mutex);
    impl.forget(key);
    if (folded.empty())
        return {};
    if (impl.segments.empty() ||
        impl.segments.back()->capacity - impl.segments.back()->used < folded.size()) {
        auto segment = std::make_unique<Segment>(std::max(kSegmentBytes, folded.size()));
        if (!segment->bytes)
            return fail("store.out_of_memory", "no memory for the search index");
        impl.segments.push_back(std::move(segment));
    }
    Segment& segment = *impl.segments.back();
    std::memcpy(segment.bytes + segment.used, folded.data(), folded.size());
    segment.documents.push_back({text.conversation, text.message, segment.used, folded.size()});
    segment.used += folded.size();
    for (const char c : folded)
        ++impl.frequency[static_cast<unsigned char>(c)];
    impl.places[key] = {impl.segments.size() - 1, segment.documents.size() - 1};
    auto& known = impl.messages[text.conversation];
    if (known.empty() || known.back() != text.message)
        known.push_back(text.message);
    ::explicit_bzero(folded.data(), folded.size());
    return {};
}

void SearchIndex::remove(RowId conversation, RowId message) {
    const std::unique_lock lock(m_impl->mutex);
    m_impl->forget({conversation, message});
}

void SearchIndex::removeConversation(RowId conversation) {
    const std::unique_lock lock(m_impl->mutex);
    const auto found = m_impl->messages.find(conversation);
    if (found == m_impl->messages.end())
        return;
    for (const RowId message : found->second)
        m_impl->forget({conversation, message});
    m_impl->messages.erase(found);
}

void SearchIndex::clear() {
    const std::unique_lock lock(m_impl->mutex);
    m_impl->segments.clear();
    m_impl->places.clear();
    m_impl->messages.clear();
    m_impl->frequency.fill(0);
}

std::size_t SearchIndex::size() const {
    const std::shared_lock lock(m_impl->mutex);
    return m_impl->places.size();
}

Result<std::vector<SearchHit>> SearchIndex::find(std::string_view query, std::size_t limit,
                                                 std::stop_token stop) const {
    const std::vector<std::string> words = wordsOf(query);
    std::vector<SearchHit> out;
    if (words.empty() || limit == 0)
        return out;
    const Impl& impl = *m_impl;
    const std::shared_lock lock(impl.mutex);
    // The word whose rarest byte is rarest leads; the others are looked for in its texts only.
    const auto rarity = [&impl](const std::string& word) {
        return impl.frequency[static_cast<unsigned char>(word[impl.rarest(word)])];
    };
    const auto lead = std::min_element(words.begin(), words.end(),
                                       [&](const auto& a, const auto& b) { return rarity(a) < rarity(b); });
    const std::size_t anchor = impl.rarest(*lead);
    for (auto it = impl.segments.rbegin(); it != impl.segments.rend() && out.size() < limit; ++it) {
        if (stop.stop_requested())
            return fail(kCancelled, "stopped");
        const Segment& segment = **it;
        std::vector<std::pair<const Document*, std::size_t>> hits;
        impl.scan(segment, *lead, anchor, [&](const Document& document, std::size_t at) {
            const std::string_view text = segment.text(document);
            for (const std::string& word : words)
                if (&word != &*lead && text.find(word) == std::string_view::npos)
                    return;
            hits.emplace_back(&document, at);
        });
        for (auto hit = hits.rbegin(); hit != hits.rend() && out.size() < limit; ++hit)
            out.push_back(hitOf(*hit->first, segment.text(*hit->first), hit->second, lead->size()));
    }
    return out;
}

} // namespace hearth::store
