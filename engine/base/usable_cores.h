#pragma once

#include <cstddef>
#include <filesystem>

namespace hearth {

/// usableCores() of thread_pool.h for the machine whose file system starts at `root`, so that tests can
/// present others. Thread-safe.
[[nodiscard]] std::size_t usableCores(const std::filesystem::path& root);

} // namespace hearth
