#pragma once

#include <cstddef>
#include <memory>

#include "engine/kernels/huge_buffer.h"

namespace hearth::kernels {

/// Memory of packed weights. Matrices lie one behind the other in large runs of huge pages: each in a mapping
/// of its own would leave its ends, about a sixth of a small model, on small pages. A run is freed with its
/// last matrix. Confined to one thread.
class WeightMemory {
public:
    /// Keeps its bytes alive.
    struct Piece {
        std::shared_ptr<const HugeBuffer> run;
        std::byte* data = nullptr;
        explicit operator bool() const { return data != nullptr; }
    };

    /// Zeroed and 64-byte aligned; empty when there is no memory. `bytes` is a multiple of 64.
    [[nodiscard]] Piece take(std::size_t bytes);

private:
    std::shared_ptr<const HugeBuffer> m_run;
    std::size_t m_used = 0;
};

} // namespace hearth::kernels
