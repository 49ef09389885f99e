#include "engine/base/file_facts.h"

#include <sys/stat.h>

namespace hearth {

FileFacts factsOf(const std::filesystem::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return {};
    return {true, static_cast<std::uint64_t>(facts.st_size), static_cast<std::uint64_t>(facts.st_nlink),
            std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec};
}

} // namespace hearth
