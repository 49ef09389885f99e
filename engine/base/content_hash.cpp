#include "engine/base/content_hash.h"

#include "engine/base/ascii.h"

#include <vector>

#include <openssl/evp.h>

namespace hearth {

namespace {
struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
} // namespace

struct ContentHash::Impl {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
    bool good = false;
    std::vector<unsigned char> finish() {
        std::vector<unsigned char> out(EVP_MAX_MD_SIZE);
        unsigned size = 0;
        if (!good || EVP_DigestFinal_ex(context.get(), out.data(), &size) != 1)
            size = 0;
        good = false;
        out.resize(size);
        return out;
    }
};

ContentHash::ContentHash(Kind kind) : m_impl(std::make_unique<Impl>()) {
    const EVP_MD* type = kind == Kind::Sha256 ? EVP_sha256() : EVP_sha1();
    m_impl->good = m_impl->context && EVP_DigestInit_ex(m_impl->context.get(), type, nullptr) == 1;
}
ContentHash::ContentHash(ContentHash&&) noexcept = default;
ContentHash& ContentHash::operator=(ContentHash&&) noexcept = default;
ContentHash::~ContentHash() = default;

void ContentHash::add(std::span<const std::byte> bytes) {
    if (m_impl->good)
        m_impl->good = EVP_DigestUpdate(m_impl->context.get(), bytes.data(), bytes.size()) == 1;
}

std::string ContentHash::hex() {
    return toHex(m_impl->finish());
}

Sha256Digest ContentHash::digest() {
    Sha256Digest out{};
    const auto bytes = m_impl->finish();
    for (std::size_t i = 0; i < out.size() && i < bytes.size(); ++i)
        out[i] = bytes[i];
    return out;
}

std::string toHex(std::span<const unsigned char> bytes) {
    return toHex(std::as_bytes(bytes));
}

bool fromHex(std::string_view text, Sha256Digest& out) {
    if (text.size() != 2 * out.size())
        return false;
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = static_cast<unsigned char>(16 * high + low);
    }
    return true;
}

} // namespace hearth
