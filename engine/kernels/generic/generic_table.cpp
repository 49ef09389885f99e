#include "engine/kernels/generic/generic.h"

namespace hearth::kernels::detail {

const KernelTable kGenericTable{
    .isa = Isa::Generic,
    .weights = generic::weights,
    .quantise = generic::quantise,
    .rmsNorm = generic::rmsNorm,
    .rope = generic::rope,
    .storeCell = generic::storeCell,
    .attend = generic::attend,
    .queryTile = 16,
    .attendScratchBytes = generic::attendScratchBytes,
    .add = generic::add,
    .scale = generic::scale,
    .siluMul = generic::siluMul,
    .geluMul = generic::geluMul,
    .softcap = generic::softcap,
};

} // namespace hearth::kernels::detail
