#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/hub/http.h"

namespace hearth::hardware {

struct DownloadOptions {
    std::uint64_t mostBytes = 64'000'000;      ///< what the person pays for, at most
    double mostSeconds = 6, warmUpSeconds = 1; ///< connections become fast only after a while
    hub::HttpOptions http = {};
};

/// Bytes per second of one connection to this address, after its warm-up. Nothing is kept. Progress phase:
/// measure.download. Blocks; never from the window's thread.
/// Errors: hub.bad_endpoint and hub.insecure_endpoint (arg url), those of hub::HttpCall and hub::errorOf(),
/// download.too_short (args bytes, needed: the file is too small to tell a speed), base.cancelled.
[[nodiscard]] Result<double> measureDownload(const std::string& address, const DownloadOptions& options = {},
                                             std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::hardware
