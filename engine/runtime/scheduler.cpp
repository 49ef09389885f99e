#include "engine/runtime/scheduler.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "engine/base/available_memory.h"
#include "engine/model/blocks/float_buffer.h"
#include "engine/model/model.h"
#include "engine/runtime/answer_stream.h"
#include "engine/runtime/prompt_evaluation.h"
#include "engine/runtime/sequence.h"

namespace hearth::runtime {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// Smaller pieces of a prompt cost more time per token than they save waiting.
constexpr std::size_t kSmallestPiece = 16;
constexpr std::size_t kMaxSequences = 256;

struct Job {
    Scheduler::RequestId id;
    Request request;
    AnswerStream answer;
    Clock::time_point submitted, firstToken;
    GenerationStats times;
    bool decoding = false;
};

struct Slot {
    Sequence sequence;
    std::unique_ptr<Job> job;
    std::uint64_t lastUse = 0;
    [[nodiscard]] std::size_t promptLeft() const {
        return job->request.prompt.size() - sequence.tokens().size();
    }
};

/// A slot's share of a step.
struct Share {
    Slot* slot;
    std::span<const TokenId> tokens;
    bool wantsLogits;
};

std::size_t commonPrefix(std::span<const TokenId> a, std::span<const TokenId> b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

} // namespace

struct Scheduler::Impl {
    std::shared_ptr<LoadedModel> model;
    SchedulerOptions options;
    PromptPacer pacer;
    std::vector<std::unique_ptr<Slot>> slots;
    model::FloatBuffer logits;
    std::vector<Share> shares;
    std::vector<model::BatchItem> items;
    std::uint64_t uses = 0;
    std::size_t turn = 0; ///< the slot whose prompt is served first in the next step

    mutable std::mutex mutex; ///< guards what follows
    std::condition_variable_any arrived;
    std::deque<std::unique_ptr<Job>> queue;
    std::set<RequestId> cancelled;
    RequestId lastId = 0;
    std::size_t running = 0;

    Impl(std::shared_ptr<LoadedModel> loaded, SchedulerOptions chosen)
        : model(std::move(loaded)), options(chosen), pacer(*model) {}

    [[nodiscard]] Result<void> checkPrompt(std::span<const TokenId> prompt) const;
    void removeStopped();
    [[nodiscard]] Slot* slotFor(std::span<const TokenId> prompt) const;
    void admit();
    [[nodiscard]] std::size_t divide();
    void conclude(Slot& slot, StopReason reason);
    void fail(Slot& slot, const Error& error);
    void leave(Slot& slot);
    void advance(const Share& share, float* row);
    [[nodiscard]] std::size_t context() const { return options.contextTokens; }
};

Scheduler::Scheduler(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Result<std::unique_ptr<Scheduler>> Scheduler::create(std::shared_ptr<LoadedModel> model,
                                                     SchedulerOptions options) {
    if (options.sequences == 0 || options.sequences > kMaxSequences)
        return hearth::fail("session.bad_value",
                            "a scheduler has 1 to " + std::to_string(kMaxSequences) + " sequences");
    const std::size_t most = model->options().contextTokens;
    options.contextTokens = options.contextTokens ? std::min(options.contextTokens, most) : most;
    auto impl = std::make_unique<Impl>(std::move(model), options);
    for (std::size_t i = 0; i < options.sequences; ++i) {
        HEARTH_TRY(auto sequence, Sequence::create(*impl->model, options.contextTokens));
        // Caches are touched lazily, so what the earlier ones will take is not missing from the system yet.
        const std::uint64_t needed = sequence.cache().bytes() * options.sequences;
        if (const auto available = availableMemory();
            impl->model->options().checkMemory && available && needed > *available)
            return tl::unexpected<Error>(
                Error{"memory.not_enough", std::to_string(options.sequences) + " sequences need " +
                                               std::to_string(needed) + " bytes, " +
                                               std::to_string(*available) + " are available"}
                    .with("needed_bytes", std::to_string(needed))
                    .with("kv_bytes", std::to_string(needed))
                    .with("available_bytes", std::to_string(*available)));
        impl->slots.push_back(std::make_unique<Slot>(Slot{std::move(sequence), nullptr, 0}));
    }
    HEARTH_CHECK(impl->logits.reserve(options.sequences * impl->model->config().vocabulary));
    HEARTH_CHECK(impl->model->model().reserve(options.contextTokens, kMaxBatch + options.sequences,
                                              options.sequences));
    impl->shares.reserve(options.sequences);
    impl->items.reserve(options.sequences);
    return std::unique_ptr<Scheduler>(new Scheduler(std::move(impl)));
}

Scheduler::~Scheduler() {
    if (!m_impl)
        return;
    for (const auto& slot : m_impl->slots)
        if (slot->job)
            m_impl->conclude(*slot, StopReason::Cancelled);
    for (const auto& job : m_impl->queue)
        if (job->request.done)
            job->request.done(job->answer.finish(StopReason::Cancelled, job->request.sink));
}

std::size_t Scheduler::waiting() const {
    const std::scoped_lock lock(m_impl->mutex);
    return m_impl->queue.size();
}

std::size_t Scheduler::active() const {
    const std::scoped_lock lock(m_impl->mutex);
    return m_impl->running;
}

/// A request that cannot be evaluated must not make a pass fail that others share.
Result<void> Scheduler::Impl::checkPrompt(std::span<const TokenId> prompt) const {
    if (prompt.empty())
        return hearth::fail("session.empty_prompt", "a prompt needs at least one token");
    if (prompt.size() >= context())
        return tl::unexpected<Error>(Error{"context.full", "the prompt has " + std::to_string(prompt.size()) +
                                                               " tokens, the context holds " +
                                                               std::to_string(context())}
                                         .with("prompt_tokens", std::to_string(prompt.size()))
                                         .with("context_tokens", std::to_string(context())));
    for (const TokenId token : prompt)
        if (token < 0 || static_cast<std::size_t>(token) >= model->config().vocabulary)
            return tl::unexpected<Error>(
                Error{"model.bad_token", "token " + std::to_string(token) + " is outside the vocabulary"}
                    .with("token", std::to_string(token)));
    return {};
}

Result<Scheduler::RequestId> Scheduler::submit(Request request) {
    HEARTH_CHECK(m_impl->checkPrompt(request.prompt));
    HEARTH_TRY(AnswerStream answer,
               AnswerStream::create(*m_impl->model, request.params, request.prompt, request.renderedPrompt));
    const std::scoped_lock lock(m_impl->mutex);
    if (m_impl->queue.size() >= m_impl->options.waiting)
        return tl::unexpected<Error>(
            Error{"scheduler.queue_full", std::to_string(m_impl->queue.size()) + " requests are waiting"}
                .with("waiting", std::to_string(m_impl->queue.size())));
    const RequestId id = ++m_impl->lastId;
    m_impl->queue.push_back(
        std::make_unique<Job>(Job{id, std::move(request), std::move(answer), Clock::now(), {}, {}}));
    m_impl->arrived.notify_one();
    return id;
}

void Scheduler::cancel(RequestId id) {
    const std::scoped_lock lock(m_impl->mutex);
    m_impl->cancelled.insert(id);
    m_impl->arrived.notify_one();
}

void Scheduler::Impl::leave(Slot& slot) {
    slot.job.reset();
    const std::scoped_lock lock(mutex);
    --running;
}

void Scheduler::Impl::conclude(Slot& slot, StopReason reason) {
    Job& job = *slot.job;
    GenerationResult result = job.answer.finish(reason, job.request.sink);
    job.times.promptTokens = job.request.prompt.size();
    job.times.generatedTokens = result.stats.generatedTokens;
    job.times.reasoningTokens = result.stats.reasoningTokens;
    result.stats = job.times;
    const auto done = std::move(job.request.done);
    leave(slot);
    if (done)
        done(std::move(result));
}

void Scheduler::Impl::fail(Slot& slot, const Error& error) {
    const auto done = std::move(slot.job->request.done);
    leave(slot);
    if (done)
        done(tl::unexpected<Error>(error));
}

/// Ends what its owner no longer wants, running or waiting.
void Scheduler::Impl::removeStopped() {
    std::set<RequestId> ids;
    std::vector<std::unique_ptr<Job>> gone;
    {
        const std::scoped_lock lock(mutex);
        ids.swap(cancelled);
        for (auto at = queue.begin(); at != queue.end();)
            if (ids.count((*at)->id) || (*at)->request.stop.stop_requested()) {
                gone.push_back(std::move(*at));
                at = queue.erase(at);
            } else {
                ++at;
            }
    }
    for (const auto& job : gone)
        if (job->request.done)
            job->request.done(job->answer.finish(StopReason::Cancelled, job->request.sink));
    for (const auto& slot : slots)
        if (slot->job && (ids.count(slot->job->id) || slot->job->request.stop.stop_requested()))
            conclude(*slot, StopReason::Cancelled);
}

/// The free slot for a prompt: the one that shares most with it, if that is at least half of the prompt or of
/// what the slot holds; a beginning that all prompts share is not worth another conversation's cache. Else
/// the one that was used longest ago.
Slot* Scheduler::Impl::slotFor(std::span<const TokenId> prompt) const {
    Slot *match = nullptr, *oldest = nullptr;
    std::size_t longest = 0;
    for (const auto& slot : slots) {
        if (slot->job)
            continue;
        const std::span<const TokenId> cached = slot->sequence.tokens();
        const std::size_t common = commonPrefix(cached, prompt);
        if (common > longest && 2 * common >= std::min(cached.size(), prompt.size())) {
            match = slot.get();
            longest = common;
        }
        if (!oldest || slot->lastUse < oldest->lastUse)
            oldest = slot.get();
    }
    return match ? match : oldest;
}

void Scheduler::Impl::admit() {
    for (;;) {
        Slot* slot = nullptr;
        {
            const std::scoped_lock lock(mutex);
            if (queue.empty())
                return;
            slot = slotFor(queue.front()->request.prompt);
            if (!slot)
                return;
            slot->job = std::move(queue.front());
            queue.pop_front();
            ++running;
        }
        slot->lastUse = ++uses;
        slot->job->times.reusedTokens = slot->sequence.keepPrefixOf(slot->job->request.prompt);
    }
}

/// Fills `shares`: a token for every running answer, then pieces of prompts. Returns the prompt tokens in it.
std::size_t Scheduler::Impl::divide() {
    shares.clear();
    std::vector<Slot*> reading;
    bool someoneWaits = false;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Slot& slot = *slots[(turn + i) % slots.size()];
        if (!slot.job)
            continue;
        if (slot.job->decoding) {
            shares.push_back({&slot, slot.job->answer.lastTokenSpan(), true});
            someoneWaits = true;
        } else {
            reading.push_back(&slot);
        }
    }
    if (reading.empty())
        return 0;
    turn = (turn + 1) % slots.size();
    std::size_t budget =
        someoneWaits ? pacer.nextBatch(kMaxBatch, options.stallSeconds) : pacer.nextBatch(kMaxBatch);
    const std::size_t each = std::max(kSmallestPiece, budget / reading.size());
    std::size_t total = 0;
    for (Slot* slot : reading) {
        const std::size_t left = slot->promptLeft();
        const std::size_t count = std::min({left, each, budget, slot->sequence.cache().maxBatch()});
        if (count == 0)
            break;
        const std::size_t from = slot->sequence.tokens().size();
        shares.push_back({slot, std::span(slot->job->request.prompt).subspan(from, count), count == left});
        budget -= count;
        total += count;
    }
    return total;
}

/// Continues an answer whose logits have come.
void Scheduler::Impl::advance(const Share& share, float* row) {
    Slot& slot = *share.slot;
    Job& job = *slot.job;
    const bool isFirst = !job.decoding;
    if (isFirst && job.answer.wantsNothing())
        return conclude(slot, StopReason::MaxTokens);
    const auto end = job.answer.step({row, model->vocabularySize()}, job.request.sink);
    if (!end)
        return fail(slot, end.error());
    if (isFirst) {
        job.decoding = true;
        job.firstToken = Clock::now();
        job.times.firstTokenSeconds = secondsSince(job.submitted);
    }
    job.times.generateSeconds = secondsSince(job.firstToken);
    if (*end)
        conclude(slot, **end);
    else if (slot.sequence.cache().size() == context())
        conclude(slot, StopReason::Context);
}

bool Scheduler::step() {
    Impl& m = *m_impl;
    m.removeStopped();
    m.admit();
    const std::size_t promptTokens = m.divide();
    if (m.shares.empty())
        return false;
    m.items.clear();
    for (const Share& share : m.shares)
        m.items.push_back({.cache = &share.slot->sequence.cache(),
                           .tokens = share.tokens,
                           .wanted = share.wantsLogits ? model::LogitsOf::Last : model::LogitsOf::None});
    const auto begin = Clock::now();
    if (const auto passed = m.model->model().forward(m.items, m.logits.data()); !passed) {
        for (const Share& share : m.shares)
            m.fail(*share.slot, passed.error());
        return true;
    }
    const double seconds = secondsSince(begin);
    m.pacer.measured(promptTokens, seconds);
    float* row = m.logits.data();
    for (const Share& share : m.shares) {
        Job& job = *share.slot->job;
        share.slot->sequence.appended(share.tokens);
        if (!job.decoding)
            job.times.promptSeconds += seconds;
        if (share.wantsLogits) {
            m.advance(share, row);
            row += m.model->config().vocabulary;
        }
    }
    const std::scoped_lock lock(m.mutex);
    return m.running > 0 || !m.queue.empty();
}

void Scheduler::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        if (step())
            continue;
        std::unique_lock lock(m_impl->mutex);
        m_impl->arrived.wait(lock, stop, [&] { return !m_impl->queue.empty(); });
    }
}

} // namespace hearth::runtime
