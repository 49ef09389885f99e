#include "engine/store/file_care.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/utc_time.h"
#include "engine/store/file_lock.h"
#include "engine/store/inspect.h"

namespace hearth::store {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> systemError(const fs::path& path, int number) {
    const char* code = number == ENOSPC || number == EDQUOT                     ? "store.disk_full"
                       : number == EACCES || number == EROFS || number == EPERM ? "store.read_only"
                                                                                : "store.io";
    return tl::unexpected<Error>(
        Error{code, path.string() + ": " + std::strerror(number)}.with("path", path.string()));
}

Result<void> syncPath(const fs::path& path, int flags) {
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd < 0)
        return systemError(path, errno);
    const int failed = ::fsync(fd) != 0 ? errno : 0;
    ::close(fd);
    if (failed)
        return systemError(path, failed);
    return {};
}

/// Makes a finished file durable under its final name.
Result<void> putInPlace(const fs::path& made, const fs::path& name) {
    HEARTH_CHECK(syncPath(made, O_RDONLY));
    if (::rename(made.c_str(), name.c_str()) != 0)
        return systemError(name, errno);
    return syncPath(name.parent_path(), O_RDONLY | O_DIRECTORY);
}

fs::path backupFolder(const fs::path& file) {
    return file.parent_path() / "backups";
}

std::string backupPrefix(const fs::path& file) {
    return file.stem().string() + "-v";
}

Result<void> backUp(Connection& connection, const fs::path& file, int version) {
    const fs::path folder = backupFolder(file);
    const auto failed = [](const std::string& why) { return fail("store.backup_failed", why); };
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return failed(folder.string() + ": " + std::strerror(errno));
    const fs::path name =
        folder / (backupPrefix(file) + std::to_string(version) + "-" + utcNow(kUtcStamp) + ".db");
    const fs::path part = name.string() + ".part";
    ::unlink(part.c_str()); // of a run that was cut off; VACUUM INTO wants a new or empty file
    if (const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600); fd >= 0)
        ::close(fd);
    const std::string target = part.string();
    auto copied = connection.run("VACUUM INTO CAST(? AS TEXT)", {std::string_view(target)});
    if (copied)
        copied = putInPlace(part, name);
    if (!copied) {
        ::unlink(part.c_str());
        return failed(copied.error().message());
    }
    const auto kept = History::backups(file);
    for (std::size_t i = History::kBackupsKept; i < kept.size(); ++i)
        ::unlink(kept[i].c_str());
    return {};
}

Result<void> create(const fs::path& file, std::span<const Migration> steps) {
    // Logs without their database: nothing of them is thrown away, and the new file must not meet them.
    for (const char* suffix : {"-wal", "-shm", "-journal"})
        if (const fs::path stray = besides(file, suffix); sizeOf(stray) > 0) {
            const fs::path aside = stray.string() + ".damaged-" + utcNow(kUtcStamp);
            if (::rename(stray.c_str(), aside.c_str()) != 0)
                return systemError(stray, errno);
            log(LogLevel::Warning, "store", "a log without its database was set aside: " + aside.string());
        }
    const fs::path made = file.string() + ".new";
    for (const char* suffix : {"", "-wal", "-shm"})
        ::unlink(
            besides(made, suffix).c_str()); // of a run that was cut off while creating; never had content
    const int fd = ::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return systemError(made, errno);
    ::close(fd);
    {
        HEARTH_TRY(const auto connection, Connection::open(made, Connection::Mode::ReadWrite));
        HEARTH_CHECK(connection->run("PRAGMA application_id = " + std::to_string(kApplicationId)));
        HEARTH_CHECK(migrate(*connection, steps, [](int, int) { return Result<void>(); }));
        // The log stays behind when the file gets its name: it must be folded in, and closing tells nobody
        // when that failed.
        HEARTH_CHECK(connection->run("PRAGMA wal_checkpoint(TRUNCATE)"));
    }
    if (sizeOf(besides(made, "-wal")) > 0)
        return systemError(made, EIO);
    return putInPlace(made, file);
}

/// NAME.damaged-<time>, where nothing lies yet.
fs::path asideNameOf(const fs::path& file) {
    const std::string name = file.string() + ".damaged-" + utcNow(kUtcStamp);
    fs::path aside = name;
    for (int n = 2; fs::exists(aside); ++n)
        aside = name + "-" + std::to_string(n);
    return aside;
}

/// Files that lie beside a name, under another one: all of them or none.
class Renamed {
public:
    Renamed(fs::path from, fs::path to) : m_from(std::move(from)), m_to(std::move(to)) {}
    /// One that is not there is no failure.
    [[nodiscard]] Result<void> add(const char* suffix) {
        if (::rename(besides(m_from, suffix).c_str(), besides(m_to, suffix).c_str()) == 0) {
            m_moved.push_back(suffix);
        } else if (errno != ENOENT) {
            const int failed = errno;
            undo();
            return systemError(m_from, failed);
        }
        return {};
    }
    void undo() {
        for (const char* each : m_moved)
            ::rename(besides(m_to, each).c_str(), besides(m_from, each).c_str());
        m_moved.clear();
    }

private:
    const fs::path m_from, m_to;
    std::vector<const char*> m_moved;
};

constexpr std::array<const char*, 3> kLogs = {"-wal", "-journal", "-shm"};

/// Renames NAME and the files beside it to NAME.damaged-…; the logs keep fitting their database.
Result<fs::path> moveAside(const fs::path& file) {
    fs::path aside = asideNameOf(file);
    // The database first: a log that is left alone by a crash in between is set aside by the next open.
    Renamed renamed(file, aside);
    HEARTH_CHECK(renamed.add(""));
    for (const char* suffix : kLogs)
        HEARTH_CHECK(renamed.add(suffix));
    if (auto synced = syncPath(file.parent_path(), O_RDONLY | O_DIRECTORY); !synced) {
        renamed.undo();
        return tl::unexpected<Error>(synced.error());
    }
    return aside;
}

} // namespace

Result<void> moveDurably(const fs::path& made, const fs::path& name) {
    return putInPlace(made, name);
}

void removeDatabase(const fs::path& file) {
    ::unlink(file.c_str());
    removeLogs(file);
}

void removeLogs(const fs::path& file) {
    for (const char* suffix : kLogs)
        ::unlink(besides(file, suffix).c_str());
}

Result<std::optional<fs::path>> putInPlaceOf(const fs::path& made, const fs::path& file) {
    std::error_code error;
    if (!fs::exists(file, error) && sizeOf(besides(file, "-wal")) == 0) {
        HEARTH_CHECK(putInPlace(made, file));
        return std::nullopt;
    }
    // A second name first, then the new file takes the place in one step: whatever fails, something bears the
    // name, so that nobody begins anew over it.
    fs::path aside = asideNameOf(file);
    if (::link(file.c_str(), aside.c_str()) !=
        0) { // the file is not there, or the disk knows no second names
        HEARTH_TRY(aside, moveAside(file));
        if (auto placed = putInPlace(made, file); !placed) {
            if (!fs::exists(file, error)) {
                fs::rename(aside, file, error);
                for (const char* suffix : kLogs)
                    fs::rename(besides(aside, suffix), besides(file, suffix), error);
            }
            return tl::unexpected<Error>(placed.error());
        }
        return aside;
    }
    Renamed logs(file, aside);
    const auto place = [&]() -> Result<void> {
        for (const char* suffix : kLogs)
            HEARTH_CHECK(logs.add(suffix));
        return putInPlace(made, file);
    };
    if (auto placed = place(); !placed) {
        if (fs::equivalent(file, aside, error)) { // still the former one
            logs.undo();
            ::unlink(aside.c_str());
        }
        return tl::unexpected<Error>(placed.error());
    }
    return aside;
}

Result<fs::path> resolve(const fs::path& file) {
    std::error_code error;
    const fs::path absolute = fs::absolute(file, error);
    const auto failed = [&] {
        return tl::unexpected<Error>(
            Error{"store.open_failed", absolute.string() + ": " + error.message()}.with("path",
                                                                                        absolute.string()));
    };
    if (error)
        return failed();
    std::error_code missing; // a file that is not there yet is no error
    if (!fs::is_symlink(absolute, missing))
        return absolute;
    fs::path real = fs::canonical(absolute, error);
    if (error == std::errc::no_such_file_or_directory)
        // Starting a new history at a link's missing end would look like lost chats (a disk not mounted).
        return tl::unexpected<Error>(
            Error{"store.dangling_link", absolute.string() + " points to a file that is not there"}.with(
                "path", absolute.string()));
    if (error)
        return failed();
    return real;
}

Result<std::unique_ptr<Connection>> openDatabase(const fs::path& file, std::span<const Migration> steps,
                                                 const HistoryOptions& options) {
    std::error_code error;
    if (!fs::exists(file, error))
        HEARTH_CHECK(create(file, steps));
    if (::access(file.c_str(), W_OK) != 0)
        return systemError(file, errno);
    HEARTH_CHECK(inspect(file, steps));
    // SQLite starts a log with a damaged head anew. It may have held nothing, or messages: a copy stays.
    if (const fs::path wal = besides(file, "-wal"); sizeOf(wal) > 0 && !hasWholeWalHeader(wal)) {
        const fs::path copy = wal.string() + ".damaged-" + utcNow(kUtcStamp);
        fs::copy_file(wal, copy, fs::copy_options::overwrite_existing, error);
        if (error)
            return systemError(copy, error.value());
        log(LogLevel::Warning, "store", "a damaged log was kept as " + copy.string());
    }

    HEARTH_TRY(auto connection, Connection::open(file, Connection::Mode::ReadWrite, options.busyTimeout));
    if (options.maxBytes > 0) {
        HEARTH_TRY(const auto pageBytes, connection->integer("PRAGMA page_size"));
        const auto pages =
            static_cast<std::int64_t>(options.maxBytes) / std::max<std::int64_t>(1, pageBytes.value_or(4096));
        HEARTH_CHECK(
            connection->run("PRAGMA max_page_count = " + std::to_string(std::max<std::int64_t>(1, pages))));
    }
    connection->setBeforeCommit(kMarkLog);
    // Whether writing works at all is known before the first message is accepted.
    HEARTH_CHECK(connection->transaction([] { return Result<void>(); }));
    HEARTH_CHECK(migrate(*connection, steps, [&](int from, int) { return backUp(*connection, file, from); }));
    return connection;
}

Result<std::unique_ptr<Connection>> openShared(const fs::path& file, std::span<const Migration> steps,
                                               const HistoryOptions& options) {
    HEARTH_TRY(const fs::path real, resolve(file));
    const auto until = std::chrono::steady_clock::now() + options.busyTimeout;
    for (;;) {
        const auto lock = FileLock::acquire(real);
        if (lock)
            return openDatabase(real, steps, options);
        if (lock.error().code != "store.locked" || std::chrono::steady_clock::now() >= until)
            return tl::unexpected<Error>(lock.error());
        std::this_thread::sleep_for(std::chrono::milliseconds(5)); // another program is opening it
    }
}

Result<fs::path> History::setAside(const fs::path& file) {
    HEARTH_TRY(const fs::path real, resolve(file));
    HEARTH_TRY(const FileLock lock, FileLock::acquire(real));
    return moveAside(real);
}

std::vector<fs::path> History::backups(const fs::path& file) {
    std::vector<fs::path> out;
    const auto real = resolve(file);
    if (!real)
        return out;
    std::error_code error;
    for (fs::directory_iterator it(backupFolder(*real), error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with(backupPrefix(*real)) && name.ends_with(".db"))
            out.push_back(it->path());
    }
    // The time stamp is the last part of the name; versions only grow with time.
    const auto stamp = [](const fs::path& path) {
        const std::string stem = path.stem().string();
        return stem.substr(stem.rfind('-') + 1);
    };
    std::sort(out.begin(), out.end(), [&](const fs::path& a, const fs::path& b) {
        return stamp(a) != stamp(b) ? stamp(a) > stamp(b) : a > b;
    });
    return out;
}

Result<void> History::restoreBackup(const fs::path& file, const fs::path& backup) {
    HEARTH_TRY(const fs::path real, resolve(file));
    HEARTH_TRY(const FileLock lock, FileLock::acquire(real));
    HEARTH_CHECK(inspect(backup, migrations()));
    const fs::path made = real.string() + ".new";
    std::error_code error;
    fs::copy_file(backup, made, fs::copy_options::overwrite_existing, error);
    if (error)
        return systemError(made, error.value());
    return putInPlaceOf(made, real).map([](const std::optional<fs::path>&) {});
}

} // namespace hearth::store
