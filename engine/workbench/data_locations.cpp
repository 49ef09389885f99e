#include "engine/workbench/data_locations.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>

namespace hearth::workbench {

namespace fs = std::filesystem;

namespace {

struct Known {
    std::string_view name; ///< that a file's name begins with
    DataKind kind;
};
// The first that fits counts.
constexpr auto kKnown = std::to_array<Known>({{"history.db", DataKind::Conversations},
                                              {"accounts.", DataKind::Accounts},
                                              {"audit.", DataKind::AuditLog},
                                              {"usage.db", DataKind::Usage},
                                              {"compliance.db", DataKind::Compliance},
                                              {"settings.json", DataKind::Settings},
                                              {"measurements.json", DataKind::Measurements},
                                              {"runs.json", DataKind::Measurements},
                                              {"catalogue.json", DataKind::Measurements},
                                              {"report.key", DataKind::Seals},
                                              {"signing.key", DataKind::Seals},
                                              {"hearth.log", DataKind::Logs},
                                              {"history-", DataKind::Backups},
                                              {"audit-", DataKind::Backups},
                                              {"accounts-", DataKind::Backups},
                                              {"usage-", DataKind::Backups},
                                              {"compliance-", DataKind::Backups},
                                              {"library.db", DataKind::Models},
                                              {"jobs.db", DataKind::Models},
                                              {"downloads.json", DataKind::Models},
                                              {"library-", DataKind::Backups},
                                              {"jobs-", DataKind::Backups},
                                              {".hearth-measure-", DataKind::Temporary},
                                              {"hub.json", DataKind::Settings},
                                              {"hub.key", DataKind::Seals}});

bool endsWithAny(std::string_view name, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return name.ends_with(e); });
}

std::optional<security::ProfileId> number(const std::string& text) {
    security::ProfileId out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    return error == std::errc() && end == text.data() + text.size() && out > 0 ? std::optional(out)
                                                                               : std::nullopt;
}

} // namespace

std::string_view nameOf(DataKind kind) {
    constexpr std::array<std::string_view, kDataKinds> kNames = {
        "conversations", "backups",         "accounts",     "audit-log", "seals", "settings",
        "usage",         "compliance",      "measurements", "logs",      "cache", "set-aside",
        "models",        "unfinished-jobs", "temporary",    "unknown"};
    return kNames[static_cast<std::size_t>(kind)];
}

DataLocation classify(const fs::path& relative) {
    DataLocation out;
    std::vector<std::string> parts;
    for (const fs::path& part : relative)
        parts.push_back(part.string());
    if (parts.empty())
        return out;
    const std::string& name = parts.back();
    const auto inFolder = [&parts](std::string_view folder) {
        return std::find(parts.begin(), parts.end() - 1, folder) != parts.end() - 1;
    };
    if (parts.size() >= 3 && parts[0] == "profiles")
        out.person = number(parts[1]);
    for (const Known& known : kKnown)
        if (name.starts_with(known.name)) {
            out.kind = known.kind;
            break;
        }
    if (inFolder("seals"))
        out.kind = DataKind::Seals;
    if (out.kind == DataKind::Unknown && inFolder("logs"))
        out.kind = DataKind::Logs;
    if (out.kind == DataKind::Unknown && (inFolder("cache") || name.ends_with(".prefix")))
        out.kind = DataKind::Cache;
    if (out.kind == DataKind::Unknown && (endsWithAny(name, {".gguf", ".safetensors"}) || inFolder("models")))
        out.kind = DataKind::Models;
    if (out.kind == DataKind::Unknown && inFolder("jobs"))
        out.kind = DataKind::UnfinishedJobs;
    if (inFolder("backups") && out.kind == DataKind::Conversations)
        out.kind = DataKind::Backups;
    if (name.find(".damaged-") != std::string::npos || name.find(".bad-") != std::string::npos ||
        name.ends_with(".bad"))
        out.kind = DataKind::SetAside;
    if (endsWithAny(name, {".lock", ".new", ".part", ".resealing", ".salvaging", ".repaired", ".restoring",
                           ".previewing", ".copying", ".checkpoint", ".taken-over", ".removing"}))
        out.kind = DataKind::Temporary;
    out.sealed = endsWithAny(name, {".sealed"}) ||
                 (out.person && (out.kind == DataKind::Conversations || out.kind == DataKind::SetAside ||
                                 out.kind == DataKind::Backups));
    if (!out.person && out.kind == DataKind::Conversations)
        out.person = 0;
    return out;
}

std::vector<DataLocation> dataLocations(const DataPaths& paths) {
    std::vector<DataLocation> out;
    std::set<fs::path> seen; // HEARTH_DATA_DIR puts the folders into one another
    const std::pair<const fs::path*, DataKind> roots[] = {{&paths.cache, DataKind::Cache},
                                                          {&paths.logs, DataKind::Logs},
                                                          {&paths.data, DataKind::Unknown},
                                                          {&paths.config, DataKind::Unknown}};
    for (const auto& [root, kind] : roots) {
        std::error_code error;
        const auto options = fs::directory_options::skip_permission_denied;
        for (fs::recursive_directory_iterator it(*root, options, error), end; !error && it != end;
             it.increment(error)) {
            std::error_code ignored;
            const fs::file_status status = it->symlink_status(ignored);
            if (fs::is_directory(status) || !seen.insert(it->path()).second)
                continue;
            DataLocation found = classify(it->path().lexically_relative(*root));
            found.path = it->path();
            if (found.kind == DataKind::Unknown)
                found.kind = kind;
            if (fs::is_regular_file(status))
                found.bytes = it->file_size(ignored);
            out.push_back(std::move(found));
        }
    }
    std::sort(out.begin(), out.end(),
              [](const DataLocation& a, const DataLocation& b) { return a.path < b.path; });
    return out;
}

} // namespace hearth::workbench
