#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/text/chat_template/chat_template.h"
#include "engine/text/chat_template/jinja/fault.h"
#include "engine/text/chat_template/jinja/value.h"

namespace hearth::text::jinja {

/// One rendering: owns every object made on the way and keeps the limits. Confined to one thread.
class Run {
public:
    Run(const TemplateLimits& limits, std::optional<std::chrono::system_clock::time_point> now);
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// Accounts for work; raises template.limit for steps and time.
    void step(std::uint64_t count = 1) {
        m_steps += count;
        if (m_steps >= m_nextCheck)
            checkLimits();
    }
    /// Accounts for work and memory in proportion to `bytes`, before they are allocated.
    void reserve(std::size_t bytes);
    /// Refuses a buffer that has grown to `bytes` when it goes over the memory limit.
    void checkFits(std::size_t bytes) const {
        if (bytes > m_memory || m_meter.bytes > m_memory - bytes)
            limitFault("memory", m_memory);
    }
    /// The same for memory that stays until the run ends.
    void hold(std::size_t bytes) {
        reserve(bytes);
        m_meter.bytes += bytes;
    }

    /// Makes an object that lives as long as the run.
    template <class T, class... Args>
    T* make(Args&&... args) {
        hold(sizeof(T) + sizeof(void*));
        auto object = std::make_unique<T>(std::forward<Args>(args)...);
        T* raw = object.get();
        m_objects.push_back(std::move(object));
        return raw;
    }
    [[nodiscard]] Value string(std::string content);
    [[nodiscard]] Value undefined(std::string why) { return Value::undefined(text(std::move(why))); }
    [[nodiscard]] Value list(std::vector<Value> values);
    [[nodiscard]] Value tuple(std::vector<Value> values);
    /// Appends, counting the memory.
    void append(List& list, Value value);

    [[nodiscard]] const TemplateLimits& limits() const { return m_limits; }
    [[nodiscard]] std::chrono::system_clock::time_point now() const;

    /// Counts a level of nesting while it lives; raises template.limit beyond the bound.
    class Nested {
    public:
        Nested(Run& run, std::size_t weight) : m_run(run), m_weight(weight) { m_run.enter(weight); }
        ~Nested() { m_run.m_depth -= m_weight; }
        Nested(const Nested&) = delete;
        Nested& operator=(const Nested&) = delete;

    private:
        Run& m_run;
        std::size_t m_weight;
    };
    /// The evaluator counts its own levels, several of which make one level of macro calls or nested data.
    static constexpr std::size_t kEvaluatorLevel = 1;
    static constexpr std::size_t kDataLevel = 8;
    static constexpr std::size_t kMacroLevel = 2;

private:
    void enter(std::size_t weight);
    void checkLimits();
    [[nodiscard]] std::shared_ptr<const Text> text(std::string content);

    TemplateLimits m_limits;
    std::optional<std::chrono::system_clock::time_point> m_now;
    std::chrono::steady_clock::time_point m_deadline;
    std::uint64_t m_steps = 0, m_nextCheck = 0;
    std::size_t m_depth = 0, m_maximumDepth;
    std::size_t m_memory;
    Meter m_meter;
    std::vector<std::unique_ptr<Object>>
        m_objects; ///< after m_meter: strings in them report to it when they go
};

} // namespace hearth::text::jinja
