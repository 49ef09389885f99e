#include "engine/hardware/measure/read_lines.h"

#include <cstdint>

namespace hearth::hardware {

void readLines(const void* from, std::size_t lines) {
    const auto* at = static_cast<const std::uint64_t*>(from);
    for (std::size_t i = 0; i < lines; ++i, at += 8) {
#if defined(__x86_64__)
        asm volatile(
            "movaps (%0), %%xmm0\n movaps 16(%0), %%xmm1\n movaps 32(%0), %%xmm2\n movaps 48(%0), %%xmm3"
            :
            : "r"(at)
            : "xmm0", "xmm1", "xmm2", "xmm3");
#else
        for (int word = 0; word < 8; ++word) {
            std::uint64_t value = at[word];
            asm volatile("" : : "r"(value));
        }
#endif
    }
}

} // namespace hearth::hardware
