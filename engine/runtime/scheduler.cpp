#include "engine/runtime/scheduler.h"

#include <algorithm>
#include <chrono>

#include "engine/base/available_memory.h"
#include "engine/model/blocks/float_buffer.h"
#include "engine/model/model.h"
#include "engine/runtime/lookahead.h"
#include "engine/runtime/prompt_evaluation.h"
#include "engine/runtime/request_queue.h"
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

/// Room for one answer at a time.
struct Slot {
    explicit Slot(Sequence empty) : sequence(std::move(empty)), lookup(sequence.capacity()) {}
    Sequence sequence;
    PromptLookup lookup;
    Lookahead lookahead;
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
    model::LogitsOf wanted;
};

std::size_t commonPrefix(std::span<const TokenId> a, std::span<const TokenId> b) {
    return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
}

} // namespace

struct Scheduler::Impl {
    std::shared_ptr<LoadedModel> model;
    SchedulerOptions options;
    RequestQueue queue;
    PromptPacer pacer;
    std::vector<std::unique_ptr<Slot>> slots;
    model::FloatBuffer logits;
    std::vector<Slot*> answering, reading; ///< slots in a step, in turn
    std::vector<Share> shares;
    std::vector<model::BatchItem> items;
    std::uint64_t uses = 0;
    std::size_t turn = 0; ///< the slot that is served first in the next step

    Impl(std::shared_ptr<LoadedModel> loaded, SchedulerOptions chosen)
        : model(std::move(loaded)), options(chosen), queue(chosen.waiting), pacer(*model) {}

    void removeStopped();
    [[nodiscard]] Slot* slotFor(std::span<const TokenId> prompt) const;
    void admit();
    [[nodiscard]] std::size_t divide();
    void divideAnswers();
    [[nodiscard]] std::size_t dividePrompts();
    void conclude(Slot& slot, StopReason reason);
    void fail(Slot& slot, const Error& error);
    void advance(Slot& slot, float* rows);
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
        impl->slots.push_back(std::make_unique<Slot>(std::move(sequence)));
    }
    const std::size_t rows = std::max(options.sequences, kFewRows);
    HEARTH_CHECK(impl->logits.reserve(rows * impl->model->config().vocabulary));
    HEARTH_CHECK(impl->model->model().reserve(options.contextTokens, kMaxBatch + rows, options.sequences));
    for (std::vector<Slot*>* slots : {&impl->answering, &impl->reading})
        slots->reserve(options.sequences);
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
    while (const auto job = m_impl->queue.takeFirst()) {
        GenerationResult result = job->finish(StopReason::Cancelled);
        m_impl->queue.ended();
        job->tell(std::move(result));
    }
}

std::size_t Scheduler::waiting() const {
    return m_impl->queue.waiting();
}

std::size_t Scheduler::active() const {
    return m_impl->queue.active();
}

Result<Scheduler::RequestId> Scheduler::submit(Request request) {
    // A request that cannot be evaluated must not make a pass fail that others share.
    HEARTH_CHECK(checkPrompt(*m_impl->model, request.prompt, m_impl->context()));
    HEARTH_TRY(AnswerStream answer,
               AnswerStream::create(*m_impl->model, request.params, request.prompt, request.renderedPrompt));
    return m_impl->queue.push(std::move(request), std::move(answer));
}

void Scheduler::cancel(RequestId id) {
    m_impl->queue.cancel(id);
}

void Scheduler::Impl::conclude(Slot& slot, StopReason reason) {
    const auto job = std::move(slot.job);
    GenerationResult result = job->finish(reason);
    queue.ended();
    job->tell(std::move(result));
}

void Scheduler::Impl::fail(Slot& slot, const Error& error) {
    const auto job = std::move(slot.job);
    queue.ended();
    job->tell(tl::unexpected<Error>(error));
}

/// Ends what its owner no longer wants, running or waiting.
void Scheduler::Impl::removeStopped() {
    const RequestQueue::Stopped stopped = queue.takeStopped();
    for (const auto& job : stopped.waiting)
        job->tell(job->finish(StopReason::Cancelled));
    for (const auto& slot : slots)
        if (slot->job && stopped.has(*slot->job))
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
    while (const Job* first = queue.first()) {
        Slot* slot = slotFor(first->request.prompt);
        if (!slot)
            return;
        slot->job = queue.takeFirst();
        slot->lastUse = ++uses;
        slot->lookup.clear();
        slot->lookahead.begin(slot->job->request.params.draftTokens);
        slot->job->times.promptTokens = slot->job->request.prompt.size();
        slot->job->times.reusedTokens = slot->sequence.keepPrefixOf(slot->job->request.prompt);
    }
}

/// Fills `shares`: tokens of every running answer, then pieces of prompts. Returns the prompt tokens in it.
std::size_t Scheduler::Impl::divide() {
    shares.clear();
    answering.clear();
    reading.clear();
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Slot& slot = *slots[(turn + i) % slots.size()];
        if (slot.job)
            (slot.job->decoding ? answering : reading).push_back(&slot);
    }
    turn = (turn + 1) % slots.size();
    divideAnswers();
    return dividePrompts();
}

/// Room that an answer has no use for goes to those after it.
void Scheduler::Impl::divideAnswers() {
    std::size_t room = reading.empty() ? kFewRows - std::min(kFewRows, answering.size()) : 0;
    for (std::size_t i = 0; i < answering.size(); ++i) {
        Slot& slot = *answering[i];
        const std::size_t others = answering.size() - i - 1;
        const auto tokens =
            slot.lookahead.next(slot.sequence, slot.job->answer, slot.lookup, (room + others) / (others + 1));
        if (!tokens) {
            fail(slot, tokens.error());
            continue;
        }
        room -= tokens->size() - 1;
        shares.push_back({&slot, *tokens, model::LogitsOf::All});
    }
}

std::size_t Scheduler::Impl::dividePrompts() {
    if (reading.empty())
        return 0;
    std::size_t budget =
        answering.empty() ? pacer.nextBatch(kMaxBatch) : pacer.nextBatch(kMaxBatch, options.stallSeconds);
    const std::size_t each = std::max(kSmallestPiece, budget / reading.size());
    std::size_t total = 0;
    for (Slot* slot : reading) {
        const std::size_t left = slot->promptLeft();
        const std::size_t count = std::min({left, each, budget, slot->sequence.cache().maxBatch()});
        if (count == 0)
            break;
        const std::size_t from = slot->sequence.tokens().size();
        shares.push_back({slot, std::span(slot->job->request.prompt).subspan(from, count),
                          count == left ? model::LogitsOf::Last : model::LogitsOf::None});
        budget -= count;
        total += count;
    }
    if (answering.size() + total <= model->compute().exactRows())
        return total;
    // The last token decides what comes first. It waits for a pass with few rows, so that a prompt gives the
    // same when everything before is cached (as in evaluatePrompt).
    for (Share& share : shares)
        if (share.wanted == model::LogitsOf::Last && share.tokens.size() > 1) {
            share.tokens = share.tokens.first(share.tokens.size() - 1);
            share.wanted = model::LogitsOf::None;
            --total;
        }
    return total;
}

/// Continues an answer whose logits have come.
void Scheduler::Impl::advance(Slot& slot, float* rows) {
    Job& job = *slot.job;
    const bool isFirst = !job.decoding;
    if (isFirst && job.answer.wantsNothing())
        return conclude(slot, StopReason::MaxTokens);
    const auto end = slot.lookahead.draw(job.answer, slot.sequence,
                                         {rows, model->vocabularySize(), model->config().vocabulary},
                                         job.request.stop, job.request.sink, job.times);
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
        m.items.push_back(
            {.cache = &share.slot->sequence.cache(), .tokens = share.tokens, .wanted = share.wanted});
    const auto begin = Clock::now();
    if (const auto passed = m.model->model().forward(m.items, m.logits.data()); !passed) {
        for (const Share& share : m.shares)
            m.fail(*share.slot, passed.error());
        return true;
    }
    const double seconds = secondsSince(begin);
    m.pacer.measured(promptTokens, seconds);
    float* rows = m.logits.data();
    for (const Share& share : m.shares) {
        Job& job = *share.slot->job;
        share.slot->sequence.appended(share.tokens);
        if (!job.decoding)
            job.times.promptSeconds += seconds;
        if (share.wanted == model::LogitsOf::None)
            continue;
        float* const own = rows;
        rows +=
            (share.wanted == model::LogitsOf::All ? share.tokens.size() : 1) * m.model->config().vocabulary;
        m.advance(*share.slot, own);
    }
    return !m.queue.isIdle();
}

void Scheduler::run(std::stop_token stop) {
    while (!stop.stop_requested())
        if (!step())
            m_impl->queue.sleep(stop);
}

} // namespace hearth::runtime
