#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/progress.h"

namespace hearth::cli {

/// "4.5GiB", "800M", "4 GB", "123456" in bytes: K, M, G, T with or without B are powers of 1000, with iB
/// powers of 1024. Errors: usage.bad_size.
[[nodiscard]] Result<std::uint64_t> parseSize(std::string_view text);

/// "0:07", "12:40", "3:05:00".
[[nodiscard]] std::string durationText(double seconds);

/// Like progressLine(), with the time that is left: "quantising 42 %, 0:31 left".
[[nodiscard]] ProgressSink timedProgressLine(std::string_view label);

} // namespace hearth::cli
