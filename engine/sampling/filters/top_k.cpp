#include <algorithm>
#include <limits>

#include "engine/sampling/filters/filters.h"

namespace hearth::sampling {

namespace {

// Up to here a heap of k is cheaper than writing down every candidate first.
constexpr std::size_t kHeapLimit = 1024;

bool larger(const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

} // namespace

void topK(std::span<const float> logits, std::size_t k, Candidates& out) {
    if (k == 0 || k >= logits.size()) {
        collect(logits, out);
        return;
    }
    if (k > kHeapLimit) {
        collect(logits, out);
        for (Candidate& c : out)
            c.key = c.logit;
        keepLargest(out, k);
        return;
    }
    // A heap with the smallest kept logit on top: most tokens fail one comparison.
    out.clear();
    out.reserve(k);
    float floor = -std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < logits.size(); ++i) {
        if (!(logits[i] > floor)) // false for NaN too
            continue;
        if (out.size() == k) {
            std::pop_heap(out.begin(), out.end(), larger);
            out.pop_back();
        }
        out.push_back({std::clamp(logits[i], -kMaxLogit, kMaxLogit), 0, 0, static_cast<TokenId>(i)});
        std::push_heap(out.begin(), out.end(), larger);
        if (out.size() == k)
            floor = out.front().logit;
    }
    std::sort(out.begin(), out.end(), larger);
}

} // namespace hearth::sampling
