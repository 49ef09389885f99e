#include "engine/workbench/model_folders.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace hearth::workbench {

namespace {

namespace fs = std::filesystem;

bool endsWithoutCase(const std::string& text, std::string_view end) {
    return text.size() >= end.size() &&
           std::equal(end.rbegin(), end.rend(), text.rbegin(),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

/// "NAME-00002-of-00003.gguf": opened through its first part.
bool isLaterPart(const std::string& stem) {
    constexpr std::size_t kTail = 15; // "-00002-of-00003"
    if (stem.size() <= kTail)
        return false;
    const std::string tail = stem.substr(stem.size() - kTail);
    const auto digits = [&](std::size_t from) {
        return std::all_of(tail.begin() + static_cast<std::ptrdiff_t>(from),
                           tail.begin() + static_cast<std::ptrdiff_t>(from + 5),
                           [](char c) { return c >= '0' && c <= '9'; });
    };
    return tail[0] == '-' && digits(1) && tail.substr(6, 4) == "-of-" && digits(10) &&
           tail.substr(1, 5) != "00001";
}

bool isModelFile(const fs::path& path) {
    return endsWithoutCase(path.filename().string(), ".gguf") && !isLaterPart(path.stem().string());
}

class Lister {
public:
    Lister(std::stop_token stop, const std::function<void(const ModelEntry&)>& found)
        : m_stop(std::move(stop)), m_found(found) {}

    Result<void> add(const fs::path& path, bool recent) {
        if (m_stop.stop_requested())
            return fail(kCancelled, "listing models was stopped");
        std::error_code error;
        fs::path real = fs::canonical(path, error);
        if (!m_seen.insert(error ? path : real).second)
            return {};
        ModelEntry entry;
        entry.path = path;
        entry.recent = recent;
        if (auto facts = readModelFacts(path)) {
            entry.facts = std::move(*facts);
        } else {
            entry.problem = std::move(facts).error();
            entry.facts.name = path.stem().string();
            const auto bytes = fs::file_size(path, error);
            entry.facts.fileBytes = error ? 0 : bytes;
        }
        if (m_found)
            m_found(entry);
        m_listing.models.push_back(std::move(entry));
        return {};
    }

    Result<void> search(const fs::path& folder) {
        std::error_code error;
        std::vector<fs::path> files;
        fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error),
            end;
        std::size_t looked = 0;
        while (!error && it != end) {
            if (m_stop.stop_requested())
                return fail(kCancelled, "listing models was stopped");
            if (++looked > kMaxFolderEntries) {
                note(folder, "folders.too_many",
                     "more than " + std::to_string(kMaxFolderEntries) + " entries");
                break;
            }
            std::error_code ignored; // of one entry: a file that vanished meanwhile
            if (it.depth() >= kMaxFolderDepth)
                it.disable_recursion_pending();
            if (isModelFile(it->path()) && it->is_regular_file(ignored))
                files.push_back(it->path());
            it.increment(error);
        }
        if (error)
            note(folder, "folders.unreadable", error.message());
        std::sort(files.begin(), files.end());
        for (const fs::path& file : files)
            HEARTH_CHECK(add(file, false));
        return {};
    }

    ModelListing take() && {
        std::stable_sort(m_listing.models.begin(), m_listing.models.end(),
                         [](const ModelEntry& a, const ModelEntry& b) {
                             if (a.recent || b.recent)
                                 return a.recent && !b.recent;
                             return a.facts.name < b.facts.name;
                         });
        return std::move(m_listing);
    }

private:
    void note(const fs::path& folder, const char* code, const std::string& why) {
        m_listing.folders.push_back(
            {folder, Error{code, folder.string() + ": " + why}.with("path", folder.string())});
    }

    std::stop_token m_stop;
    const std::function<void(const ModelEntry&)>& m_found;
    ModelListing m_listing;
    std::set<fs::path> m_seen;
};

} // namespace

Result<ModelListing> listModels(std::span<const fs::path> folders, std::span<const fs::path> recent,
                                std::stop_token stop, const std::function<void(const ModelEntry&)>& found) {
    Lister lister(std::move(stop), found);
    for (const fs::path& path : recent)
        HEARTH_CHECK(lister.add(path, true));
    for (const fs::path& folder : folders)
        HEARTH_CHECK(lister.search(folder));
    return std::move(lister).take();
}

} // namespace hearth::workbench
