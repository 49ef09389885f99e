#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/kernels/isa.h"
#include "engine/kernels/kernel_table.h"

namespace hearth::test {

/// One set of kernels under test.
struct KernelSet {
    std::string name;
    const kernels::detail::KernelTable* table;
    kernels::Isa isa;
    bool native; ///< uses the processor's own instructions, which it may lack
};

inline void PrintTo(const KernelSet& set, std::ostream* out) {
    *out << set.name;
}

/// Generic, and the vector sets: native, and emulated where the build has an emulation.
const std::vector<KernelSet>& kernelSets();

inline bool executable(const KernelSet& set) {
    const auto available = kernels::availableIsas();
    return !set.native || std::find(available.begin(), available.end(), set.isa) != available.end();
}

/// Skips, visibly, a native set that this processor cannot execute.
#define HEARTH_SKIP_UNLESS_EXECUTABLE(set)                                                                   \
    if (!::hearth::test::executable(set))                                                                    \
    GTEST_SKIP() << "this processor cannot execute " << (set).name

} // namespace hearth::test
