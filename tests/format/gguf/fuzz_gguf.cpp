// libFuzzer target of the GGUF reader. Build and run, starting from the golden models:
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_gguf
//   mkdir -p corpus && build/fuzz/fuzz/fuzz_gguf -max_total_time=60 -max_len=65536 corpus tests/data/golden

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/format/gguf/gguf_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = hearth::format::GgufFile::parse(std::as_bytes(std::span(data, size)));
    if (!file) {
        // Every refusal has a code, and a position inside the input.
        if (file.error().code.empty() || !file.error().offset || *file.error().offset > size)
            std::abort();
        return 0;
    }
    // What was accepted must be readable from its first to its last byte.
    unsigned sum = 0;
    for (const auto& tensor : file->tensors()) {
        const auto bytes = file->tensorData(tensor);
        if (bytes.size() != tensor.bytes)
            std::abort();
        if (!bytes.empty())
            sum += std::to_integer<unsigned>(bytes.front()) + std::to_integer<unsigned>(bytes.back());
    }
    for (const auto& [key, value] : file->metadata())
        if (const auto text = file->getString(key); text && !text->empty())
            sum += static_cast<unsigned char>(text->back());
    return sum == 0xFFFFFFFFU ? 1 : 0;
}
