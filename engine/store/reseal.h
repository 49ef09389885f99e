#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/store/connection.h"
#include "engine/store/file_care.h"
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
/// it is whole, and remembers (meta.resealed_from, sealed) which texts it was made from. Errors:
/// vault.copy_differs, vault.target_exists, base.cancelled, and those of History::open() and of the codecs.
[[nodiscard]] Result<Resealed> resealHistory(const std::filesystem::path& from, const TextCodec& fromCodec,
                                             const std::filesystem::path& to, const TextCodec& toCodec,
                                             std::stop_token stop = {}, const ProgressSink& progress = {},
                                             Existing existing = Existing::Refused);

/// Whether `to` was made by resealHistory() from just those texts that `from` holds now, whatever was written
/// to it since: so one that was cut off afterwards is told from a history of its own. Errors: as above.
[[nodiscard]] Result<bool> isResealedFrom(const std::filesystem::path& to, const TextCodec& toCodec,
                                          const std::filesystem::path& from, const TextCodec& fromCodec,
                                          std::stop_token stop = {});
/// From now on it is not: nothing is left to be done about where it came from.
[[nodiscard]] Result<void> forgetResealedFrom(const std::filesystem::path& to, const TextCodec& toCodec);

} // namespace hearth::store
