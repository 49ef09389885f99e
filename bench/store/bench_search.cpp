// Searching all chats: the index that Hearth keeps in memory against SQLite's full-text index with trigrams
// (FTS5), both over the same texts and both in memory. HEARTH_BENCH_MESSAGES says how many (100 000 are
// promised to be searchable within 5 s and a query within 50 ms; 20 000 are made where nothing is said).

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <QtCore/QCoreApplication>

#include "engine/store/connection.h"
#include "engine/store/search_index.h"

namespace {

using hearth::store::Connection;
using hearth::store::RowId;
using hearth::store::SearchIndex;

constexpr int kConversation = 40; ///< messages each
/// What is looked for: a rare word, a common one, two common ones, Chinese of four, two and one characters.
const std::vector<std::string> kQueries = {"needle-in", "garden", "garden stone", "量化误差", "模型", "桥"};

const std::vector<std::string>& messages() {
    static const std::vector<std::string> all = [] {
        const char* wanted = std::getenv("HEARTH_BENCH_MESSAGES");
        const int count = std::max(1, wanted ? std::atoi(wanted) : 20'000);
        std::uint32_t state = 1;
        const auto next = [&state](std::uint32_t below) {
            state = state * 1664525U + 1013904223U;
            return (state >> 8) % below;
        };
        // As many words as people use, the first ones often; every eighth in Chinese.
        std::vector<std::string> words = {"garden", "stone", "模型", "桥", "harbour"};
        for (int i = 0; i < 30'000; ++i) {
            std::string word;
            if (i % 8 == 0)
                for (std::uint32_t n = 1 + next(4); n > 0; --n) { // U+4E00 to U+59B7
                    const std::uint32_t code = 0x4E00 + next(3000);
                    word += {char(0xE0 | code >> 12), char(0x80 | (code >> 6 & 0x3F)),
                             char(0x80 | (code & 0x3F))};
                }
            else
                for (std::uint32_t n = 2 + next(9); n > 0; --n)
                    word += "etaoinshrdlucmfwypvbgkjqxz"[std::min(next(26), next(26))];
            words.push_back(std::move(word));
        }
        const auto size = static_cast<std::uint32_t>(words.size());
        std::vector<std::string> out;
        for (int i = 0; i < count; ++i) {
            std::string text;
            while (text.size() < 300)
                text += words[std::min({next(size), next(size), next(size)})] + " ";
            if (i % 50 == 0)
                text += "a garden of stone, 模型, 桥";
            if (i == count / 2)
                text += "a needle-in-the-haystack, 量化误差";
            out.push_back(std::move(text));
        }
        return out;
    }();
    return all;
}

void fill(SearchIndex& index) {
    RowId id = 0;
    for (const std::string& text : messages()) {
        ++id;
        if (!index.add({id / kConversation, id, text}))
            std::abort();
    }
}

std::unique_ptr<Connection> filledTable() {
    auto connection = Connection::open({}, Connection::Mode::Memory);
    if (!connection ||
        !(*connection)->run("CREATE VIRTUAL TABLE found USING fts5(text, tokenize = 'trigram')"))
        return nullptr;
    const auto work = [&]() -> hearth::Result<void> {
        for (const std::string& text : messages())
            HEARTH_CHECK(
                (*connection)
                    ->run("INSERT INTO found (text) VALUES (CAST(? AS TEXT))", {std::string_view(text)}));
        return {};
    };
    return (*connection)->transaction(work) ? std::move(*connection) : nullptr;
}

void buildIndex(benchmark::State& state) {
    for (auto _ : state) {
        SearchIndex index;
        fill(index);
        benchmark::DoNotOptimize(index.size());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages().size()));
}

void buildTrigrams(benchmark::State& state) {
    for (auto _ : state)
        if (!filledTable())
            return state.SkipWithError("this SQLite has no FTS5");
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(messages().size()));
}

void findInIndex(benchmark::State& state) {
    static SearchIndex* const index = [] {
        auto* made = new SearchIndex;
        fill(*made);
        return made;
    }();
    const std::string& query = kQueries[static_cast<std::size_t>(state.range(0))];
    std::size_t found = 0;
    for (auto _ : state)
        found = index->find(query, 100)->size();
    state.SetLabel(query);
    state.counters["found"] = static_cast<double>(found);
}

void findInTrigrams(benchmark::State& state) {
    static const std::unique_ptr<Connection> table = filledTable();
    if (!table)
        return state.SkipWithError("this SQLite has no FTS5");
    const std::string& query = kQueries[static_cast<std::size_t>(state.range(0))];
    // Each word quoted: all of them have to be there.
    std::string match;
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find(' ', at), query.size());
        match += "\"" + query.substr(at, end - at) + "\" ";
        at = end + 1;
    }
    std::int64_t found = 0;
    for (auto _ : state) {
        found = 0;
        const auto done = table->each(
            "SELECT rowid, substr(text, 1, 100) FROM found WHERE text MATCH CAST(? AS TEXT) ORDER BY rowid "
            "DESC LIMIT 100",
            {std::string_view(match)}, [&found](const hearth::store::Row&) -> hearth::Result<void> {
                ++found;
                return {};
            });
        if (!done)
            return state.SkipWithError(done.error().message().c_str());
    }
    state.SetLabel(query);
    state.counters["found"] = static_cast<double>(found);
}

} // namespace

BENCHMARK(buildIndex)->Unit(benchmark::kMillisecond);
BENCHMARK(buildTrigrams)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(findInIndex)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);
BENCHMARK(findInTrigrams)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv); // Qt finds its SQLite driver through it
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
