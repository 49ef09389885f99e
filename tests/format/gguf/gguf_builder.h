#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::test {

/// Puts GGUF bytes together field by field, right or wrong: what the writer refuses to write can be built
/// here.
class GgufBuilder {
public:
    template <class T>
    GgufBuilder& put(T value) {
        char bytes[sizeof(T)];
        std::memcpy(bytes, &value, sizeof(T));
        m_bytes.append(bytes, sizeof(T));
        return *this;
    }
    GgufBuilder& u32(std::uint32_t v) { return put(v); }
    GgufBuilder& u64(std::uint64_t v) { return put(v); }
    GgufBuilder& raw(std::string_view text) {
        m_bytes.append(text);
        return *this;
    }
    GgufBuilder& text(std::string_view text) { return u64(text.size()).raw(text); }
    GgufBuilder& header(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
        return raw("GGUF").u32(version).u64(tensors).u64(entries);
    }
    GgufBuilder& entry(std::string_view key, std::uint32_t type) { return text(key).u32(type); }
    GgufBuilder& uintEntry(std::string_view key, std::uint32_t value) { return entry(key, 4).u32(value); }
    GgufBuilder& tensor(std::string_view name, const std::vector<std::uint64_t>& shape, std::uint32_t type,
                        std::uint64_t offset) {
        text(name).u32(static_cast<std::uint32_t>(shape.size()));
        for (const auto extent : shape)
            u64(extent);
        return u32(type).u64(offset);
    }
    GgufBuilder& pad(std::size_t alignment = 32) {
        m_bytes.append((alignment - m_bytes.size() % alignment) % alignment, '\0');
        return *this;
    }
    GgufBuilder& zeros(std::size_t count) {
        m_bytes.append(count, '\0');
        return *this;
    }
    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }
    [[nodiscard]] const std::string& bytes() const { return m_bytes; }
    [[nodiscard]] std::span<const std::byte> span() const { return std::as_bytes(std::span(m_bytes)); }

private:
    std::string m_bytes;
};

} // namespace hearth::test
