#include "engine/kernels/weight_memory.h"

#include <algorithm>

namespace hearth::kernels {

namespace {

/// Runs grow from one huge page, so that a small model takes no more, to a size whose unused end does not
/// matter; pages of it that are not used are never touched.
constexpr std::size_t kFirstRun = std::size_t{2} << 20, kLargestRun = std::size_t{64} << 20;

} // namespace

WeightMemory::Piece WeightMemory::take(std::size_t bytes) {
    if (!m_run || m_run->size() - m_used < bytes) {
        const std::size_t next = std::clamp(m_run ? 2 * m_run->size() : 0, kFirstRun, kLargestRun);
        HugeBuffer run(std::max(bytes, next));
        if (!run)
            run = HugeBuffer(bytes);
        if (!run)
            return {};
        m_run = std::make_shared<const HugeBuffer>(std::move(run));
        m_used = 0;
    }
    Piece piece{m_run, m_run->data() + m_used};
    m_used += bytes;
    return piece;
}

} // namespace hearth::kernels
