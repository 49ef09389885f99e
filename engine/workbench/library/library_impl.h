#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file_facts.h"
#include "engine/store/connection.h"
#include "engine/workbench/library/library.h"

namespace hearth::workbench {

/// Inside of workbench/library: the rows, and what its parts share.
struct Library::Impl {
    std::unique_ptr<store::Connection> connection;
    LibraryOptions options;

    [[nodiscard]] Result<void> guarded(security::Action action, const std::filesystem::path& path,
                                       const std::function<Result<void>()>& work) const {
        return options.guard ? options.guard(action, path.string(), work) : work();
    }
    /// What an action on a version, or on a model, is said to be about: its (default version's) file. "" when
    /// it is not there, which the action itself reports.
    [[nodiscard]] std::filesystem::path fileOfVersion(LibraryId version);
    [[nodiscard]] std::filesystem::path fileOfModel(LibraryId model);
    /// All models (`model` 0), or the one. Files' states are looked up.
    [[nodiscard]] Result<std::vector<LibraryModel>> read(LibraryId model);
    [[nodiscard]] Result<LibraryModel> modelOf(LibraryId version); ///< whole
    [[nodiscard]] Result<LibraryModel> only(LibraryId version);    ///< with this version alone
    [[nodiscard]] Result<LibraryId> insertModel(const LibraryModel& model);
    [[nodiscard]] Result<LibraryId> insertVersion(const LibraryVersion& version);
    [[nodiscard]] Result<void> insertFile(LibraryId version, std::size_t part, const LibraryFile& file);
    [[nodiscard]] Result<void> appendDefault(LibraryId model, LibraryId version);
    /// One statement that must touch a row of this id.
    [[nodiscard]] Result<void> change(std::string_view sql, std::string_view value, LibraryId id);
    [[nodiscard]] Result<void> makeFolder() const;
    /// Of a version that has one, and it is there.
    [[nodiscard]] Result<const LibraryFile*> onlyFile(const LibraryVersion& version) const;
    /// Another file in a row's place; `leftover` is noted to be overwritten and removed.
    [[nodiscard]] Result<void> replaceFile(const LibraryFile& file, const std::filesystem::path& path,
                                           const std::string& sha256, const std::filesystem::path& leftover);
    [[nodiscard]] Result<void> removeLeftovers();
};

/// Inside of workbench/library.
[[nodiscard]] tl::unexpected<Error> libraryRowMissing(const char* what, LibraryId id);

/// Adds up pieces and reports them as one progress.
class ByteCounter {
public:
    ByteCounter(std::string_view phase, std::uint64_t total, const ProgressSink& sink)
        : m_phase(phase), m_total(total), m_sink(sink) {}
    void operator()(std::uint64_t bytes) {
        m_done += bytes;
        if (m_sink && (m_done - m_told >= kStep || m_done >= m_total)) {
            m_told = m_done;
            m_sink({m_phase, std::min(m_done, m_total), m_total});
        }
    }

private:
    static constexpr std::uint64_t kStep = 16 << 20; ///< a few dozen reports a second at a disk's speed
    std::string_view m_phase;
    std::uint64_t m_total, m_done = 0, m_told = 0;
    const ProgressSink& m_sink;
};

} // namespace hearth::workbench
