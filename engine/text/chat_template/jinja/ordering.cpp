#include "engine/text/chat_template/jinja/ordering.h"

#include <numeric>

#include "engine/text/chat_template/jinja/operations.h"
#include "engine/text/chat_template/jinja/run.h"

namespace hearth::text::jinja {

namespace {

/// A merge sort of our own: std::stable_sort may misbehave on an order that is none (NaN), this cannot.
void mergeSort(Run& run, std::vector<std::size_t>& order, std::vector<std::size_t>& scratch,
               std::size_t begin, std::size_t end, const std::vector<Value>& keys, bool reverse) {
    if (end - begin < 2)
        return;
    const std::size_t middle = begin + (end - begin) / 2;
    mergeSort(run, order, scratch, begin, middle, keys, reverse);
    mergeSort(run, order, scratch, middle, end, keys, reverse);
    std::size_t left = begin, right = middle;
    for (std::size_t i = begin; i < end; ++i) {
        const bool takeRight =
            left == middle ||
            (right < end && (reverse ? lessThan(run, keys[order[left]], keys[order[right]])
                                     : lessThan(run, keys[order[right]], keys[order[left]])));
        scratch[i] = order[takeRight ? right++ : left++];
    }
    for (std::size_t i = begin; i < end; ++i)
        order[i] = scratch[i];
}

} // namespace

std::vector<Value> sortedBy(Run& run, const std::vector<Value>& values, const std::vector<Value>& keys,
                            bool reverse) {
    std::vector<std::size_t> order(values.size()), scratch(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    mergeSort(run, order, scratch, 0, order.size(), keys, reverse);
    std::vector<Value> out;
    out.reserve(values.size());
    for (const std::size_t i : order)
        out.push_back(values[i]);
    return out;
}

} // namespace hearth::text::jinja
