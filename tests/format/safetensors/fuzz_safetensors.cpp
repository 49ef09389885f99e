// libFuzzer target of the safetensors reader:
//   cmake --preset fuzz && ninja -C build/fuzz fuzz_safetensors && build/fuzz/fuzz/fuzz_safetensors
//   -max_len=4096

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "engine/format/safetensors/safetensors_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto file = hearth::format::SafetensorsFile::parse(std::as_bytes(std::span(data, size)));
    if (!file) {
        // Every refusal has a code, and a position inside the input.
        if (!file.error().code.starts_with("safetensors.") || !file.error().offset ||
            *file.error().offset > size)
            std::abort();
        return 0;
    }
    unsigned sum = 0;
    for (const auto& tensor : file->tensors()) {
        const auto bytes = file->data(tensor);
        if (bytes.size() != tensor.bytes || bytes.empty())
            std::abort();
        sum += std::to_integer<unsigned>(bytes.front()) + std::to_integer<unsigned>(bytes.back());
    }
    return sum == 0xFFFFFFFFU ? 1 : 0;
}
