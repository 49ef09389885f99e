#pragma once

#include <cstdint>
#include <string>

#include "engine/base/error.h"

namespace hearth::cli {

/// An error for people at a terminal: what is wrong with its numbers, what to do, and the stable code, as
/// "Sentence. Advice. [code, byte N]". English; thread-safe.
[[nodiscard]] std::string errorText(const Error& error);

/// "4.7 GiB", "512 B".
[[nodiscard]] std::string bytesText(std::uint64_t bytes);

} // namespace hearth::cli
