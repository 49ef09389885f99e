#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/base/error.h"

namespace hearth::security {

/// Bytes to read; keys, texts and files alike. The caller keeps them alive through the call.
using ByteView = std::span<const std::byte>;

[[nodiscard]] inline ByteView viewOf(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view textOf(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A buffer for keys and passwords: never copied, never swapped to disk where the system lets the program
/// lock memory, left out of core dumps, overwritten before it is given back. Small buffers live in OpenSSL's
/// secure heap (guard pages around it), larger ones in pages of their own. Movable; the moved-from one is
/// empty. Thread-compatible.
class SecureBytes {
public:
    SecureBytes() = default;
    /// `size` bytes, all zero. Errors: crypto.out_of_memory.
    [[nodiscard]] static Result<SecureBytes> make(std::size_t size);
    /// A copy of `bytes`, whose own place the caller must wipe. Errors: crypto.out_of_memory.
    [[nodiscard]] static Result<SecureBytes> copyOf(ByteView bytes);
    /// From the operating system's generator, through OpenSSL. Errors: crypto.out_of_memory,
    /// crypto.random_failed.
    [[nodiscard]] static Result<SecureBytes> random(std::size_t size);

    SecureBytes(SecureBytes&& other) noexcept;
    SecureBytes& operator=(SecureBytes&& other) noexcept;
    SecureBytes(const SecureBytes&) = delete;
    SecureBytes& operator=(const SecureBytes&) = delete;
    ~SecureBytes();

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] std::span<std::byte> bytes() { return {m_data, m_size}; }
    [[nodiscard]] ByteView bytes() const { return {m_data, m_size}; }
    [[nodiscard]] std::string_view text() const { return textOf(bytes()); }
    /// Overwrites and forgets all bytes beyond `size`; nothing where there are no more.
    void shrink(std::size_t size);
    /// Overwrites and gives back.
    void clear();

private:
    std::byte* m_data = nullptr;
    std::size_t m_size = 0, m_capacity = 0;
};

/// Fills `out` with random bytes. Thread-safe. Errors: crypto.random_failed.
[[nodiscard]] Result<void> randomBytes(std::span<std::byte> out);

/// Overwrites in a way that no compiler leaves out.
void wipe(std::span<std::byte> bytes);

/// Compares in a time that depends on the lengths only.
[[nodiscard]] bool equalInConstantTime(ByteView a, ByteView b);

/// Whether the secure heap could be locked into memory (RLIMIT_MEMLOCK may forbid it).
[[nodiscard]] bool memoryIsLocked();

} // namespace hearth::security
