#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "engine/base/error.h"
#include "engine/base/progress.h"
#include "engine/security/crypto/password_hash.h"
#include "engine/security/crypto/secure_bytes.h"

namespace hearth::security {

/// A sealed file, for exports, backups and models. Chunks of 64 KiB, each its own AES-256-GCM text in the
/// STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance, 2015): the nonce counts the chunks and marks the last one, so a file that
/// was cut, extended, reordered or put together from others does not open.
///
///   bytes 0–10    "HEARTHSEAL" and the version, 1
///   byte  11      0 = opened by a key, 1 = opened by a password
///   bytes 12–43   salt, random
///   bytes 44–55   Argon2id memory in KiB, passes, lanes (little-endian u32 each); zero where a key opens it
///   then          chunks: ciphertext and tag of 16 bytes; all but the last hold 65536 bytes of text
///
/// The file's key is HKDF-SHA-256 of the key (or of the password's hash) with the salt; the whole header and
/// the context are its info, so changing either changes the key. Nonce: 7 zero bytes, the chunk's number
/// (big-endian u32), 1 for the last chunk or 0.
inline constexpr std::size_t kSealedHeaderBytes = 56, kSealedChunkBytes = 65536;

/// What exports for a person (all that is kept about them, a chat) are sealed under, so that one command
/// opens each of them.
inline constexpr std::string_view kExportContext = "hearth person export 1";

/// What opens a sealed file: a key of 32 bytes, or a password. Views that live through the call.
struct FileKey {
    ByteView key;
};
struct FilePassword {
    ByteView password;
    PasswordCost cost = {}; ///< for sealing; opening takes it from the file
};
using FileSecret = std::variant<FileKey, FilePassword>;

/// Takes bytes in order; an error stops the work.
using ByteSink = std::function<Result<void>(ByteView)>;

/// Seals what is written to it, piece by piece. Confined to one thread. What it gave out is a sealed file
/// only after finish().
class FileSealer {
public:
    /// Gives the header to `sink` at once. Errors: crypto.bad_key, crypto.bad_cost, crypto.out_of_memory,
    /// crypto.random_failed, crypto.failed, those of the sink.
    [[nodiscard]] static Result<FileSealer> start(const FileSecret& secret, std::string_view context,
                                                  ByteSink sink);
    FileSealer(FileSealer&&) noexcept;
    ~FileSealer();
    /// Errors: crypto.too_large (2^32 chunks), crypto.failed, those of the sink.
    [[nodiscard]] Result<void> write(ByteView text);
    [[nodiscard]] Result<void> finish();

private:
    FileSealer() = default;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Opens what is fed to it. Each chunk goes to the sink after its tag was checked; that the file is whole is
/// known only when finish() succeeds, so the sink must keep what it gets from having effect until then.
class FileOpener {
public:
    /// `sink` gets the text. Whether the file wants a key or a password shows when its header is complete.
    FileOpener(const FileSecret& secret, std::string_view context, ByteSink sink);
    FileOpener(FileOpener&&) noexcept;
    ~FileOpener();
    /// Errors: crypto.not_sealed, crypto.unknown_version (arg version), crypto.needs_password,
    /// crypto.needs_key, crypto.bad_cost, crypto.tampered (the offset is that of the chunk),
    /// crypto.wrong_password (the first chunk does not open with this password), those of the sink.
    [[nodiscard]] Result<void> feed(ByteView bytes);
    /// Errors: crypto.truncated, and those of feed().
    [[nodiscard]] Result<void> finish();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The same for files. `to` appears under its name only when it is whole, with access for its owner only.
/// Errors: those above, file.*, base.cancelled.
[[nodiscard]] Result<void> sealFile(const std::filesystem::path& from, const std::filesystem::path& to,
                                    const FileSecret& secret, std::string_view context,
                                    std::stop_token stop = {}, const ProgressSink& progress = {});
[[nodiscard]] Result<void> openFile(const std::filesystem::path& from, const std::filesystem::path& to,
                                    const FileSecret& secret, std::string_view context,
                                    std::stop_token stop = {}, const ProgressSink& progress = {});
/// The text of a sealed file to a sink, at most once whole or with an error.
[[nodiscard]] Result<void> readSealedFile(const std::filesystem::path& from, const FileSecret& secret,
                                          std::string_view context, const ByteSink& sink,
                                          std::stop_token stop = {}, const ProgressSink& progress = {});

} // namespace hearth::security
