#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "engine/sampling/sampler.h"

// The plain forms of the filters: full sorts, all pairs, double precision. What the fast ones are checked
// against.

namespace hearth::test {

using sampling::TokenId;

inline std::vector<double> softmax(const std::vector<float>& logits) {
    double largest = -INFINITY, sum = 0;
    for (const float l : logits)
        largest = std::max(largest, static_cast<double>(l));
    std::vector<double> p;
    for (const float l : logits)
        sum += p.emplace_back(std::exp(static_cast<double>(l) - largest));
    for (double& x : p)
        x /= sum;
    return p;
}

/// Tokens by falling value, then rising id.
inline std::vector<TokenId> order(const std::vector<double>& values) {
    std::vector<TokenId> ids(values.size());
    std::iota(ids.begin(), ids.end(), 0);
    std::stable_sort(ids.begin(), ids.end(), [&](TokenId a, TokenId b) {
        return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
    });
    return ids;
}

inline std::set<TokenId> shortestWithMass(const std::vector<TokenId>& ordered, const std::vector<double>& p,
                                          double mass) {
    std::set<TokenId> kept;
    double sum = 0;
    for (const TokenId id : ordered) {
        kept.insert(id);
        sum += p[static_cast<std::size_t>(id)];
        if (sum >= mass)
            break;
    }
    return kept;
}

inline std::set<TokenId> naiveTopP(const std::vector<float>& logits, double p) {
    const auto probabilities = softmax(logits);
    return shortestWithMass(order(probabilities), probabilities, p);
}

inline std::set<TokenId> naiveTypical(const std::vector<float>& logits, double p) {
    const auto probabilities = softmax(logits);
    double entropy = 0;
    for (const double x : probabilities)
        entropy -= x > 0 ? x * std::log(x) : 0;
    std::vector<double> closeness;
    for (const double x : probabilities)
        closeness.push_back(-std::abs(-std::log(x) - entropy));
    return shortestWithMass(order(closeness), probabilities, p);
}

inline std::set<TokenId> naiveTopK(const std::vector<float>& logits, std::size_t k) {
    const std::vector<double> values(logits.begin(), logits.end());
    const auto ordered = order(values);
    return {ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(std::min(k, ordered.size()))};
}

inline std::set<TokenId> naiveMinP(const std::vector<float>& logits, double p) {
    const auto probabilities = softmax(logits);
    const double floor = p * *std::max_element(probabilities.begin(), probabilities.end());
    std::set<TokenId> kept;
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        if (probabilities[i] >= floor)
            kept.insert(static_cast<TokenId>(i));
    return kept;
}

inline std::set<TokenId> naiveMirostat(const std::vector<float>& logits, double mu) {
    const auto probabilities = softmax(logits);
    const TokenId best = order(probabilities)[0];
    std::set<TokenId> kept{best};
    for (std::size_t i = 0; i < probabilities.size(); ++i)
        if (-std::log2(probabilities[i]) <= mu)
            kept.insert(static_cast<TokenId>(i));
    return kept;
}

/// DRY by trying every token and every earlier place.
inline std::map<TokenId, double> naiveDry(const std::vector<TokenId>& history,
                                          const sampling::SamplingParams& params, TokenId vocabulary) {
    std::map<TokenId, double> penalties;
    const std::size_t n = history.size();
    const std::size_t window =
        params.dryWindow < 0 ? n : std::min<std::size_t>(n, static_cast<std::size_t>(params.dryWindow));
    const std::size_t begin = n - window;
    const auto endsWithBreaker = [&](std::size_t end) {
        return std::any_of(params.dryBreakers.begin(), params.dryBreakers.end(), [&](const auto& b) {
            return end - begin >= b.size() &&
                   std::equal(b.begin(), b.end(),
                              history.begin() + static_cast<std::ptrdiff_t>(end - b.size()));
        });
    };
    std::size_t limit = 0;
    while (limit < window && !endsWithBreaker(n - limit))
        ++limit;
    for (TokenId token = 0; token < vocabulary; ++token) {
        const bool isBreaker = std::any_of(params.dryBreakers.begin(), params.dryBreakers.end(),
                                           [&](const auto& b) { return b.size() == 1 && b[0] == token; });
        std::size_t longest = 0;
        for (std::size_t at = begin + 1; at < n; ++at) {
            if (history[at] != token)
                continue;
            std::size_t length = 0;
            while (length < limit && at >= begin + length + 1 &&
                   history[at - 1 - length] == history[n - 1 - length])
                ++length;
            longest = std::max(longest, length);
        }
        if (!isBreaker && longest >= static_cast<std::size_t>(params.dryAllowedLength))
            penalties[token] = static_cast<double>(params.dryMultiplier) *
                               std::pow(static_cast<double>(params.dryBase),
                                        static_cast<double>(longest) - params.dryAllowedLength);
    }
    return penalties;
}

/// Logits that look like a model's: most far below a few.
inline std::vector<float> someLogits(std::size_t size, std::uint32_t seed) {
    std::vector<float> logits(size);
    std::uint32_t state = seed * 2654435761U + 1;
    for (float& l : logits) {
        state = state * 1664525U + 1013904223U;
        const float u = static_cast<float>(state >> 8) / 16777216.0F;
        l = 12.0F * u * u * u - 4.0F;
    }
    return logits;
}

} // namespace hearth::test
