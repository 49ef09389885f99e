#include "engine/runtime/sequence.h"

#include <algorithm>

#include "engine/base/available_memory.h"

namespace hearth::runtime {

Result<Sequence> Sequence::create(const LoadedModel& model, std::size_t contextTokens) {
    const LoadOptions& loaded = model.options();
    const model::KvCacheOptions options{.context = contextTokens ? contextTokens : loaded.contextTokens,
                                        .type = loaded.kvType,
                                        .batch = std::min(kMaxBatch, loaded.contextTokens)};
    const std::uint64_t needed = model::KvCache::bytesFor(model.config(), options).value_or(UINT64_MAX);
    if (loaded.checkMemory)
        if (const auto available = availableMemory(); available && needed > *available)
            return tl::unexpected<Error>(
                Error{"memory.not_enough", "a context of " + std::to_string(options.context) +
                                               " tokens needs " + std::to_string(needed) + " bytes, " +
                                               std::to_string(*available) + " are available"}
                    .with("needed_bytes", std::to_string(needed))
                    .with("kv_bytes", std::to_string(needed))
                    .with("available_bytes", std::to_string(*available)));
    Sequence sequence;
    HEARTH_TRY(sequence.m_cache, model::KvCache::create(model.config(), options));
    sequence.m_tokens.reserve(options.context);
    return sequence;
}

std::size_t Sequence::keepPrefixOf(std::span<const text::TokenId> prompt) {
    const auto mismatch = std::mismatch(m_tokens.begin(), m_tokens.end(), prompt.begin(), prompt.end());
    auto common = static_cast<std::size_t>(mismatch.first - m_tokens.begin());
    if (common == prompt.size() && common > 0)
        --common;
    if (!m_cache.canTruncate(common))
        common = 0;
    m_cache.truncate(common);
    m_tokens.resize(common);
    return common;
}

void Sequence::rollBack(std::size_t count) {
    const std::size_t kept = m_tokens.size() - count;
    m_cache.truncate(kept);
    m_tokens.resize(kept);
}

void Sequence::appended(std::span<const text::TokenId> tokens) {
    m_tokens.insert(m_tokens.end(), tokens.begin(), tokens.end());
}

void Sequence::restored(std::span<const text::TokenId> tokens) {
    m_cache.restored(tokens.size());
    m_tokens.assign(tokens.begin(), tokens.end());
}

void Sequence::clear() {
    m_cache.clear();
    m_tokens.clear();
}

} // namespace hearth::runtime
