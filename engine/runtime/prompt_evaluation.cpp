#include "engine/runtime/prompt_evaluation.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "engine/kernels/compute.h"
#include "engine/model/model.h"

namespace hearth::runtime {

namespace {

constexpr std::size_t kSmallestBatch = 16;
constexpr std::size_t kRounding = 16; // whole tiles of the widest kernels
// Products per second and thread that any processor of the last ten years manages.
constexpr double kAssumedRate = 2e10;

} // namespace

PromptPacer::PromptPacer(const LoadedModel& model)
    : m_tokensPerSecond(kAssumedRate /
                        static_cast<double>(std::max<std::uint64_t>(1, model.config().parameters))) {}

std::size_t PromptPacer::nextBatch(std::size_t remaining, double seconds) const {
    const double affordable = std::min(m_tokensPerSecond * seconds, static_cast<double>(kMaxBatch));
    const std::size_t rounded = static_cast<std::size_t>(affordable) / kRounding * kRounding;
    return std::min(std::clamp(rounded, kSmallestBatch, kMaxBatch), remaining);
}

void PromptPacer::measured(std::size_t tokens, double seconds) {
    if (tokens >= kSmallestBatch && seconds > 0)
        m_tokensPerSecond = static_cast<double>(tokens) / seconds;
}

Result<void> checkPrompt(const LoadedModel& model, std::span<const text::TokenId> prompt,
                         std::size_t contextTokens) {
    if (prompt.empty())
        return fail("session.empty_prompt", "a prompt needs at least one token");
    if (prompt.size() >= contextTokens)
        return tl::unexpected<Error>(Error{"context.full", "the prompt has " + std::to_string(prompt.size()) +
                                                               " tokens, the context holds " +
                                                               std::to_string(contextTokens)}
                                         .with("prompt_tokens", std::to_string(prompt.size()))
                                         .with("context_tokens", std::to_string(contextTokens)));
    const std::size_t vocabulary = model.config().vocabulary;
    for (const text::TokenId token : prompt)
        if (token < 0 || static_cast<std::size_t>(token) >= vocabulary)
            return tl::unexpected<Error>(Error{"model.bad_token", "token " + std::to_string(token) +
                                                                      " is outside the vocabulary of " +
                                                                      std::to_string(vocabulary)}
                                             .with("token", std::to_string(token))
                                             .with("vocabulary", std::to_string(vocabulary)));
    return {};
}

Result<std::size_t> evaluatePrompt(LoadedModel& model, Sequence& sequence, PromptPacer& pacer,
                                   std::span<const text::TokenId> prompt, float* logits, std::stop_token stop,
                                   const ProgressSink& progress) {
    using Clock = std::chrono::steady_clock;
    const std::size_t reused = sequence.keepPrefixOf(prompt);
    for (std::size_t done = reused; done < prompt.size();) {
        if (progress)
            progress({"prompt.eval", done, prompt.size()});
        const std::size_t room = std::min(prompt.size() - done, sequence.cache().maxBatch());
        auto tokens = prompt.subspan(done, pacer.nextBatch(room));
        // The last token decides what comes next. It must give the same logits here as it does when
        // everything before it is reused: asking again with the same seed gives the same answer.
        if (tokens.size() > model.compute().exactRows() && done + tokens.size() == prompt.size())
            tokens = tokens.first(tokens.size() - 1);
        const bool last = done + tokens.size() == prompt.size();
        const model::BatchItem item{.cache = &sequence.cache(),
                                    .tokens = tokens,
                                    .wanted = last ? model::LogitsOf::Last : model::LogitsOf::None};
        const auto begin = Clock::now();
        HEARTH_CHECK(model.model().forward({&item, 1}, logits, stop));
        pacer.measured(tokens.size(), std::chrono::duration<double>(Clock::now() - begin).count());
        sequence.appended(tokens);
        done += tokens.size();
    }
    if (progress)
        progress({"prompt.eval", prompt.size(), prompt.size()});
    return reused;
}

} // namespace hearth::runtime
