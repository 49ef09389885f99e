#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "engine/tensor/dtype.h"
#include "tests/support/test_data.h"

namespace hearth::test {

/// One tensor cut out of one of the project's own golden GGUF files.
struct GoldenTensor {
    DType type{};
    std::size_t cols = 0, rows = 0;
    std::vector<std::byte> data;
};

/// A reader of the golden files alone, so that the lowest rings are tested without the GGUF module above
/// them. Trusts its input; throws std::out_of_range when the tensor is missing.
inline GoldenTensor goldenTensor(const std::string& file, const std::string& wanted) {
    const std::string bytes = readText(golden(file));
    std::size_t at = 0;
    const auto take = [&]<class T>(T) {
        T value;
        std::memcpy(&value, bytes.substr(at, sizeof value).data(), sizeof value);
        at += sizeof value;
        return value;
    };
    const auto u32 = [&] { return take(std::uint32_t{}); };
    const auto u64 = [&] { return take(std::uint64_t{}); };
    const auto text = [&] {
        const auto length = u64();
        at += length;
        return bytes.substr(at - length, length);
    };
    constexpr std::size_t sizes[]{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    const auto skip = [&](std::uint32_t type, const auto& self) -> void {
        if (type == 8) {
            text();
        } else if (type == 9) {
            const auto element = u32();
            for (auto left = u64(); left > 0; --left)
                self(element, self);
        } else {
            at += sizes[type];
        }
    };
    at = 8;
    const auto tensors = u64(), keys = u64();
    for (std::uint64_t i = 0; i < keys; ++i) {
        text();
        const auto type = u32();
        skip(type, skip);
    }
    GoldenTensor found;
    std::uint64_t offset = 0;
    for (std::uint64_t i = 0; i < tensors; ++i) {
        const std::string name = text();
        std::vector<std::uint64_t> shape(u32());
        for (auto& extent : shape)
            extent = u64();
        const auto type = u32();
        const auto place = u64();
        if (name == wanted) {
            found.type = static_cast<DType>(type);
            found.cols = shape.at(0);
            found.rows = shape.size() > 1 ? shape[1] : 1;
            offset = place;
        }
    }
    const std::size_t length = bytesFor(found.type, found.cols * found.rows).value();
    const std::string data = bytes.substr((at + 31) / 32 * 32 + offset, found.cols ? length : 0);
    if (data.empty())
        throw std::out_of_range("no tensor " + wanted + " in " + file);
    found.data.resize(data.size());
    std::memcpy(found.data.data(), data.data(), data.size());
    return found;
}

} // namespace hearth::test
