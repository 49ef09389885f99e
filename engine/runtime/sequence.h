#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/error.h"
#include "engine/model/kv_cache.h"
#include "engine/runtime/loaded_model.h"

namespace hearth::runtime {

/// A KV cache together with the tokens that are in it. Confined to the engine thread.
class Sequence {
public:
    /// One cache of the model's context, or of `contextTokens`. Errors: memory.not_enough (args needed_bytes,
    /// available_bytes).
    [[nodiscard]] static Result<Sequence> create(const LoadedModel& model, std::size_t contextTokens = 0);

    [[nodiscard]] model::KvCache& cache() { return m_cache; }
    [[nodiscard]] std::span<const text::TokenId> tokens() const { return m_tokens; }
    [[nodiscard]] std::size_t capacity() const { return m_cache.capacity(); }

    /// Keeps of the cache what `prompt` begins with, and at most all but its last token, whose logits are
    /// wanted. A windowed layer that has forgotten too much makes it start over. Returns the tokens kept.
    std::size_t keepPrefixOf(std::span<const text::TokenId> prompt);
    /// Forgets the last `count` tokens, at most as many as the last forward pass added.
    void rollBack(std::size_t count);
    /// Records tokens that a forward pass has added to the cache.
    void appended(std::span<const text::TokenId> tokens);
    void clear();
    /// Takes the cache's first tokens.size() positions, filled from a copy, for those of `tokens`.
    void restored(std::span<const text::TokenId> tokens);

private:
    model::KvCache m_cache;
    std::vector<text::TokenId> m_tokens;
};

} // namespace hearth::runtime
