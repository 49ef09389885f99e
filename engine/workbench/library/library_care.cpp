#include <algorithm>
#include <functional>

#include <unistd.h>

#include <QtCore/QFile>
#include <QtCore/QString>

#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/workbench/library/file_hash.h"
#include "engine/workbench/library/library_impl.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

QString text(const fs::path& path) {
    return QFile::decodeName(QByteArray(path.c_str()));
}

tl::unexpected<Error> nameTaken(const fs::path& path) {
    return tl::unexpected<Error>(
        Error{"library.name_taken", path.string() + " is there already"}.with("path", path.string()));
}

tl::unexpected<Error> missingFile(const fs::path& path) {
    return tl::unexpected<Error>(
        Error{"library.file_missing", path.string() + " is not there"}.with("path", path.string()));
}

/// Renames or, to another file system, copies, compares and removes.
Result<void> moveFile(const LibraryFile& file, const fs::path& target, std::stop_token stop,
                      const BytesSink& moved) {
    std::error_code error;
    if (fs::exists(target, error))
        return nameTaken(target);
    fs::rename(file.path, target, error);
    if (!error) {
        moved(file.bytes);
        return {};
    }
    if (error != std::errc::cross_device_link)
        return tl::unexpected<Error>(
            Error{"file.unwritable", target.string() + ": " + error.message()}.with("path", target.string()));
    HEARTH_TRY(const std::string digest, copyFile(file.path, target, std::move(stop), moved));
    HEARTH_TRY(const std::string written, hashFile(target));
    if (written != digest || (!file.sha256.empty() && digest != file.sha256)) {
        ::unlink(target.c_str());
        return tl::unexpected<Error>(
            Error{"library.other_content", target.string() + " does not hold the bytes it should"}.with(
                "path", target.string()));
    }
    fs::remove(file.path, error);
    return {};
}

/// The note that freedesktop.org's trash keeps about files/NAME: info/NAME.trashinfo.
fs::path noteOf(const fs::path& inTrash) {
    return inTrash.parent_path().parent_path() / "info" / (inTrash.filename().string() + ".trashinfo");
}

/// Puts one file into the system's trash. Returns where it lies there.
Result<fs::path> toTrash(const fs::path& path) {
    const auto refused = [&] {
        return tl::unexpected<Error>(
            Error{"library.no_trash", path.string() + " could not be moved to the trash"}.with(
                "path", path.string()));
    };
    // Where no trash can be made, Qt 6.4 takes the working directory for one, with these two folders.
    std::error_code error;
    std::vector<const char*> made{"files", "info"};
    std::erase_if(made, [&](const char* folder) { return fs::exists(folder, error); });
    QString moved;
    if (!QFile::moveToTrash(text(path), &moved))
        return refused();
    fs::path inTrash(QFile::encodeName(moved).toStdString());
    if (inTrash.is_absolute())
        return inTrash;
    fs::rename(inTrash, path, error);
    if (error)
        return fs::absolute(inTrash); // there it can still be found
    fs::remove(noteOf(inTrash), error);
    for (const char* folder : made)
        ::rmdir(folder);
    return refused();
}

/// Takes a file out of the trash again, with the note that the trash keeps about it.
Result<void> fromTrash(const Removed::Trashed& trashed) {
    std::error_code error;
    if (fs::exists(trashed.path, error))
        return nameTaken(trashed.path);
    fs::rename(trashed.inTrash, trashed.path, error);
    if (error)
        return tl::unexpected<Error>(
            Error{"file.not_found", trashed.inTrash.string() + ": " + error.message()}.with(
                "path", trashed.inTrash.string()));
    fs::remove(noteOf(trashed.inTrash), error);
    return {};
}

} // namespace

bool Verification::good() const {
    return std::all_of(files.begin(), files.end(), [](const File& file) {
        return file.verdict == Verdict::Same || file.verdict == Verdict::Recorded;
    });
}

Result<Verification> Library::verify(LibraryId version, std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    const LibraryVersion& one = model.versions.front();
    Verification out;
    std::uint64_t total = 0;
    for (const LibraryFile& file : one.files)
        total += factsOf(file.path).bytes;
    ByteCounter count("library.hash", total, progress);
    HEARTH_CHECK(m_impl->guarded(security::Action::View, one.path(), [&]() -> Result<void> {
        for (const LibraryFile& file : one.files) {
            Verification::File found{file.path, Verification::Verdict::Same, file.sha256, {}};
            const FileFacts facts = factsOf(file.path);
            if (!facts.there) {
                found.verdict = Verification::Verdict::Missing;
                out.files.push_back(std::move(found));
                continue;
            }
            HEARTH_TRY(found.found, hashFile(file.path, stop, std::ref(count)));
            // A file that is written meanwhile has no state that could be told.
            const FileFacts after = factsOf(file.path);
            const bool still = after.modifiedNs == facts.modifiedNs && after.bytes == facts.bytes;
            if (file.sha256.empty())
                found.verdict = Verification::Verdict::Recorded;
            else if (found.found != file.sha256)
                found.verdict = Verification::Verdict::Changed;
            const bool differs = found.verdict == Verification::Verdict::Changed;
            // The same bytes under another time are the same file; a changed one keeps what was recorded.
            HEARTH_CHECK(m_impl->connection->run(
                "UPDATE file SET sha256 = ?, verified_ms = ?, differed = ?, bytes = ?, modified_ns = ? WHERE "
                "id "
                "= ?",
                {differs ? file.sha256 : found.found, unixMsNow(), std::int64_t{differs},
                 static_cast<std::int64_t>(differs ? file.bytes : facts.bytes),
                 still && !differs ? facts.modifiedNs : file.modifiedNs, file.id}));
            out.files.push_back(std::move(found));
        }
        return {};
    }));
    return out;
}

Result<void> Library::acceptChange(LibraryId version, std::stop_token stop, const ProgressSink& progress) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    const LibraryVersion& one = model.versions.front();
    ByteCounter count("library.hash", one.bytes(), progress);
    return m_impl->guarded(security::Action::Change, one.path(), [&]() -> Result<void> {
        std::vector<LibraryFile> now = one.files;
        for (LibraryFile& file : now) {
            const FileFacts facts = factsOf(file.path);
            if (!facts.there)
                return missingFile(file.path);
            HEARTH_TRY(file.sha256, hashFile(file.path, stop, std::ref(count)));
            file.bytes = facts.bytes;
            file.modifiedNs = facts.modifiedNs;
        }
        return m_impl->connection->transaction([&]() -> Result<void> {
            for (const LibraryFile& file : now)
                HEARTH_CHECK(
                    m_impl->connection->run("UPDATE file SET sha256 = ?, verified_ms = ?, differed = 0, "
                                            "bytes = ?, modified_ns = ? WHERE id = ?",
                                            {file.sha256, unixMsNow(), static_cast<std::int64_t>(file.bytes),
                                             file.modifiedNs, file.id}));
            return {};
        });
    });
}

Result<void> Library::relocate(LibraryId file, const fs::path& path, std::stop_token stop,
                               const ProgressSink& progress) {
    std::optional<LibraryFile> row;
    HEARTH_CHECK(m_impl->connection->each("SELECT bytes, sha256 FROM file WHERE id = ?", {file},
                                          [&](const store::Row& found) -> Result<void> {
                                              row.emplace();
                                              row->bytes = static_cast<std::uint64_t>(found.integer(0));
                                              row->sha256 = found.bytes(1);
                                              return {};
                                          }));
    if (!row)
        return libraryRowMissing("file", file);
    const FileFacts facts = factsOf(path);
    if (!facts.there)
        return missingFile(path);
    const auto other = [&] {
        return tl::unexpected<Error>(
            Error{"library.other_content", path.string() + " is not the file that is missing"}.with(
                "path", path.string()));
    };
    if (facts.bytes != row->bytes)
        return other();
    ByteCounter count("library.hash", facts.bytes, progress);
    if (!row->sha256.empty()) {
        HEARTH_TRY(const std::string digest, hashFile(path, std::move(stop), std::ref(count)));
        if (digest != row->sha256)
            return other();
    }
    return m_impl->guarded(security::Action::Change, path, [&]() -> Result<void> {
        std::error_code error;
        const fs::path absolute = fs::absolute(path, error);
        auto done =
            m_impl->connection->run("UPDATE file SET path = ?, modified_ns = ?, mode = 0 WHERE id = ?",
                                    {std::string_view(absolute.native()), facts.modifiedNs, file});
        return !done && done.error().code == "store.constraint" ? nameTaken(path) : done;
    });
}

Result<void> Library::move(LibraryId version, const fs::path& folder, std::stop_token stop,
                           const ProgressSink& progress) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    const LibraryVersion& one = model.versions.front();
    std::error_code error;
    fs::create_directories(folder, error);
    if (error || !fs::is_directory(folder))
        return tl::unexpected<Error>(
            Error{"file.unwritable", folder.string() + ": " + error.message()}.with("path", folder.string()));
    const fs::path real = fs::canonical(folder, error);
    for (const LibraryFile& file : one.files) {
        if (!factsOf(file.path).there)
            return missingFile(file.path);
        if (fs::exists(real / file.path.filename(), error))
            return nameTaken(real / file.path.filename());
    }
    ByteCounter count("library.move", one.bytes(), progress);
    return m_impl->guarded(security::Action::Change, one.path(), [&]() -> Result<void> {
        // File by file, each recorded at once: a stop in between leaves every file where its row says.
        for (const LibraryFile& file : one.files) {
            const fs::path target = real / file.path.filename();
            HEARTH_CHECK(moveFile(file, target, stop, std::ref(count)));
            const FileFacts facts = factsOf(target);
            HEARTH_CHECK(
                m_impl->connection->run("UPDATE file SET path = ?, modified_ns = ? WHERE id = ?",
                                        {std::string_view(target.native()), facts.modifiedNs, file.id}));
        }
        return {};
    });
}

Result<std::uint64_t> Library::wouldFree(LibraryId version, bool always) {
    HEARTH_TRY(const auto model, m_impl->only(version));
    std::uint64_t sum = 0;
    for (const LibraryFile& file : model.versions.front().files) {
        const FileFacts facts = factsOf(file.path);
        if (facts.there && facts.links == 1 && (always || ownedByLibrary(file.mode)))
            sum += facts.bytes;
    }
    return sum;
}

Result<Removed> Library::remove(LibraryId version, bool trashReferenced) {
    Removed out;
    HEARTH_TRY(const auto whole, m_impl->modelOf(version));
    HEARTH_TRY(out.model, m_impl->only(version));
    const LibraryVersion& one = out.model.versions.front();
    out.modelGone = whole.versions.size() == 1;
    out.wasDefault = one.isDefault;
    HEARTH_CHECK(m_impl->guarded(security::Action::Remove, one.path(), [&]() -> Result<void> {
        const auto putBack = [&] {
            for (const auto& trashed : out.trashed)
                if (const auto back = fromTrash(trashed); !back)
                    log(LogLevel::Error, "library", back.error().message());
            out.trashed.clear();
        };
        for (const LibraryFile& file : one.files) {
            const FileFacts facts = factsOf(file.path);
            if (!facts.there || !(trashReferenced || ownedByLibrary(file.mode)))
                continue;
            auto inTrash = toTrash(file.path);
            if (!inTrash) {
                putBack();
                return tl::unexpected<Error>(std::move(inTrash).error());
            }
            out.freedBytes += facts.links == 1 ? facts.bytes : 0;
            out.trashed.push_back({file.path, *inTrash});
        }
        auto done = m_impl->connection->transaction([&]() -> Result<void> {
            if (out.modelGone)
                return m_impl->connection->run("DELETE FROM model WHERE id = ?", {whole.id});
            HEARTH_CHECK(m_impl->connection->run("DELETE FROM default_change WHERE version = ?", {version}));
            return m_impl->connection->run("DELETE FROM version WHERE id = ?", {version});
        });
        if (!done)
            putBack();
        return done;
    }));
    return out;
}

Result<void> Library::restore(const Removed& removed) {
    const LibraryVersion& version = removed.model.versions.front();
    return m_impl->guarded(security::Action::Create, version.path(), [&]() -> Result<void> {
        for (const auto& trashed : removed.trashed) {
            auto done = fromTrash(trashed);
            if (!done)
                return done;
        }
        return m_impl->connection->transaction([&]() -> Result<void> {
            HEARTH_TRY(const auto model,
                       m_impl->connection->integer("SELECT id FROM model WHERE id = ?", {removed.model.id}));
            if (!model)
                HEARTH_CHECK(m_impl->insertModel(removed.model));
            HEARTH_CHECK(m_impl->insertVersion(version));
            for (std::size_t part = 0; part < version.files.size(); ++part)
                HEARTH_CHECK(m_impl->insertFile(version.id, part, version.files[part]));
            if (removed.wasDefault && model)
                HEARTH_CHECK(m_impl->appendDefault(removed.model.id, version.id));
            return {};
        });
    });
}

} // namespace hearth::workbench
