#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "engine/base/error.h"
#include "engine/hub/transfer/disk.h"
#include "engine/hub/transfer/ledger.h"

namespace hearth::hub {

struct Verdict {
    bool right = false;                   ///< the whole has the hash that the hub gave
    std::vector<std::uint64_t> badChunks; ///< that are not on the disk as they came from the network
};

/// Reads the file back and hashes it, whole and by chunk. Takes as long as the disk does; any thread, while
/// nobody writes. `progress` gets the bytes done. Errors: file.unreadable, base.cancelled.
[[nodiscard]] Result<Verdict> verify(const PartialFile& file, const TransferOrigin& origin,
                                     const std::vector<ChunkRecord>& chunks, std::stop_token stop,
                                     const std::function<void(std::uint64_t)>& progress);

/// Whether a finished file has that content. Errors: file.unreadable, base.cancelled.
[[nodiscard]] Result<bool> hasContent(const std::filesystem::path& file, const TransferOrigin& origin,
                                      std::stop_token stop);

} // namespace hearth::hub
