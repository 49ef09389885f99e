#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <QtCore/QFile>
#include <QtCore/QLockFile>

#include "engine/base/atomic_file.h"
#include "engine/base/utc_time.h"
#include "engine/workbench/settings.h"
#include "engine/workbench/settings_codec.h"

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 20; // our own file stays below 100 KiB

struct Content {
    bool exists = false;
    std::string bytes;
    std::optional<Error> problem; ///< why the bytes could not be read
};

Content readContent(const fs::path& file) {
    Content out;
    std::error_code error;
    const fs::file_status linkStatus = fs::symlink_status(file, error);
    if (linkStatus.type() == fs::file_type::not_found)
        return out;
    out.exists = true;
    const auto problem = [&](const char* code, const std::string& why) {
        out.problem = Error{code, file.string() + ": " + why}.with("path", file.string());
        return out;
    };
    const fs::file_status status = fs::status(file, error);
    if (status.type() == fs::file_type::not_found || error) // a link that leads nowhere, or in a circle
        return problem("settings.unreadable", error ? error.message() : "the link leads nowhere");
    if (status.type() != fs::file_type::regular)
        return problem("settings.not_regular", "not a regular file");
    const auto size = fs::file_size(file, error);
    if (!error && size > kMaxBytes)
        return problem("settings.too_large", std::to_string(size) + " bytes");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    out.bytes.assign(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad())
        return problem("settings.unreadable", std::strerror(errno ? errno : EIO));
    return out;
}

SettingsDocument understand(const Content& content) {
    if (!content.exists)
        return {};
    if (!content.problem)
        return readSettings(content.bytes);
    SettingsDocument out;
    out.problems.push_back(*content.problem);
    out.damaged = true;
    return out;
}

fs::path freeName(const fs::path& file) {
    const std::string wanted = file.string() + ".bad-" + utcNow(kUtcStamp);
    std::error_code ignored;
    fs::path name = wanted;
    for (int n = 2; fs::exists(fs::symlink_status(name, ignored)); ++n)
        name = wanted + "-" + std::to_string(n);
    return name;
}

/// What is wrong keeps a place beside the file. A file that can be read is copied; anything else is renamed.
Result<fs::path> keepAside(const fs::path& file, const Content& content) {
    const fs::path name = freeName(file);
    const auto failed = [&](const std::string& why) {
        return tl::unexpected<Error>(
            Error{"settings.copy_failed", name.string() + ": " + why}.with("path", name.string()));
    };
    if (content.problem) {
        std::error_code error;
        fs::rename(file, name, error);
        if (error)
            return failed(error.message());
        return name;
    }
    const auto write = [&]() -> Result<void> {
        HEARTH_TRY(AtomicFile copy, AtomicFile::create(name));
        HEARTH_CHECK(copy.write(content.bytes));
        return copy.commit();
    };
    if (const auto done = write(); !done)
        return failed(done.error().message());
    return name;
}

} // namespace

struct SettingsFile::Impl {
    fs::path file;
    nlohmann::ordered_json given = toJson(Settings{}); ///< what this copy last read or wrote
    std::optional<fs::path> keptCopy;
};

SettingsFile::SettingsFile(fs::path file) : m_impl(std::make_unique<Impl>()) {
    m_impl->file = std::move(file);
}
SettingsFile::~SettingsFile() = default;
SettingsFile::SettingsFile(SettingsFile&&) noexcept = default;
SettingsFile& SettingsFile::operator=(SettingsFile&&) noexcept = default;

std::optional<fs::path> SettingsFile::keptCopy() const {
    return m_impl->keptCopy;
}
const fs::path& SettingsFile::path() const {
    return m_impl->file;
}

SettingsFile::Loaded SettingsFile::load() {
    SettingsDocument document = understand(readContent(m_impl->file));
    m_impl->given = toJson(document.settings);
    return {std::move(document.settings), std::move(document.problems)};
}

Result<void> SettingsFile::save(const Settings& settings) {
    m_impl->keptCopy.reset();
    QLockFile lock(QFile::decodeName((m_impl->file.string() + ".lock").c_str()));
    if (!lock.tryLock(2000)) {
        if (lock.error() == QLockFile::LockFailedError)
            return fail("settings.locked", "another running copy is writing " + m_impl->file.string());
        return tl::unexpected<Error>(
            Error{"file.unwritable", m_impl->file.string()}.with("path", m_impl->file.string()));
    }
    const Content content = readContent(m_impl->file);
    SettingsDocument disk = understand(content);

    nlohmann::ordered_json given = toJson(withinRanges(settings));
    const bool newer = disk.version > kVersion;
    nlohmann::ordered_json out;
    out["version"] = newer ? disk.version : kVersion;
    for (const auto& [key, value] : disk.object.items())
        if (key != "version")
            out[key] = value;
    for (const auto& [key, value] : given.items()) {
        // A value that only a newer program understands stays, too, until the person changes it here.
        const bool unusable = disk.badKeys.contains(key) && !newer;
        if (!out.contains(key) || unusable || m_impl->given[key] != value)
            out[key] = value;
    }
    const std::string text = out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    if (content.exists && !content.problem && text == content.bytes) {
        m_impl->given = std::move(given);
        return {};
    }
    if (disk.damaged && !newer) {
        HEARTH_TRY(m_impl->keptCopy, keepAside(m_impl->file, content));
    }
    // A link stays a link (to a folder of dotfiles, say): its target is replaced.
    std::error_code error;
    const fs::path real = fs::weakly_canonical(m_impl->file, error);
    HEARTH_TRY(AtomicFile file, AtomicFile::create(error ? m_impl->file : real));
    HEARTH_CHECK(file.write(text));
    HEARTH_CHECK(file.commit());
    m_impl->given = std::move(given);
    return {};
}

} // namespace hearth::workbench
