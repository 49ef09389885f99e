#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"

namespace hearth::hub {

/// A model repository as a list or its page shows it. Texts come from the hub: for showing as plain text.
struct ModelSummary {
    std::string repository; ///< "owner/name", checked
    std::string updated;    ///< ISO 8601, or empty
    std::string licence;    ///< as its tags say, "apache-2.0"; empty when unknown
    std::uint64_t downloads = 0, likes = 0;
    bool gated = false; ///< the owner wants terms accepted first
    bool isPrivate = false;
    std::vector<std::string> tags;
    std::string commit; ///< of its own page only

    [[nodiscard]] bool operator==(const ModelSummary&) const = default;
};

/// A file of a repository. Its name was checked (names.h).
struct RepoFile {
    std::string path;
    std::optional<std::uint64_t> size;
    std::string sha256;  ///< of the whole content; empty when the hub does not say
    std::string gitSha1; ///< of "blob SIZE\0" and the content; what hubs give for small files

    [[nodiscard]] bool operator==(const RepoFile&) const = default;
};

/// Files that were left out because their names are not safe are counted, not dropped silently.
struct FileList {
    std::vector<RepoFile> files;
    std::size_t leftOut = 0;
};

struct ModelList {
    std::vector<ModelSummary> models;
    std::optional<std::uint64_t> total; ///< of all pages, where the hub says
};

/// Answers of hubs, from untrusted bytes. All: hub.bad_answer when it is not JSON of the form that the hub
/// documents, nested deeper than 64, or with more than 100 000 entries. Pure functions; any thread.
inline constexpr std::size_t kMaxEntries = 100'000;

/// Errors: hub.name_collision (args file, other). What the lists below were already checked for each.
[[nodiscard]] Result<void> refuseTwins(const std::vector<RepoFile>& files);

[[nodiscard]] Result<ModelList> parseModels(std::string_view json);   ///< GET /api/models
[[nodiscard]] Result<ModelSummary> parseModel(std::string_view json); ///< GET /api/models/{id}
[[nodiscard]] Result<FileList> parseTree(std::string_view json); ///< …/tree/{rev} and …/paths-info/{rev}

[[nodiscard]] Result<ModelList> parseScopeModels(std::string_view json);   ///< ModelScope: /openapi/v1/models
[[nodiscard]] Result<ModelSummary> parseScopeModel(std::string_view json); ///< /openapi/v1/models/{id}
[[nodiscard]] Result<FileList> parseScopeFiles(std::string_view json);     ///< …/repo/files
/// Names of branches, then of tags: …/revisions.
[[nodiscard]] Result<std::vector<std::string>> parseScopeRevisions(std::string_view json);

} // namespace hearth::hub
