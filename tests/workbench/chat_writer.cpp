// A process that the tests kill in the middle of an answer: it chats with a model and says on stdout what was
// saved, one line each.
#include <cstdio>
#include <string>

#include <QtCore/QCoreApplication>

#include "engine/workbench/chat.h"

namespace {

using namespace hearth;

Result<void> chat(const char* file, const char* model) {
    HEARTH_TRY(auto history, store::History::open(file));
    workbench::ChatHistory turns(std::move(history));
    workbench::ModelHost host(1);
    HEARTH_TRY(const auto summary, host.load(model, {}, {}, {}));
    HEARTH_TRY(auto conversation, turns.store().createConversation(""));
    for (int round = 0; round < 1000; ++round) {
        HEARTH_TRY(auto turn, turns.beginTurn(conversation, "question " + std::to_string(round)));
        std::printf("asked %lld\n", static_cast<long long>(turn.answer));
        std::fflush(stdout);
        turn.request.params.detectLoops = false;
        turn.request.params.maxTokens = 200;
        turn.request.params.contextPolicy = runtime::ContextPolicy::DropOldest;
        std::string text;
        std::optional<Error> failed;
        const auto sink = [&](const runtime::Piece& piece) {
            text += piece.text;
            if (const auto saved = turns.checkpoint(turn.answer, text, ""); !saved)
                failed = saved.error();
            std::printf("saved %lld %zu\n", static_cast<long long>(turn.answer), text.size());
            std::fflush(stdout);
        };
        HEARTH_TRY(const auto result, host.answer(turn.request, {}, sink));
        if (failed)
            return tl::unexpected<Error>(*failed);
        HEARTH_CHECK(turns.finishTurn(turn.answer, result, summary.name));
        std::printf("finished %lld %zu\n", static_cast<long long>(turn.answer), result.answer.size());
        std::fflush(stdout);
        HEARTH_TRY(conversation, turns.store().createConversation(""));
    }
    return {};
}

} // namespace

/// FILE MODEL
int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc < 3)
        return 1;
    if (const auto done = chat(argv[1], argv[2]); !done) {
        std::printf("error %s\n", done.error().message().c_str());
        return 2;
    }
    return 0;
}
