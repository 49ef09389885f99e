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
    bool native;               ///< uses the processor's own instructions, which it may lack
    bool bfloat16Dots = false; ///< products with BF16 and F16 weights round to bfloat16
};

inline void PrintTo(const KernelSet& set, std::ostream* out) {
    *out << set.name;
}

/// Generic, and the vector sets: native, and emulated where the build has an emulation.
const std::vector<KernelSet>& kernelSets();
/// The sets whose BF16 products differ from those above, and nothing else.
const std::vector<KernelSet>& bfloat16Sets();

inline bool executable(const KernelSet& set) {
    const auto available = kernels::availableIsas();
    if (set.native && set.bfloat16Dots && !kernels::hasBfloat16Dots())
        return false;
    return !set.native || std::find(available.begin(), available.end(), set.isa) != available.end();
}

/// Skips, visibly, a native set that this processor cannot execute.
#define HEARTH_SKIP_UNLESS_EXECUTABLE(set)                                                                   \
    if (!::hearth::test::executable(set))                                                                    \
    GTEST_SKIP() << "this processor cannot execute " << (set).name

} // namespace hearth::test
