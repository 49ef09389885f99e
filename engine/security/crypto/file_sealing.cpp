#include "engine/security/crypto/file_sealing.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/atomic_file.h"
#include "engine/security/crypto/digest.h"
#include "engine/security/crypto/openssl_handles.h"
#include "engine/security/crypto/sealing.h"

namespace hearth::security {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "HEARTHSEAL";
constexpr std::byte kVersion{1};
constexpr std::size_t kTag = 16, kSalt = 32;
constexpr std::size_t kKindAt = 11, kSaltAt = 12, kCostAt = 44;
using Header = std::array<std::byte, kSealedHeaderBytes>;
using Nonce = std::array<std::byte, 12>;

void putU32(std::span<std::byte> at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        at[i] = static_cast<std::byte>(value >> (8 * i));
}
std::uint32_t getU32(ByteView at) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 4; ++i)
        out |= std::to_integer<std::uint32_t>(at[i]) << (8 * i);
    return out;
}

Nonce nonceOf(std::uint32_t chunk, bool last) {
    Nonce out{};
    for (std::size_t i = 0; i < 4; ++i)
        out[7 + i] = static_cast<std::byte>(chunk >> (24 - 8 * i));
    out[11] = std::byte{last};
    return out;
}

/// The key of one file. A password is hashed with the first half of the salt.
Result<SecureBytes> fileKey(const FileSecret& secret, const Header& header, std::string_view context) {
    const ByteView salt = ByteView(header).subspan(kSaltAt, kSalt);
    SecureBytes hashed;
    ByteView key;
    if (const auto* password = std::get_if<FilePassword>(&secret)) {
        Salt passwordSalt{};
        std::copy_n(salt.begin(), passwordSalt.size(), passwordSalt.begin());
        const ByteView cost = ByteView(header).subspan(kCostAt);
        HEARTH_TRY(hashed, hashPassword(password->password, passwordSalt,
                                        {getU32(cost), getU32(cost.subspan(4)), getU32(cost.subspan(8))}));
        key = hashed.bytes();
    } else {
        key = std::get<FileKey>(secret).key;
        if (key.size() != SealingKey::kBytes)
            return fail("crypto.bad_key", "a sealing key has 32 bytes, not " + std::to_string(key.size()));
    }
    std::string info = "hearth sealed file 1\n";
    info.append(textOf(header));
    info.append(context);
    return hkdfSha256(key, salt, viewOf(info), SealingKey::kBytes);
}

tl::unexpected<Error> systemError(const char* code, const fs::path& path, int number) {
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

} // namespace

struct FileSealer::Impl {
    CipherHandle cipher{EVP_CIPHER_CTX_new()};
    ByteSink sink;
    SecureBytes text; // of the chunk that is being filled
    std::size_t filled = 0;
    std::uint64_t chunk = 0;
    std::vector<std::byte> out = std::vector<std::byte>(kSealedChunkBytes + kTag);

    Result<void> flush(bool last) {
        if (chunk > UINT32_MAX)
            return fail("crypto.too_large", "a sealed file holds at most 2^32 chunks");
        const Nonce nonce = nonceOf(static_cast<std::uint32_t>(chunk++), last);
        int length = 0;
        const std::span<std::byte> sealed(out.data(), filled + kTag);
        const bool done =
            EVP_EncryptInit_ex(cipher.get(), nullptr, nullptr, nullptr, octets(ByteView(nonce))) == 1 &&
            (filled == 0 || EVP_EncryptUpdate(cipher.get(), octetsOf(sealed), &length, octets(text.bytes()),
                                              static_cast<int>(filled)) == 1) &&
            EVP_EncryptFinal_ex(cipher.get(), octetsOf(sealed.subspan(filled)), &length) == 1 &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, sealed.data() + filled) == 1;
        if (!done)
            return libraryError("AES-256-GCM");
        filled = 0;
        return sink(sealed);
    }
};

FileSealer::FileSealer(FileSealer&&) noexcept = default;
FileSealer::~FileSealer() = default;

Result<FileSealer> FileSealer::start(const FileSecret& secret, std::string_view context, ByteSink sink) {
    Header header{};
    std::copy_n(viewOf(kMagic).begin(), kMagic.size(), header.begin());
    header[kMagic.size()] = kVersion;
    HEARTH_CHECK(randomBytes(std::span(header).subspan(kSaltAt, kSalt)));
    if (const auto* password = std::get_if<FilePassword>(&secret)) {
        header[kKindAt] = std::byte{1};
        const std::span<std::byte> cost = std::span(header).subspan(kCostAt);
        putU32(cost, password->cost.memoryKiB);
        putU32(cost.subspan(4), password->cost.passes);
        putU32(cost.subspan(8), password->cost.lanes);
    }
    HEARTH_TRY(const SecureBytes key, fileKey(secret, header, context));
    FileSealer out;
    out.m_impl = std::make_unique<Impl>();
    out.m_impl->sink = std::move(sink);
    HEARTH_TRY(out.m_impl->text, SecureBytes::make(kSealedChunkBytes));
    if (!out.m_impl->cipher || EVP_EncryptInit_ex(out.m_impl->cipher.get(), EVP_aes_256_gcm(), nullptr,
                                                  octets(key.bytes()), nullptr) != 1)
        return libraryError("AES-256-GCM");
    HEARTH_CHECK(out.m_impl->sink(header));
    return out;
}

Result<void> FileSealer::write(ByteView text) {
    Impl& impl = *m_impl;
    while (!text.empty()) {
        // A full chunk waits until more comes: only then is it known not to be the last.
        if (impl.filled == kSealedChunkBytes)
            HEARTH_CHECK(impl.flush(false));
        const std::size_t part = std::min(text.size(), kSealedChunkBytes - impl.filled);
        std::copy_n(text.begin(), part, impl.text.bytes().begin() + static_cast<std::ptrdiff_t>(impl.filled));
        impl.filled += part;
        text = text.subspan(part);
    }
    return {};
}

Result<void> FileSealer::finish() {
    return m_impl->flush(true);
}

struct FileOpener::Impl {
    FileSecret secret;
    std::string context;
    ByteSink sink;
    CipherHandle cipher{EVP_CIPHER_CTX_new()};
    SecureBytes text;
    std::vector<std::byte> held; // the header, later the sealed chunk that is coming in
    bool haveHeader = false;
    std::uint64_t chunk = 0;

    Result<void> readHeader() {
        const ByteView bytes(held);
        if (textOf(bytes.first(kMagic.size())) != kMagic)
            return fail("crypto.not_sealed", "the file does not begin like a sealed file", 0);
        const std::byte version = bytes[kMagic.size()], kind = bytes[kKindAt];
        if (version != kVersion || std::to_integer<int>(kind) > 1) {
            const std::string found = std::to_string(std::to_integer<int>(version)) + "." +
                                      std::to_string(std::to_integer<int>(kind));
            return tl::unexpected<Error>(Error{"crypto.unknown_version",
                                               "a sealed file of a kind (" + found + ") not known here",
                                               kMagic.size()}
                                             .with("version", found));
        }
        const bool wantsPassword = kind == std::byte{1};
        if (wantsPassword != std::holds_alternative<FilePassword>(secret))
            return wantsPassword
                       ? fail("crypto.needs_password", "the file is sealed with a password", kKindAt)
                       : fail("crypto.needs_key", "the file is sealed with a profile's key", kKindAt);
        Header header{};
        std::copy_n(bytes.begin(), header.size(), header.begin());
        HEARTH_TRY(const SecureBytes key, fileKey(secret, header, context));
        HEARTH_TRY(text, SecureBytes::make(kSealedChunkBytes));
        if (!cipher ||
            EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, octets(key.bytes()), nullptr) != 1)
            return libraryError("AES-256-GCM");
        held.clear();
        haveHeader = true;
        return {};
    }

    Result<void> openChunk(bool last) {
        const std::uint64_t offset = kSealedHeaderBytes + chunk * (kSealedChunkBytes + kTag);
        if (chunk > UINT32_MAX)
            return fail("crypto.too_large", "a sealed file holds at most 2^32 chunks", offset);
        const Nonce nonce = nonceOf(static_cast<std::uint32_t>(chunk), last);
        const std::size_t size = held.size() - kTag;
        int length = 0;
        unsigned char none = 0;
        const bool whole =
            EVP_DecryptInit_ex(cipher.get(), nullptr, nullptr, nullptr, octets(ByteView(nonce))) == 1 &&
            (size == 0 || EVP_DecryptUpdate(cipher.get(), octetsOf(text.bytes()), &length,
                                            octets(ByteView(held)), static_cast<int>(size)) == 1) &&
            EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, held.data() + size) == 1 &&
            EVP_DecryptFinal_ex(cipher.get(), &none, &length) == 1;
        if (!whole) {
            wipe(text.bytes().first(size));
            forgetLibraryErrors();
            if (chunk == 0 && std::holds_alternative<FilePassword>(secret))
                return fail("crypto.wrong_password",
                            "the password is wrong, or the file's beginning was changed", offset);
            return fail("crypto.tampered", "the sealed file was changed or cut, or belongs to another key",
                        offset);
        }
        ++chunk;
        held.clear();
        return sink(text.bytes().first(size));
    }
};

FileOpener::FileOpener(const FileSecret& secret, std::string_view context, ByteSink sink)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->secret = secret;
    m_impl->context = context;
    m_impl->sink = std::move(sink);
}
FileOpener::FileOpener(FileOpener&&) noexcept = default;
FileOpener::~FileOpener() = default;

Result<void> FileOpener::feed(ByteView bytes) {
    Impl& impl = *m_impl;
    while (!bytes.empty()) {
        const std::size_t full = impl.haveHeader ? kSealedChunkBytes + kTag : kSealedHeaderBytes;
        // A full chunk with more behind it is not the last one.
        if (impl.haveHeader && impl.held.size() == full)
            HEARTH_CHECK(impl.openChunk(false));
        const std::size_t part = std::min(bytes.size(), full - impl.held.size());
        impl.held.insert(impl.held.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
        bytes = bytes.subspan(part);
        if (!impl.haveHeader && impl.held.size() == full)
            HEARTH_CHECK(impl.readHeader());
    }
    return {};
}

Result<void> FileOpener::finish() {
    Impl& impl = *m_impl;
    if (!impl.haveHeader) {
        const std::size_t shown = std::min(impl.held.size(), kMagic.size());
        if (shown == 0 || textOf(ByteView(impl.held).first(shown)) != kMagic.substr(0, shown))
            return fail("crypto.not_sealed", "the file does not begin like a sealed file", 0);
        return fail("crypto.truncated", "the sealed file ends inside its header", impl.held.size());
    }
    if (impl.held.size() < kTag)
        return fail("crypto.truncated", "the sealed file ends where more must follow",
                    kSealedHeaderBytes + impl.chunk * (kSealedChunkBytes + kTag) + impl.held.size());
    return impl.openChunk(true);
}

namespace {

Result<void> eachPiece(const fs::path& from, std::string_view phase, std::stop_token stop,
                       const ProgressSink& progress, const ByteSink& sink) {
    const int fd = ::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return systemError(errno == ENOENT ? "file.not_found" : "file.unreadable", from, errno);
    const auto run = [&]() -> Result<void> {
        struct stat info {};
        if (::fstat(fd, &info) != 0)
            return systemError("file.unreadable", from, errno);
        if (!S_ISREG(info.st_mode))
            return fail("file.not_regular", from.string() + " is not a regular file");
        HEARTH_TRY(SecureBytes buffer, SecureBytes::make(std::size_t{1} << 20));
        for (std::uint64_t done = 0;;) {
            if (stop.stop_requested())
                return fail(kCancelled, "stopped");
            const ssize_t got = ::read(fd, buffer.bytes().data(), buffer.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return systemError("file.unreadable", from, errno);
            if (got == 0)
                return {};
            HEARTH_CHECK(sink(ByteView(buffer.bytes()).first(static_cast<std::size_t>(got))));
            done += static_cast<std::uint64_t>(got);
            if (progress)
                progress({phase, done, static_cast<std::uint64_t>(info.st_size)});
        }
    };
    auto result = run();
    ::close(fd);
    return result;
}

} // namespace

Result<void> sealFile(const fs::path& from, const fs::path& to, const FileSecret& secret,
                      std::string_view context, std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(AtomicFile out, AtomicFile::create(to));
    HEARTH_TRY(FileSealer sealer,
               FileSealer::start(secret, context, [&out](ByteView bytes) { return out.write(bytes); }));
    HEARTH_CHECK(
        eachPiece(from, "seal.file", stop, progress, [&](ByteView bytes) { return sealer.write(bytes); }));
    HEARTH_CHECK(sealer.finish());
    return out.commit();
}

Result<void> readSealedFile(const fs::path& from, const FileSecret& secret, std::string_view context,
                            const ByteSink& sink, std::stop_token stop, const ProgressSink& progress) {
    FileOpener opener(secret, context, sink);
    HEARTH_CHECK(
        eachPiece(from, "open.file", stop, progress, [&](ByteView bytes) { return opener.feed(bytes); }));
    return opener.finish();
}

Result<void> openFile(const fs::path& from, const fs::path& to, const FileSecret& secret,
                      std::string_view context, std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(AtomicFile out, AtomicFile::create(to));
    HEARTH_CHECK(readSealedFile(
        from, secret, context, [&out](ByteView bytes) { return out.write(bytes); }, stop, progress));
    return out.commit();
}

} // namespace hearth::security
