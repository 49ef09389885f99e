#pragma once

#include <cstddef>

namespace hearth::kernels {

/// Work below which waking other threads costs more than it saves: Compute does so much on the calling thread
/// alone. Bytes touched by an elementwise operation; multiplications of a product or of attention.
inline constexpr std::size_t kSerialBytes = std::size_t{32} << 10;
inline constexpr std::size_t kSerialProducts = std::size_t{64} << 10;
/// Multiplications from which on a task is long: see TaskShare.
inline constexpr std::size_t kLongTask = std::size_t{4} << 20;

} // namespace hearth::kernels
