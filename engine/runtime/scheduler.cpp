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

// Prompts are read in multiples of so many tokens: fewer cost more time per token than they save waiting.
constexpr std::size_t kPiece = 16;
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

/// A slot's share of a pass.
struct Share {
    Slot* slot;
    std::span<const TokenId> tokens;
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
    std::vector<Share> shares;             ///< of a pass
    std::vector<model::BatchItem> items;
    std::uint64_t uses = 0;
    std::size_t turn = 0;     ///< the slot that is served first in the next step
    double answerSeconds = 0; ///< the answers' pass in the last step

    Impl(std::shared_ptr<LoadedModel> loaded, SchedulerOptions chosen)
        : model(std::move(loaded)), options(chosen), queue(chosen.waiting), pacer(*model) {}

    void removeStopped();
    [[nodiscard]] Slot* slotFor(std::span<const TokenId> prompt) const;
    void admit();
    void takeTurns();
    void read();
    void answer();
    [[nodiscard]] std::optional<double> evaluate(model::LogitsOf wanted);
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
    HEARTH_CHECK(
        impl->model->model().reserve(options.contextTokens, std::max(kMaxBatch, rows), options.sequences));
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

void Scheduler::Impl::takeTurns() {
    answering.clear();
    reading.clear();
    for (std::size_t i = 0; i < slots.size(); ++i) {
        Slot& slot = *slots[(turn + i) % slots.size()];
        if (slot.job)
            (slot.job->decoding ? answering : reading).push_back(&slot);
    }
    turn = (turn + 1) % slots.size();
}

/// Passes `shares` through the model and records them. Returns the seconds it took; nothing when it failed
/// and its requests have ended.
std::optional<double> Scheduler::Impl::evaluate(model::LogitsOf wanted) {
    items.clear();
    for (const Share& share : shares)
        items.push_back({.cache = &share.slot->sequence.cache(), .tokens = share.tokens, .wanted = wanted});
    const auto begin = Clock::now();
    const auto passed = model->model().forward(items, logits.data());
    const double seconds = secondsSince(begin);
    for (const Share& share : shares) {
        if (!passed) {
            fail(*share.slot, passed.error());
            continue;
        }
        share.slot->sequence.appended(share.tokens);
        if (!share.slot->job->decoding)
            share.slot->job->times.promptSeconds += seconds;
    }
    return passed ? std::optional(seconds) : std::nullopt;
}

/// Evaluates pieces of prompts, all but their last tokens.
void Scheduler::Impl::read() {
    if (reading.empty())
        return;
    shares.clear();
    std::size_t budget =
        answering.empty() ? pacer.nextBatch(kMaxBatch)
                          : pacer.nextBatch(kMaxBatch, std::max(0.0, options.stallSeconds - answerSeconds));
    const std::size_t each = std::max<std::size_t>(1, budget / reading.size() / kPiece) * kPiece;
    std::size_t total = 0;
    for (Slot* slot : reading) {
        const std::size_t count =
            std::min({slot->promptLeft() - 1, each, budget, slot->sequence.cache().maxBatch()});
        if (count == 0)
            continue;
        shares.push_back(
            {slot, std::span(slot->job->request.prompt).subspan(slot->sequence.tokens().size(), count)});
        budget -= count;
        total += count;
    }
    if (shares.empty())
        return;
    if (const auto seconds = evaluate(model::LogitsOf::None))
        pacer.measured(total, *seconds);
}

/// Evaluates what running answers said last and guess, and the last tokens of prompts; draws what follows.
void Scheduler::Impl::answer() {
    for (Slot* slot : reading)
        if (slot->job && slot->promptLeft() == 1)
            answering.push_back(slot);
    shares.clear();
    std::size_t room = kFewRows - std::min(kFewRows, answering.size());
    for (std::size_t i = 0; i < answering.size(); ++i) {
        Slot& slot = *answering[i];
        if (!slot.job->decoding) {
            shares.push_back({&slot, std::span(slot.job->request.prompt).last(1)});
            continue;
        }
        // Room that an answer has no use for goes to those after it.
        const std::size_t others = answering.size() - i - 1;
        const auto tokens =
            slot.lookahead.next(slot.sequence, slot.job->answer, slot.lookup, (room + others) / (others + 1));
        if (!tokens) {
            fail(slot, tokens.error());
            continue;
        }
        room -= tokens->size() - 1;
        shares.push_back({&slot, *tokens});
    }
    if (shares.empty())
        return;
    const auto seconds = evaluate(model::LogitsOf::All);
    if (!seconds)
        return;
    answerSeconds = *seconds;
    float* rows = logits.data();
    for (const Share& share : shares) {
        advance(*share.slot, rows);
        rows += share.tokens.size() * model->config().vocabulary;
    }
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
    m_impl->removeStopped();
    m_impl->admit();
    m_impl->takeTurns();
    if (m_impl->answering.empty() && m_impl->reading.empty())
        return false;
    m_impl->read();
    m_impl->answer();
    return !m_impl->queue.isIdle();
}

void Scheduler::run(std::stop_token stop) {
    while (!stop.stop_requested())
        if (!step())
            m_impl->queue.sleep(stop);
}

} // namespace hearth::runtime
