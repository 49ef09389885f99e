#include "engine/sampling/filters/candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace hearth::sampling {

namespace {

bool before(const Candidate& a, const Candidate& b) {
    return a.key != b.key ? a.key > b.key : a.id < b.id;
}

/// Splits [begin, end) around a median of three; returns the pivot's final place. The standard library's
/// nth_element would leave an order that differs between libraries, and with it the text of a seed.
Candidate* split(Candidate* begin, Candidate* end) {
    Candidate* middle = begin + (end - begin) / 2;
    Candidate* last = end - 1;
    if (before(*middle, *begin))
        std::swap(*middle, *begin);
    if (before(*last, *begin))
        std::swap(*last, *begin);
    if (before(*last, *middle))
        std::swap(*last, *middle);
    std::swap(*middle, *last);
    Candidate* place = begin;
    for (Candidate* at = begin; at != last; ++at)
        if (before(*at, *last))
            std::swap(*at, *place++);
    std::swap(*place, *last);
    return place;
}

} // namespace

void collect(std::span<const float> logits, Candidates& out) {
    out.clear();
    out.reserve(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const float logit = logits[i];
        if (logit > -std::numeric_limits<float>::infinity()) // false for NaN too
            out.push_back({std::clamp(logit, -kMaxLogit, kMaxLogit), 0, 0, static_cast<TokenId>(i)});
    }
}

float largestLogit(std::span<const Candidate> candidates) {
    float largest = -std::numeric_limits<float>::infinity();
    for (const Candidate& c : candidates)
        largest = std::max(largest, c.logit);
    return largest;
}

double weigh(std::span<Candidate> candidates) {
    const float largest = largestLogit(candidates);
    double sum = 0;
    for (Candidate& c : candidates) {
        c.weight = std::exp(c.logit - largest);
        sum += static_cast<double>(c.weight);
    }
    return sum;
}

void keepLargest(Candidates& candidates, std::size_t count) {
    if (count >= candidates.size())
        return;
    Candidate* begin = candidates.data();
    Candidate* end = begin + candidates.size();
    Candidate* const border = begin + count;
    while (end - begin > 1) {
        Candidate* pivot = split(begin, end);
        if (pivot == border)
            break;
        if (pivot < border)
            begin = pivot + 1;
        else
            end = pivot;
    }
    candidates.resize(count);
}

void keepMass(Candidates& candidates, double mass) {
    if (candidates.size() < 2)
        return;
    Candidate* begin = candidates.data();
    Candidate* end = begin + candidates.size();
    // Everything before `begin` is kept; the border lies in [begin, end].
    while (begin != end) {
        Candidate* pivot = split(begin, end);
        double front = 0;
        for (const Candidate* c = begin; c != pivot; ++c)
            front += static_cast<double>(c->weight);
        if (front >= mass && pivot != begin) {
            end = pivot;
            continue;
        }
        mass -= front + static_cast<double>(pivot->weight);
        begin = pivot + 1;
        if (mass <= 0)
            break;
    }
    const auto kept = static_cast<std::size_t>(begin - candidates.data());
    candidates.resize(std::max<std::size_t>(kept, 1));
}

} // namespace hearth::sampling
