#include "engine/hardware/online/with_event_loop.h"

#include <array>
#include <memory>
#include <thread>

#include <QtCore/QCoreApplication>
#include <QtCore/QEventLoop>
#include <QtCore/QTimer>

namespace hearth::hardware {

namespace {

/// hearthctl has no application object; event loops want one.
class Application {
public:
    Application() {
        if (!QCoreApplication::instance())
            m_own = std::make_unique<QCoreApplication>(m_count, m_arguments.data());
    }

private:
    char m_name[7] = "hearth";
    std::array<char*, 2> m_arguments{m_name, nullptr};
    int m_count = 1;
    std::unique_ptr<QCoreApplication> m_own;
};

} // namespace

void withEventLoop(const std::stop_token& stop, const std::function<void(QEventLoop&)>& start,
                   const std::function<void()>& finish) {
    const Application application;
    std::thread([&] {
        QEventLoop loop;
        QTimer watch;
        QObject::connect(&watch, &QTimer::timeout, &loop, [&] {
            if (stop.stop_requested())
                loop.quit();
        });
        watch.start(100);
        QTimer::singleShot(0, &loop, [&] { start(loop); });
        loop.exec();
        finish();
    }).join();
}

} // namespace hearth::hardware
