#pragma once

#include <chrono>
#include <functional>
#include <memory>

class QObject;

namespace hearth::hub {

/// Time as transfers see it, so that tests can let hours pass in a moment. Confined to the hub's thread.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual std::chrono::milliseconds now() const = 0; ///< steady, from any beginning
    [[nodiscard]] virtual std::chrono::system_clock::time_point date() const = 0;
    /// Calls `then` in this thread once the time has passed, unless `context` is gone by then.
    virtual void after(std::chrono::milliseconds wait, QObject* context, std::function<void()> then) = 0;
};

/// The real time, or one that runs `speed` times as fast.
[[nodiscard]] std::shared_ptr<Clock> systemClock(double speed = 1);

} // namespace hearth::hub
