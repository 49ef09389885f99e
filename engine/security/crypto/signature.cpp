#include "engine/security/crypto/signature.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "engine/base/atomic_file.h"
#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/openssl_handles.h"

namespace hearth::security {

namespace {

namespace fs = std::filesystem;

// A key file: this line, then the 32 bytes of the seed.
constexpr std::string_view kKeyFileMagic = "HEARTH-ED25519-1\n";

tl::unexpected<Error> fileError(const char* code, const fs::path& path, const std::string& why) {
    return tl::unexpected<Error>(Error{code, path.string() + ": " + why}.with("path", path.string()));
}

Result<SigningKey> readKeyFile(int fd, const fs::path& file) {
    struct stat info {};
    constexpr std::size_t kBytes = kKeyFileMagic.size() + SigningKey::kSeedBytes;
    HEARTH_TRY(SecureBytes content, SecureBytes::make(kBytes));
    if (::fstat(fd, &info) != 0 || ::pread(fd, content.bytes().data(), kBytes, 0) < 0)
        return fileError("file.unreadable", file, std::strerror(errno));
    if (!S_ISREG(info.st_mode) || info.st_size != static_cast<off_t>(kBytes) ||
        !content.text().starts_with(kKeyFileMagic))
        return fileError("crypto.bad_key_file", file, "not a signing key of this program");
    return SigningKey::fromSeed(content.bytes().subspan(kKeyFileMagic.size()));
}

} // namespace

struct SigningKey::Impl {
    SecureBytes seed;
    KeyHandle key;
    PublicKey publicKey{};
};

SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::fromSeed(ByteView seed) {
    if (seed.size() != kSeedBytes)
        return fail("crypto.bad_key", "a signing key has 32 bytes, not " + std::to_string(seed.size()));
    SigningKey out;
    out.m_impl = std::make_unique<Impl>();
    HEARTH_TRY(out.m_impl->seed, SecureBytes::copyOf(seed));
    out.m_impl->key.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, octets(seed), seed.size()));
    std::size_t length = out.m_impl->publicKey.size();
    if (!out.m_impl->key ||
        EVP_PKEY_get_raw_public_key(out.m_impl->key.get(), octetsOf(out.m_impl->publicKey), &length) != 1 ||
        length != out.m_impl->publicKey.size())
        return libraryError("Ed25519 key");
    return out;
}

Result<SigningKey> SigningKey::generate() {
    HEARTH_TRY(const SecureBytes seed, SecureBytes::random(kSeedBytes));
    return fromSeed(seed.bytes());
}

Result<SigningKey> SigningKey::loadOrCreate(const fs::path& file) {
    int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        HEARTH_TRY(SigningKey key, generate());
        // Written under another name and linked into place: two programs that start at once agree on one key.
        const fs::path made = file.string() + ".new-" + std::to_string(::getpid());
        HEARTH_TRY(AtomicFile out, AtomicFile::create(made));
        HEARTH_CHECK(out.write(std::as_bytes(std::span(kKeyFileMagic))));
        HEARTH_CHECK(out.write(key.seed()));
        HEARTH_CHECK(out.commit());
        const int failed = ::link(made.c_str(), file.c_str()) != 0 ? errno : 0;
        ::unlink(made.c_str());
        if (failed == 0)
            return key;
        if (failed != EEXIST)
            return fileError("file.unwritable", file, std::strerror(failed));
        fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    if (fd < 0)
        return fileError("file.unreadable", file, std::strerror(errno));
    auto key = readKeyFile(fd, file);
    ::close(fd);
    return key;
}

const PublicKey& SigningKey::publicKey() const {
    return m_impl->publicKey;
}

ByteView SigningKey::seed() const {
    return m_impl->seed.bytes();
}

Result<Signature> SigningKey::sign(ByteView message) const {
    const DigestHandle context(EVP_MD_CTX_new());
    Signature out{};
    std::size_t length = out.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, m_impl->key.get()) != 1 ||
        EVP_DigestSign(context.get(), octetsOf(out), &length, octets(message), message.size()) != 1 ||
        length != out.size())
        return libraryError("Ed25519 signature");
    return out;
}

Result<void> verifySignature(const PublicKey& key, ByteView message, const Signature& signature) {
    const KeyHandle handle(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, octets(ByteView(key)), key.size()));
    const DigestHandle context(EVP_MD_CTX_new());
    if (!handle || !context ||
        EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle.get()) != 1)
        return libraryError("Ed25519 check");
    const int verdict = EVP_DigestVerify(context.get(), octets(ByteView(signature)), signature.size(),
                                         octets(message), message.size());
    if (verdict != 1) {
        forgetLibraryErrors();
        return fail("crypto.bad_signature", "the signature does not belong to this key and content");
    }
    return {};
}

Result<void> fromHex(std::string_view hex, std::span<std::byte> out) {
    if (hex.size() != out.size() * 2)
        return fail("crypto.bad_hex", std::to_string(hex.size()) + " hex digits where " +
                                          std::to_string(out.size() * 2) + " belong");
    const auto digit = [](char c) -> int {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return fail("crypto.bad_hex", "not a hex digit", 2 * i);
        out[i] = static_cast<std::byte>(high * 16 + low);
    }
    return {};
}

Result<std::string> fingerprint(const PublicKey& key) {
    HEARTH_TRY(const Digest digest, sha256(key));
    const std::string hex = toHex(digest);
    std::string out;
    for (std::size_t i = 0; i < 32; i += 4)
        out += (i ? " " : "") + hex.substr(i, 4);
    return out;
}

} // namespace hearth::security
