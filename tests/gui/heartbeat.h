#pragma once

#include <algorithm>

#include <QObject>
#include <QTimerEvent>

#include "tests/support/program_time.h"

namespace hearth::test {

/// The longest time in which the window's thread did nothing else, of its own doing: see ProgramTime.
class Heartbeat : public QObject {
public:
    Heartbeat() { startTimer(10, Qt::PreciseTimer); }
    [[nodiscard]] qint64 worst() const { return m_worst; }

protected:
    void timerEvent(QTimerEvent*) override { m_worst = std::max<qint64>(m_worst, m_clock.restart()); }

private:
    ProgramTime m_clock;
    qint64 m_worst = 0;
};

} // namespace hearth::test
