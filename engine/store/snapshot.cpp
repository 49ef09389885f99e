#include "engine/store/snapshot.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "engine/store/connection.h"
#include "engine/store/file_care.h"
#include "engine/store/inspect.h"
#include "engine/store/schema.h"

namespace hearth::store {

namespace fs = std::filesystem;

Result<HistoryContents> contentsOf(const fs::path& file) {
    HEARTH_TRY(const fs::path real, resolve(file));
    HEARTH_CHECK(inspect(real, migrations()));
    HEARTH_TRY(const auto connection, Connection::open(real, Connection::Mode::ReadOnly));
    HistoryContents out;
    HEARTH_CHECK(connection->each("SELECT count(*) FILTER (WHERE trashed_ms IS NULL), "
                                  "count(*) FILTER (WHERE trashed_ms IS NOT NULL) FROM conversation",
                                  {}, [&](const Row& row) -> Result<void> {
                                      out.conversations = row.integer(0);
                                      out.trashed = row.integer(1);
                                      return {};
                                  }));
    HEARTH_CHECK(connection->each("SELECT count(*), min(created_ms), max(created_ms) FROM message", {},
                                  [&](const Row& row) -> Result<void> {
                                      out.messages = row.integer(0);
                                      out.firstMs = row.maybe(1);
                                      out.lastMs = row.maybe(2);
                                      return {};
                                  }));
    HEARTH_TRY(const auto mark, connection->bytes("SELECT value FROM meta WHERE key = 'sealed_by'"));
    out.sealed = !mark.value_or("").empty();
    out.bytes = sizeOf(real) + sizeOf(besides(real, "-wal"));
    return out;
}

Result<void> snapshot(const fs::path& file, const fs::path& to) {
    HEARTH_TRY(const fs::path real, resolve(file));
    HEARTH_CHECK(inspect(real, migrations()));
    HEARTH_TRY(const auto connection, Connection::open(real, Connection::Mode::ReadOnly));
    const fs::path part = to.string() + ".part";
    const auto failed = [&part](const std::string& why) {
        ::unlink(part.c_str());
        return fail("store.backup_failed", why);
    };
    ::unlink(part.c_str()); // of a run that was cut off; VACUUM INTO wants a new or empty file
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(part.string() + ": " + std::strerror(errno));
    ::close(fd);
    const std::string target = part.string();
    if (auto copied = connection->run("VACUUM INTO CAST(? AS TEXT)", {std::string_view(target)}); !copied)
        return failed(copied.error().message());
    if (auto placed = moveDurably(part, to); !placed)
        return failed(placed.error().message());
    return {};
}

} // namespace hearth::store
