#include <atomic>
#include <cerrno>
#include <cstdint>

#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include "engine/workbench/data_paths.h"
#include "gui/app/application.h"
#include "tests/gui/patience.h"

namespace {

/// Attempts to reach a network, of this program and of every library in it.
std::atomic<int> attempts{0};

bool reachesOut(const sockaddr* address) {
    return address && (address->sa_family == AF_INET || address->sa_family == AF_INET6);
}

} // namespace

// They stand before the C library's, for the libraries too. Nothing gets through.
extern "C" int connect(int socket, const sockaddr* address, socklen_t length) {
    if (reachesOut(address)) {
        ++attempts;
        errno = ENETUNREACH;
        return -1;
    }
    static const auto real = reinterpret_cast<int (*)(int, const sockaddr*, socklen_t)>(
        reinterpret_cast<std::uintptr_t>(::dlsym(RTLD_NEXT, "connect")));
    return real(socket, address, length);
}
extern "C" ssize_t sendto(int socket, const void* data, std::size_t bytes, int flags, const sockaddr* address,
                          socklen_t length) {
    if (reachesOut(address)) {
        ++attempts;
        errno = ENETUNREACH;
        return -1;
    }
    static const auto real =
        reinterpret_cast<ssize_t (*)(int, const void*, std::size_t, int, const sockaddr*, socklen_t)>(
            reinterpret_cast<std::uintptr_t>(::dlsym(RTLD_NEXT, "sendto")));
    return real(socket, data, bytes, flags, address, length);
}
extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo** found) {
    ++attempts;
    *found = nullptr;
    return EAI_AGAIN;
}

using namespace hearth;
using namespace hearth::gui;

/// Nothing leaves the machine without an action: no telemetry, no look for updates, no font or icon from
/// elsewhere. The one page that speaks of what lies elsewhere asks when it is opened.
class TestNoNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAskedOfTheNetworkUnasked() {
        QTemporaryDir folder;
        qputenv("HEARTH_DATA_DIR", folder.path().toLocal8Bit());
        const auto paths = workbench::DataPaths::prepare();
        QVERIFY(paths.has_value());
        QElapsedTimer timer;
        timer.start();
        {
            Application application(*qApp, *paths, timer);
            application.start({});
            QVERIFY(QTest::qWaitForWindowExposed(&application.window()));
            for (const char* page : {"chat", "models", "hardware", "audit", "privacy", "settings", "about"}) {
                QTRY_VERIFY2(application.window().showPage(QLatin1String(page)), page);
                QTest::qWait(200);
            }
            QTest::qWait(1500); // what begins by itself after the start has begun
            QCOMPARE(attempts.load(), 0);
            // The count works: looking for models asks a hub.
            QVERIFY(application.window().showPage(QStringLiteral("discover")));
            QTRY_VERIFY_WITH_TIMEOUT(attempts.load() > 0, 20'000);
        }
        qunsetenv("HEARTH_DATA_DIR");
    }
};

QTEST_MAIN(TestNoNetwork)
#include "test_no_network.moc"
