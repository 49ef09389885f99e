#include "engine/store/inspect.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::store {

namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};

Result<void> checkHeader(const std::filesystem::path& file) {
    const auto systemError = [&](const char* code) {
        return tl::unexpected<Error>(
            Error{code, file.string() + ": " + std::strerror(errno)}.with("path", file.string()));
    };
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return systemError(errno == EACCES ? "store.read_only" : "store.open_failed");
    struct stat info {};
    std::array<char, kHeaderBytes> header{};
    const bool known = ::fstat(fd, &info) == 0;
    const bool regular = known && S_ISREG(info.st_mode);
    const ssize_t got = regular ? ::pread(fd, header.data(), header.size(), 0) : 0;
    const int number = errno;
    ::close(fd);
    errno = number;
    if (!known || got < 0)
        return systemError("store.io");
    if (!regular)
        return fail("store.not_regular", file.string() + " is not a regular file");
    if (info.st_size == 0)
        return fail("store.empty", file.string() + " is empty (0 bytes); a history never is", 0);
    if (std::string_view(header.data(), kMagic.size()) != kMagic)
        return fail("store.not_database", file.string() + " does not begin like an SQLite database", 0);
    if (static_cast<std::size_t>(got) < kHeaderBytes)
        return fail("store.corrupt", file.string() + " ends inside its header",
                    static_cast<std::uint64_t>(got));
    return {};
}

/// Identity and integrity through one connection.
struct Findings {
    std::string databaseId;
    int version = 0;
};

Result<Findings> examine(Connection& connection, std::span<const Migration> steps) {
    HEARTH_TRY(const auto application, connection.integer("PRAGMA application_id"));
    HEARTH_TRY(const auto version, connection.integer("PRAGMA user_version"));
    if (application != kApplicationId || version.value_or(0) < 1)
        return fail("store.foreign_database", "an SQLite database of another program (application id " +
                                                  std::to_string(application.value_or(0)) + ", version " +
                                                  std::to_string(version.value_or(0)) + ")");
    const int known = steps.back().version;
    if (*version > known)
        return tl::unexpected<Error>(Error{"store.newer_schema", "schema " + std::to_string(*version) +
                                                                     ", this program knows up to " +
                                                                     std::to_string(known)}
                                         .with("found", std::to_string(*version))
                                         .with("known", std::to_string(known)));
    HEARTH_TRY(const auto verdict, connection.bytes("PRAGMA quick_check(1)"));
    if (verdict != "ok")
        return fail("store.corrupt", "quick_check: " + verdict.value_or("no answer"));
    HEARTH_CHECK(checkSchema(connection, steps, static_cast<int>(*version)));
    HEARTH_TRY(auto id, connection.bytes("SELECT value FROM meta WHERE key = 'database_id'"));
    return Findings{id.value_or(""), static_cast<int>(*version)};
}

Result<Findings> examine(const std::filesystem::path& file, Connection::Mode mode,
                         std::span<const Migration> steps) {
    HEARTH_TRY(const auto connection, Connection::open(file, mode));
    return examine(*connection, steps);
}

} // namespace

std::filesystem::path besides(const std::filesystem::path& file, const char* suffix) {
    return file.native() + suffix;
}

std::uint64_t sizeOf(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

Result<int> inspect(const std::filesystem::path& file, std::span<const Migration> steps) {
    HEARTH_CHECK(checkHeader(file));
    // A history is in WAL mode from its first byte on. SQLite would play a rollback journal back into it.
    if (sizeOf(besides(file, "-journal")) > 0)
        return fail("store.foreign_journal",
                    besides(file, "-journal").string() + " is not from this program");

    // Without a connection's checkpoint the log stays out of the file: a log that is not this file's, which
    // SQLite would take (it carries no mark of its database), is found before it can do harm.
    const auto withLog = examine(file, Connection::Mode::ReadOnly, steps);
    if (sizeOf(besides(file, "-wal")) == 0)
        return withLog.map([](const Findings& found) { return found.version; });
    const auto alone = examine(file, Connection::Mode::Immutable, steps);
    const bool differ = alone && (withLog ? withLog->databaseId != alone->databaseId
                                          : withLog.error().code == "store.corrupt" ||
                                                withLog.error().code == "store.not_database" ||
                                                withLog.error().code == "store.foreign_database");
    if (differ)
        return fail("store.foreign_wal",
                    besides(file, "-wal").string() +
                        " does not belong to the database beside it, which is whole without it");
    return withLog.map([](const Findings& found) { return found.version; });
}

} // namespace hearth::store
