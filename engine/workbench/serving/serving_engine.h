#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"

namespace hearth::workbench {

/// What is to be answered: turns of a chat, a text or tokens to be continued.
using ServingPrompt =
    std::variant<std::vector<runtime::ChatMessage>, std::string, std::vector<runtime::TokenId>>;

/// A request for one or several answers to the same prompt. Callbacks come in the engine's thread.
struct ServingRequest {
    std::filesystem::path model;
    std::size_t contextTokens = 0; ///< 0 = the model's own, at most 8192
    std::string chatTemplate = {}; ///< in place of the file's; "" = the file's own
    ServingPrompt prompt;
    runtime::GenerationParams params;
    std::size_t answers = 1; ///< at least 1; with a seed, each has its own: seed, seed + 1 …
    std::stop_token stop;
    std::function<void(std::size_t answer, const runtime::Piece& piece)> piece; ///< may be empty
    /// Once: every answer in order, or why there is none. Errors: those of LoadedModel::load and of
    /// Scheduler::create and submit, session.*, template.*, tokenizer.*, base.cancelled (the engine ends, or
    /// `stop` before anything was computed).
    std::function<void(Result<std::vector<runtime::GenerationResult>>)> done;
};

struct ServingOptions {
    std::size_t threads = 0;   ///< 0 = one per physical core
    std::size_t sequences = 4; ///< answers at a time; fewer where there is no memory for so many
    kernels::KvType kvType = kernels::KvType::F16;
    std::size_t waiting = 256; ///< requests that may wait
};

/// The models behind the server: loads the one that is asked for, one in memory at a time, and generates
/// answers together (runtime::Scheduler). Requests are begun in the order they came; one for another model
/// waits until the answers in progress have ended, then that model takes the place of the former.
///
/// Has a thread of its own. Every call is safe from any thread.
class ServingEngine {
public:
    explicit ServingEngine(ServingOptions options);
    /// Ends what runs and waits, telling each, and joins the thread.
    ~ServingEngine();

    /// Errors, after which done() is not called: scheduler.queue_full (arg waiting).
    [[nodiscard]] Result<void> submit(ServingRequest request);
    /// As the destructor; what is submitted afterwards is cancelled at once.
    void stop();

    struct State {
        std::filesystem::path model; ///< in memory; empty = none
        std::size_t active = 0, waiting = 0;
        std::uint64_t loads = 0; ///< so far
    };
    [[nodiscard]] State state() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace hearth::workbench
