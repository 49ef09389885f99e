// A program that downloads one file, to be killed on the way: fetch_helper URL TARGET COUNTER [LIMIT]
// COUNTER is a file of eight bytes that it maps: how many bytes of the file it has written so far.
// With LIMIT, files may not grow beyond so many bytes, as on a disk that is full.

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <QtCore/QCoreApplication>
#include <QtNetwork/QNetworkProxy>

#include "engine/hub/directory.h"
#include "engine/hub/transfer/transfer.h"

using namespace hearth::hub;

int main(int argc, char** argv) {
    if (argc < 4)
        return 9;
    if (argc > 4) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{std::strtoull(argv[4], nullptr, 10), RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    QCoreApplication application(argc, argv);
    const int fd = ::open(argv[3], O_RDWR | O_CLOEXEC);
    void* place = ::mmap(nullptr, 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (place == MAP_FAILED)
        return 9;
    auto* written = static_cast<std::uint64_t*>(place);

    HttpOptions options;
    options.proxy = QNetworkProxy(QNetworkProxy::NoProxy);
    HttpClient http(options);
    HubDirectory directory(http, {});
    const Endpoint endpoint{HubKind::HuggingFace, QStringLiteral("local"),
                            QUrl(QString::fromLocal8Bit(argv[1]))};
    TransferOptions transfer;
    transfer.chunkBytes = 64 << 10;
    transfer.rangeBytes = 256 << 10;
    transfer.connections = 3;
    transfer.clock = systemClock(50);
    Transfer one({directory.sources(endpoint, "owner/model", "main"), "model-Q4_0.gguf", argv[2], {}},
                 transfer);
    one.onBytes = [written](std::uint64_t bytes) { __atomic_store_n(written, bytes, __ATOMIC_RELEASE); };
    int code = 1;
    one.onEnd = [&](hearth::Result<TransferResult> result) {
        if (!result)
            std::fprintf(stderr, "%s\n", result.error().message().c_str());
        code = result                                        ? 0
               : result.error().code == "hub.in_use"         ? 2
               : result.error().code == "hub.file_too_large" ? 3
                                                             : 1;
        QCoreApplication::quit();
    };
    one.start();
    QCoreApplication::exec();
    return code;
}
