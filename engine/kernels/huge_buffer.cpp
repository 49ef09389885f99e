#include "engine/kernels/huge_buffer.h"

#include <cstdint>
#include <cstring>
#include <new>

#include <sys/mman.h>

namespace hearth::kernels {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::align_val_t kCacheLine{64};

/// Large buffers are mapped, small ones come from the heap, where a page each would waste memory.
constexpr bool isMapped(std::size_t bytes) {
    return bytes >= kHugePage;
}

/// Maps `bytes` at a huge-page boundary: maps one huge page more and returns the ends.
std::byte* mapAligned(std::size_t bytes) {
    const std::size_t length = bytes + kHugePage;
    void* raw = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED)
        return nullptr;
    auto* start = static_cast<std::byte*>(raw);
    const auto misalignment = reinterpret_cast<std::uintptr_t>(start) % kHugePage;
    const std::size_t head = misalignment ? kHugePage - misalignment : 0;
    std::byte* data = start + head;
    if (head)
        munmap(start, head);
    munmap(data + bytes, length - head - bytes);
    // Refused by kernels built without transparent huge pages; small pages then serve.
    madvise(data, bytes, MADV_HUGEPAGE);
    return data;
}

// A multiple of every page size in use that is not huge (4, 16 and 64 KiB).
std::size_t roundToPage(std::size_t bytes) {
    constexpr std::size_t page = 65536;
    return (bytes + page - 1) / page * page;
}

} // namespace

HugeBuffer::HugeBuffer(std::size_t bytes) noexcept {
    if (bytes == 0 || bytes > SIZE_MAX / 2)
        return;
    if (isMapped(bytes)) {
        m_data = mapAligned(roundToPage(bytes));
    } else {
        m_data = static_cast<std::byte*>(::operator new(bytes, kCacheLine, std::nothrow));
        if (m_data)
            std::memset(m_data, 0, bytes);
    }
    m_size = m_data ? bytes : 0;
}

HugeBuffer::~HugeBuffer() {
    if (!m_data)
        return;
    if (isMapped(m_size))
        munmap(m_data, roundToPage(m_size));
    else
        ::operator delete(m_data, kCacheLine);
}

} // namespace hearth::kernels
