#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/error.h"
#include "engine/runtime/loaded_model.h"
#include "engine/sampling/sampler.h"

namespace hearth::runtime {

using text::TokenId;

struct ChatMessage {
    std::string role; ///< "system", "user", "assistant", "tool"
    std::string content;
    std::string reasoning = {}; ///< of an assistant's turn; templates decide whether to show it again
};

/// What to do when the prompt and the answer do not fit the context.
enum class ContextPolicy {
    Stop,      ///< error context.full before anything is evaluated; generation ends with StopReason::Context
    DropOldest ///< leave out the oldest turns, never the system prompt, and say which
};

struct GenerationParams {
    sampling::SamplingParams sampling;
    std::int64_t maxTokens = -1; ///< -1 = until the model stops or the context is full
    std::vector<std::string> stopStrings;
    ContextPolicy contextPolicy = ContextPolicy::Stop;
    /// Tokens guessed ahead at most (see speculation.h), 0 = none. Changes the speed, never the answer.
    std::size_t draftTokens = 7;
    bool detectLoops = true;    ///< ends endless repetition with StopReason::Loop
    bool enableThinking = true; ///< passed to templates as enable_thinking
};

enum class StopReason { EndOfTurn, MaxTokens, StopString, Context, Cancelled, Loop };

enum class PieceKind { Answer, Reasoning };

/// One streamed piece: whole UTF-8 characters. A token may give no text yet (half a character, the beginning
/// of a marker or of a stop string) or the text of several. With logProbs on, every generated token comes in
/// exactly one piece, whose text may be empty; other pieces have the token id −1.
struct Piece {
    PieceKind kind = PieceKind::Answer;
    std::string text;
    sampling::Sampled token; ///< the token that was chosen when this text came out
};
using PieceSink = std::function<void(const Piece&)>;

struct GenerationStats {
    std::size_t promptTokens = 0;   ///< of the whole prompt
    std::size_t reusedTokens = 0;   ///< of them, found in the KV cache
    std::size_t restoredTokens = 0; ///< of those, brought from disk for this prompt
    std::size_t generatedTokens = 0;
    std::size_t reasoningTokens = 0;
    std::size_t draftedTokens = 0, acceptedDrafts = 0; ///< guesses evaluated, and those that came true
    double promptSeconds = 0;                          ///< evaluating the prompt
    double firstTokenSeconds = 0;                      ///< from the call to the first token
    double generateSeconds = 0;                        ///< from the first token to the last
    [[nodiscard]] double tokensPerSecond() const {
        return generateSeconds > 0 && generatedTokens > 1 ? double(generatedTokens - 1) / generateSeconds : 0;
    }
};

struct GenerationResult {
    std::string answer, reasoning;
    StopReason stop = StopReason::EndOfTurn;
    GenerationStats stats;
    std::vector<std::size_t> droppedMessages; ///< indices into the given messages (DropOldest)
    std::uint64_t seed = 0;
    std::optional<Error> notKept; ///< why the prompt could not be kept on disk; the answer is whole
};

class PrefixCache;

/// One conversation's evaluation state over a loaded model: the KV cache and the tokens in it. A prompt that
/// begins with the same tokens as the last one evaluates only the rest. Confined to the engine thread.
class Session {
public:
    /// Errors: memory.not_enough.
    [[nodiscard]] static Result<std::unique_ptr<Session>> create(std::shared_ptr<LoadedModel> model);
    ~Session();

    /// Renders the template (BOS where the model wants one) and tokenises; the template's own text may hold
    /// special tokens, message contents never do. Errors: template.*, tokenizer.*.
    [[nodiscard]] Result<std::vector<TokenId>> promptTokens(std::span<const ChatMessage> messages,
                                                            const nlohmann::ordered_json* tools = nullptr,
                                                            bool enableThinking = true) const;

    /// A turn of a chat. Reasoning blocks are recognised and kept apart from the answer. A stop request ends
    /// it within one token or one layer of a prompt batch; what came so far is the result, with
    /// StopReason::Cancelled. Progress phase: prompt.eval (tokens). With DropOldest, turns (a user's message
    /// and what follows it) go from the oldest on until a quarter of the context is free for the answer (less
    /// when maxTokens is less); the last turn always stays. Errors: template.*, tokenizer.*,
    /// session.unknown_role, session.no_messages, session.bad_value, context.full (args prompt_tokens,
    /// context_tokens), sampling.*, model.*.
    [[nodiscard]] Result<GenerationResult> chat(std::span<const ChatMessage> messages,
                                                const GenerationParams& params, std::stop_token stop = {},
                                                const PieceSink& sink = {},
                                                const ProgressSink& progress = {});
    /// Plain continuation of tokens; no template, no reasoning, DropOldest as Stop. Errors as chat();
    /// session.empty_prompt.
    [[nodiscard]] Result<GenerationResult> complete(std::span<const TokenId> prompt,
                                                    const GenerationParams& params, std::stop_token stop = {},
                                                    const PieceSink& sink = {},
                                                    const ProgressSink& progress = {});
    /// Logits after every token, [tokens, vocabulary], from a cleared cache, in batches of `batch` tokens (1
    /// to kMaxBatch). Errors: context.full, model.bad_token, session.bad_value.
    [[nodiscard]] Result<std::vector<float>> logits(std::span<const TokenId> tokens, std::size_t batch = 512);

    /// Looks for the beginnings of prompts there from now on, and keeps new ones; nullptr = no more.
    void setPrefixCache(std::shared_ptr<PrefixCache> cache);

    /// Guesses with this model from now on instead of looking the text up; nullptr = back to that. The model
    /// must use the same thread as this one. Errors: speculation.vocabulary_mismatch, memory.not_enough.
    [[nodiscard]] Result<void> setDraftModel(std::shared_ptr<LoadedModel> draft);

    [[nodiscard]] std::span<const TokenId> cachedTokens() const;
    void clear();
    [[nodiscard]] std::size_t contextTokens() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    explicit Session(std::unique_ptr<Impl> impl);
};

} // namespace hearth::runtime
