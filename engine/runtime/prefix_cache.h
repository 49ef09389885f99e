#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "engine/base/error.h"
#include "engine/runtime/sequence.h"

namespace hearth::runtime {

struct PrefixCacheOptions {
    std::filesystem::path folder; ///< made when it does not exist
    /// All files together; the longest unused go first, also those of other models.
    std::uint64_t maxBytes = std::uint64_t{4} << 30;
    /// Shorter beginnings are evaluated about as fast as they are read.
    std::size_t leastTokens = 256;
};

/// Evaluated beginnings of prompts on disk, so that a long system prompt or document is read by the model
/// once and found again in later runs. One file for each, its name ending in .prefix:
///
///     "HEARTHPX" | u32 version | u32 tokens n | 32 bytes model | i32 token ids[n] | keys and values |
///     SHA-256
///
/// little-endian; keys and values as KvCache::memoryOf(n). `model` stands for the weights, the
/// hyperparameters, the type of the cache and the kernels: nothing else may use a file. **A file holds what
/// the prompt says**, for whoever can read it; files are their owner's alone (mode 600), and it is the caller
/// who chose the folder.
///
/// Beginnings of which a windowed layer has forgotten positions are not kept. Several programs may use a
/// folder at the same time. Confined to the engine thread.
class PrefixCache {
public:
    /// Errors: file.unwritable (the folder cannot be made), gguf.* and file.* (the model's file).
    [[nodiscard]] static Result<std::unique_ptr<PrefixCache>> open(const LoadedModel& model,
                                                                   const PrefixCacheOptions& options);

    /// Fills `sequence` with the longest kept beginning of `prompt`, when that is longer than what it shares
    /// with the prompt already. Returns the tokens taken from disk, 0 = nothing changed. Damaged files are
    /// deleted.
    std::size_t restore(Sequence& sequence, std::span<const text::TokenId> prompt);

    /// Keeps the first `count` tokens of the sequence, in place of beginnings of the same that were kept
    /// before, unless they are too few, known already, or not whole any more. Errors: file.unwritable,
    /// file.disk_full, file.write_failed; what was kept before stays.
    [[nodiscard]] Result<void> keep(Sequence& sequence, std::size_t count);

private:
    PrefixCache(PrefixCacheOptions options, std::array<unsigned char, 32> model)
        : m_options(std::move(options)), m_model(model) {}
    void makeRoom() const;

    PrefixCacheOptions m_options;
    std::array<unsigned char, 32> m_model;
};

} // namespace hearth::runtime
