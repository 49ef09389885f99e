#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/base/error.h"
#include "engine/runtime/loaded_model.h"
#include "engine/runtime/session.h"

namespace hearth::runtime {

/// One answer to be generated beside others.
struct Request {
    std::vector<TokenId> prompt;
    /// Text of a chat prompt (see PromptBuilder); absent for plain continuations, whose text is not divided
    /// into reasoning and answer.
    std::optional<std::string> renderedPrompt;
    GenerationParams params; ///< contextPolicy counts as Stop
    std::stop_token stop;    ///< looked at in every step
    PieceSink sink;          ///< called from step(); may be empty
    /// Called once, from step() or the scheduler's destructor, when the answer has ended.
    std::function<void(Result<GenerationResult>)> done;
};

struct SchedulerOptions {
    std::size_t sequences = 4;     ///< answers generated at a time, each with a KV cache of its own
    std::size_t contextTokens = 0; ///< of each; 0 = the model's
    std::size_t waiting = 256;     ///< requests that may wait beyond those
    /// How long a running answer may wait for its next token while others' prompts are evaluated; a step
    /// with the least that can be read of a prompt may take longer.
    double stallSeconds = 0.08;
};

/// Continuous batching: every step reads pieces of the prompts that wait in one forward pass, and evaluates
/// what all running answers said last in another. Answers join and leave at any step. Waiting requests are
/// taken in the order they came; prompts being read share a step's time equally. A request goes to the free
/// sequence whose cache holds the beginning of its prompt, or to the one that was used longest ago.
///
/// The answers' pass also takes the last token of prompts and what running answers guess to follow from
/// their own text (speculation.h), shared in turns and as equally as texts allow, up to kFewRows rows in
/// all. Such a pass is limited by reading the weights, so that a guess costs a fraction of a token; and its
/// rows come out as they would alone, so that neither guesses nor others' prompts, whose rows may be rounded
/// otherwise, change what an answer says. The price is a second reading of the weights in steps that also
/// read prompts, which take about an eighth longer for it beside one answer without guesses. With kFewRows
/// answers there is no room for guesses; beyond, answers' rows are rounded as those of prompts.
///
/// Thread rule: submit(), cancel(), waiting() and active() are safe; step() and the destructor belong to the
/// engine thread, which alone uses the model's compute context. Callbacks run there, without a lock held.
class Scheduler {
public:
    using RequestId = std::uint64_t;

    /// Errors: session.bad_value (no sequences), memory.not_enough.
    [[nodiscard]] static Result<std::unique_ptr<Scheduler>> create(std::shared_ptr<LoadedModel> model,
                                                                   SchedulerOptions options = {});
    /// Ends what is running or waiting with StopReason::Cancelled.
    ~Scheduler();
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    /// Checks a request and queues it. Errors, after which done() is not called: session.empty_prompt,
    /// session.bad_value, sampling.*, model.bad_token, context.full (args prompt_tokens, context_tokens),
    /// scheduler.queue_full (arg waiting).
    [[nodiscard]] Result<RequestId> submit(Request request);
    /// Ends a request with StopReason::Cancelled in the next step; unknown ids are ignored.
    void cancel(RequestId id);

    /// Reads on in prompts and continues every answer. Returns whether there is more to do.
    bool step();
    /// Steps until `stop`, sleeping while there is nothing to do.
    void run(std::stop_token stop);

    [[nodiscard]] std::size_t waiting() const;
    [[nodiscard]] std::size_t active() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Scheduler(std::unique_ptr<Impl> impl);
};

} // namespace hearth::runtime
