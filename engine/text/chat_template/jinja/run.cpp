#include "engine/text/chat_template/jinja/run.h"

#include <algorithm>

namespace hearth::text::jinja {

namespace {

// How often the clock is read, and how many bytes of copying count as one step.
constexpr std::uint64_t kStepsPerCheck = 4096;
constexpr std::size_t kBytesPerStep = 64;
// A template may hold several copies of its output while it works, but not without end.
constexpr std::size_t kMemoryPerOutput = 4;
constexpr std::size_t kLeastMemory = 1 << 20;

} // namespace

Run::Run(const TemplateLimits& limits, std::optional<std::chrono::system_clock::time_point> now)
    : m_limits(limits), m_now(now), m_deadline(std::chrono::steady_clock::now() + limits.time),
      m_nextCheck(std::min(kStepsPerCheck, limits.steps)), m_maximumDepth(limits.depth * kDataLevel),
      m_memory(std::max(limits.outputBytes * kMemoryPerOutput, kLeastMemory)) {}

void Run::checkLimits() {
    if (m_steps > m_limits.steps)
        limitFault("steps", m_limits.steps);
    if (std::chrono::steady_clock::now() > m_deadline)
        limitFault("time", static_cast<std::uint64_t>(m_limits.time.count()));
    m_nextCheck = m_limits.steps - m_steps < kStepsPerCheck ? m_limits.steps + 1 : m_steps + kStepsPerCheck;
}

void Run::reserve(std::size_t bytes) {
    checkFits(bytes);
    step(bytes / kBytesPerStep);
}

void Run::enter(std::size_t weight) {
    m_depth += weight;
    if (m_depth > m_maximumDepth) {
        m_depth -= weight;
        limitFault("depth", m_limits.depth);
    }
}

std::shared_ptr<const Text> Run::text(std::string content) {
    reserve(content.size());
    return std::make_shared<const Text>(std::move(content), &m_meter);
}

Value Run::string(std::string content) {
    if (content.size() > m_limits.outputBytes)
        limitFault("output", m_limits.outputBytes);
    return Value::string(text(std::move(content)));
}

Value Run::list(std::vector<Value> values) {
    hold(values.size() * sizeof(Value));
    List* object = make<List>();
    object->values = std::move(values);
    return Value::list(object);
}

Value Run::tuple(std::vector<Value> values) {
    const Value made = list(std::move(values));
    return Value::tuple(&made.items());
}

void Run::append(List& list, Value value) {
    hold(sizeof(Value));
    list.values.push_back(std::move(value));
}

std::chrono::system_clock::time_point Run::now() const {
    return m_now.value_or(std::chrono::system_clock::now());
}

} // namespace hearth::text::jinja
