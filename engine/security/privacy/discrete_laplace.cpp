#include "engine/security/privacy/discrete_laplace.h"

#include <array>
#include <memory>
#include <span>

#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

namespace {

constexpr std::uint64_t kMostDenominator = std::uint64_t{1} << 31;

/// True with probability numerator/denominator.
Result<bool> bernoulli(std::uint64_t numerator, std::uint64_t denominator, const RandomWords& words) {
    HEARTH_TRY(const std::uint64_t value, uniformBelow(denominator, words));
    return value < numerator;
}

/// True with probability exp(−numerator/denominator), for at most exp(−1): counts how often a coin of ever
/// smaller chance falls heads in a row; the alternating series of the exponential does the rest.
Result<bool> bernoulliExp(std::uint64_t numerator, std::uint64_t denominator, const RandomWords& words) {
    for (std::uint64_t k = 1;; ++k) {
        HEARTH_TRY(const bool heads, bernoulli(numerator, denominator * k, words));
        if (!heads)
            return k % 2 == 1;
    }
}

} // namespace

RandomWords systemRandomWords() {
    struct Block {
        std::array<std::uint64_t, 64> words{};
        std::size_t used = 64;
    };
    return [block = std::make_shared<Block>()]() -> Result<std::uint64_t> {
        if (block->used == block->words.size()) {
            HEARTH_CHECK(randomBytes(std::as_writable_bytes(std::span(block->words))));
            block->used = 0;
        }
        return block->words[block->used++];
    };
}

Result<std::uint64_t> uniformBelow(std::uint64_t below, const RandomWords& words) {
    const std::uint64_t excess = (UINT64_MAX % below + 1) % below; // words beyond the last whole multiple
    for (;;) {
        HEARTH_TRY(const std::uint64_t word, words());
        if (word <= UINT64_MAX - excess)
            return word % below;
    }
}

Result<std::int64_t> discreteLaplace(std::uint64_t numerator, std::uint64_t denominator,
                                     const RandomWords& words) {
    if (numerator < 1 || denominator < 1 || denominator > kMostDenominator || numerator > kMostDenominator)
        return fail("privacy.bad_epsilon", "epsilon must be above 0 and not finer than 2^-31");
    for (;;) {
        HEARTH_TRY(const std::uint64_t u, uniformBelow(denominator, words));
        HEARTH_TRY(const bool kept, bernoulliExp(u, denominator, words));
        if (!kept)
            continue;
        std::uint64_t v = 0;
        for (;;) {
            HEARTH_TRY(const bool more, bernoulliExp(1, 1, words));
            if (!more)
                break;
            ++v;
        }
        const std::uint64_t size = (u + denominator * v) / numerator;
        HEARTH_TRY(const bool negative, bernoulli(1, 2, words));
        if (negative && size == 0)
            continue; // zero must not come twice as often
        return negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
    }
}

} // namespace hearth::security
