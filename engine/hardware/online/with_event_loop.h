#pragma once

#include <functional>
#include <stop_token>

class QEventLoop;

namespace hearth::hardware {

/// Runs `start` in a thread of its own with an event loop, which ends when `start`'s work quits it or when a
/// stop is asked for, within 0.1 s. Makes a QCoreApplication for as long where the program has none. Blocks.
/// Inside of online/ only.
void withEventLoop(const std::stop_token& stop, const std::function<void(QEventLoop&)>& start,
                   const std::function<void()>& finish);

} // namespace hearth::hardware
