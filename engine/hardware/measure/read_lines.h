#pragma once

#include <cstddef>

namespace hearth::hardware {

/// Reads `lines` cache lines of 64 bytes, and does nothing with them: the limit that memory sets. `from` is
/// 64-byte aligned. Thread-safe.
void readLines(const void* from, std::size_t lines);

} // namespace hearth::hardware
