#include "engine/sampling/stop_matcher.h"

namespace hearth::sampling {

namespace {

tl::unexpected<Error> tooLarge(const char* code, const char* what, std::size_t value, std::size_t maximum) {
    return tl::unexpected<Error>(
        Error{code, std::string(what) + ": " + std::to_string(value) + ", at most " + std::to_string(maximum)}
            .with("value", std::to_string(value))
            .with("maximum", std::to_string(maximum)));
}

} // namespace

Result<StopMatcher> StopMatcher::create(std::span<const std::string> stops) {
    if (stops.size() > kMaxStops)
        return tooLarge("sampling.too_many_stops", "stop strings", stops.size(), kMaxStops);
    std::size_t total = 0;
    for (const std::string& stop : stops) {
        if (stop.empty())
            return fail("sampling.empty_stop", "a stop string is empty");
        if (stop.size() > kMaxStopBytes)
            return tooLarge("sampling.stop_too_long", "bytes of a stop string", stop.size(), kMaxStopBytes);
        total += stop.size();
    }
    if (total > kMaxStopBytesTotal)
        return tooLarge("sampling.stop_too_long", "bytes of all stop strings", total, kMaxStopBytesTotal);

    StopMatcher matcher;
    matcher.m_nodes.emplace_back();
    for (std::size_t i = 0; i < stops.size(); ++i) {
        matcher.m_stopLengths.push_back(static_cast<std::uint32_t>(stops[i].size()));
        matcher.insert(stops[i], static_cast<std::int32_t>(i));
    }
    matcher.linkFallbacks();
    return matcher;
}

void StopMatcher::insert(std::string_view stop, std::int32_t index) {
    NodeId node = 0;
    for (const char c : stop) {
        const auto byte = static_cast<unsigned char>(c);
        NodeId next = childOf(node, byte);
        if (next == 0) {
            next = static_cast<NodeId>(m_nodes.size());
            m_nodes.push_back({0, m_nodes[node].child, 0, m_nodes[node].depth + 1, -1, byte});
            m_nodes[node].child = next;
            if (node == 0)
                m_first[byte] = next;
        }
        node = next;
    }
    if (m_nodes[node].stop < 0) // of two equal stops the first is reported
        m_nodes[node].stop = index;
}

void StopMatcher::linkFallbacks() {
    // Breadth first: a node's fallback is shallower than the node, so it is ready before it is needed.
    std::vector<NodeId> queue;
    queue.reserve(m_nodes.size());
    for (NodeId c = m_nodes[0].child; c != 0; c = m_nodes[c].sibling)
        queue.push_back(c);
    for (std::size_t at = 0; at < queue.size(); ++at) {
        const NodeId node = queue[at];
        for (NodeId c = m_nodes[node].child; c != 0; c = m_nodes[c].sibling) {
            m_nodes[c].fallback = step(m_nodes[node].fallback, m_nodes[c].byte);
            if (m_nodes[c].stop < 0)
                m_nodes[c].stop = m_nodes[m_nodes[c].fallback].stop;
            queue.push_back(c);
        }
    }
}

StopMatcher::NodeId StopMatcher::childOf(NodeId node, unsigned char byte) const {
    if (node == 0)
        return m_first[byte];
    for (NodeId c = m_nodes[node].child; c != 0; c = m_nodes[c].sibling)
        if (m_nodes[c].byte == byte)
            return c;
    return 0;
}

StopMatcher::NodeId StopMatcher::step(NodeId node, unsigned char byte) const {
    for (;;) {
        if (const NodeId next = childOf(node, byte); next != 0)
            return next;
        if (node == 0)
            return 0;
        node = m_nodes[node].fallback;
    }
}

StopMatcher::Output StopMatcher::push(std::string_view piece) {
    Output out;
    if (m_found)
        return out;
    std::string text = std::move(m_held);
    m_held.clear();
    for (const char c : piece) {
        text.push_back(c);
        m_state = step(m_state, static_cast<unsigned char>(c));
        if (const std::int32_t stop = m_nodes[m_state].stop; stop >= 0) {
            m_found = static_cast<std::size_t>(stop);
            text.resize(text.size() - m_stopLengths[*m_found]);
            out.stop = m_found;
            out.text = std::move(text);
            return out;
        }
    }
    const std::size_t safe = text.size() - m_nodes[m_state].depth;
    m_held = text.substr(safe);
    text.resize(safe);
    out.text = std::move(text);
    return out;
}

std::string StopMatcher::flush() {
    m_state = 0;
    std::string held = std::move(m_held);
    m_held.clear();
    return held;
}

void StopMatcher::reset() {
    m_state = 0;
    m_held.clear();
    m_found.reset();
}

} // namespace hearth::sampling
