#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>

#include "engine/base/error.h"

namespace hearth::model {

/// Uninitialised float32 scratch memory, aligned to a cache line (64 bytes). Grows, never shrinks; growing
/// loses the content. Move-only; confined to one thread.
class FloatBuffer {
public:
    /// Errors: model.out_of_memory.
    [[nodiscard]] Result<void> reserve(std::size_t count) {
        if (count <= m_size)
            return {};
        constexpr std::size_t kLine = 64;
        const std::size_t bytes = (count * sizeof(float) + kLine - 1) / kLine * kLine;
        m_data.reset(static_cast<float*>(std::aligned_alloc(kLine, bytes)));
        m_size = m_data ? count : 0;
        if (!m_data)
            return fail("model.out_of_memory",
                        "no memory for " + std::to_string(bytes) + " bytes of buffers");
        return {};
    }
    [[nodiscard]] float* data() { return m_data.get(); }
    [[nodiscard]] std::size_t size() const { return m_size; }

private:
    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::unique_ptr<float[], Free> m_data;
    std::size_t m_size = 0;
};

} // namespace hearth::model
