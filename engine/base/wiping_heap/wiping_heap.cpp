// Overwrites every piece of heap memory when it is given back. A program that links this object leaves no
// text that it has forgotten in its memory: not in what a debugger or a core dump sees, not in what is
// swapped out later. Qt, SQLite and the standard library give their memory back through free() and realloc()
// too.
//
// Works with the GNU C library, whose own functions stay underneath; elsewhere, and under the sanitizers,
// which bring a heap of their own, this file is empty.

#include <features.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HEARTH_OTHER_HEAP
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HEARTH_OTHER_HEAP
#endif

#if defined(__GLIBC__) && !defined(HEARTH_OTHER_HEAP)

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <malloc.h>

// The C library's own, which it exports for this purpose.
extern "C" void __libc_free(void* memory) noexcept;
extern "C" void* __libc_realloc(void* memory, std::size_t size) noexcept;

namespace {

/// Beyond this the C library never takes memory from its heap (the largest threshold that it adapts to on 64
/// bits): such a piece is a mapping of its own, goes back to the system as a whole and is not worth touching.
constexpr std::size_t kLargestOnHeap = std::size_t{32} << 20;

void wipeAll(void* memory, std::size_t size) {
    std::memset(memory, 0, size);
    // The compiler must not think that nobody looks at these bytes again.
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

} // namespace

extern "C" __attribute__((visibility("default"))) void free(void* memory) noexcept {
    if (!memory)
        return;
    const std::size_t size = malloc_usable_size(memory);
    if (size <= kLargestOnHeap)
        wipeAll(memory, size);
    __libc_free(memory);
}

extern "C" __attribute__((visibility("default"))) void* realloc(void* memory, std::size_t size) noexcept {
    if (!memory)
        return std::malloc(size);
    if (size == 0) {
        std::free(memory);
        return nullptr;
    }
    const std::size_t have = malloc_usable_size(memory);
    if (have > kLargestOnHeap)
        return __libc_realloc(memory, size);
    if (size <= have) { // stays where it is; what is cut off could become another piece
        wipeAll(static_cast<char*>(memory) + size, have - size);
        return __libc_realloc(memory, size);
    }
    void* larger = std::malloc(size);
    if (!larger)
        return nullptr; // the former piece is still the caller's
    std::memcpy(larger, memory, have);
    std::free(memory);
    return larger;
}

#endif
