#include "engine/runtime/session.h"

#include <algorithm>
#include <chrono>

#include "engine/model/blocks/float_buffer.h"
#include "engine/model/model.h"
#include "engine/runtime/answer_stream.h"
#include "engine/runtime/context_policy.h"
#include "engine/runtime/lookahead.h"
#include "engine/runtime/prefix_cache.h"
#include "engine/runtime/prompt.h"
#include "engine/runtime/prompt_evaluation.h"
#include "engine/runtime/sequence.h"
#include "engine/runtime/speculation.h"

namespace hearth::runtime {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

struct Prompt {
    std::string text;
    std::vector<TokenId> tokens;
    std::vector<std::size_t> dropped;
};

} // namespace

struct Session::Impl {
    std::shared_ptr<LoadedModel> model;
    Sequence sequence;
    PromptPacer pacer;
    Lookahead lookahead;
    PromptLookup lookup;
    std::unique_ptr<DraftModel> draftModel; ///< used instead of `lookup` when there is one
    std::shared_ptr<PrefixCache> prefixes;  ///< nullptr = none
    model::FloatBuffer logits;              ///< of one row and kMaxDraft guesses
    std::size_t lastDrop = 0;               ///< turns left out of the last prompt

    Impl(std::shared_ptr<LoadedModel> loaded, Sequence empty)
        : model(std::move(loaded)), sequence(std::move(empty)), pacer(*model), lookup(sequence.capacity()) {}

    [[nodiscard]] Result<Prompt> build(std::span<const ChatMessage> messages,
                                       const nlohmann::ordered_json* tools, bool enableThinking) const;
    [[nodiscard]] Result<Prompt> buildWithin(std::span<const ChatMessage> messages,
                                             const GenerationParams& params);
    [[nodiscard]] Result<GenerationResult> run(const std::vector<TokenId>& prompt,
                                               std::optional<std::string_view> renderedPrompt,
                                               const GenerationParams& params, std::stop_token stop,
                                               const PieceSink& sink, const ProgressSink& progress,
                                               Clock::time_point begin);
    [[nodiscard]] Result<StopReason> generate(AnswerStream& answer, const GenerationParams& params,
                                              std::stop_token stop, const PieceSink& sink,
                                              Clock::time_point begin, GenerationStats& times);
    [[nodiscard]] std::size_t context() const { return sequence.capacity(); }
};

Session::Session(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::create(std::shared_ptr<LoadedModel> model) {
    HEARTH_TRY(auto sequence, Sequence::create(*model));
    auto impl = std::make_unique<Impl>(std::move(model), std::move(sequence));
    HEARTH_CHECK(impl->logits.reserve((1 + kMaxDraft) * impl->model->config().vocabulary));
    HEARTH_CHECK(
        impl->model->model().reserve(impl->context(), std::min(kMaxBatch, impl->context()), 1 + kMaxDraft));
    return std::unique_ptr<Session>(new Session(std::move(impl)));
}

std::span<const TokenId> Session::cachedTokens() const {
    return m_impl->sequence.tokens();
}
void Session::clear() {
    m_impl->sequence.clear();
}
void Session::setPrefixCache(std::shared_ptr<PrefixCache> cache) {
    m_impl->prefixes = std::move(cache);
}
Result<void> Session::setDraftModel(std::shared_ptr<LoadedModel> draft) {
    if (!draft) {
        m_impl->draftModel.reset();
        return {};
    }
    HEARTH_TRY(m_impl->draftModel, DraftModel::create(std::move(draft), *m_impl->model));
    return {};
}
std::size_t Session::contextTokens() const {
    return m_impl->context();
}

Result<Prompt> Session::Impl::build(std::span<const ChatMessage> messages,
                                    const nlohmann::ordered_json* tools, bool enableThinking) const {
    HEARTH_TRY(auto rendered, model->prompts().render(messages, tools, enableThinking));
    HEARTH_TRY(auto tokens, model->prompts().encode(rendered));
    return Prompt{std::move(rendered.text), std::move(tokens), {}};
}

Result<std::vector<TokenId>> Session::promptTokens(std::span<const ChatMessage> messages,
                                                   const nlohmann::ordered_json* tools,
                                                   bool enableThinking) const {
    HEARTH_TRY(Prompt prompt, m_impl->build(messages, tools, enableThinking));
    return std::move(prompt.tokens);
}

/// The prompt that fits the context under the caller's policy.
Result<Prompt> Session::Impl::buildWithin(std::span<const ChatMessage> messages,
                                          const GenerationParams& params) {
    HEARTH_TRY(Prompt whole, build(messages, nullptr, params.enableThinking));
    const std::size_t quarter = std::max<std::size_t>(1, context() / 4);
    const std::size_t room =
        params.maxTokens > 0 ? std::min(quarter, static_cast<std::size_t>(params.maxTokens)) : quarter;
    const std::size_t limit = context() - room;
    if (params.contextPolicy == ContextPolicy::Stop || whole.tokens.size() <= limit) {
        lastDrop = 0;
        return whole;
    }

    const Turns turns = turnsOf(messages);
    const auto without = [&](std::size_t count) -> Result<Prompt> {
        const std::vector<std::size_t> dropped = turns.messagesOfFirst(count);
        std::vector<ChatMessage> kept(messages.begin(),
                                      messages.begin() + static_cast<std::ptrdiff_t>(turns.systemMessages));
        kept.insert(kept.end(),
                    messages.begin() + static_cast<std::ptrdiff_t>(turns.systemMessages + dropped.size()),
                    messages.end());
        HEARTH_TRY(Prompt prompt, build(kept, nullptr, params.enableThinking));
        prompt.dropped = dropped;
        return prompt;
    };
    // The turns left out last time again, as long as that fits: the prompt then begins with what is cached.
    if (lastDrop > 0 && lastDrop < turns.begins.size())
        if (auto again = without(lastDrop); again && again->tokens.size() <= limit)
            return again;
    // A little more than needed, so that the next turns need not begin anew.
    HEARTH_TRY(lastDrop, turnsToDrop(turns.begins.size(), limit - limit / 8,
                                     [&](std::size_t count) -> Result<std::size_t> {
                                         HEARTH_TRY(const Prompt prompt, without(count));
                                         return prompt.tokens.size();
                                     }));
    return lastDrop ? without(lastDrop) : Result<Prompt>(std::move(whole));
}

/// Decodes until the answer ends. The logits of the prompt's last token are there.
Result<StopReason> Session::Impl::generate(AnswerStream& answer, const GenerationParams& params,
                                           std::stop_token stop, const PieceSink& sink,
                                           Clock::time_point begin, GenerationStats& times) {
    if (answer.wantsNothing())
        return StopReason::MaxTokens;
    Drafter& drafter = draftModel ? static_cast<Drafter&>(*draftModel) : lookup;
    const Lookahead::Rows rows{logits.data(), model->vocabularySize(), model->config().vocabulary};
    lookup.clear();
    lookahead.begin(params.draftTokens);
    std::optional<Clock::time_point> first;
    for (;;) {
        HEARTH_TRY(const auto end, lookahead.draw(answer, sequence, rows, stop, sink, times));
        if (!first) {
            times.firstTokenSeconds = secondsSince(begin);
            first = Clock::now();
        }
        times.generateSeconds = secondsSince(*first);
        if (end)
            return *end;
        HEARTH_TRY(const auto tokens, lookahead.next(sequence, answer, drafter, kMaxDraft));
        const model::BatchItem item{
            .cache = &sequence.cache(), .tokens = tokens, .wanted = model::LogitsOf::All};
        if (auto passed = model->model().forward({&item, 1}, logits.data(), stop); !passed) {
            if (passed.error().code == kCancelled)
                return StopReason::Cancelled;
            return tl::unexpected<Error>(std::move(passed).error());
        }
        sequence.appended(tokens);
    }
}

Result<GenerationResult> Session::Impl::run(const std::vector<TokenId>& prompt,
                                            std::optional<std::string_view> renderedPrompt,
                                            const GenerationParams& params, std::stop_token stop,
                                            const PieceSink& sink, const ProgressSink& progress,
                                            Clock::time_point begin) {
    HEARTH_CHECK(checkPrompt(*model, prompt, context()));
    HEARTH_TRY(AnswerStream answer, AnswerStream::create(*model, params, prompt, renderedPrompt));

    GenerationStats times;
    const auto evaluationBegin = Clock::now();
    if (prefixes)
        times.restoredTokens = prefixes->restore(sequence, prompt);
    const auto reused = evaluatePrompt(*model, sequence, pacer, prompt, logits.data(), stop, progress);
    times.promptSeconds = secondsSince(evaluationBegin);
    StopReason reason = StopReason::Cancelled;
    if (reused) {
        HEARTH_TRY(reason, generate(answer, params, stop, sink, begin, times));
    } else if (reused.error().code != kCancelled) {
        return tl::unexpected<Error>(reused.error());
    }
    GenerationResult result = answer.finish(reason, sink);
    // After the answer, which nobody should wait for. A prompt that was stopped is kept as far as it came.
    if (prefixes)
        if (auto kept = prefixes->keep(sequence, prompt.size()); !kept)
            result.notKept = std::move(kept).error();
    times.promptTokens = prompt.size();
    times.reusedTokens = reused.value_or(0);
    times.generatedTokens = result.stats.generatedTokens;
    times.reasoningTokens = result.stats.reasoningTokens;
    result.stats = times;
    return result;
}

Result<GenerationResult> Session::chat(std::span<const ChatMessage> messages, const GenerationParams& params,
                                       std::stop_token stop, const PieceSink& sink,
                                       const ProgressSink& progress) {
    const auto begin = Clock::now();
    if (messages.empty())
        return fail("session.no_messages", "a chat needs at least one message");
    HEARTH_TRY(Prompt prompt, m_impl->buildWithin(messages, params));
    HEARTH_TRY(GenerationResult result,
               m_impl->run(prompt.tokens, prompt.text, params, std::move(stop), sink, progress, begin));
    result.droppedMessages = std::move(prompt.dropped);
    return result;
}

Result<GenerationResult> Session::complete(std::span<const TokenId> prompt, const GenerationParams& params,
                                           std::stop_token stop, const PieceSink& sink,
                                           const ProgressSink& progress) {
    return m_impl->run({prompt.begin(), prompt.end()}, std::nullopt, params, std::move(stop), sink, progress,
                       Clock::now());
}

Result<std::vector<float>> Session::logits(std::span<const TokenId> tokens, std::size_t batch) {
    if (batch == 0 || batch > kMaxBatch)
        return fail("session.bad_value", "batches have 1 to " + std::to_string(kMaxBatch) + " tokens");
    clear();
    const std::size_t vocabulary = m_impl->model->config().vocabulary;
    batch = std::min(batch, m_impl->sequence.cache().maxBatch());
    std::vector<float> out(tokens.size() * vocabulary);
    for (std::size_t i = 0; i < tokens.size(); i += batch) {
        const auto part = tokens.subspan(i, std::min(batch, tokens.size() - i));
        const model::BatchItem item{
            .cache = &m_impl->sequence.cache(), .tokens = part, .wanted = model::LogitsOf::All};
        HEARTH_CHECK(m_impl->model->model().forward({&item, 1}, out.data() + i * vocabulary));
        m_impl->sequence.appended(part);
    }
    return out;
}

} // namespace hearth::runtime
