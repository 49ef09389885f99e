#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/hardware/predict/predict.h"

namespace hearth::hardware {

/// Bytes that a loaded model and its session take, by asking the code that allocates them. Inside of
/// predict/ and its tests. Confined to one thread.
class Footprint {
public:
    /// `pool` must outlive this; its size decides the scratch memory.
    Footprint(kernels::Isa isa, ThreadPool& pool) : m_isa(isa), m_pool(pool) {}

    /// Bytes of a packed matrix. Errors: kernels.unsupported_type.
    [[nodiscard]] Result<std::uint64_t> packedBytes(DType type, std::size_t rows, std::size_t cols);
    /// Errors: kernels.*, model.bad_value.
    [[nodiscard]] Result<std::vector<Term>> terms(const ModelShape& shape, std::size_t context,
                                                  kernels::KvType kvType);

private:
    struct Panel {
        std::uint64_t bytes = 0;
        std::size_t rows = 1;
    };
    kernels::Isa m_isa;
    ThreadPool& m_pool;
    std::map<std::pair<DType, std::size_t>, Panel> m_panels; ///< by type and columns
};

} // namespace hearth::hardware
