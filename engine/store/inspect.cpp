#include "engine/store/inspect.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::store {

namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::string_view kMagic{"SQLite format 3\0", 16};

std::uint32_t bigEndian(std::string_view bytes, std::size_t offset) {
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < 4; ++i)
        out = out << 8 | static_cast<unsigned char>(bytes[offset + i]);
    return out;
}

std::uint32_t littleEndian(std::string_view bytes, std::size_t offset) {
    return __builtin_bswap32(bigEndian(bytes, offset));
}

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
    // Without a log, the header knows the size (https://www.sqlite.org/fileformat2.html, section 1.3): bytes
    // 16 the page size (1 = 65536), 28 the pages, which count when bytes 24 and 92 agree.
    const std::string_view bytes(header.data(), header.size());
    const std::uint32_t pageWord = bigEndian(bytes, 16) >> 16;
    const std::uint64_t whole = bigEndian(bytes, 28) * std::uint64_t{pageWord == 1 ? 65536 : pageWord};
    const auto size = static_cast<std::uint64_t>(info.st_size);
    const bool counted = bigEndian(bytes, 24) == bigEndian(bytes, 92);
    if (sizeOf(besides(file, "-wal")) == 0 && counted && size < whole)
        return fail("store.corrupt",
                    file.string() + " is cut off: " + std::to_string(size) + " of " + std::to_string(whole) +
                        " bytes",
                    size);
    return {};
}

/// Pages are checked at about 0.6 GB/s. A larger file is checked when its last writer did not end in order,
/// and otherwise shows damage when a damaged page is read.
constexpr std::uint64_t kAlwaysCheckedBytes = std::uint64_t{128} << 20;

/// Identity and integrity through one connection.
struct Findings {
    std::string databaseId;
    int version = 0;
};

Result<Findings> examine(Connection& connection, std::span<const Migration> steps, bool checkPages) {
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
    if (checkPages) {
        HEARTH_TRY(const auto verdict, connection.bytes("PRAGMA quick_check(1)"));
        if (verdict != "ok")
            return fail("store.corrupt", "quick_check: " + verdict.value_or("no answer"));
    }
    HEARTH_CHECK(checkSchema(connection, steps, static_cast<int>(*version)));
    HEARTH_TRY(auto id, connection.bytes("SELECT value FROM meta WHERE key = 'database_id'"));
    return Findings{id.value_or(""), static_cast<int>(*version)};
}

Result<Findings> examine(const std::filesystem::path& file, Connection::Mode mode,
                         std::span<const Migration> steps) {
    HEARTH_TRY(const auto connection, Connection::open(file, mode));
    const bool endedInOrder = sizeOf(besides(file, "-wal")) == 0;
    auto found = examine(*connection, steps, !endedInOrder || sizeOf(file) <= kAlwaysCheckedBytes);
    // What SQLite can neither read nor name, such as a format of the future.
    if (!found && found.error().code == "store.failed")
        found.error().code = "store.corrupt";
    return found;
}

} // namespace

bool hasWholeWalHeader(const std::filesystem::path& wal) {
    std::array<char, 32> raw{};
    std::ifstream file(wal, std::ios::binary);
    if (!file.read(raw.data(), raw.size()))
        return false;
    const std::string_view header(raw.data(), raw.size());
    const std::uint32_t magic = bigEndian(header, 0);
    if ((magic & ~1U) != 0x377f0682)
        return false;
    // The last bit of the magic number names the byte order of the words that are summed.
    std::uint32_t first = 0, second = 0;
    for (std::size_t i = 0; i < 24; i += 8) {
        first += ((magic & 1) ? bigEndian(header, i) : littleEndian(header, i)) + second;
        second += ((magic & 1) ? bigEndian(header, i + 4) : littleEndian(header, i + 4)) + first;
    }
    return first == bigEndian(header, 24) && second == bigEndian(header, 28);
}

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
