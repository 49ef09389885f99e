#pragma once

#include <cstddef>

namespace hearth::test {

/// Calls of any operator new in this program so far; count_allocations.cpp replaces them.
std::size_t allocations();

} // namespace hearth::test
