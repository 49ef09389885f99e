#include "engine/workbench/data_paths.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <sys/stat.h>

#include <QtCore/QFile>
#include <QtCore/QStandardPaths>

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

fs::path standard(QStandardPaths::StandardLocation location) {
    // Encoded as the system encodes names, so that the path is the same one.
    return fs::path(QFile::encodeName(QStandardPaths::writableLocation(location)).toStdString()) / "hearth";
}

/// mkdir -p with the given permissions for what is created.
Result<void> makeFolder(const fs::path& folder) {
    fs::path part;
    for (const fs::path& name : folder) {
        part /= name;
        struct stat info {};
        if (::mkdir(part.c_str(), 0700) == 0 || (::stat(part.c_str(), &info) == 0 && S_ISDIR(info.st_mode)))
            continue;
        return tl::unexpected<Error>(
            Error{"paths.unwritable", part.string() + ": " + std::strerror(errno)}.with("path",
                                                                                        folder.string()));
    }
    return {};
}

} // namespace

DataPaths DataPaths::locate() {
    if (const char* folder = std::getenv("HEARTH_DATA_DIR"); folder && *folder) {
        std::error_code ignored;
        const fs::path root = fs::absolute(folder, ignored);
        return {root, root, root / "cache", root / "logs"};
    }
    const fs::path data = standard(QStandardPaths::GenericDataLocation);
    return {data, standard(QStandardPaths::GenericConfigLocation),
            standard(QStandardPaths::GenericCacheLocation), data / "logs"};
}

Result<DataPaths> DataPaths::prepare() {
    DataPaths paths = locate();
    for (const fs::path* folder : {&paths.data, &paths.config, &paths.cache, &paths.logs})
        HEARTH_CHECK(makeFolder(*folder));
    return paths;
}

} // namespace hearth::workbench
