#include "tests/kernels/kernel_sets.h"

namespace hearth::test {

const std::vector<KernelSet>& kernelSets() {
    using namespace kernels;
    static const std::vector<KernelSet> sets {
        {"generic", &detail::kGenericTable, Isa::Generic, true},
#if defined(HEARTH_KERNELS_X86)
            {"avx2", &detail::kAvx2Table, Isa::Avx2, true},
#endif
    };
    return sets;
}

} // namespace hearth::test
