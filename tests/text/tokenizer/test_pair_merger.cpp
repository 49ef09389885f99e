#include "engine/text/tokenizer/pair_merger.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace hearth::text {
namespace {

/// Merges (left, right) → the made token, with a priority each.
using Rules = std::map<std::pair<TokenId, TokenId>, Merge>;

/// The definition, without any cleverness: merge the most urgent neighbours, the leftmost on a tie, until
/// none are left.
std::vector<TokenId> mergePlainly(std::vector<TokenId> ids, const Rules& rules) {
    for (;;) {
        std::size_t best = ids.size();
        Merge merge;
        for (std::size_t i = 0; i + 1 < ids.size(); ++i)
            if (const auto rule = rules.find({ids[i], ids[i + 1]});
                rule != rules.end() && (best == ids.size() || rule->second.priority < merge.priority)) {
                best = i;
                merge = rule->second;
            }
        if (best == ids.size())
            return ids;
        ids[best] = merge.id;
        ids.erase(ids.begin() + std::ptrdiff_t(best) + 1);
    }
}

TEST(PairMerger, AgreesWithTheDefinition) {
    std::mt19937 random(5);
    PairMerger merger;
    for (int round = 0; round < 2000; ++round) {
        const TokenId letters = 2 + TokenId(random() % 4);
        Rules rules;
        TokenId made = letters;
        for (unsigned i = 0; i < 12; ++i, ++made) {
            const auto known = std::size_t(made);
            rules.try_emplace({TokenId(random() % known), TokenId(random() % known)},
                              Merge{made, std::uint32_t(random() % 6)});
        }
        std::vector<TokenId> ids(1 + random() % 40);
        merger.clear();
        for (std::size_t i = 0; i < ids.size(); ++i) {
            ids[i] = TokenId(random() % std::size_t(letters));
            merger.push(std::uint32_t(i), 1, ids[i]);
        }
        merger.run([&rules](const Symbol& left, const Symbol& right) {
            const auto rule = rules.find({left.id, right.id});
            return rule == rules.end() ? Merge{} : rule->second;
        });
        std::vector<TokenId> got;
        std::uint32_t end = 0;
        for (const Symbol& symbol : merger.symbols())
            if (symbol.length) {
                ASSERT_EQ(symbol.begin, end);
                end += symbol.length;
                got.push_back(symbol.id);
            }
        ASSERT_EQ(end, ids.size());
        ASSERT_EQ(got, mergePlainly(ids, rules)) << "round " << round;
    }
}

} // namespace
} // namespace hearth::text
