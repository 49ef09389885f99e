#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "engine/base/atomic_file.h"
#include "engine/base/content_hash.h"
#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/format/gguf/gguf_file.h"
#include "engine/security/crypto/sealed_memory.h"
#include "engine/store/shred.h"
#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/library/library_impl.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> about(const char* code, const fs::path& path, const std::string& what) {
    return tl::unexpected<Error>(Error{code, path.string() + " " + what}.with("path", path.string()));
}

/// Whether a program has the file open or mapped: it would read zeros where weights were. A lease for writing
/// is given only where nobody has; file systems without leases cannot tell.
bool isOpenSomewhere(const fs::path& path) {
    bool refused = false;
    for (int tries = 0; tries < 10; ++tries) { // who only looks at its head is soon done
        const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            return false;
        refused = ::fcntl(fd, F_SETLEASE, F_WRLCK) != 0 && errno == EAGAIN;
        if (!refused)
            ::fcntl(fd, F_SETLEASE, F_UNLCK);
        ::close(fd);
        if (!refused)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return refused;
}

/// Progress of one pass over a file as pieces of all that is to be done.
ProgressSink piecesInto(ByteCounter& count) {
    return [&count, told = std::uint64_t{0}](const Progress& progress) mutable {
        count(progress.done - told);
        told = progress.done;
    };
}

/// SHA-256 of a sealed file and of what it holds.
struct SealedHashes {
    std::string file, content;
};
Result<SealedHashes> hashSealed(const fs::path& path, const security::FileSecret& secret,
                                std::stop_token stop, ByteCounter& count) {
    ContentHash file, content;
    security::FileOpener opener(secret, security::kModelContext,
                                [&content](security::ByteView bytes) -> Result<void> {
                                    content.add(bytes);
                                    return {};
                                });
    HEARTH_CHECK(readPieces(path, std::move(stop), [&](std::span<const std::byte> bytes) {
        file.add(bytes);
        count(bytes.size());
        return opener.feed(bytes);
    }));
    HEARTH_CHECK(opener.finish());
    return SealedHashes{file.hex(), content.hex()};
}

/// What sealing adds to a file, generously.
std::uint64_t sealedSize(std::uint64_t bytes) {
    return bytes + bytes / 4096 + 65536;
}

} // namespace

bool LibraryVersion::sealed() const {
    return path().extension() == kSealedEnding;
}

Result<const LibraryFile*> Library::Impl::onlyFile(const LibraryVersion& version) const {
    if (version.files.size() != 1)
        return tl::unexpected<Error>(Error{
            "library.one_file_only", "the version has " + std::to_string(version.files.size()) + " files"}
                                         .with("files", std::to_string(version.files.size())));
    const LibraryFile& file = version.files.front();
    if (!factsOf(file.path).there)
        return about("library.file_missing", file.path, "is not there");
    return &file;
}

Result<void> Library::Impl::replaceFile(const LibraryFile& file, const fs::path& path,
                                        const std::string& sha256, const fs::path& leftover) {
    const FileFacts facts = factsOf(path);
    return connection->transaction([&]() -> Result<void> {
        if (!leftover.empty())
            HEARTH_CHECK(connection->run("INSERT OR IGNORE INTO leftover (path) VALUES (?)",
                                         {std::string_view(leftover.native())}));
        auto done = connection->run("UPDATE file SET path = ?, bytes = ?, modified_ns = ?, sha256 = ?, "
                                    "verified_ms = ?, differed = 0, "
                                    "mode = ? WHERE id = ?",
                                    {std::string_view(path.native()), static_cast<std::int64_t>(facts.bytes),
                                     facts.modifiedNs, sha256, unixMsNow(),
                                     static_cast<std::int64_t>(FileMode::Made), file.id});
        if (!done)
            return done;
        return connection->changes() > 0 ? Result<void>() : libraryRowMissing("file", file.id);
    });
}

Result<void> Library::Impl::removeLeftovers() {
    std::vector<std::string> paths;
    HEARTH_CHECK(
        connection->each("SELECT path FROM leftover", {}, [&](const store::Row& row) -> Result<void> {
            paths.push_back(row.bytes(0));
            return {};
        }));
    for (const std::string& path : paths) {
        // Taken in again meanwhile: then it is no leftover any more.
        HEARTH_TRY(const auto row,
                   connection->integer("SELECT id FROM file WHERE path = ?", {std::string_view(path)}));
        if (!row)
            HEARTH_CHECK(store::shred(path));
        HEARTH_CHECK(connection->run("DELETE FROM leftover WHERE path = ?", {std::string_view(path)}));
    }
    return {};
}

Result<SealedVersion> Library::seal(LibraryId version, const security::FileSecret& secret,
                                    bool removeReadable, std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    const LibraryVersion& one = model.versions.front();
    SealedVersion out;
    HEARTH_CHECK(m_impl->guarded(security::Action::Change, one.path(), [&]() -> Result<void> {
        HEARTH_TRY(const LibraryFile* const file, m_impl->onlyFile(one));
        if (security::isSealedFile(file->path))
            return about("library.already_sealed", file->path, "is sealed already");
        const bool own = ownedByLibrary(file->mode);
        if (!own)
            HEARTH_CHECK(m_impl->makeFolder());
        const fs::path folder = own ? file->path.parent_path() : m_impl->options.folder;
        out.path = folder / (file->path.filename().string() + kSealedEnding);
        std::error_code error;
        if (fs::exists(out.path, error))
            return about("library.name_taken", out.path, "is there already");
        const bool remove = removeReadable && !fs::is_symlink(file->path, error);
        if (remove && isOpenSomewhere(file->path))
            return about("library.in_use", file->path, "is open in a program");
        const FileFacts facts = factsOf(file->path);
        HEARTH_CHECK(checkRoom(out.path, sealedSize(facts.bytes)));
        ByteCounter count("library.seal", 2 * facts.bytes, progress);
        HEARTH_CHECK(security::sealFile(file->path, out.path, secret, security::kModelContext, stop,
                                        piecesInto(count)));
        // Read again before anything is thrown away.
        const auto finish = [&]() -> Result<void> {
            HEARTH_TRY(const SealedHashes hashes, hashSealed(out.path, secret, stop, count));
            if (hashes.content != file->sha256) { // or nothing was recorded
                HEARTH_TRY(const std::string readable, hashFile(file->path, stop));
                if (hashes.content != readable)
                    return about("library.seal_differs", out.path, "does not hold what was sealed");
                if (!file->sha256.empty())
                    return about("library.other_content", file->path,
                                 "does not hold the bytes that were recorded");
            }
            return m_impl->replaceFile(*file, out.path, hashes.file, remove ? file->path : fs::path());
        };
        if (auto done = finish(); !done) {
            ::unlink(out.path.c_str());
            return done;
        }
        out.readableLeft = !remove || facts.links > 1;
        // From here on it is done; what was cut off or refused is tried again when the library is next
        // opened.
        if (remove)
            if (const auto removed = m_impl->removeLeftovers(); !removed)
                out.notRemoved = removed.error();
        return {};
    }));
    return out;
}

Result<fs::path> Library::unseal(LibraryId version, const security::FileSecret& secret, std::stop_token stop,
                                 const ProgressSink& progress) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    const LibraryVersion& one = model.versions.front();
    fs::path target;
    // A readable copy of a sealed model is an export of it.
    HEARTH_CHECK(m_impl->guarded(security::Action::Export, one.path(), [&]() -> Result<void> {
        HEARTH_TRY(const LibraryFile* const file, m_impl->onlyFile(one));
        if (!security::isSealedFile(file->path))
            return about("library.not_sealed", file->path, "is not sealed");
        target = file->path;
        if (one.sealed())
            target.replace_extension();
        else
            target += ".gguf";
        std::error_code error;
        if (fs::exists(target, error))
            return about("library.name_taken", target, "is there already");
        HEARTH_CHECK(checkRoom(target, file->bytes));
        ByteCounter count("library.unseal", file->bytes, progress);
        ContentHash content;
        HEARTH_TRY(AtomicFile opened, AtomicFile::create(target));
        HEARTH_CHECK(security::readSealedFile(
            file->path, secret, security::kModelContext,
            [&](security::ByteView bytes) {
                content.add(bytes);
                return opened.write(bytes);
            },
            stop, piecesInto(count)));
        HEARTH_CHECK(opened.commit());
        const auto finish = [&]() -> Result<void> {
            HEARTH_CHECK(format::GgufFile::open(target).map([](const auto&) {}));
            return m_impl->replaceFile(*file, target, content.hex(), {});
        };
        if (auto done = finish(); !done) {
            static_cast<void>(store::shred(target));
            return done;
        }
        if (::unlink(file->path.c_str()) != 0) // it tells nobody anything
            log(LogLevel::Warning, "library", file->path.string() + " could not be removed");
        return {};
    }));
    return target;
}

} // namespace hearth::workbench
