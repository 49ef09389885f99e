#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/store/connection.h"
#include "engine/store/history.h"

namespace hearth::store {

/// A history remembers with which key its texts are sealed (meta.sealed_by). An empty one takes the key that
/// it is first opened with. Errors: vault.sealed, vault.not_sealed, vault.other_key, store.*.
[[nodiscard]] Result<void> checkSealMark(Connection& connection, std::string_view keyId);

struct Resealed {
    std::uint64_t conversations = 0, messages = 0, texts = 0;
};

/// Copies a whole history into the new file `to`, every text opened with one codec and sealed with the other:
/// how plain chats become sealed ones (or go over to another key). Nothing readable is ever written to `to`.
/// Afterwards both are read again and compared. `from` is not changed, `to` appears under its name only when
/// it is whole. Errors: vault.copy_differs, vault.target_exists, base.cancelled, and those of History::open()
/// and of the codecs.
[[nodiscard]] Result<Resealed> resealHistory(const std::filesystem::path& from, const TextCodec& fromCodec,
                                             const std::filesystem::path& to, const TextCodec& toCodec,
                                             std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::store
