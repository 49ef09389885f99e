#pragma once

#include <string_view>
#include <vector>

namespace hearth {

/// A list of processors or nodes as the kernel writes it, "0-3,8,10-11", as numbers. What follows something
/// unreadable is dropped.
[[nodiscard]] std::vector<unsigned> parseCpuList(std::string_view text);

} // namespace hearth
