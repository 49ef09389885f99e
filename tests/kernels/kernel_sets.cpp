#include "tests/kernels/kernel_sets.h"

#include "engine/kernels/tables.h"

#if defined(HEARTH_KERNELS_EMULATED)
namespace hearth::kernels::avx512_emulated {
extern const detail::KernelTable kTable, kBf16Table; ///< see emulated_avx512.h
}
namespace hearth::kernels::neon_emulated {
extern const detail::KernelTable kTable; ///< see emulated_neon.h
}
#endif

namespace hearth::test {

namespace {

std::vector<KernelSet> makeSets() {
    using namespace kernels;
    std::vector<KernelSet> sets;
    sets.push_back({"generic", &detail::kGenericTable, Isa::Generic, true});
#if defined(HEARTH_KERNELS_X86)
    sets.push_back({"avx2", &avx2::kTable, Isa::Avx2, true});
    sets.push_back({"avx512", &avx512::kTable, Isa::Avx512, true});
#endif
#if defined(HEARTH_KERNELS_ARM)
    sets.push_back({"neon", &neon::kTable, Isa::Neon, true});
#endif
#if defined(HEARTH_KERNELS_EMULATED)
    sets.push_back({"avx512_emulated", &avx512_emulated::kTable, Isa::Avx512, false});
    sets.push_back({"neon_emulated", &neon_emulated::kTable, Isa::Neon, false});
#endif
    return sets;
}

std::vector<KernelSet> makeBfloat16Sets() {
    using namespace kernels;
    std::vector<KernelSet> sets;
#if defined(HEARTH_KERNELS_X86)
    sets.push_back({"avx512_bf16", &avx512::kBf16Table, Isa::Avx512, true, true});
#endif
#if defined(HEARTH_KERNELS_EMULATED)
    sets.push_back({"avx512_bf16_emulated", &avx512_emulated::kBf16Table, Isa::Avx512, false, true});
#endif
    return sets;
}

} // namespace

const std::vector<KernelSet>& bfloat16Sets() {
    static const std::vector<KernelSet> sets = makeBfloat16Sets();
    return sets;
}

const std::vector<KernelSet>& kernelSets() {
    static const std::vector<KernelSet> sets = makeSets();
    return sets;
}

} // namespace hearth::test
