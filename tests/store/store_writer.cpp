// A process that the tests start, and kill or restrict: it works on a history and says on stdout what was
// acknowledged, one line each.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

#include <QtCore/QCoreApplication>

#include "engine/store/history.h"

namespace {

using namespace hearth;
using namespace hearth::store;

int report(const Error& error) {
    std::printf("error %s\n", error.code.c_str());
    std::fflush(stdout);
    return 2;
}

/// Appends questions and answers, which it updates while "streaming"; prints every acknowledged state.
Result<void> write(History& history, int count) {
    HEARTH_TRY(auto conversations, history.conversations(false, "", 0, 1));
    if (conversations.empty()) {
        HEARTH_TRY(const RowId made, history.createConversation("chat"));
        std::printf("conversation %lld\n", static_cast<long long>(made));
        HEARTH_TRY(conversations, history.conversations(false, "", 0, 1));
    }
    RowId parent = conversations.front().activeLeaf;
    for (int i = 0; i < count; ++i) {
        Message message;
        message.conversation = conversations.front().id;
        message.parent = parent;
        message.role = i % 2 ? Role::Assistant : Role::User;
        message.state = i % 2 ? MessageState::Streaming : MessageState::Complete;
        message.content =
            "text " + std::to_string(::getpid()) + "." + std::to_string(i) + std::string(500, '.');
        HEARTH_TRY(message.id, history.appendMessage(message));
        std::printf("message %lld %zu\n", static_cast<long long>(message.id), message.content.size());
        std::fflush(stdout);
        for (int step = 0; i % 2 && step < 3; ++step) {
            message.content += std::string(700, 'a');
            if (step == 2)
                message.state = MessageState::Complete;
            HEARTH_CHECK(history.updateMessage(message));
            std::printf("message %lld %zu\n", static_cast<long long>(message.id), message.content.size());
            std::fflush(stdout);
        }
        parent = message.id;
    }
    return {};
}

} // namespace

/// write FILE | write-limited FILE BYTES | open-as-nobody FILE
int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc < 3)
        return 1;
    const std::string mode = argv[1];
    if (mode == "open-as-nobody" && (::setgid(65534) != 0 || ::setuid(65534) != 0))
        return 1;
    auto history = History::open(argv[2]);
    if (!history)
        return report(history.error());
    if (mode == "write-limited" && argc > 3) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{std::strtoul(argv[3], nullptr, 10), RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (mode == "open-as-nobody") {
        std::puts("opened");
        return 0;
    }
    if (const auto done = write(**history, 100'000); !done)
        return report(done.error());
    return 0;
}
