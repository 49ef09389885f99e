#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hearth {

using Sha256Digest = std::array<unsigned char, 32>;

/// A running SHA-256 (FIPS 180-4), or SHA-1, by which hubs still name small files as git does. Confined to
/// one thread at a time. A crypto library that cannot hash gives sums that equal nothing.
class ContentHash {
public:
    enum class Kind { Sha256, Sha1 };
    explicit ContentHash(Kind kind = Kind::Sha256);
    ContentHash(ContentHash&&) noexcept;
    ContentHash& operator=(ContentHash&&) noexcept;
    ~ContentHash();

    void add(std::span<const std::byte> bytes);
    [[nodiscard]] std::string hex();     ///< ends it: 64 or 40 lower-case digits; "" = the library refused
    [[nodiscard]] Sha256Digest digest(); ///< ends it; of Kind::Sha256

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

[[nodiscard]] std::string toHex(std::span<const unsigned char> bytes); ///< lower-case
[[nodiscard]] bool fromHex(std::string_view text, Sha256Digest& out);  ///< 64 lower-case digits or false

} // namespace hearth
