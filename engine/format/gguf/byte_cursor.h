#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "engine/base/error.h"

namespace hearth::format {

static_assert(std::endian::native == std::endian::little, "GGUF is read and written without byte swapping");

/// Reads little-endian fields from a span, never past its end. Every failure is named and carries the offset
/// of the field that could not be read. Views returned point into the span. Confined to one thread.
class ByteCursor {
public:
    explicit ByteCursor(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    [[nodiscard]] std::uint64_t position() const { return m_position; }
    [[nodiscard]] std::uint64_t remaining() const { return m_bytes.size() - m_position; }

    /// Errors: gguf.truncated. `what` names the field in the error.
    template <class T>
    [[nodiscard]] Result<T> read(std::string_view what) {
        static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
        if (remaining() < sizeof(T))
            return truncated(what, sizeof(T));
        T value;
        std::memcpy(&value, m_bytes.data() + m_position, sizeof(T));
        m_position += sizeof(T);
        return value;
    }

    /// A u64 length and that many bytes. Errors: gguf.truncated, gguf.string_past_end.
    [[nodiscard]] Result<std::string_view> readString(std::string_view what);

    /// `count` elements of `elementBytes` each, as one view. Errors: gguf.truncated.
    [[nodiscard]] Result<std::span<const std::byte>>
    readBlock(std::uint64_t count, std::uint64_t elementBytes, std::string_view what);

private:
    [[nodiscard]] tl::unexpected<Error> truncated(std::string_view what, std::uint64_t needed) const;

    std::span<const std::byte> m_bytes;
    std::size_t m_position = 0;
};

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF).
[[nodiscard]] bool isUtf8(std::string_view text);

} // namespace hearth::format
