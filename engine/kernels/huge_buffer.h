#pragma once

#include <cstddef>
#include <utility>

namespace hearth::kernels {

/// Anonymous memory for packed weights, caches and scratch: 64-byte aligned, zeroed, on huge pages where the
/// system grants them (buffers of 2 MiB and more). Move-only. An allocation that fails leaves an empty
/// buffer.
class HugeBuffer {
public:
    HugeBuffer() = default;
    explicit HugeBuffer(std::size_t bytes) noexcept;
    HugeBuffer(HugeBuffer&& other) noexcept { swap(other); }
    HugeBuffer& operator=(HugeBuffer&& other) noexcept {
        swap(other);
        return *this;
    }
    ~HugeBuffer();

    [[nodiscard]] std::byte* data() const { return m_data; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    explicit operator bool() const { return m_data != nullptr; }
    void swap(HugeBuffer& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
    }

private:
    std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace hearth::kernels
