#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/store/history.h"

namespace hearth::store {

/// What could be read of a damaged history.
struct Salvaged {
    std::int64_t conversations = 0, messages = 0;
    std::int64_t lostRows = 0;     ///< on pages that cannot be read
    std::int64_t damagedTexts = 0; ///< were changed and are empty now
    std::int64_t madeUp = 0;       ///< conversations whose own row was lost, found by their messages
};

/// Reads every row that a damaged history still gives, one by one, and writes them into the new history file
/// `to`, which appears under its name only when it is whole; `from` and its log are not changed. A message
/// whose predecessor is lost begins a branch of its own. Texts that do not open with `codec` become empty;
/// without sealing a changed text cannot be told from a right one. Errors: vault.target_exists,
/// store.nothing_salvaged, base.cancelled, store.* for writing `to`.
[[nodiscard]] Result<Salvaged> salvage(const std::filesystem::path& from, const TextCodec& codec,
                                       const std::filesystem::path& to, std::stop_token stop = {},
                                       const ProgressSink& progress = {});

} // namespace hearth::store
