#include "engine/hub/clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QtCore/QTimer>

namespace hearth::hub {

namespace {

class RunningClock final : public Clock {
public:
    explicit RunningClock(double speed) : m_speed(speed), m_start(std::chrono::steady_clock::now()) {}

    std::chrono::milliseconds now() const override {
        const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - m_start;
        return std::chrono::milliseconds(static_cast<std::int64_t>(passed.count() * m_speed));
    }
    std::chrono::system_clock::time_point date() const override { return std::chrono::system_clock::now(); }
    void after(std::chrono::milliseconds wait, QObject* context, std::function<void()> then) override {
        const double real = std::ceil(static_cast<double>(wait.count()) / m_speed);
        QTimer::singleShot(static_cast<int>(std::clamp(real, 0.0, 2e9)), context, std::move(then));
    }

private:
    double m_speed;
    std::chrono::steady_clock::time_point m_start;
};

} // namespace

std::shared_ptr<Clock> systemClock(double speed) {
    return std::make_shared<RunningClock>(speed);
}

} // namespace hearth::hub
